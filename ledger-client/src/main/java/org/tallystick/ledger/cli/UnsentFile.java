package org.tallystick.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.PartlySigned;
import org.tallystick.ledger.client.Sentences;

/// Instructions on their way from one signer to the next: one envelope on each line, with the signatures it has so far
/// (`instruction-1` section 3.1). Nothing in it is secret.
final class UnsentFile {

    /// A file of more than that is none of these.
    static final long LONGEST = 64L << 20;

    private UnsentFile() {}

    /// @throws CommandFailure if a line is no instruction
    static List<PartlySigned> read(Path file) throws IOException, CommandFailure {
        if (Files.size(file) > LONGEST) {
            throw CommandFailure.cannot(file + " is too large: at most " + LONGEST + " bytes");
        }
        List<PartlySigned> unsent = new ArrayList<>();
        List<String> lines = new String(Files.readAllBytes(file), UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            switch (PartlySigned.read(Bytes.ofUtf8(lines.get(i).strip()))) {
                case PartlySigned partlySigned -> unsent.add(partlySigned);
                case Answered(var no) ->
                    throw CommandFailure.refused(
                            "envelope " + (i + 1) + " of " + file + " is refused: "
                                    + Sentences.of(no.code(), no.values()) + " ("
                                    + no.code().text() + ")",
                            "it is damaged, or no file of instructions; nothing was signed or sent");
            }
        }
        if (unsent.isEmpty()) {
            throw CommandFailure.cannot(file + " has no envelopes");
        }
        return List.copyOf(unsent);
    }

    /// One more line of a file; the first must not be there yet.
    static void add(Path file, PartlySigned partlySigned, boolean first) throws IOException {
        Path _ = Files.writeString(
                file, line(partlySigned), first ? StandardOpenOption.CREATE_NEW : StandardOpenOption.APPEND);
    }

    /// Puts these in the place of what the file held: all of it, or nothing.
    static void replace(Path file, List<PartlySigned> unsent) throws IOException {
        StringBuilder lines = new StringBuilder();
        unsent.forEach(partlySigned -> lines.append(line(partlySigned)));
        Path whole = file.toAbsolutePath();
        Path written = whole.resolveSibling(whole.getFileName() + ".new");
        try {
            Path _ = Files.writeString(written, lines, StandardOpenOption.CREATE_NEW);
            Path _ = Files.move(written, whole, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            boolean _ = Files.deleteIfExists(written);
        }
    }

    private static String line(PartlySigned partlySigned) {
        return partlySigned.envelope().utf8().orElseThrow() + "\n";
    }
}
