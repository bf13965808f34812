package org.tallystick.ledger.verify;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
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

    private final Findings findings;
    private final Map<Hash, Offered> offers = new HashMap<>();
    private final Set<String> bound = new TreeSet<>();
    private Optional<Offered> open = Optional.empty();
    private Optional<Document> adopted = Optional.empty();
    private Optional<LedgerTime> head = Optional.empty();
    private Optional<Period> unsettled = Optional.empty();

    AgreementBook(Findings findings) {
        this.findings = findings;
    }

    /// A version that was offered, and who accepted it so far.
    private record Offered(Document document, LedgerTime expires, Set<String> accepted) {}

    /// The parties bound in any version or offer.
    Set<String> bound() {
        return bound;
    }

    Optional<Document> adopted() {
        return adopted;
    }

    void offer(Payload payload, Act.Offer act, LedgerTime time, Place place) {
        Hash version = Hash.of(act.document().canonical());
        Payload.Scope scope = payload.scope().orElseThrow();
        findings.same(
                Check.ACCURACY_VERSION,
                place.at("/body/document"),
                scope.version().hex(),
                version.hex(),
                "another document was signed than is named");
        Optional<Document> document = read(act.document(), place);
        writes(time, place);
        if (!time.isBefore(act.expires()) || payload.from().plus(LONGEST_OFFER).isBefore(act.expires())) {
            findings.fail(Check.CUTOFF_WINDOWS, place.at("/body/expires"), "the offer's end is not within its bounds");
        }
        boolean there = adopted.isPresent()
                || open.filter(offered -> time.isBefore(offered.expires())).isPresent();
        if (there) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, "an offer of an agreement that is there already");
        }
        if (document.isEmpty()) {
            return;
        }
        bound.addAll(partiesOf(document.get()));
        boolean side = document.get().parties().containsValue(payload.party());
        if (!side || !scope.agreement().offerer().equals(payload.party())) {
            findings.fail(Check.AUTHORIZATION_ROLES, place, payload.party().text() + " is no side that may offer this");
        }
        findings.same(
                Check.ACCURACY_VERSION,
                place.at("/body/document/id"),
                document.get().id().text(),
                scope.agreement().text(),
                "the document is of another agreement");
        Set<String> accepted = new TreeSet<>(Set.of(payload.party().text()));
        Offered offered = new Offered(document.get(), act.expires(), accepted);
        offers.put(version, offered);
        open = Optional.of(offered);
    }

    private Optional<Document> read(Json.Obj json, Place place) {
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

    private static List<String> partiesOf(Document document) {
        TreeSet<String> parties = new TreeSet<>();
        document.parties().values().forEach(party -> parties.add(party.text()));
        document.persons().forEach(party -> parties.add(party.text()));
        return List.copyOf(parties);
    }

    void accept(Payload payload, Act.Accept act, Json.Obj stated, LedgerTime time, Place place) {
        Hash version = payload.scope().orElseThrow().version();
        Offered offered = offers.get(version);
        if (offered == null || !open.equals(Optional.of(offered)) || adopted.isPresent()) {
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
        Hash rendered = Hash.of(Bytes.ofUtf8(offered.document().terms().rendered()));
        act.text()
                .ifPresent(text -> findings.same(
                        Check.ACCURACY_VERSION,
                        place.at("/body/text"),
                        text.hex(),
                        rendered.hex(),
                        "another text was read than the terms say"));
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
            adopted = Optional.of(offered.document());
            unsettled = Optional.of(offered.document().opening());
        }
    }

    /// The document an act is under; nothing if there is none in force, or not the one named.
    Optional<Document> inForce(Payload payload, Place place) {
        if (adopted.isEmpty()) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, "no version is in force");
            return Optional.empty();
        }
        findings.same(
                Check.ACCURACY_VERSION,
                place.at("/version"),
                payload.scope().orElseThrow().version().hex(),
                adopted.get().version().hex(),
                "another version is in force");
        return adopted;
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
