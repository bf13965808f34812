package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Attests events that others reported.
@Command(
        name = "attest",
        description = {
            "Signs that events are as their reporter says: those of a type that the agreement has you attest.",
            "An event waits until all who must have attested it; then it is booked in the period that is open.",
            "One whose source has ended is booked nowhere any more: tally held lists it."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally attest north/vendor/reseller figures/0000000003 figures/0000000004")
final class AttestCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "EVENT", description = "their ids on the ledger")
    List<EventId> events = new ArrayList<>();

    AttestCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        return new Answers(shell).print(shell.party(ActKind.ATTEST).attest(given(agreement), events));
    }
}
