package org.tallystick.ledger.verify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.AmendmentReader;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// Who offered and accepted which version of the agreement, what is in force, and how far it is settled.
final class AgreementBook {

    private static final Duration LONGEST_OFFER = Duration.ofDays(90);
    /// How long an instruction may still name the version before the newest.
    private static final Duration OVERTAKEN = Duration.ofDays(7);

    private final Findings findings;
    private final Map<Hash, Offered> offers = new HashMap<>();
    private final Set<String> bound = new TreeSet<>();
    private final Map<Hash, Breach> breaches = new HashMap<>();
    private Optional<Offered> open = Optional.empty();
    private final List<Adopted> versions = new ArrayList<>();
    private Optional<LedgerTime> head = Optional.empty();
    private Optional<Period> unsettled = Optional.empty();

    AgreementBook(Findings findings) {
        this.findings = findings;
    }

    /// A version that was offered, and who accepted it so far.
    private record Offered(Json.Obj json, Document document, LedgerTime expires, Set<String> accepted) {}

    /// An adopted version, since when, and as it was signed.
    private record Adopted(AmendmentReader.Version version, LedgerTime at) {
        Document document() {
            return version.document();
        }
    }

    /// Who gave notice of a breach, and when.
    record Breach(String by, LedgerTime at) {}

    /// The parties bound in any version or offer.
    Set<String> bound() {
        return bound;
    }

    /// The newest version, as it was signed.
    Optional<AmendmentReader.Version> newest() {
        return versions.isEmpty()
                ? Optional.empty()
                : Optional.of(versions.getLast().version());
    }

    /// The version under which a period is settled.
    Optional<Document> inEffect(Period period) {
        return versions.reversed().stream()
                .map(Adopted::document)
                .filter(document -> document.starts().compareTo(period) <= 0)
                .findFirst();
    }

    /// A first version, in the place of the offer before it if it answers that.
    void counter(Payload payload, Act.Counter act, LedgerTime time, Place place) {
        Optional<Offered> answered =
                open.filter(offered -> offered.document().version().equals(act.to())
                        && time.isBefore(offered.expires())
                        && offered.document().isSide((PartyId) payload.party()));
        if (answered.isEmpty()) {
            findings.fail(
                    Check.AUTHORIZATION_GOVERNANCE, place.at("/body/to"), "it answers no open offer to this party");
        }
        open = Optional.empty();
        opens(payload, act.document(), act.expires(), time, place);
    }

    void offer(Payload payload, Act.Offer act, LedgerTime time, Place place) {
        if (!payload.scope().orElseThrow().agreement().offerer().equals(payload.party())) {
            findings.fail(Check.AUTHORIZATION_ROLES, place, payload.party().text() + " may not open this agreement");
        }
        opens(payload, act.document(), act.expires(), time, place);
    }

