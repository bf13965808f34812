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

/// Ed25519 keys that a program signs with by itself: `KIND-HASH.pem`, readable by nobody else and without a passphrase.
public final class SeedKeyFolder {

    private static final String ENDING = ".pem";
    private static final int HASH = 8;

    private final Path folder;
    private final String kind;

    /// @param kind what they are for; other files of the folder are passed over
    public SeedKeyFolder(Path folder, String kind) {
        this.folder = folder;
        this.kind = kind;
    }

    /// Makes a key and keeps it.
    ///
    /// @return its file
    public Path create() throws IOException {
        SeedKey key = SeedKey.generate(SeedKey.Kind.ED25519, new SecureRandom());
        Path file = folder.resolve(name(key));
        SecretFile.write(file, key.toPem());
        return file;
    }

    private String name(SeedKey key) {
        return kind + "-" + Hash.of(key.publicKey()).hex().substring(0, HASH) + ENDING;
    }

    /// All keys of the kind, in the order of their names.
    public List<SeedKey> keys() throws IOException, KeyFolderException {
        List<SeedKey> keys = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(this::isOfKind).sorted().toList()) {
                keys.add(key(file));
            }
        }
        return List.copyOf(keys);
    }

    private boolean isOfKind(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(kind + "-") && name.endsWith(ENDING);
    }

    /// The key in a file.
    public SeedKey key(Path file) throws IOException, KeyFolderException {
        KeyFolder.mustBeSecret(file);
        Optional<SeedKey> key =
                SeedKey.ofPem(Files.readString(file)).filter(read -> read.kind() == SeedKey.Kind.ED25519);
        if (key.isEmpty() || !name(key.get()).equals(String.valueOf(file.getFileName()))) {
            throw new KeyFolderException(
                    "no Ed25519 key, or another than its name says, in " + file, "take it out of the folder");
        }
        return key.get();
    }
}
