package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;

/// A document that proves something. It stays where it is: its hash, name and size are signed.
final class EvidenceFile {

    private EvidenceFile() {}

    static Act.Evidence of(Path file) throws IOException {
        Bytes content = Bytes.copyOf(Files.readAllBytes(file));
        return new Act.Evidence(Hash.of(content), String.valueOf(file.getFileName()), content.size());
    }

    static Optional<Act.Evidence> of(Optional<Path> file) throws IOException {
        return file.isEmpty() ? Optional.empty() : Optional.of(of(file.get()));
    }
}
