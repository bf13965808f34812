package org.tallystick.ledger.cli;

import java.util.concurrent.Callable;
import org.tallystick.agreement.instruction.ActKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Mixin
    final SourcePeriod asked = new SourcePeriod();

    SealCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        return new Answers(shell)
                .print(shell.party(ActKind.SEAL).seal(asked.agreement(), asked.source(), asked.period()));
    }
}
