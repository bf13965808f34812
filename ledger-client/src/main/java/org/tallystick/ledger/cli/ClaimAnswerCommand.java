package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.ledger.client.Party;
import org.tallystick.ledger.client.Sent;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Answers a claim.
@Command(
        name = "answer",
        description = {
            "Answers a claim on your source: with the event as you reported it, or with the reason why there is none.",
            "A claim is answered once; after the agreed days the answer is marked late."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally claim answer north/vendor/reseller CLAIM --refusal \"the order was cancelled\"")
final class ClaimAnswerCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1", paramLabel = "CLAIM", description = "its hash, as `tally claim` printed it")
    @Nullable
    Hash claim;

    @ArgGroup(multiplicity = "1")
    Reply reply = new Reply();

    /// One of the two.
    static final class Reply {
        @Option(names = "--event", required = true, paramLabel = "EVENT", description = "the id of the event")
        @Nullable
        EventId event;

        @Option(names = "--refusal", required = true, paramLabel = "TEXT", description = "why there is none")
        @Nullable
        String refusal;
    }

    @Option(names = "--evidence", paramLabel = "FILE", description = "a document; its hash, name and size are signed")
    @Nullable
    Path evidence;

    ClaimAnswerCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        Optional<Act.Evidence> proof = EvidenceFile.of(Optional.ofNullable(evidence));
        Party party = shell.party();
        Sent sent = reply.event != null
                ? party.answerClaim(given(agreement), given(claim), reply.event, proof)
                : party.refuseClaim(given(agreement), given(claim), given(reply.refusal), proof);
        return new Answers(shell).print(sent);
    }
}
