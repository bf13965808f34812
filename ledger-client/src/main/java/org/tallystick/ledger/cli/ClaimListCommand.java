package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.ClaimRecord;
import org.tallystick.ledger.client.Claimed;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.Desk;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lists what is claimed to be missing.
@Command(
        name = "list",
        description = {
            "Lists the claims under an agreement: what is claimed, by whom, and how it was answered.",
            "",
            "The evidence is named, not shown: whoever claims keeps the document, and its hash is in --json."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally claim list north/vendor/reseller --open")
final class ClaimListCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Option(names = "--open", description = "only those that are not answered")
    boolean open;

    ClaimListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        AgreementId id = given(agreement);
        String currency = Shell.inEffect(shell.agreement(id)).terms().currency();
        Courier courier = shell.courier();
        List<Claimed> claims = Claimed.under(courier, id).stream()
                .filter(claim -> !open || claim.record().answer().isEmpty())
                .toList();
        if (shell.json()) {
            shell.print(Json.array(claims.stream().map(Claimed::encode).toList()));
        } else if (claims.isEmpty()) {
            shell.out().println(open ? "no claim is open" : "nothing was claimed");
        } else {
            print(claims, currency, Desk.at(courier).time());
        }
        return Tally.DONE;
    }

    private void print(List<Claimed> claims, String currency, LedgerTime now) {
        Table table = new Table("CLAIM", "BY", "SOURCE", "EVENT", "EVIDENCE", "DUE", "ANSWER");
        for (Claimed claim : claims) {
            ClaimRecord record = claim.record();
            table.add(
                    HashName.shown(claim.hash()),
                    record.by().text(),
                    record.source(),
                    event(record.body().object("event"), currency),
                    Act.Evidence.of(record.body().object("evidence")).name(),
                    record.due().day().toString(),
                    record.answer()
                            .map(ClaimListCommand::answer)
                            .orElse(now.compareTo(record.due()) < 0 ? "open" : "open, late"));
        }
        table.print(shell.out());
        for (Claimed claim : claims) {
            claim.record()
                    .body()
                    .findText("note")
                    .ifPresent(note -> shell.out().println(HashName.shown(claim.hash()) + ": " + note));
        }
    }

    private static String event(Json.Obj event, String currency) {
        Optional<String> amount = event.find("amount")
                .map(units -> MoneyText.of(units, event.findText("currency").orElse(currency)));
        Optional<String> reference = event.find("attrs").flatMap(attrs -> ((Json.Obj) attrs).findText("ref"));
        return event.text("type") + " of " + event.text("date")
                + amount.map(text -> ", " + text).orElse("")
                + reference.map(text -> ", " + text).orElse("");
    }

    private static String answer(ClaimRecord.Answer answer) {
        String late = answer.late() ? ", late" : "";
        return switch (answer.end()) {
            case ClaimRecord.End.Reported(var event) -> event.text() + late;
            case ClaimRecord.End.Refused(var reason) -> "refused" + late + ": " + reason;
        };
    }
}
