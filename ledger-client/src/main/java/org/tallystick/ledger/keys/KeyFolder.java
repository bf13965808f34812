package org.tallystick.ledger.keys;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.SigningKey;

/// The private keys of parties and of members' registrars: `keys/OWNER/THUMB.pem`, readable by nobody else.
///
/// A key is made here and signs here. Nothing prints one, and nothing here writes over one.
public final class KeyFolder {

    private static final String ENDING = ".pem";
    private static final Set<PosixFilePermission> OF_OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Path home;

    public KeyFolder(Path home) {
        this.home = home;
    }

    /// The folder in which the keys of all owners lie.
    public Path home() {
        return home;
    }

    /// Makes a key and keeps it. What comes back is its public part.
    public Key create(Owner owner, Algorithm algorithm) throws IOException {
        SigningKey key = SigningKey.generate(algorithm, new SecureRandom());
        SecretFile.write(folder(owner).resolve(key.key().thumb() + ENDING), key.toPem());
        return key.key();
    }

    /// Who has keys here, in order.
    public List<Owner> owners() throws IOException {
        Path keys = home.resolve("keys");
        if (!Files.isDirectory(keys)) {
            return List.of();
        }
        TreeSet<String> owners = new TreeSet<>();
        try (Stream<Path> all = Files.walk(keys, 3)) {
            all.filter(file -> file.toString().endsWith(ENDING))
                    .map(file -> keys.relativize(file.getParent()).toString().replace('\\', '/'))
                    .forEach(owners::add);
        }
        return owners.stream().flatMap(text -> Owner.parse(text).stream()).toList();
    }

    /// The public keys of an owner, by thumbprint; none if nothing was ever made for it.
    public List<Key> keys(Owner owner) throws IOException, KeyFolderException {
        List<Key> keys = new ArrayList<>();
        for (Path file : files(owner)) {
            keys.add(read(file).key());
        }
        return List.copyOf(keys);
    }

    /// The one key of this owner, ready to sign.
    public Envelope.Hand hand(Owner owner) throws IOException, KeyFolderException {
        List<Path> files = files(owner);
        if (files.isEmpty()) {
            throw new KeyFolderException(
                    "no key of " + owner.text() + " in " + home, "make one: tally key create " + owner.text());
        }
        if (files.size() > 1) {
            throw new KeyFolderException(
                    files.size() + " keys of " + owner.text() + " in " + home,
                    "name one of them with --key: " + String.join(", ", thumbs(files)));
        }
        return new Envelope.Hand(owner, read(files.getFirst()));
    }

    /// The key of this owner whose thumbprint begins so, ready to sign.
    public Envelope.Hand hand(Owner owner, String thumb) throws IOException, KeyFolderException {
        List<Path> found = files(owner).stream()
                .filter(file -> thumb(file).startsWith(thumb))
                .toList();
        if (found.size() != 1) {
            throw new KeyFolderException(
                    found.size() + " keys of " + owner.text() + " in " + home + " begin with " + thumb,
                    "list them: tally key show " + owner.text());
        }
        return new Envelope.Hand(owner, read(found.getFirst()));
    }

    private Path folder(Owner owner) {
        return home.resolve("keys").resolve(owner.text());
    }

    private List<Path> files(Owner owner) throws IOException {
        Path folder = folder(owner);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + ENDING)) {
            all.forEach(files::add);
        }
        return files.stream().sorted().toList();
    }

    private static List<String> thumbs(List<Path> files) {
        return files.stream().map(KeyFolder::thumb).toList();
    }

    private static String thumb(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - ENDING.length());
    }

    private static SigningKey read(Path file) throws IOException, KeyFolderException {
        if (SecretFile.isPosix(file)
                && Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
            throw new KeyFolderException("others may read the private key in " + file, "chmod 600 " + file);
        }
        SigningKey key = SigningKey.ofPem(Files.readString(file))
                .orElseThrow(() -> new KeyFolderException(
                        "no private key that signs here in " + file, "a key is PKCS #8 in PEM, on P-256 or Ed25519"));
        if (!key.key().thumb().equals(thumb(file))) {
            throw new KeyFolderException(
                    "another key than its name says in " + file,
                    "call it " + key.key().thumb() + ENDING);
        }
        return key;
    }
}