    private void opens(Payload payload, Json.Obj json, LedgerTime expires, LedgerTime time, Place place) {
        Hash version = Hash.of(json.canonical());
        Payload.Scope scope = payload.scope().orElseThrow();
        findings.same(
                Check.ACCURACY_VERSION,
                place.at("/body/document"),
                scope.version().hex(),
                version.hex(),
                "another document was signed than is named");
        Optional<Document> document = read(json, place);
        writes(time, place);
        if (!time.isBefore(expires) || payload.from().plus(LONGEST_OFFER).isBefore(expires)) {
            findings.fail(Check.CUTOFF_WINDOWS, place.at("/body/expires"), "the offer's end is not within its bounds");
        }
        boolean there = !versions.isEmpty()
                || open.filter(offered -> time.isBefore(offered.expires())).isPresent();
        if (there) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, "an offer of an agreement that is there already");
        }
        if (document.isEmpty()) {
            return;
        }
        binds(document.get());
        if (!document.get().isSide((PartyId) payload.party())) {
            findings.fail(Check.AUTHORIZATION_ROLES, place, payload.party().text() + " is no side that may offer this");
        }
        findings.same(
                Check.ACCURACY_VERSION,
                place.at("/body/document/id"),
                document.get().id().text(),
                scope.agreement().text(),
                "the document is of another agreement");
        Set<String> accepted = new TreeSet<>(Set.of(payload.party().text()));
        Offered offered = new Offered(json, document.get(), expires, accepted);
        offers.put(version, offered);
        open = Optional.of(offered);
    }

    /// A document that was signed, if it passes its checks.
    Optional<Document> read(Json.Obj json, Place place) {
        return switch (DocumentReader.read(json)) {
            case DocumentReading.Accepted(var document) -> Optional.of(document);
            case DocumentReading.Refused(var faults) -> {
                findings.fail(
                        Check.ACCURACY_VERSION,
                        place.at("/body/document"),
                        "the document does not pass its checks: "
                                + faults.getFirst().code());
                yield Optional.empty();
            }
            case DocumentReading.NotSupportedYet(var what) -> {
                findings.fail(
                        Check.ACCURACY_VERSION,
                        place.at("/body/document" + what),
                        "the document says what no rules enforce yet");
                yield Optional.empty();
            }
        };
    }

    /// Those who are bound by a version that is offered or moved.
    void binds(Document document) {
        document.bound().forEach(party -> bound.add(party.text()));
    }

    /// The open offer ends unadopted.
    void ends(Payload payload, LedgerTime time, Place place) {
        Hash version = payload.scope().orElseThrow().version();
        if (open.filter(offered -> offered.document().version().equals(version)).isEmpty()) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, "no such offer is open");
        }
        writes(time, place);
        open = Optional.empty();
    }

    /// An acceptance is taken back.
    void takesBack(Payload payload, LedgerTime time, Place place) {
        writes(time, place);
        open.ifPresent(offered -> offered.accepted().remove(payload.party().text()));
    }

    /// Whether this version is offered and waits for those who must accept.
    boolean isOffered(Payload payload) {
        Hash version = payload.scope().orElseThrow().version();
        return versions.isEmpty()
                && open.filter(offered -> offered.document().version().equals(version))
                        .isPresent();
    }

    /// Another text was signed than the terms of the document say.
    void text(Document document, Optional<Hash> text, Place place) {
        Hash rendered = Hash.of(Bytes.ofUtf8(document.terms().rendered()));
        text.ifPresent(read -> findings.same(
                Check.ACCURACY_VERSION,
                place.at("/body/text"),
                read.hex(),
                rendered.hex(),
                "another text was read than the terms say"));
    }

    void adopt(AmendmentReader.Version version, LedgerTime time) {
        versions.add(new Adopted(version, time));
        open = Optional.empty();
    }

    void accept(Payload payload, Act.Accept act, Json.Obj stated, LedgerTime time, Place place) {
        Hash version = payload.scope().orElseThrow().version();
        Offered offered = offers.get(version);
        if (offered == null || !open.equals(Optional.of(offered)) || !versions.isEmpty()) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, "no such offer is open");
            return;
        }
        writes(time, place);
        if (!time.isBefore(offered.expires())) {
            findings.fail(Check.CUTOFF_WINDOWS, place, "the offer had ended at " + offered.expires());
        }
        List<String> needed =
                offered.document().mustAcceptFirst().stream().map(PartyId::text).toList();
        String party = payload.party().text();
        if (!needed.contains(party)) {
            findings.fail(Check.AUTHORIZATION_ROLES, place, party + " is none of those who must accept");
        }
        if (!offered.accepted().add(party)) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, party + " accepted before");
        }
        text(offered.document(), act.text(), place);
        boolean complete = offered.accepted().containsAll(needed);
        boolean adopts = Items.effect(stated, "version").isPresent();
        findings.same(
                Check.AUTHORIZATION_GOVERNANCE,
                place.at("/effects"),
                Json.bool(adopts),
                Json.bool(complete),
                "the version is adopted if and only if all who must have accepted: "
                        + String.join(", ", offered.accepted()) + " of " + String.join(", ", needed));
        if (complete) {
            adopt(new AmendmentReader.Version(offered.json(), offered.document()), time);
            unsettled = Optional.of(offered.document().opening());
        }
    }

    /// The document an act is under: the newest, though for a week the one before may be named.
    Optional<Document> inForce(Payload payload, LedgerTime time, Place place) {
        if (versions.isEmpty()) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, "no version is in force");
            return Optional.empty();
        }
        Adopted newest = versions.getLast();
        String named = payload.scope().orElseThrow().version().hex();
        boolean overtaken = versions.size() > 1
                && versions.get(versions.size() - 2).document().version().hex().equals(named)
                && time.isBefore(newest.at().plus(OVERTAKEN));
        if (!overtaken) {
            findings.same(
                    Check.ACCURACY_VERSION,
                    place.at("/version"),
                    named,
                    newest.document().version().hex(),
                    "another version is in force");
        }
        return Optional.of(newest.document());
    }

    /// A notice of a side: those that end the agreement write its head.
    void notice(Payload payload, Act.Notice act, Hash instruction, Json.Obj stated, LedgerTime time, Place place) {
        Optional<Document> document = inForce(payload, time, place);
        if (document.isEmpty()) {
            return;
        }
        side(document.get(), payload, place);
        if (Items.effect(stated, "state").isPresent()) {
            writes(time, place);
        } else {
            reads(time, place);
        }
        boolean agreed = switch (act.topic()) {
            case "leave" -> document.get().term().leaveDays().isPresent();
            case "no-renewal" -> document.get().term().renewal().isPresent();
            default -> true;
        };
        if (!agreed) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, "the agreement has no notice " + act.topic());
        }
        if (act.topic().equals("breach")) {
            breaches.put(instruction, new Breach(payload.party().text(), time));
        }
        if (act.topic().equals("cured")) {
            cures(payload, act.notice().orElseThrow(), place);
        }
    }

    /// Only who gave notice of a breach says that it is cured.
    private void cures(Payload payload, Hash notice, Place place) {
        findings.same(
                Check.AUTHORIZATION_ROLES,
                place.at("/party"),
                payload.party().text(),
                breach(notice).map(Breach::by).orElse(""),
                "another gave notice of that breach, or nobody");
        breaches.remove(notice);
    }

    /// A breach of which notice was given, unless it is cured.
    Optional<Breach> breach(Hash notice) {
        return Optional.ofNullable(breaches.get(notice));
    }

    /// The first period that is neither settled nor being closed.
    Period unsettled() {
        return unsettled.orElseThrow(() -> new IllegalStateException("no version is in force"));
    }

    void settled(Period period) {
        unsettled = unsettled.map(before -> later(before, period.next()));
    }

    /// Its close was undone.
    void reopened(Period period) {
        unsettled = Optional.of(period);
    }

    /// An act under the agreement's head that leaves it as it is.
    void reads(LedgerTime time, Place place) {
        notBack(head, time, place);
    }

    /// An act that writes the agreement's head.
    void writes(LedgerTime time, Place place) {
        reads(time, place);
        head = Optional.of(time);
    }

    /// No act may be earlier than the one before it under the same head.
    void notBack(Optional<LedgerTime> before, LedgerTime time, Place place) {
        if (before.filter(time::isBefore).isPresent()) {
            findings.fail(
                    Check.CUTOFF_TIME,
                    place,
                    Json.text(time.text()),
                    Json.text(before.get().text()),
                    "earlier than the act before it under the same head");
        }
    }

    void side(Document document, Payload payload, Place place) {
        if (!document.isSide((PartyId) payload.party())) {
            findings.fail(
                    Check.AUTHORIZATION_ROLES,
                    place.at("/party"),
                    payload.party().text() + " is no side of the agreement");
        }
    }

    Optional<Period> period(Document document, String text, Place place) {
        Optional<Period> period = Period.parse(text)
                .filter(found -> found.frequency() == document.opening().frequency());
        if (period.isEmpty()) {
            findings.fail(Check.COMPLETENESS_PERIODS, place.at("/body/period"), text + " is no period of the calendar");
        }
        return period;
    }

    static Period later(Period a, Period b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
