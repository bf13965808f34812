package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.client.Sentences;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Sends what was signed elsewhere.
@Command(
        name = "submit",
        description = "Sends instructions that were signed elsewhere: one envelope on each line of the file.",
        footerHeading = "%nExample:%n",
        footer = "  tally submit signed.jsonl --gateway http://127.0.0.1:8080")
final class SubmitCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "FILE")
    @Nullable
    Path file;

    SubmitCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        List<Signed> instructions = new ArrayList<>();
        List<String> lines = Files.readAllLines(given(file)).stream()
                .filter(line -> !line.isBlank())
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            switch (Signed.read(Bytes.ofUtf8(lines.get(i)))) {
                case Signed signed -> instructions.add(signed);
                case Answered(var no) ->
                    throw CommandFailure.refused(
                            "envelope " + (i + 1) + " is refused: " + Sentences.of(no.code(), no.values()) + " ("
                                    + no.code().text() + ")",
                            "nothing was sent");
            }
        }
        if (instructions.isEmpty()) {
            throw CommandFailure.cannot(file + " has no envelopes");
        }
        return new Answers(shell).print(shell.courier().send(instructions, shell.longest()));
    }
}
