package org.tallystick.ledger.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Claims that a source lacks an event. Its parameters are not required by picocli: else a subcommand would need them.
@Command(
        name = "claim",
        description = {
            "Claims an event that a source should have reported, with evidence.",
            "",
            "The owner of the source answers with the event, or with a reason; both stay in the record. Nothing",
            "is booked by a claim. The claim is named by its hash, which is printed."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally claim north/vendor/reseller sale.json --source sales --evidence invoice.pdf",
            "  tally claim list north/vendor/reseller",
            "  tally claim answer north/vendor/reseller 0271aea4539e --event sales/0000000042"
        })
final class ClaimCommand implements Callable<Integer> {

    private final Shell shell;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "EVENT",
            description = "a file: the event as JSON, as in terms/1")
    @Nullable
    Path event;

    @Option(names = "--source", paramLabel = "S", description = "the source that lacks it (required)")
    @Nullable
    SourceId source;

    @Option(
            names = "--evidence",
            paramLabel = "FILE",
            description = "a document; its hash, name and size are signed (required)")
    @Nullable
    Path evidence;

    @Option(names = "--note", paramLabel = "TEXT", description = "what to say beside it")
    @Nullable
    String note;

    ClaimCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        AgreementId under = needed(agreement, "AGREEMENT");
        Path file = needed(event, "EVENT");
        SourceId lacking = needed(source, "--source");
        Path proof = needed(evidence, "--evidence");
        return new Answers(shell)
                .print(shell.party(ActKind.CLAIM)
                        .claim(
                                under,
                                lacking,
                                shell.readObject(file),
                                EvidenceFile.of(proof),
                                Optional.ofNullable(note)));
    }

    private <T> T needed(@Nullable T parameter, String name) {
        if (parameter == null) {
            throw new ParameterException(ReportCommand.given(spec).commandLine(), "missing: " + name);
        }
        return parameter;
    }
}
