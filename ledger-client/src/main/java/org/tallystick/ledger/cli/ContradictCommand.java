package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says that events are not as their reporter says.
@Command(
        name = "contradict",
        description = {
            "Signs that events are not so, with the reason: those of a type that the agreement has you attest.",
            "One that is not booked yet waits until you attest it; one that is booked stays booked, and the mark stays."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally contradict north/vendor/reseller figures/0000000003 --reason \"the meter showed 7\"")
final class ContradictCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "EVENT", description = "their ids on the ledger")
    List<EventId> events = new ArrayList<>();

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why, in the record for good")
    @Nullable
    String reason;

    @Option(names = "--evidence", paramLabel = "FILE", description = "a document; its hash, name and size are signed")
    @Nullable
    Path evidence;

    ContradictCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        return new Answers(shell)
                .print(shell.party(ActKind.CONTRADICT)
                        .contradict(
                                given(agreement),
                                events,
                                given(reason),
                                EvidenceFile.of(Optional.ofNullable(evidence))));
    }
}
