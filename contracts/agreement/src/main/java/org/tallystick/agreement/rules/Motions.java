package org.tallystick.agreement.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.AmendmentReader;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.document.Governance;
import org.tallystick.agreement.document.Governance.Decision;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Poll.Voter;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.Verified;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.MotionRecord;
import org.tallystick.agreement.state.MotionRecord.Ballot;
import org.tallystick.agreement.state.MotionRecord.Choice;
import org.tallystick.agreement.state.OfferRecord;

/// Decisions that are put to the vote: moved, voted on, carried out, taken back.
///
/// One machinery for all of them: an amendment of the document, and what leaves the document as it is.
/// `docs/spec/agreement-1.md` section 7.
final class Motions {

    /// So long a decision may wait to be carried out, after votes, locks and notices.
    private static final Duration TO_EXECUTE = Duration.ofDays(30);

    private final Overlay state;
    private final Moment moment;
    private final Documents documents;
    private final Resolutions resolutions;

    Motions(Overlay state, Moment moment, Documents documents) {
        this.state = state;
        this.moment = moment;
        this.documents = documents;
        this.resolutions = new Resolutions(state, moment);
    }

    /// A motion that somebody acts on.
    private record Moved(Engaged engaged, Hash hash, Poll poll) {
        MotionRecord record() {
            return poll.motion();
        }

        Moved with(Poll after) {
            return new Moved(engaged, hash, after);
        }
    }

    private static Voter voter(Verified verified) {
        return new Voter(
                (PartyId) verified.payload().party(),
                verified.signers().getFirst().record().flatMap(KeyRecord::holder));
    }

    /// Moves a new version.
    Answer amend(Engaged engaged, Act.Amend act, Verified verified) {
        Hash version = Hash.of(act.document().canonical());
        Payload payload = engaged.payload();
        if (!version.equals(payload.scope().orElseThrow().version())) {
            return Answer.denied(No.refused(Code.VERSION_WRONG, Json.object().with("version", version.hex())));
        }
        if (!mayMove(engaged, act)) {
            return notAllowed("mover");
        }
        Optional<DocumentReading.Fault> misformed = DocumentReader.formFault(act.document());
        if (misformed.isPresent()) {
            return Answer.denied(Offers.refused(List.of(misformed.get())));
        }
        Optional<No> elsewhere = succession(engaged, act.document());
        if (elsewhere.isPresent()) {
            return Answer.denied(elsewhere.get());
        }
        return switch (DocumentReader.read(act.document())) {
            case DocumentReading.Refused(var findings) -> Answer.denied(Offers.refused(findings));
            case DocumentReading.NotSupportedYet(var what) ->
                Answer.denied(No.refused(Code.NOT_SUPPORTED_YET, Json.object().with("what", what)));
            case DocumentReading.Accepted(var document) ->
                amend(engaged, act, verified, new AmendmentReader.Version(act.document(), document));
        };
    }

    /// A mover of the agreement, or a successor that is named in it.
    private static boolean mayMove(Engaged engaged, Act.Amend act) {
        PartyId party = (PartyId) engaged.payload().party();
        Document document = engaged.document();
        return document.mayMove(party)
                || (act.decision().equals(Decision.SUCCEED.text())
                        && document.governance().successors().values().stream()
                                .anyMatch(successor -> successor.party().equals(party.text())));
    }

    /// Why it does not follow on the newest version.
    private static Optional<No> succession(Engaged engaged, Json.Obj document) {
        Hash newest = engaged.head().newest().orElseThrow().hash();
        boolean follows = document.whole("number") == engaged.head().number() + 1
                && document.findText("supersedes").equals(Optional.of(newest.hex()));
        return follows
                ? Optional.empty()
                : Optional.of(No.refused(
                        Code.SUPERSEDES_WRONG,
                        Json.object()
                                .with("number", engaged.head().number() + 1)
                                .with("supersedes", newest.hex())));
    }

