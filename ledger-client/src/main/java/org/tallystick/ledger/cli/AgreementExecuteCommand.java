package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.ledger.client.MotionView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Carries a decision out.
@Command(
        name = "execute",
        description = {
            "Carries out what was decided, once its vote, lock or notice is over.",
            "Any side may; it is counted again. Where nothing has to be waited for, the deciding vote does this by itself."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally agreement execute north/vendor/reseller 0271aea4539e")
final class AgreementExecuteCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1", paramLabel = "MOTION", description = "at least 8 digits of its hash")
    @Nullable
    HashName motion;

    AgreementExecuteCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        AgreementId id = given(agreement);
        MotionView named = AgreementAtHand.of(shell, id).motion(given(motion));
        return new Answers(shell).print(shell.party(ActKind.EXECUTE).execute(id, named.hash()));
    }
}
