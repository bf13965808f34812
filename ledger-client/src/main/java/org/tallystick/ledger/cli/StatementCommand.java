package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.pdf.StatementPdf;
import org.tallystick.ledger.statement.Statement;
import org.tallystick.ledger.statement.StatementJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows what a party sees of the settlement of a period.
@Command(
        name = "statement",
        description = {
            "Shows the settlement of a period, all of it or one party's view.",
            "",
            "What each party had, gets, and is left with; every posting with the sentence of the agreement that",
            "made it and the events it counts; advances still to recoup, what is held back and until when, and",
            "adjustments with the period they adjust.",
            "",
            "Everything is computed again here, from the events on the ledger, and held against the",
            "settlement: a statement that cannot be confirmed is not shown. Each posting has a number; tally",
            "explain shows how it was computed. The PDF has the same bytes each time it is made."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  what the reseller gets for the quarter, on the terminal",
            "  tally statement north/vendor/reseller 2026-Q1 --party reseller",
            "",
            "  the same as a document to file, and its events as a spreadsheet reads them",
            "  tally statement north/vendor/reseller 2026-Q1 --party reseller --pdf reseller-2026-Q1.pdf",
            "  tally statement north/vendor/reseller 2026-Q1 --party reseller --csv events",
            "",
            "  what the period that is open would come to as things stand",
            "  tally statement north/vendor/reseller --provisional"
        })
final class StatementCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PERIOD",
            description = "default: the last one settled; with --provisional the first one that is not")
    @Nullable
    Period period;

    @Option(
            names = "--party",
            paramLabel = "P",
            description = "what this party pays or gets: a party of the terms, or a party of the ledger and all it "
                    + "stands for; may be given several times (default: all). The hub keeps the books and sees all")
    List<String> parties = new ArrayList<>();

    @Mixin
    StatementOptions options = new StatementOptions();

    @Option(
            names = "--csv",
            paramLabel = "TABLE",
            description = "print one table as CSV, in minor units: ${COMPLETION-CANDIDATES}")
    StatementCsv.@Nullable Sheet csv;

    @Option(names = "--pdf", paramLabel = "FILE", description = "also write the statement as a PDF")
    @Nullable
    Path pdf;

    StatementCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        boolean all = shell.json() || csv != null;
        Statement statement = new AskedStatement(shell, given(agreement), options).of(period, parties, all);
        if (pdf != null) {
            write(pdf, statement);
        }
        if (csv != null) {
            shell.out().print(new StatementCsv(statement).text(csv));
        } else if (shell.json()) {
            shell.print(StatementJson.of(statement));
        } else {
            new StatementText(statement, shell.out()).print();
        }
        return Tally.DONE;
    }

    private void write(Path file, Statement statement) throws IOException {
        Files.write(file, new StatementPdf(statement).bytes());
        shell.note("wrote " + file);
    }
}
