package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
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
            "Answers a claim on your source: with the event as you reported it, or with the reason for none.",
            "A claim is answered once; after the agreed days the answer is marked late."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  what is claimed, and until when it is to be answered",
            "  tally claim list north/vendor/reseller --open",
            "  tally claim answer north/vendor/reseller 0271aea4539e --event sales/0000000042",
            "  tally claim answer north/vendor/reseller 0271aea4539e --refusal \"the order was cancelled\""
        })
final class ClaimAnswerCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(
            index = "1",
            paramLabel = "CLAIM",
            description = "at least 8 digits of its hash, as tally claim list and tally period show it")
    @Nullable
    HashName claim;

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
        AgreementId under = given(agreement);
        Hash of = given(claim)
                .of(shell.courier().claims(under), "claims of " + under, "see them: tally claim list " + under);
        Party party = shell.party(ActKind.CLAIM_ANSWER);
        Sent sent = reply.event != null
                ? party.answerClaim(under, of, reply.event, proof)
                : party.refuseClaim(under, of, given(reply.refusal), proof);
        return new Answers(shell).print(sent);
    }
}
