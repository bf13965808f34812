package org.tallystick.ledger.verify;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.AmendmentReader;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.Governance.Decision;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Electorate;
import org.tallystick.agreement.rules.Poll;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.Verified;
import org.tallystick.agreement.state.MotionRecord;
import org.tallystick.agreement.state.MotionRecord.Ballot;
import org.tallystick.agreement.state.MotionRecord.Choice;
import org.tallystick.agreement.terms.Period;

/// Decisions: what was moved, who voted, and whether what was carried out had the votes that its rule asks for.
final class MotionBook {

    /// The source of the events that decisions make.
    private static final SourceId LEDGER = new SourceId("ledger");

    private final Findings findings;
    private final AgreementBook agreement;
    private final Map<Hash, Moved> motions = new HashMap<>();
    private final Map<Hash, Hash> byVersion = new HashMap<>();
    private final List<Made> made = new ArrayList<>();

    MotionBook(Findings findings, AgreementBook agreement) {
        this.findings = findings;
        this.agreement = agreement;
    }

    /// A motion as the instructions tell it.
    ///
    /// @param amended the version it moves, if it moves one
    /// @param entering who must accept, whatever the rule says; who did is taken out
    private record Moved(
            MotionRecord record, Document under, Optional<AmendmentReader.Version> amended, Set<String> entering) {
        Moved with(MotionRecord after) {
            return new Moved(after, under, amended, entering);
        }

        /// Whether who moved it enters with it.
        boolean isEntered() {
            return amended.filter(version -> version.document().parties().entrySet().stream()
                            .anyMatch(bound -> bound.getValue().text().equals(record.by())
                                    && !bound.getValue().equals(under.parties().get(bound.getKey()))))
                    .isPresent();
        }
    }

    /// An event that a decision made.
    private record Made(SourceBook.Booked event, Period period) {}

    /// What decisions made for the settlement of a period.
    List<SourceBook.Booked> madeFor(Period period) {
        return made.stream()
                .filter(one -> one.period().equals(period))
                .map(Made::event)
                .toList();
    }

