package org.tallystick.agreement.rules;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.ClaimRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.terms.Period;

/// Events that a party says are missing, and what the source's owner answers. Both stand in the record; nothing is
/// booked by them.
///
/// They write their own record alone, so that nobody holds up a close with claims.
final class Claims {

    private final Overlay state;
    private final Moment moment;
    private final Proofs proofs;

    Claims(Overlay state, Moment moment, Hints hints) {
        this.state = state;
        this.moment = moment;
        this.proofs = new Proofs(state, hints);
    }

    Answer claim(Engaged engaged, Act.Claim claim, Hash instruction) {
        Document document = engaged.document();
        PartyId party = (PartyId) engaged.payload().party();
        if (!document.isSide(party)) {
            return Answer.denied(No.refused(Code.NOT_ALLOWED, Json.object().with("role", "side")));
        }
        String id = claim.source().text();
        Optional<Document.Source> source = document.source(id);
        if (source.isEmpty()) {
            return Answer.denied(Sources.unknown(id));
        }
        Optional<No> notices = Sources.ofNotices(source.get());
        if (notices.isPresent()) {
            return Answer.denied(notices.get());
        }
        if (document.ledgerParty(source.get().owner()).equals(party)) {
            return Answer.denied(No.refused(Code.OWN_EVENT, Json.object().with("source", id)));
        }

        LocalDate date = LocalDate.parse(claim.event().text("date"));
        if (date.isAfter(moment.latestDate())) {
            return Answer.denied(No.waiting(
                    Code.EVENT_FUTURE,
                    Json.object().with("earliest", LedgerTime.earliest(date).text())));
        }
        Period period = Booking.later(document.terms().frequency().periodOf(date), document.opening());
        LedgerTime until =
                LedgerTime.startOf(period.end().plusDays(document.days().claim()));
        if (!moment.time().isBefore(until)) {
            return Answer.denied(No.refused(Code.CLAIM_TOO_LATE, Json.object().with("until", until.text())));
        }
        LedgerTime due = moment.time().plus(Duration.ofDays(document.days().answer()));
        state.write(
                Keys.claim(engaged.agreement(), instruction),
                ClaimRecord.CODEC,
                new ClaimRecord(moment.time(), party, engaged.payload().body(), due, Optional.empty()));
        return Answer.applied(effect(instruction).with("state", "open"));
    }

    /// @param item index of the instruction in its transaction, which the hints count by
    Answer answer(Engaged engaged, Act.ClaimAnswer answer, int item, Hash instruction) {
        Json.Builder named = Json.object().with("claim", answer.claim().hex());
        Optional<ClaimRecord> record = state.read(Keys.claim(engaged.agreement(), answer.claim()), ClaimRecord.CODEC);
        if (record.isEmpty()) {
            return Answer.denied(No.waiting(Code.CLAIM_UNKNOWN, named));
        }
        ClaimRecord claim = record.get();
        Optional<No> notOwner =
                Sources.mayUse(engaged, claim.source(), engaged.document().source(claim.source()));
        if (notOwner.isPresent()) {
            return Answer.denied(notOwner.get());
        }
        if (claim.answer().isPresent()) {
            return Answer.denied(No.refused(Code.CLAIM_ANSWERED, named));
        }
        Optional<No> unproven = switch (answer.reply()) {
            case Act.Reply.Refusal _ -> Optional.empty();
            case Act.Reply.Reported(var proof) -> unproven(engaged, claim, item, proof);
        };
        if (unproven.isPresent()) {
            return Answer.denied(unproven.get());
        }
        boolean late = !moment.time().isBefore(claim.due());
        ClaimRecord.Answer given =
                new ClaimRecord.Answer(moment.time(), instruction, late, outcome(answer), answer.evidence());
        state.write(Keys.claim(engaged.agreement(), answer.claim()), ClaimRecord.CODEC, claim.answered(given));
        String end = switch (answer.reply()) {
            case Act.Reply.Refusal _ -> "refused";
            case Act.Reply.Reported _ -> "event";
        };
        return Answer.applied(effect(answer.claim()).with("late", late).with("state", end));
    }

    private Optional<No> unproven(Engaged engaged, ClaimRecord claim, int item, Act.EventProof proof) {
        return switch (proofs.of(engaged.agreement(), item, List.of(proof))) {
            case Proofs.Outcome.Wrong(var no) -> Optional.of(no);
            case Proofs.Outcome.All _ ->
                proof.id().source().text().equals(claim.source())
                        ? Optional.empty()
                        : Optional.of(No.refused(Code.PROOF_WRONG, Proofs.named(proof.id())));
        };
    }

    private static ClaimRecord.End outcome(Act.ClaimAnswer answer) {
        return switch (answer.reply()) {
            case Act.Reply.Refusal(var reason) -> new ClaimRecord.End.Refused(reason);
            case Act.Reply.Reported(var proof) -> new ClaimRecord.End.Reported(proof.id());
        };
    }

    private static Json.Builder effect(Hash claim) {
        return Json.object().with("claim", claim.hex()).with("kind", "claim");
    }
}
