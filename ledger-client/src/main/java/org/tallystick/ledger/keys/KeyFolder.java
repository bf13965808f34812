package org.tallystick.ledger.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.signing.EncryptedPem;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Passphrase;
import org.tallystick.agreement.signing.SigningKey;

/// The keys of parties and of members' registrars: `keys/OWNER/THUMB.pem`, readable by nobody else, encrypted unless
/// one asked otherwise; of a key that is kept elsewhere `THUMB.pub`, its public part.
///
/// A key is made here and signs here. Nothing prints one, and nothing here writes over one but its owner's new
/// passphrase.
public final class KeyFolder {

    private static final String ENDING = ".pem";
    /// A thumbprint is named on command lines, where what begins so is taken for an option.
    private static final String LIKE_AN_OPTION = "-";
    private static final String ELSEWHERE = ".pub";
    /// A key that was rotated away: it signs nothing any more, and is kept in case somebody lied about that.
    private static final String RETIRED = ".retired";
    /// Before the key, so that the public part is known without the passphrase: `{"crv":...}`.
    private static final String PUBLIC = "public key: ";

    private static final Set<PosixFilePermission> OF_OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Path home;
    private final Passphrases passphrases;
    private final SecureRandom random = new SecureRandom();

    /// Where nobody can be asked for a passphrase.
    public KeyFolder(Path home) {
        this(home, Passphrases.NONE);
    }

    public KeyFolder(Path home, Passphrases passphrases) {
        this.home = home;
        this.passphrases = passphrases;
    }

    /// The folder in which the keys of all owners lie.
    public Path home() {
        return home;
    }

    /// Makes a key and keeps it. What comes back is its public part.
    ///
    /// @param passphrase nothing to keep it unencrypted
    public Key create(Owner owner, Algorithm algorithm, Optional<Passphrase> passphrase) throws IOException {
        SigningKey key = SigningKey.generate(algorithm, random);
        while (key.key().thumb().startsWith(LIKE_AN_OPTION)) {
            key = SigningKey.generate(algorithm, random);
        }
        SecretFile.write(file(owner, key.key(), ENDING), text(key, passphrase));
        return key.key();
    }

    /// Notes a key whose private part is kept elsewhere.
    public void note(Owner owner, Key key) throws IOException {
        SecretFile.write(file(owner, key, ELSEWHERE), spelled(key));
    }

    /// Writes a key anew.
    ///
    /// @param passphrase nothing to keep it unencrypted
    public void protect(StoredKey stored, Optional<Passphrase> passphrase) throws IOException, KeyFolderException {
        SecretFile.replace(stored.file(), text(open(stored), passphrase));
    }

    /// Puts a key aside that was rotated away.
    public void retire(StoredKey stored) throws IOException {
        Path file = stored.file();
        Path _ = Files.move(file, file.resolveSibling(file.getFileName() + RETIRED));
    }

    private String text(SigningKey key, Optional<Passphrase> passphrase) {
        return passphrase
                .map(given -> spelled(key.key()) + EncryptedPem.write(key, given, random))
                .orElseGet(key::toPem);
    }

    private static String spelled(Key key) {
        return PUBLIC + key.toJson().canonical().utf8().orElseThrow() + "\n";
    }

    /// Who has keys here, in order.
    public List<Owner> owners() throws IOException {
        Path keys = home.resolve("keys");
        if (!Files.isDirectory(keys)) {
            return List.of();
        }
        TreeSet<String> owners = new TreeSet<>();
        try (Stream<Path> all = Files.walk(keys, 3)) {
            all.filter(KeyFolder::isKey)
                    .map(file -> keys.relativize(file.getParent()).toString().replace('\\', '/'))
                    .forEach(owners::add);
        }
        return owners.stream().flatMap(text -> Owner.parse(text).stream()).toList();
    }

    /// The keys of an owner, by thumbprint; none if nothing was ever made for it.
    public List<StoredKey> keys(Owner owner) throws IOException, KeyFolderException {
        List<StoredKey> keys = new ArrayList<>();
        for (Path file : files(owner)) {
            keys.add(read(owner, file));
        }
        return List.copyOf(keys);
    }

    /// Those whose thumbprint begins so.
    public List<StoredKey> keys(Owner owner, String thumb) throws IOException, KeyFolderException {
        return keys(owner).stream()
                .filter(key -> key.key().thumb().startsWith(thumb))
                .toList();
    }

    /// The one key of this owner, ready to sign.
    public Envelope.Hand hand(Owner owner) throws IOException, KeyFolderException {
        List<StoredKey> keys = keys(owner);
        if (keys.isEmpty()) {
            throw none(owner);
        }
        if (keys.size() > 1) {
            throw new KeyFolderException(
                    keys.size() + " keys of " + owner.text() + " in " + home,
                    "name one of them with --key: "
                            + String.join(
                                    ", ",
                                    keys.stream().map(key -> key.key().thumb()).toList()));
        }
        return hand(keys.getFirst());
    }

