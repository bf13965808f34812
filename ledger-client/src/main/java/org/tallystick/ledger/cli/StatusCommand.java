package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.ledger.client.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Asks what became of an instruction.
@Command(
        name = "status",
        description = "Shows what became of an instruction.",
        footerHeading = "%nExample:%n",
        footer = "  tally status 01KB7ZJ5T4M8Q2W6X9Y0ABCDEF --as north/vendor")
final class StatusCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "ID", description = "the id of the instruction")
    @Nullable
    Ulid id;

    @Option(names = "--of", paramLabel = "OWNER", description = "whose it is (default: the party of --as)")
    @Nullable
    Owner owner;

    @Option(
            names = "--agreement",
            paramLabel = "AGREEMENT",
            description = "under which it was; needed only straight at a peer")
    @Nullable
    AgreementId agreement;

    StatusCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        Owner asked = owner == null ? shell.partyId() : owner;
        Answer answer = shell.courier()
                .status(asked, Optional.ofNullable(agreement), given(id), shell.longest())
                .orElseThrow(() -> CommandFailure.cannot(
                        "nothing is known of " + id + " of " + asked.text(),
                        "it may be under an agreement (--agreement), or never have arrived"));
        if (shell.json()) {
            shell.print(answer.encode()
                    .with("id", given(id).text())
                    .with("party", asked.text())
                    .build());
            return Answers.exitCode(answer);
        }
        return new Answers(shell).print("instruction " + id, answer);
    }
}
