package org.tallystick.ledger.client;

import java.time.LocalDate;
import java.util.Optional;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Life;
import org.tallystick.agreement.terms.Period;

/// An agreement in a line of a list.
///
/// @param state as [AgreementView#state]
/// @param number of the newest adopted version; 0 if none was
/// @param from first day covered
/// @param lastDay last day covered, as far as is known
/// @param document the newest adopted, else the one offered
public record AgreementSummary(
        AgreementId id,
        String title,
        String state,
        long number,
        LocalDate from,
        Optional<LocalDate> lastDay,
        Period unsettled,
        Document document) {

    public static AgreementSummary of(AgreementView view, LedgerTime now) {
        Document document = view.shown().orElseThrow().document();
        return new AgreementSummary(
                view.id(),
                document.terms().title(),
                view.state(now),
                view.head().number(),
                document.term().from(),
                new Life(view.head(), document, now.day()).lastDay(),
                view.head().unsettled(),
                document);
    }

    public Json.Obj encode() {
        return Json.object()
                .with("agreement", id.text())
                .with("from", from.toString())
                .withText("lastDay", lastDay.map(LocalDate::toString))
                .with("number", number)
                .with("state", state)
                .with("title", title)
                .with("unsettled", unsettled.text())
                .build();
    }
}
