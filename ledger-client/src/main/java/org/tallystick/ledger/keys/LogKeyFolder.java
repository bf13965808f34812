package org.tallystick.ledger.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.signing.SeedKey;

/// The keys of a member's log, as its gateway finds them: `KIND-HASH.pem`, readable by nobody else and without a
/// passphrase, since a gateway starts with nobody beside it.
public final class LogKeyFolder {

    private static final String ENDING = ".pem";
    private static final int HASH = 8;

    private final Path folder;

    public LogKeyFolder(Path folder) {
        this.folder = folder;
    }

    /// Makes a key and keeps it.
    public LogKey create(LogKey.Kind kind, SeedKey.Kind algorithm) throws IOException, KeyFolderException {
        if (kind != LogKey.Kind.WITNESS && algorithm != SeedKey.Kind.ED25519) {
            throw new KeyFolderException("a key of the kind " + kind.text() + " is Ed25519", "leave --ml-dsa away");
        }
        SeedKey key = SeedKey.generate(algorithm, new SecureRandom());
        Path file = folder.resolve(name(kind, key));
        SecretFile.write(file, key.toPem());
        return new LogKey(kind, key, file);
    }

    private static String name(LogKey.Kind kind, SeedKey key) {
        return kind.text() + "-" + Hash.of(key.publicKey()).hex().substring(0, HASH) + ENDING;
    }

    /// All keys of the folder, in the order of their names.
    public List<LogKey> keys() throws IOException, KeyFolderException {
        List<LogKey> keys = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(each -> each.toString().endsWith(ENDING))
                    .sorted()
                    .toList()) {
                keys.add(key(file));
            }
        }
        return List.copyOf(keys);
    }

    /// The key in a file, which is named as those of a folder are.
    public static LogKey key(Path file) throws IOException, KeyFolderException {
        KeyFolder.mustBeSecret(file);
        String name = String.valueOf(file.getFileName());
        Optional<LogKey.Kind> kind = LogKey.Kind.ofText(name.substring(0, Math.max(0, name.indexOf('-'))));
        Optional<SeedKey> key = SeedKey.ofPem(Files.readString(file));
        if (kind.isEmpty() || key.isEmpty() || !name.equals(name(kind.get(), key.get()))) {
            throw new KeyFolderException(
                    "no key of a log, or another than its name says, in " + file,
                    "make one: tally log-key new --kind log");
        }
        return new LogKey(kind.get(), key.get(), file);
    }
}
