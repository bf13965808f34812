package org.tallystick.agreement.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Verified;
import org.tallystick.agreement.state.AgreedLine;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.terms.Period;

/// Sums that payer and payee agree on: they stand in the next settlement beside what is computed, and feed nothing.
final class Adjustments {

    private static final int MAX_LINES = 1_000;

    private final Overlay state;

    Adjustments(Overlay state) {
        this.state = state;
    }

    /// What waits for the settlement of a period.
    List<AgreedLine> waiting(String agreement, Period period) {
        return state.read(Keys.adjustments(agreement, period.text()))
                .map(AgreedLine::all)
                .orElse(List.of());
    }

    Answer adjust(Engaged engaged, Act.Adjust act, Verified verified) {
        Document document = engaged.document();
        Optional<Period> period = Sources.period(engaged, act.period());
        if (period.isEmpty()) {
            return Answer.denied(No.refused(Code.PERIOD_WRONG, Json.object().with("period", act.period())));
        }
        String hub = document.terms().hub();
        boolean withHub = (act.payer().equals(hub) || act.payee().equals(hub))
                && !act.payer().equals(act.payee())
                && document.parties().containsKey(act.payer())
                && document.parties().containsKey(act.payee());
        if (!withHub) {
            return Answer.denied(No.refused(Code.NOT_WITH_HUB, Json.object().with("hub", hub)));
        }
        if (!areBoth(document, act, verified)) {
            PartyId payer = document.ledgerParty(act.payer());
            PartyId payee = document.ledgerParty(act.payee());
            return Answer.denied(No.refused(
                    Code.NOT_BOTH_SIDES,
                    Json.object().with("payee", payee.text()).with("payer", payer.text())));
        }
        if (period.get().compareTo(engaged.head().unsettled()) >= 0) {
            return Answer.denied(
                    No.waiting(Code.PERIOD_NOT_SETTLED, Json.object().with("period", act.period())));
        }
        Period next = engaged.unsettled();
        List<AgreedLine> lines = new ArrayList<>(waiting(engaged.agreement(), next));
        if (lines.size() == MAX_LINES) {
            return Answer.denied(
                    No.refused(Code.TOO_MANY_ADJUSTMENTS, Json.object().with("limit", MAX_LINES)));
        }
        AgreedLine line = new AgreedLine(
                act.amount(), act.payer(), act.payee(), period.get(), act.reason(), verified.instruction());
        lines.add(line);
        state.write(Keys.adjustments(engaged.agreement(), next.text()), AgreedLine.encode(lines));
        return Answer.applied(Json.object()
                .with("amount", line.amountJson())
                .with("from", line.payer())
                .with("kind", "adjusted")
                .with("period", next.text())
                .with("to", line.payee()));
    }

    /// Whether one signed for the payer and the other for the payee.
    private static boolean areBoth(Document document, Act.Adjust act, Verified verified) {
        List<Owner> signed =
                verified.signers().stream().map(signer -> signer.kid().owner()).toList();
        PartyId payer = document.ledgerParty(act.payer());
        PartyId payee = document.ledgerParty(act.payee());
        return signed.equals(List.of(payer, payee)) || signed.equals(List.of(payee, payer));
    }
}