    private Answer amend(Engaged engaged, Act.Amend act, Verified verified, AmendmentReader.Version amended) {
        AmendmentReader reader = new AmendmentReader(version(engaged), amended);
        List<DocumentReading.Fault> faults = reader.faults(when(engaged));
        if (!faults.isEmpty()) {
            return Answer.denied(Offers.refused(faults));
        }
        SortedSet<Decision> decisions = reader.decisions();
        Decision first = decisions.first();
        if (!act.decision().equals(first.text())) {
            return Answer.denied(No.refused(Code.CLASS_WRONG, Json.object().with("class", first.text())));
        }
        if (life(engaged).isInRunOff() && !decisions.stream().allMatch(Motions::isForRunOff)) {
            return Answer.denied(inRunOff());
        }
        Hash version = amended.document().version();
        String agreement = engaged.agreement();
        Optional<Hash> open = state.read(Keys.offer(agreement, version), OfferRecord.CODEC)
                .flatMap(OfferRecord::motion)
                .filter(motion -> isOpen(engaged, motion));
        if (open.isPresent()) {
            return Answer.denied(No.refused(
                    Code.MOTION_OPEN, Json.object().with("motion", open.get().hex())));
        }
        List<Ballot> ballots = Poll.ballots(engaged.document().governance(), reader, moment.time());
        PartyId mover = (PartyId) engaged.payload().party();
        boolean succeeds = ballots.stream().allMatch(ballot -> ballot.objector().isPresent())
                && reader.entering().contains(mover);
        if (!succeeds && !engaged.document().mayMove(mover)) {
            return notAllowed("mover");
        }
        Hash motion = verified.instruction();
        Optional<No> tooLong = expiry(engaged, ballots, act.expires());
        if (tooLong.isPresent()) {
            return Answer.denied(tooLong.get());
        }
        OfferRecord offer = new OfferRecord(
                moment.time(),
                mover.text(),
                act.expires(),
                new TreeMap<>(reader.entering().contains(mover) ? Map.of(mover.text(), motion) : Map.of()),
                Optional.empty(),
                Optional.of(motion),
                Optional.empty());
        state.writeBytes(Keys.document(agreement, version), act.document().canonical());
        state.write(Keys.offer(agreement, version), OfferRecord.CODEC, offer);
        return open(engaged, verified, new MotionRecord.Amendment(version), act.expires(), ballots);
    }

    private static boolean isForRunOff(Decision decision) {
        return decision == Decision.SUCCEED || decision == Decision.APPOINT || decision == Decision.SEAT;
    }

    /// Why it may not stay open that long, or is over already.
    private Optional<No> expiry(Engaged engaged, List<Ballot> ballots, LedgerTime expires) {
        Electorate electorate = new Electorate(engaged.document(), engaged.document());
        LedgerTime latest = moment.time();
        for (Ballot ballot : ballots) {
            LedgerTime carried = ballot.deadline()
                    .plus(Duration.ofHours(electorate.rule(ballot).waitHours()));
            latest = carried.isBefore(latest) ? latest : carried;
        }
        latest = latest.plus(TO_EXECUTE);
        return moment.time().isBefore(expires) && !latest.isBefore(expires)
                ? Optional.empty()
                : Optional.of(No.refused(Code.EXPIRES_WRONG, Json.object().with("latest", latest.text())));
    }

    /// Moves something that leaves the document as it is.
    Answer move(Engaged engaged, Act.Motion act, Verified verified) {
        PartyId party = (PartyId) engaged.payload().party();
        if (!engaged.document().mayMove(party)) {
            return notAllowed("mover");
        }
        Decision decision = Decision.ofText(act.decision().text("kind"));
        Optional<No> impossible = resolutions.impossible(engaged, act.decision());
        if (impossible.isPresent()) {
            return Answer.denied(impossible.get());
        }
        boolean alone = engaged.document().governance().breachByNotifier()
                && resolutions
                        .breach(engaged, act.decision())
                        .filter(notice -> notice.by().equals(party.text()))
                        .isPresent();
        List<Ballot> ballots = alone
                ? List.of()
                : Poll.ballots(engaged.document().governance(), new TreeSet<>(List.of(decision)), moment.time());
        Optional<No> tooLong = expiry(engaged, ballots, act.expires());
        return tooLong.map(Answer::denied)
                .orElseGet(() ->
                        open(engaged, verified, new MotionRecord.Resolution(act.decision()), act.expires(), ballots));
    }

