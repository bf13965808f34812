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

/// Declares a period of a silent source in its owner's place.
@Command(
        name = "seal",
        description = {
            "Declares a period of a source that keeps silent, with what it has reported, once the agreed grace is over.",
            "The settlement and every pack say that it was sealed."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally seal north/vendor/reseller 2026-Q1 --source sales")
final class SealCommand implements Callable<Integer> {

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

    SealCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        return new Answers(shell).print(shell.party().seal(given(agreement), given(source), given(period)));
    }
}
