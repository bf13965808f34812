package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.terms.Period;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Opens the newest declared period of a source again.
@Command(
        name = "take-back",
        description = {
            "Opens the newest declared period of your source again, until the grace that the agreement states is over.",
            "Then report what was missing and declare again. A period that was sealed stays sealed."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally take-back north/vendor/reseller 2026-Q1 --source sales")
final class TakeBackCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1", paramLabel = "PERIOD")
    @Nullable
    Period period;

    @Option(names = "--source", required = true, paramLabel = "S", description = "the source")
    @Nullable
    SourceId source;

    TakeBackCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        return new Answers(shell).print(shell.party().takeBack(given(agreement), given(source), given(period)));
    }
}
