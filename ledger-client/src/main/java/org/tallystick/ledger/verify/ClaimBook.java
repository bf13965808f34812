package org.tallystick.ledger.verify;

import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.terms.Period;

/// Events that a side says are missing, and what the source's owner answers.
final class ClaimBook {

    private final Findings findings;
    private final AgreementBook agreement;
    private final SourceBooks sources;
    private final Map<Hash, Claimed> claims = new HashMap<>();

    ClaimBook(Findings findings, AgreementBook agreement, SourceBooks sources) {
        this.findings = findings;
        this.agreement = agreement;
        this.sources = sources;
    }

    /// A claim, until it is answered.
    private record Claimed(String source, LedgerTime due, boolean answered) {}

    void claim(Payload payload, Act.Claim act, Hash instruction, LedgerTime time, Place place) {
        Optional<Document> document = agreement.inForce(payload, time, place);
        if (document.isEmpty()) {
            return;
        }
        agreement.reads(time, place);
        agreement.side(document.get(), payload, place);
        String id = act.source().text();
        boolean own = document.get()
                .source(id)
                .filter(source -> document.get().ledgerParty(source.owner()).equals(payload.party()))
                .isPresent();
        if (own || document.get().source(id).isEmpty()) {
            findings.fail(Check.AUTHORIZATION_ROLES, place.at("/body/source"), "no claim can be made on source " + id);
        }
        inTime(document.get(), LocalDate.parse(act.event().text("date")), time, place.at("/body/event/date"));
        claims.put(
                instruction,
                new Claimed(id, time.plus(Duration.ofDays(document.get().days().answer())), false));
        findings.attention(Check.ATTENTION_CLAIMS, place, payload.party().text() + " claims an event of source " + id);
    }

    private void inTime(Document document, LocalDate date, LedgerTime time, Place place) {
        if (date.isAfter(time.latestDay())) {
            findings.fail(Check.CUTOFF_WINDOWS, place, "dated after the day of " + time);
            return;
        }
        Period period = AgreementBook.later(document.terms().frequency().periodOf(date), document.opening());
        LocalDate until = period.end().plusDays(document.days().claim());
        if (!time.day().isBefore(until)) {
            findings.fail(Check.CUTOFF_WINDOWS, place, "claims ended on " + until);
        }
    }

    void answer(Payload payload, Act.ClaimAnswer act, LedgerTime time, Place place) {
        Optional<Document> document = agreement.inForce(payload, time, place);
        Claimed claim = claims.get(act.claim());
        if (document.isEmpty() || claim == null || claim.answered()) {
            findings.fail(Check.AUTHORIZATION_ROLES, place.at("/body/claim"), "no such claim is open");
            return;
        }
        agreement.reads(time, place);
        findings.same(
                Check.AUTHORIZATION_ROLES,
                place.at("/party"),
                payload.party().text(),
                document.get()
                        .source(claim.source())
                        .map(source ->
                                document.get().ledgerParty(source.owner()).text())
                        .orElse(""),
                "the source " + claim.source() + " is owned by another");
        String answer = switch (act.reply()) {
            case Act.Reply.Refusal(var reason) -> "refused: " + reason;
            case Act.Reply.Reported(var proof) -> {
                Optional<SourceBook.Booked> _ = sources.proven(proof, place.at("/body/proof"));
                findings.same(
                        Check.AUTHORIZATION_ROLES,
                        place.at("/body/event"),
                        proof.id().source().text(),
                        claim.source(),
                        "the answer names an event of another source");
                yield "answered with " + proof.id();
            }
        };
        claims.put(act.claim(), new Claimed(claim.source(), claim.due(), true));
        String late = time.isBefore(claim.due()) ? "" : ", late";
        findings.attention(Check.ATTENTION_CLAIMS, place, "the claim " + act.claim() + " was " + answer + late);
    }

    /// After the last transaction: how many nobody answered.
    long open() {
        return claims.values().stream().filter(claim -> !claim.answered()).count();
    }
}
