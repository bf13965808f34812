package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.HeldEvents;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lists the events that wait.
@Command(
        name = "held",
        description = {
            "Lists the events that wait, and so are in no total and in no close yet.",
            "",
            "Of each it says whose attestation it waits for, who contradicts it, or which event it names that",
            "waits itself. What waits for nobody because its source has ended never counts: a source that still",
            "runs may report it anew.",
            "",
            "With --doubtful those instead that were taken in and are worth a look before anybody attests,",
            "contradicts or closes: sales of which more was taken back than they were sold for, and references",
            "that came twice. Both sides read the same list, from the ledger's own events."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally held north/vendor/reseller --missing north/vendor",
            "  tally held north/vendor/reseller --doubtful",
            "  tally attest north/vendor/reseller figures/0000000003"
        })
final class HeldCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Option(names = "--missing", paramLabel = "PARTY", description = "only those that wait for this party")
    @Nullable
    PartyId missing;

    @Option(names = "--doubtful", description = "those that were taken in and are worth a look")
    boolean doubtful;

    HeldCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        AgreementView view = shell.agreement(given(agreement));
        Document document = Shell.inEffect(view);
        if (doubtful) {
            return new DoubtfulText(shell, document).print();
        }
        List<HeldEvents.Held> held = new HeldEvents(shell.courier(), view, document)
                .all().stream()
                        .filter(event -> missing == null
                                || (event.ended().isEmpty() && event.missing().contains(missing)))
                        .toList();
        if (shell.json()) {
            shell.print(
                    Json.array(held.stream().<Json>map(HeldEvents.Held::encode).toList()));
        } else if (held.isEmpty()) {
            shell.out().println("nothing is held" + (missing == null ? "" : " for " + missing));
        } else {
            print(held, document.terms().currency());
        }
        return Tally.DONE;
    }

    private void print(List<HeldEvents.Held> held, String currency) {
        Table table = new Table("EVENT", "DATE", "TYPE", ">AMOUNT", "WAITS FOR", "CONTRADICTED BY");
        for (HeldEvents.Held event : held) {
            Json.Obj json = event.event();
            table.add(
                    event.id().text(),
                    json.text("date"),
                    json.text("type"),
                    json.find("amount")
                            .map(amount -> MoneyText.of(
                                    amount, json.findText("currency").orElse(currency)))
                            .orElse(""),
                    waits(event),
                    names(event.contradicted()));
        }
        table.print(shell.out());
    }

    private static String waits(HeldEvents.Held event) {
        if (event.ended().isPresent()) {
            return "nobody: " + event.id().source() + " ended with "
                    + event.ended().get();
        }
        List<String> waits =
                new ArrayList<>(event.heldBy().map(EventId::text).stream().toList());
        event.missing().forEach(party -> waits.add(party.text()));
        return String.join(", ", waits);
    }

    private static String names(SortedSet<PartyId> parties) {
        return parties.stream().map(PartyId::text).collect(Collectors.joining(", "));
    }
}
