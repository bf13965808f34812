package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.StatementView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows the settlement of a period.
@Command(
        name = "statement",
        description = {
            "Shows the settlement of a period, all of it or one party's view.",
            "The lines are held against the root that the settlement names."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally statement north/vendor/reseller 2026-Q1 --party reseller")
final class StatementCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1", paramLabel = "PERIOD")
    @Nullable
    Period period;

    @Option(names = "--party", paramLabel = "P", description = "only what this party of the terms pays or gets")
    @Nullable
    String party;

    StatementCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        AgreementView view = shell.agreement(given(agreement));
        Document document = view.inEffect()
                .orElseThrow(() -> CommandFailure.refused(
                        view.id() + " is not adopted yet", "see who is missing: tally agreement show " + view.id()));
        if (party != null && !document.parties().containsKey(party)) {
            throw CommandFailure.cannot(
                    "the terms have no party " + party,
                    "its parties are " + String.join(", ", document.parties().keySet()));
        }
        StatementView statement = new Agreements(shell.courier())
                .statement(view.id(), given(period))
                .orElseThrow(() -> CommandFailure.refused(
                        given(period).text() + " is not settled",
                        "the first period not settled is "
                                + view.head().unsettled().text()));
        List<Json.Obj> lines = party == null ? statement.lines() : statement.linesOf(party);
        if (shell.json()) {
            print(statement, lines);
        } else {
            print(view, statement, lines, document.terms().currency());
        }
        return Tally.DONE;
    }

    /// In the form of `expected` in a case, with the settlement's own members beside.
    private void print(StatementView statement, List<Json.Obj> lines) {
        Json.Obj settlement = statement.settlement();
        shell.print(Json.object()
                .with("balances", settlement.get("balances"))
                .with("hash", statement.hash().hex())
                .with("lines", Json.array(lines))
                .with("payments", settlement.get("payments"))
                .with("period", settlement.text("period"))
                .with("settlement", settlement)
                .build());
    }

    private void print(AgreementView view, StatementView statement, List<Json.Obj> lines, String currency) {
        Json.Obj settlement = statement.settlement();
        shell.out().println("statement of " + view.id() + " for " + settlement.text("period") + ", in " + currency);
        shell.out().println("settlement " + settlement.whole("number") + ", " + statement.hash());
        shell.out().println();
        Table postings = new Table("CLAUSE", "FROM", "TO", ">AMOUNT", "ADJUSTS");
        for (Json.Obj line : lines) {
            postings.add(
                    line.text("clause"),
                    line.text("from"),
                    line.text("to"),
                    MoneyText.of(line.get("amount"), currency),
                    line.findText("adjusts").orElse(""));
        }
        postings.print(shell.out());
        shell.out().println();
        Table payments = new Table("PARTY", ">THE HUB PAYS", "DUE");
        for (Map.Entry<String, Json> payment :
                settlement.object("payments").members().entrySet()) {
            if (party == null || payment.getKey().equals(party)) {
                String due = statement.openItems().containsKey(payment.getKey())
                        ? statement.openItems().get(payment.getKey()).due().toString()
                        : "";
                payments.add(payment.getKey(), MoneyText.of(payment.getValue(), currency), due);
            }
        }
        payments.print(shell.out());
        printBalances(settlement.object("balances"), currency);
    }

    private void printBalances(Json.Obj balances, String currency) {
        if (balances.members().isEmpty()) {
            return;
        }
        shell.out().println();
        Table table = new Table("BALANCE", "OF", ">AMOUNT");
        balances.members()
                .forEach((group, values) -> ((Json.Obj) values)
                        .members()
                        .forEach((name, amount) -> table.add(group, name, MoneyText.of(amount, currency))));
        table.print(shell.out());
    }
}