    /// Opens a motion, with the mover's yes where it has a vote.
    private Answer open(
            Engaged engaged,
            Verified verified,
            MotionRecord.Subject subject,
            LedgerTime expires,
            List<Ballot> ballots) {
        Voter mover = voter(verified);
        List<Ballot> within = ballots.stream()
                .map(ballot -> expires.isBefore(ballot.deadline()) ? ballot.until(expires) : ballot)
                .toList();
        MotionRecord record = new MotionRecord(
                moment.time(),
                moment.time(),
                mover.party().text(),
                subject,
                expires,
                engaged.document().version(),
                within,
                Optional.empty());
        Electorate electorate = new Electorate(engaged.document(), engaged.document());
        Moved moved = new Moved(engaged, verified.instruction(), new Poll(record, electorate, moment.time()));
        List<Json.Obj> effects = new ArrayList<>();
        effects.add(effect("motion", moved.hash()).build());
        SortedMap<Integer, List<String>> own = moved.poll().votesOf(mover);
        boolean votes = !own.isEmpty() && moved.poll().votedBefore(mover, own).isEmpty();
        return conclude(votes ? cast(moved, mover, own, Optional.of(Choice.YES), effects) : moved, effects);
    }

    private static Json.Builder effect(String kind, Hash motion) {
        return Json.object().with("kind", kind).with("motion", motion.hex());
    }

    /// The same person voted already with another key, or for another party of the same member.
    private static Optional<No> sameHolder(Moved moved, Voter voter, SortedMap<Integer, List<String>> own) {
        return moved.poll()
                .votedBefore(voter, own)
                .map(seat -> No.refused(
                        Code.SAME_HOLDER,
                        Json.object().withText("holder", voter.holder()).with("seat", seat)));
    }

    /// Votes, or takes a vote back.
    Answer vote(Engaged engaged, Act.Vote act, Verified verified) {
        Optional<Moved> found = moved(engaged, act.motion());
        if (found.isEmpty()) {
            return unknown(act.motion());
        }
        Optional<Choice> choice =
                act.choice().equals("none") ? Optional.empty() : Optional.of(Choice.ofText(act.choice()));
        return vote(found.get(), choice, voter(verified));
    }

    private Answer vote(Moved moved, Optional<Choice> choice, Voter voter) {
        if (moved.poll().isOver()) {
            return ended(moved);
        }
        SortedMap<Integer, List<String>> all = moved.poll().votesOf(voter);
        if (all.isEmpty()) {
            return Answer.denied(No.refused(Code.NO_VOTE));
        }
        SortedMap<Integer, List<String>> own =
                choice.isEmpty() ? all : moved.poll().stillVoting(all);
        if (own.isEmpty()) {
            return ended(moved);
        }
        if (moved.poll().isSame(own, choice)) {
            return Answer.denied(No.refused(Code.SAME_VOTE, Json.object().with("choice", text(choice))));
        }
        Optional<No> sameHolder = choice.isEmpty() ? Optional.empty() : sameHolder(moved, voter, own);
        if (sameHolder.isPresent()) {
            return Answer.denied(sameHolder.get());
        }
        List<Json.Obj> effects = new ArrayList<>();
        Moved voted = cast(moved, voter, own, choice, effects);
        if (choice.isEmpty()) {
            write(voted, voted.record());
            return new Answer.Applied(List.copyOf(effects));
        }
        return conclude(voted, effects);
    }

    private static String text(Optional<Choice> choice) {
        return choice.map(Choice::text).orElse("none");
    }

