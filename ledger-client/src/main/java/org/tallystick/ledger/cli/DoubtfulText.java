package org.tallystick.ledger.cli;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.DoubtfulEvents;
import org.tallystick.ledger.client.DoubtfulEvents.Doubt;
import org.tallystick.ledger.client.References;

/// What `tally held --doubtful` says.
final class DoubtfulText {

    /// How many events are named in one line, and how many lines there are; programs get all.
    private static final int MOST_NAMED = 10;

    private static final int MOST_LINES = 100;

    private final Shell shell;
    private final Document document;

    DoubtfulText(Shell shell, Document document) {
        this.shell = shell;
        this.document = document;
    }

    int print() throws IOException, LedgerException, CommandFailure {
        DoubtfulEvents events = new DoubtfulEvents(document);
        for (Document.Source source : document.sources()) {
            try (References references =
                    References.open(shell.reports(document.id()).resolve(source.id() + ".references"))) {
                events.add(shell.courier(), document, new SourceId(source.id()), references);
            }
        }
        List<Doubt> all = events.all();
        if (shell.json()) {
            shell.print(Json.array(all.stream().map(Doubt::encode).toList()));
        } else if (all.isEmpty()) {
            shell.out().println("nothing is worth a look");
        } else {
            String first = all.size() > MOST_LINES ? ", the first " + MOST_LINES : "";
            shell.out().println(all.size() + " worth a look" + first + ":");
            all.stream().limit(MOST_LINES).forEach(doubt -> shell.out().println("  " + text(doubt)));
        }
        return Tally.DONE;
    }

    private static String text(Doubt doubt) {
        return switch (doubt) {
            case Doubt.Exceeded(var event, var currency, var sold, var taken, var by) ->
                event.text() + ": " + MoneyText.of(taken, currency) + " of " + MoneyText.of(sold, currency) + " "
                        + currency + " are taken back, by " + ids(by) + " (refund_exceeds)";
            case Doubt.Repeated(var source, var reference, var events) ->
                "reference \"" + reference + "\" of " + source + ": " + ids(events) + " (reference_twice)";
        };
    }

    private static String ids(List<EventId> ids) {
        String more = ids.size() > MOST_NAMED ? " and " + (ids.size() - MOST_NAMED) + " more" : "";
        return ids.stream().limit(MOST_NAMED).map(EventId::text).collect(Collectors.joining(", ")) + more;
    }
}
