package org.tallystick.ledger.cli;

import java.util.List;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.ledger.reconcile.Entry;
import org.tallystick.ledger.reconcile.Reconciliation;

/// Tells where own books and reports differ.
final class ReconciliationText {

    private final Shell shell;

    ReconciliationText(Shell shell) {
        this.shell = shell;
    }

    /// @param others lines of the own books with a date outside of the period
    /// @param reported events of the period
    void print(Reconciliation found, long others, int reported) {
        if (!found.differing().isEmpty()) {
            title("not the same on both sides");
            Table table = new Table("REFERENCE", "YOURS", "REPORTED", "DIFFERS IN", "YOU HAVE", "THEY HAVE");
            for (Reconciliation.Pair pair : found.differing()) {
                table.add(
                        reference(pair.own()),
                        pair.own().name(),
                        pair.reported().name(),
                        String.join(", ", pair.members()),
                        said(pair.own()),
                        said(pair.reported()));
            }
            table.print(shell.out());
        }
        entries("only in your books: reported by nobody", found.unreported());
        entries("only reported: not in your books", found.unknown());
        entries("without a reference: nothing can be held beside it", found.unreferenced());
        if (!found.repeated().isEmpty()) {
            title("references that came more than once");
            Table table = new Table("REFERENCE", ">YOURS", ">REPORTED");
            found.repeated()
                    .forEach(twice -> table.add(
                            twice.reference(), String.valueOf(twice.own()), String.valueOf(twice.reported())));
            table.print(shell.out());
        }
        if (!found.agrees() || !found.repeated().isEmpty()) {
            shell.out().println();
        }
        shell.out()
                .println(found.equal() + " the same, " + found.differing().size() + " differ, "
                        + found.unreported().size() + " only in your books, "
                        + found.unknown().size() + " only reported; " + reported + " were reported for the period"
                        + (others == 0 ? "" : "; " + others + " lines of yours have other dates"));
        if (!found.unreported().isEmpty()) {
            shell.out().println("who should have reported one may be asked: tally claim --help");
        }
    }

    private void title(String text) {
        shell.out().println(text);
    }

    private void entries(String title, List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        title(title);
        Table table = new Table("REFERENCE", "WHERE", "WHAT");
        entries.forEach(entry -> table.add(reference(entry), entry.name(), said(entry)));
        table.print(shell.out());
    }

    private static String reference(Entry entry) {
        return entry.reference().orElse("-");
    }

    private static String said(Entry entry) {
        Event event = entry.event();
        return event.type() + " of " + event.date()
                + event.amount()
                        .map(amount -> ", " + MoneyText.of(amount, entry.currency()))
                        .orElse("")
                + event.quantity().map(quantity -> ", quantity " + quantity).orElse("");
    }

    static Json.Obj json(Reconciliation found, long others) {
        return Json.object()
                .with(
                        "differing",
                        Json.array(found.differing().stream()
                                .<Json>map(pair -> Json.object()
                                        .with("members", Json.texts(pair.members()))
                                        .with("own", entry(pair.own()))
                                        .with("reported", entry(pair.reported()))
                                        .build())
                                .toList()))
                .with("equal", found.equal())
                .with("otherDates", others)
                .with(
                        "repeated",
                        Json.array(found.repeated().stream()
                                .<Json>map(twice -> Json.object()
                                        .with("own", twice.own())
                                        .with("reference", twice.reference())
                                        .with("reported", twice.reported())
                                        .build())
                                .toList()))
                .with("unknown", entries(found.unknown()))
                .with("unreferenced", entries(found.unreferenced()))
                .with("unreported", entries(found.unreported()))
                .build();
    }

    private static Json entries(List<Entry> entries) {
        return Json.array(entries.stream().map(ReconciliationText::entry).toList());
    }

    private static Json entry(Entry entry) {
        Event event = entry.event();
        return Json.object()
                .withText("amount", event.amount().map(String::valueOf))
                .with("currency", entry.currency())
                .with("date", event.date().toString())
                .withText("quantity", event.quantity().map(String::valueOf))
                .withText("reference", entry.reference())
                .with("type", event.type())
                .with("where", entry.name())
                .build();
    }
}