    private static Moved cast(
            Moved moved,
            Voter voter,
            SortedMap<Integer, List<String>> own,
            Optional<Choice> choice,
            List<Json.Obj> effects) {
        TreeSet<String> seats = new TreeSet<>();
        own.values().forEach(seats::addAll);
        effects.add(effect("vote", moved.hash())
                .with("choice", text(choice))
                .with("seats", Json.texts(List.copyOf(seats)))
                .build());
        return moved.with(moved.poll().cast(voter, own, choice));
    }

    private Optional<Moved> moved(Engaged engaged, Hash motion) {
        return state.read(Keys.motion(engaged.agreement(), motion), MotionRecord.CODEC)
                .map(record -> new Moved(
                        engaged,
                        motion,
                        new Poll(
                                record,
                                new Electorate(document(engaged.agreement(), record.under()), engaged.document()),
                                moment.time())));
    }

    private Document document(String agreement, Hash version) {
        return documents.parse(
                version, state.bytes(Keys.document(agreement, version)).orElseThrow());
    }

    private AmendmentReader.Version version(String agreement, Hash version) {
        return new AmendmentReader.Version(
                state.read(Keys.document(agreement, version)).orElseThrow(), document(agreement, version));
    }

    private AmendmentReader.Version version(Engaged engaged) {
        return version(engaged.agreement(), engaged.document().version());
    }

    private AmendmentReader.When when(Engaged engaged) {
        return new AmendmentReader.When(moment.day(), moment.latestDate(), engaged.unsettled());
    }

    private Life life(Engaged engaged) {
        return new Life(engaged.head(), engaged.document(), moment.day());
    }

    static No inRunOff() {
        return No.refused(Code.AGREEMENT_IN_RUN_OFF, Json.object().with("state", "run_off"));
    }

    private static Answer notAllowed(String role) {
        return Answer.denied(No.refused(Code.NOT_ALLOWED, Json.object().with("role", role)));
    }

    private static Answer unknown(Hash motion) {
        return Answer.denied(No.waiting(Code.MOTION_UNKNOWN, Json.object().with("motion", motion.hex())));
    }

    private static Answer ended(Moved moved) {
        return Answer.denied(No.refused(
                Code.MOTION_ENDED, Json.object().with("motion", moved.hash().hex())));
    }

    private boolean isOpen(Engaged engaged, Hash motion) {
        return moved(engaged, motion).filter(moved -> !moved.poll().isOver()).isPresent();
    }

    /// After a vote or an acceptance: the motion may be lost, or what it decides is carried out.
    private Answer conclude(Moved before, List<Json.Obj> effects) {
        Moved moved = before.with(before.poll().decided());
        if (moved.poll().isLost()) {
            effects.add(decided(moved, false).build());
            return written(moved, MotionRecord.End.LOST, effects);
        }
        if (!moved.poll().isReady() || !missing(moved).isEmpty()) {
            write(moved, moved.record());
            return new Answer.Applied(List.copyOf(effects));
        }
        return switch (carryOut(moved)) {
            case Answer.Applied(var done) -> {
                effects.add(decided(moved, true).build());
                effects.addAll(done);
                yield written(moved, MotionRecord.End.CARRIED, effects);
            }
            case Answer.Denied(var no) -> {
                effects.add(decided(moved, false)
                        .with("code", no.code().text())
                        .with("values", no.values())
                        .build());
                yield written(moved, MotionRecord.End.FAILED, effects);
            }
        };
    }

    private static Json.Builder decided(Moved moved, boolean carried) {
        return effect("decided", moved.hash()).with("carried", carried);
    }

    private Answer written(Moved moved, MotionRecord.End end, List<Json.Obj> effects) {
        write(moved, moved.record().ended(end));
        return new Answer.Applied(List.copyOf(effects));
    }

    private void write(Moved moved, MotionRecord record) {
        state.write(
                Keys.motion(moved.engaged().agreement(), moved.hash()),
                MotionRecord.CODEC,
                record.touched(moment.time()));
    }

