package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.statement.PostingName;
import org.tallystick.ledger.statement.Statement;
import org.tallystick.ledger.statement.StatementJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Computes one posting before the reader's eyes.
@Command(
        name = "explain",
        description = {
            "Computes one posting of a statement before your eyes, step by step.",
            "",
            "It shows the sentence of the agreement, the events that the posting counts, the figures they add up",
            "to, then rate by rate and tier by tier, caps, rounding, and what was posted before.",
            "",
            "The steps are worked out from the events by the text of terms/1, beside the engine that settled",
            "the period; the command fails if they do not come to the amount that was posted."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  the third posting of a settlement, as tally statement numbers them",
            "  tally explain north/vendor/reseller/2026-Q1/3",
            "",
            "  a posting of the period that is open, as things stand",
            "  tally explain north/vendor/reseller/2026-Q2/1 --provisional",
            "",
            "  what two parties agreed on beside the postings: who signed it, and why",
            "  tally explain north/vendor/reseller/2026-Q1/a1"
        })
final class ExplainCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "POSTING", description = "AGREEMENT/PERIOD/NUMBER, the number as tally statement shows it")
    @Nullable
    PostingName posting;

    @Mixin
    StatementOptions options = new StatementOptions();

    ExplainCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        PostingName name = given(posting);
        Statement statement =
                new AskedStatement(shell, name.agreement(), options).of(name.period(), List.of(), shell.json());
        return name.agreed() ? explainAgreed(statement, name) : explain(statement, name);
    }

    private int explainAgreed(Statement statement, PostingName name) throws CommandFailure {
        Statement.Agreed found = statement.agreed().stream()
                .filter(one -> one.number() == name.number())
                .findFirst()
                .orElseThrow(() -> CommandFailure.refused(
                        "the settlement of " + name.period().text() + " has "
                                + Words.counted(statement.agreed().size(), "agreed adjustment")
                                + ", and none of number a" + name.number(),
                        "see them: tally statement " + name.agreement() + " "
                                + name.period().text()));
        if (shell.json()) {
            print(statement, StatementJson.agreed(statement, found));
        } else {
            new StatementText(statement, shell.out()).explain(found);
        }
        return Tally.DONE;
    }

    private void print(Statement statement, Json.Obj encoded) {
        shell.print(Json.object()
                .with("currency", statement.currency())
                .with("posting", encoded)
                .with("provisional", statement.isProvisional())
                .with("trial", statement.trial())
                .build());
    }

    private int explain(Statement statement, PostingName name) throws CommandFailure {
        Statement.Posting found = statement.postings().stream()
                .filter(one -> one.number() == name.number())
                .findFirst()
                .orElseThrow(() -> CommandFailure.refused(
                        "the settlement of " + name.period().text() + " has "
                                + statement.postings().size() + " postings, and none of number " + name.number(),
                        "see them: tally statement " + name.agreement() + " "
                                + name.period().text()));
        if (!found.working().holds()) {
            throw CommandFailure.refused(
                    "worked out again, posting " + name + " does not come to the amount that was posted",
                    "please report it with the output of: tally statement " + name.agreement() + " "
                            + name.period().text() + " --json");
        }
        if (shell.json()) {
            print(statement, StatementJson.posting(statement, found));
        } else {
            new StatementText(statement, shell.out()).explain(found);
        }
        return Tally.DONE;
    }
}