    void amend(Verified verified, Act.Amend act, Json.Obj stated, LedgerTime time, Place place) {
        Payload payload = verified.payload();
        Hash version = Hash.of(act.document().canonical());
        findings.same(
                Check.ACCURACY_VERSION,
                place.at("/body/document"),
                payload.scope().orElseThrow().version().hex(),
                version.hex(),
                "another document was signed than is named");
        Optional<AmendmentReader.Version> newest = agreement.newest();
        Optional<Document> document = agreement.read(act.document(), place);
        if (newest.isEmpty() || document.isEmpty()) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, "no version is there that it could amend");
            return;
        }
        agreement.reads(time, place);
        agreement.binds(document.get());
        AmendmentReader.Version amended = new AmendmentReader.Version(act.document(), document.get());
        AmendmentReader reader = new AmendmentReader(newest.get(), amended);
        follows(reader, newest.get(), amended, time, place);
        Set<String> entering = new TreeSet<>();
        reader.entering().forEach(party -> entering.add(party.text()));
        entering.remove(payload.party().text());
        byVersion.put(version, verified.instruction());
        moved(
                verified,
                new Moved(
                        record(
                                verified,
                                new MotionRecord.Amendment(version),
                                act.expires(),
                                Poll.ballots(newest.get().document().governance(), reader, time),
                                time),
                        newest.get().document(),
                        Optional.of(amended),
                        entering),
                stated,
                time,
                place);
    }

    /// An amendment follows terms/1 18.3 and comes early enough.
    private void follows(
            AmendmentReader reader,
            AmendmentReader.Version newest,
            AmendmentReader.Version amended,
            LedgerTime time,
            Place place) {
        reader.faults(new AmendmentReader.When(time.day(), time.latestDay(), agreement.unsettled()))
                .forEach(fault -> findings.fail(
                        fault.code().equals("starts_too_soon") ? Check.CUTOFF_WINDOWS : Check.ACCURACY_VERSION,
                        place.at("/body/document" + fault.at()),
                        "the amendment may not take effect: " + fault.code()));
        findings.same(
                Check.ACCURACY_VERSION,
                place.at("/body/document/supersedes"),
                amended.json().findText("supersedes").orElse(""),
                newest.document().version().hex(),
                "it does not follow on the newest version");
    }

    void move(Verified verified, Act.Motion act, Json.Obj stated, LedgerTime time, Place place) {
        Optional<Document> document = agreement.inForce(verified.payload(), time, place);
        if (document.isEmpty()) {
            return;
        }
        agreement.reads(time, place);
        Decision decision = Decision.ofText(act.decision().text("kind"));
        boolean alone = document.get().governance().breachByNotifier()
                && breach(act.decision())
                        .filter(breach ->
                                breach.by().equals(verified.payload().party().text()))
                        .isPresent();
        List<Ballot> ballots =
                alone ? List.of() : Poll.ballots(document.get().governance(), new TreeSet<>(List.of(decision)), time);
        moved(
                verified,
                new Moved(
                        record(verified, new MotionRecord.Resolution(act.decision()), act.expires(), ballots, time),
                        document.get(),
                        Optional.empty(),
                        new TreeSet<>()),
                stated,
                time,
                place);
    }

    /// The breach for which an agreement is ended.
    private Optional<AgreementBook.Breach> breach(Json.Obj decision) {
        return decision.findText("notice").flatMap(notice -> agreement.breach(new Hash(notice)));
    }

    private static MotionRecord record(
            Verified verified,
            MotionRecord.Subject subject,
            LedgerTime expires,
            List<Ballot> ballots,
            LedgerTime time) {
        return new MotionRecord(
                time,
                time,
                verified.payload().party().text(),
                subject,
                expires,
                Hash.ZERO,
                ballots.stream()
                        .map(ballot -> expires.isBefore(ballot.deadline()) ? ballot.until(expires) : ballot)
                        .toList(),
                Optional.empty());
    }

    private void moved(Verified verified, Moved moved, Json.Obj stated, LedgerTime time, Place place) {
        Document newest = agreement.newest().orElseThrow().document();
        List<Ballot> ballots = moved.record().ballots();
        boolean succeeds = !ballots.isEmpty()
                && ballots.stream().allMatch(ballot -> ballot.objector().isPresent())
                && moved.isEntered();
        if (!succeeds && !newest.mayMove((PartyId) verified.payload().party())) {
            findings.fail(
                    Check.AUTHORIZATION_ROLES, place, verified.payload().party().text() + " is no mover");
        }
        motions.put(verified.instruction(), moved);
        if (Items.effect(stated, "vote").isPresent()
                && !cast(verified, verified.instruction(), Optional.of(Choice.YES), time)) {
            findings.fail(
                    Check.AUTHORIZATION_GOVERNANCE,
                    place.at("/effects"),
                    verified.payload().party().text() + " has no vote on what it moved");
        }
        concluded(verified.instruction(), stated, time, place);
    }

    void vote(Verified verified, Act.Vote act, Json.Obj stated, LedgerTime time, Place place) {
        Optional<Document> document = agreement.inForce(verified.payload(), time, place);
        if (document.isEmpty() || unknown(act.motion(), time, place)) {
            return;
        }
        agreement.reads(time, place);
        Optional<Choice> choice =
                act.choice().equals("none") ? Optional.empty() : Optional.of(Choice.ofText(act.choice()));
        if (!cast(verified, act.motion(), choice, time)) {
            findings.fail(
                    Check.AUTHORIZATION_GOVERNANCE,
                    place,
                    verified.payload().party().text() + " has no vote on this that is still taken");
        }
        concluded(act.motion(), stated, time, place);
    }

    void execute(Payload payload, Act.Execute act, Json.Obj stated, LedgerTime time, Place place) {
        Optional<Document> document = agreement.inForce(payload, time, place);
        if (document.isEmpty() || unknown(act.motion(), time, place)) {
            return;
        }
        agreement.reads(time, place);
        agreement.side(document.get(), payload, place);
        concluded(act.motion(), stated, time, place);
    }

    /// Accepts or declines an amendment.
    void answer(Verified verified, boolean accepts, Json.Obj stated, LedgerTime time, Place place) {
        Hash version = verified.payload().scope().orElseThrow().version();
        Hash motion = byVersion.getOrDefault(version, Hash.ZERO);
        if (unknown(motion, time, place)) {
            return;
        }
        agreement.reads(time, place);
        Moved moved = moved(motion);
        if (verified.act() instanceof Act.Accept accept) {
            moved.amended().ifPresent(amended -> agreement.text(amended.document(), accept.text(), place));
        }
        boolean entered =
                accepts && moved.entering().remove(verified.payload().party().text());
        boolean voted = cast(verified, motion, Optional.of(accepts ? Choice.YES : Choice.NO), time);
        boolean ends = Items.effect(stated, "decided").isPresent();
        if (!entered && !voted && !ends) {
            findings.fail(
                    Check.AUTHORIZATION_GOVERNANCE,
                    place,
                    verified.payload().party().text() + " neither enters with this nor has a vote on it");
        }
        concluded(motion, stated, time, place);
    }

    void withdraw(Payload payload, Hash motion, LedgerTime time, Place place) {
        if (unknown(motion, time, place)) {
            return;
        }
        agreement.reads(time, place);
        findings.same(
                Check.AUTHORIZATION_ROLES,
                place.at("/party"),
                payload.party().text(),
                moved(motion).record().by(),
                "the motion is another's");
        end(motion, MotionRecord.End.WITHDRAWN);
    }

    /// The motion that moves a version.
    Hash motionOf(Hash version) {
        return byVersion.getOrDefault(version, Hash.ZERO);
    }

    private Moved moved(Hash motion) {
        Moved moved = motions.get(motion);
        if (moved == null) {
            throw new IllegalStateException("no motion " + motion);
        }
        return moved;
    }

    private boolean unknown(Hash motion, LedgerTime time, Place place) {
        Optional<Moved> moved = Optional.ofNullable(motions.get(motion));
        boolean unknown = moved.isEmpty()
                || moved.get().record().ended().isPresent()
                || !time.isBefore(moved.get().record().expires());
        if (unknown) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, "no such motion is open");
        }
        return unknown;
    }

    private Poll poll(Moved moved, LedgerTime time) {
        Document now = agreement.newest().orElseThrow().document();
        return new Poll(moved.record(), new Electorate(moved.under(), now), time);
    }

    /// Whether there was a vote to cast.
    private boolean cast(Verified verified, Hash motion, Optional<Choice> choice, LedgerTime time) {
        Moved moved = moved(motion);
        Poll poll = poll(moved, time);
        Poll.Voter voter = new Poll.Voter(
                (PartyId) verified.payload().party(),
                verified.signers().getFirst().record().flatMap(KeyRecord::holder));
        SortedMap<Integer, List<String>> all = poll.votesOf(voter);
        SortedMap<Integer, List<String>> own = choice.isEmpty() ? all : poll.stillVoting(all);
        motions.put(motion, moved.with(poll.cast(voter, own, choice).decided().motion()));
        return !own.isEmpty();
    }

    private void end(Hash motion, MotionRecord.End end) {
        Moved moved = moved(motion);
        motions.put(motion, moved.with(moved.record().ended(end)));
    }

    /// What the verdict says was decided must have had the votes; counted again from the instructions.
    private void concluded(Hash motion, Json.Obj stated, LedgerTime time, Place place) {
        Optional<Json.Obj> decided = Items.effect(stated, "decided");
        if (decided.isEmpty()) {
            return;
        }
        Moved moved = moved(motion);
        boolean carried = decided.get().find("carried").equals(Optional.of(Json.bool(true)));
        end(motion, carried ? MotionRecord.End.CARRIED : MotionRecord.End.LOST);
        if (!carried) {
            return;
        }
        if (!poll(moved, time).isReady()) {
            findings.fail(
                    Check.AUTHORIZATION_GOVERNANCE,
                    place.at("/effects"),
                    "carried out, and counted again it does not have the votes, or it came too early");
        }
        if (!moved.entering().isEmpty()) {
            findings.fail(
                    Check.AUTHORIZATION_GOVERNANCE,
                    place.at("/effects"),
                    "carried out, and those who enter did not accept: " + String.join(", ", moved.entering()));
        }
        agreement.writes(time, place);
        moved.amended().ifPresent(amended -> {
            follows(
                    new AmendmentReader(agreement.newest().orElseThrow(), amended),
                    agreement.newest().get(),
                    amended,
                    time,
                    place);
            agreement.adopt(amended, time);
        });
        if (moved.record().subject() instanceof MotionRecord.Resolution(var decision)) {
            uncured(decision, time, place);
            carriedOut(decision, time);
        }
    }

    /// Who ends an agreement for a breach gave notice of it, and time to cure it.
    private void uncured(Json.Obj decision, LedgerTime time, Place place) {
        if (!decision.findText("cause").equals(Optional.of("breach"))) {
            return;
        }
        int days = agreement.newest().orElseThrow().document().term().cureDays();
        boolean over = breach(decision)
                .filter(breach -> !time.isBefore(breach.at().plus(Duration.ofDays(days))))
                .isPresent();
        if (!over) {
            findings.fail(
                    Check.AUTHORIZATION_GOVERNANCE,
                    place.at("/effects"),
                    "ended for a breach that was cured, could still be, or of which no notice was given");
        }
    }

    private void carriedOut(Json.Obj decision, LedgerTime time) {
        String kind = decision.text("kind");
        if (!kind.equals("suspend") && !kind.equals("resume")) {
            return;
        }
        Period period = agreement.unsettled();
        LocalDate last = period.end().minusDays(1);
        LocalDate first = agreement.newest().orElseThrow().document().opening().start();
        LocalDate day = time.day().isAfter(last) ? last : time.day();
        Json.Obj event = Json.object()
                .with(
                        "attrs",
                        Json.object().with("party", decision.text("party")).build())
                .with("date", (day.isBefore(first) ? first : day).toString())
                .with("type", kind)
                .build();
        String id = new EventId(LEDGER, made.size() + 1L).text();
        made.add(new Made(new SourceBook.Booked(id, event, EventReader.known(event), Optional.of(period)), period));
    }
}