    /// Who enters with an amendment and did not accept it yet.
    private SortedSet<PartyId> missing(Moved moved) {
        if (!(moved.record().subject() instanceof MotionRecord.Amendment(var version))) {
            return new TreeSet<>();
        }
        String agreement = moved.engaged().agreement();
        OfferRecord offer =
                state.read(Keys.offer(agreement, version), OfferRecord.CODEC).orElseThrow();
        Document under = moved.poll().electorate().under();
        TreeSet<PartyId> missing = new TreeSet<>();
        document(agreement, version).parties().forEach((party, bound) -> {
            if (!bound.equals(under.parties().get(party)) && !offer.accepted().containsKey(bound.text())) {
                missing.add(bound);
            }
        });
        return missing;
    }

    /// Does what was decided.
    private Answer carryOut(Moved moved) {
        return switch (moved.record().subject()) {
            case MotionRecord.Amendment(var version) -> adopt(moved, version);
            case MotionRecord.Resolution(var decision) ->
                resolutions
                        .impossible(moved.engaged(), decision)
                        .map(Answer::denied)
                        .orElseGet(() -> resolutions.carryOut(moved.engaged(), decision));
        };
    }

    private Answer adopt(Moved moved, Hash version) {
        Engaged engaged = moved.engaged();
        AmendmentReader.Version amended = version(engaged.agreement(), version);
        Optional<No> overtaken = succession(engaged, amended.json());
        if (overtaken.isPresent()) {
            return Answer.denied(overtaken.get());
        }
        AmendmentReader reader = new AmendmentReader(version(engaged), amended);
        List<DocumentReading.Fault> faults = reader.faults(when(engaged));
        if (!faults.isEmpty()) {
            return Answer.denied(Offers.refused(faults));
        }
        if (life(engaged).isInRunOff() && !reader.decisions().stream().allMatch(Motions::isForRunOff)) {
            return Answer.denied(inRunOff());
        }
        return new Adoption(state, moment)
                .adopt(engaged.agreement(), engaged.head(), amended.document(), reader.decisions());
    }

    /// Carries out what was decided, once nothing has to be waited for.
    Answer execute(Engaged engaged, Act.Execute act) {
        Optional<Moved> found = moved(engaged, act.motion());
        if (found.isEmpty()) {
            return unknown(act.motion());
        }
        Moved moved = found.get();
        if (moved.poll().isOver()) {
            return ended(moved);
        }
        Optional<No> waiting = waiting(moved);
        if (waiting.isPresent()) {
            return Answer.denied(waiting.get());
        }
        return switch (carryOut(moved)) {
            case Answer.Denied denied -> denied;
            case Answer.Applied(var done) ->
                written(
                        moved,
                        MotionRecord.End.CARRIED,
                        Stream.concat(Stream.of(decided(moved, true).build()), done.stream())
                                .toList());
        };
    }

    /// What an execution has to wait for, or why it cannot come.
    private Optional<No> waiting(Moved moved) {
        for (Ballot ballot : moved.record().ballots()) {
            Governance.Rule rule = moved.poll().electorate().rule(ballot);
            switch (moved.poll().readiness(ballot)) {
                case VOTING -> {
                    return until(Code.VOTE_RUNNING, ballot.deadline());
                }
                case WAITING -> {
                    Code code = rule instanceof Governance.Principal ? Code.NOTICE_RUNNING : Code.LOCK_RUNNING;
                    return until(code, moved.poll().executable(ballot));
                }
                case NOT_CARRIED, LOST -> {
                    Electorate.Count count = moved.poll().electorate().count(ballot, true);
                    return Optional.of(No.refused(
                            Code.NOT_CARRIED,
                            Json.object()
                                    .with("abstain", count.abstain())
                                    .with("need", count.need())
                                    .with("no", count.no())
                                    .with("yes", count.yes())));
                }
                case READY -> {}
            }
        }
        SortedSet<PartyId> missing = missing(moved);
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(No.waiting(
                        Code.NOT_ACCEPTED_YET,
                        Json.object()
                                .with(
                                        "parties",
                                        Json.texts(missing.stream()
                                                .map(PartyId::text)
                                                .toList()))));
    }

