package org.tallystick.ledger.cli;

import java.util.concurrent.Callable;
import org.tallystick.agreement.instruction.ActKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Mixin
    final SourcePeriod asked = new SourcePeriod();

    TakeBackCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        return new Answers(shell)
                .print(shell.party(ActKind.TAKE_BACK).takeBack(asked.agreement(), asked.source(), asked.period()));
    }
}
