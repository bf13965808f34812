package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.terms.Period;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Has a period settled.
@Command(
        name = "close",
        description = "Asks the ledger to settle a period whose sources have all declared.",
        footerHeading = "%nExample:%n",
        footer = "  tally close north/vendor/reseller 2026-Q1")
final class CloseCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1", paramLabel = "PERIOD")
    @Nullable
    Period period;

    CloseCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        return new Answers(shell).print(shell.party().close(given(agreement), given(period)));
    }
}