    public KeyFolderException none(Owner owner) {
        return new KeyFolderException(
                "no key of " + owner.text() + " in " + home, "make one: tally key create " + owner.text());
    }

    /// A key that is kept here, ready to sign.
    public Envelope.Hand hand(StoredKey stored) throws IOException, KeyFolderException {
        return new Envelope.Hand(stored.owner(), open(stored));
    }

    private SigningKey open(StoredKey stored) throws IOException, KeyFolderException {
        if (!stored.isHere()) {
            throw new KeyFolderException(
                    "the private part of " + stored.kid() + " is kept elsewhere",
                    "sign with a program there (--signer COMMAND), or write the instruction to a file (--unsent FILE)"
                            + " and sign it there: tally sign --help");
        }
        String text = Files.readString(stored.file());
        SigningKey key = switch (stored.kept()) {
            case ENCRYPTED -> open(stored, text, passphrases.of(stored.kid().text()));
            case UNENCRYPTED, ELSEWHERE -> SigningKey.ofPem(text).orElseThrow(() -> noKey(stored.file()));
        };
        if (!key.key().equals(stored.key())) {
            throw another(stored.file(), key.key());
        }
        return key;
    }

    private static SigningKey open(StoredKey stored, String text, Passphrase passphrase) throws KeyFolderException {
        return switch (EncryptedPem.open(text, passphrase)) {
            case EncryptedPem.Opened.Key(var key) -> key;
            case EncryptedPem.Opened.WrongPassphrase() ->
                throw new KeyFolderException(
                        "this is not the passphrase of " + stored.kid(),
                        "nothing was signed; without its passphrase nobody opens the key, but another key of the"
                                + " party, or its recovery parties, can replace it: tally key --help");
            case EncryptedPem.Opened.Refused(var why) ->
                throw new KeyFolderException(
                        "the key in " + stored.file() + " cannot be opened: " + why, "take it from a copy of the file");
        };
    }

    private Path file(Owner owner, Key key, String ending) {
        return folder(owner).resolve(key.thumb() + ending);
    }

    private Path folder(Owner owner) {
        return home.resolve("keys").resolve(owner.text());
    }

    private List<Path> files(Owner owner) throws IOException {
        Path folder = folder(owner);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(KeyFolder::isKey).sorted().toList();
        }
    }

    private static boolean isKey(Path file) {
        return file.toString().endsWith(ENDING) || file.toString().endsWith(ELSEWHERE);
    }

    private static String thumb(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - ENDING.length());
    }

    private static StoredKey read(Owner owner, Path file) throws IOException, KeyFolderException {
        String text = Files.readString(file);
        if (file.toString().endsWith(ELSEWHERE)) {
            return named(new StoredKey(owner, stated(file, text), StoredKey.Kept.ELSEWHERE, file));
        }
        mustBeSecret(file);
        if (EncryptedPem.is(text)) {
            return named(new StoredKey(owner, stated(file, text), StoredKey.Kept.ENCRYPTED, file));
        }
        Key key = SigningKey.ofPem(text).orElseThrow(() -> noKey(file)).key();
        return named(new StoredKey(owner, key, StoredKey.Kept.UNENCRYPTED, file));
    }

    static void mustBeSecret(Path file) throws IOException, KeyFolderException {
        if (SecretFile.isPosix(file)
                && Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
            throw new KeyFolderException("others may read the private key in " + file, "chmod 600 " + file);
        }
    }

    /// The public part that a file states in its first line.
    private static Key stated(Path file, String text) throws KeyFolderException {
        return text.lines()
                .findFirst()
                .filter(line -> line.startsWith(PUBLIC))
                .flatMap(line -> PublicKeys.parse(line.substring(PUBLIC.length())))
                .orElseThrow(() -> new KeyFolderException(
                        "no public key in the first line of " + file, "take it from a copy of the file"));
    }

    private static StoredKey named(StoredKey stored) throws KeyFolderException {
        if (!stored.key().thumb().equals(thumb(stored.file()))) {
            throw another(stored.file(), stored.key());
        }
        return stored;
    }

    private static KeyFolderException noKey(Path file) {
        return new KeyFolderException(
                "no private key that signs here in " + file, "a key is PKCS #8 in PEM, on P-256, Ed25519 or secp256k1");
    }

    private static KeyFolderException another(Path file, Key key) {
        return new KeyFolderException("another key than its name says in " + file, "call it " + key.thumb() + ENDING);
    }
}
