package org.tallystick.ledger.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.PartlySigned;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.client.Cosigners;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.Sent;
import org.tallystick.ledger.client.Sentences;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Sends what was signed elsewhere.
@Command(
        name = "submit",
        description = {
            "Sends instructions that were signed elsewhere: one envelope on each line of a file.",
            "",
            "Copies of one instruction that several have signed apart are put together. Nothing is sent while",
            "somebody's signature is missing."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally submit signed.jsonl --gateway http://127.0.0.1:8080",
            "  tally submit signed.jsonl --gateway http://127.0.0.1:8080 --receipt kept.json",
            "  tally submit recover-by-hub.jsonl recover-by-fund.jsonl"
        })
final class SubmitCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "what tally sign, or --unsent, left")
    List<Path> files = new ArrayList<>();

    @Option(
            names = "--receipt",
            paramLabel = "FILE",
            description = "keep the gateway's signed promise; tally receipt checks it")
    @Nullable
    Path receipt;

    SubmitCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        Map<Hash, PartlySigned> joined = new LinkedHashMap<>();
        for (Path file : files) {
            for (PartlySigned partlySigned : UnsentFile.read(file)) {
                PartlySigned _ = joined.merge(partlySigned.instruction(), partlySigned, PartlySigned::and);
            }
        }
        UnsentText text = new UnsentText(shell);
        List<Signed> instructions = new ArrayList<>();
        for (PartlySigned partlySigned : joined.values()) {
            Cosigners who = text.cosigners(partlySigned);
            String name = partlySigned.payload().kind().text() + " "
                    + partlySigned.payload().id();
            if (!who.missing().isEmpty()) {
                throw CommandFailure.refused(
                        "not all have signed " + name + ": missing is " + String.join("; ", who.missing()),
                        "nothing was sent; who is missing signs with: tally sign FILE --as PARTY");
            }
            switch (Signed.read(partlySigned.envelope())) {
                case Signed signed -> instructions.add(signed);
                case Answered(var no) ->
                    throw CommandFailure.refused(
                            name + " is refused: " + Sentences.of(no.code(), no.values()) + " ("
                                    + no.code().text() + ")",
                            "nothing was sent");
            }
        }
        Courier courier = shell.courier();
        KeptReceipts kept = new KeptReceipts(shell, Optional.ofNullable(receipt));
        kept.from(courier);
        List<Sent> sent = courier.send(instructions, shell.longest());
        kept.tell();
        return new Answers(shell).print(sent);
    }
}
