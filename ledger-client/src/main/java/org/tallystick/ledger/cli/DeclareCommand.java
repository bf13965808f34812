package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.terms.Period;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Declares a period of a source complete.
@Command(
        name = "declare",
        description = {
            "Signs that a source has reported everything of a period.",
            "The totals are computed here, from the events as they are on the ledger."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally declare north/vendor/reseller 2026-Q1 --source sales")
final class DeclareCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1", paramLabel = "PERIOD")
    @Nullable
    Period period;

    @Option(names = "--source", required = true, paramLabel = "S", description = "the source that declares")
    @Nullable
    SourceId source;

    DeclareCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        AgreementId id = given(agreement);
        Document document = Shell.inEffect(shell.agreement(id));
        return new Answers(shell).print(shell.party().declare(id, document, given(source), given(period)));
    }
}