    private static Optional<No> until(Code code, LedgerTime time) {
        return Optional.of(No.waiting(code, Json.object().with("until", time.text())));
    }

    /// Takes a motion back, until it is carried out.
    Answer withdraw(Engaged engaged, Hash motion) {
        Optional<Moved> found = moved(engaged, motion);
        if (found.isEmpty()) {
            return unknown(motion);
        }
        if (found.get().poll().isOver()) {
            return ended(found.get());
        }
        if (!found.get().record().by().equals(engaged.payload().party().text())) {
            return Answer.denied(No.refused(
                    Code.NOT_YOURS,
                    Json.object().with("by", found.get().record().by())));
        }
        return written(
                found.get(),
                MotionRecord.End.WITHDRAWN,
                List.of(decided(found.get(), false).build()));
    }

    /// Accepts an amendment: the acceptance of who enters with it, and the yes of who has a vote.
    Answer accept(Engaged engaged, OfferRecord offer, Act.Accept act, Verified verified) {
        Moved moved = moved(engaged, offer.motion().orElseThrow()).orElseThrow();
        if (moved.poll().isOver()) {
            return ended(moved);
        }
        Hash version = ((MotionRecord.Amendment) moved.record().subject()).version();
        PartyId party = (PartyId) engaged.payload().party();
        boolean enters = missing(moved).contains(party);
        Voter voter = voter(verified);
        SortedMap<Integer, List<String>> all = moved.poll().votesOf(voter);
        boolean entered = offer.accepted().containsKey(party.text());
        if (!enters && !entered && all.isEmpty()) {
            return notAllowed("acceptor");
        }
        SortedMap<Integer, List<String>> own = moved.poll().stillVoting(all);
        boolean votes = !own.isEmpty() && !moved.poll().isSame(own, Optional.of(Choice.YES));
        if (!enters && !votes) {
            boolean said = entered || !own.isEmpty() || moved.poll().isSame(all, Optional.of(Choice.YES));
            return said ? already(version) : ended(moved);
        }
        Optional<No> otherText = Offers.otherText(document(engaged.agreement(), version), act.text());
        if (otherText.isPresent()) {
            return Answer.denied(otherText.get());
        }
        Optional<No> sameHolder = votes ? sameHolder(moved, voter, own) : Optional.empty();
        if (sameHolder.isPresent()) {
            return Answer.denied(sameHolder.get());
        }
        if (enters) {
            state.write(
                    Keys.offer(engaged.agreement(), version),
                    OfferRecord.CODEC,
                    offer.acceptedBy(party.text(), verified.instruction()));
        }
        List<Json.Obj> effects = new ArrayList<>();
        return conclude(votes ? cast(moved, voter, own, Optional.of(Choice.YES), effects) : moved, effects);
    }

    private static Answer already(Hash version) {
        return Answer.denied(No.refused(Code.ALREADY_ACCEPTED, Json.object().with("version", version.hex())));
    }

    /// Declines an amendment: who enters with it ends it, who has a vote says no.
    Answer decline(Engaged engaged, OfferRecord offer, Verified verified) {
        Moved moved = moved(engaged, offer.motion().orElseThrow()).orElseThrow();
        if (moved.poll().isOver()) {
            return ended(moved);
        }
        PartyId party = (PartyId) engaged.payload().party();
        if (missing(moved).contains(party) || offer.accepted().containsKey(party.text())) {
            return written(
                    moved, MotionRecord.End.LOST, List.of(decided(moved, false).build()));
        }
        return moved.poll().votesOf(voter(verified)).isEmpty()
                ? notAllowed("acceptor")
                : vote(moved, Optional.of(Choice.NO), voter(verified));
    }
}
