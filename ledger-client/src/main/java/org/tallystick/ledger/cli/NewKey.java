package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.signing.Passphrase;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.PublicKeys;
import org.tallystick.ledger.keys.StoredKey;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// The key that an act registers: made now, made before, or kept elsewhere.
final class NewKey {

    @ArgGroup
    @Nullable
    There there;

    static final class There {
        @Option(
                names = "--new",
                paramLabel = "THUMB",
                description = "a key that is in the home already (default: one is made)")
        @Nullable
        String thumb;

        @Option(
                names = "--public",
                paramLabel = "KEY",
                description =
                        "a key that is kept elsewhere: a wallet's address, a public key in JSON, or a file with one")
        @Nullable
        String elsewhere;
    }

    @Option(
            names = "--algorithm",
            paramLabel = "ALG",
            defaultValue = "ES256",
            description = "of a key that is made: ES256, Ed25519 or EIP712 (default: ${DEFAULT-VALUE})")
    Algorithm algorithm = Algorithm.ES256;

    @Option(names = "--unencrypted", description = "keep a key that is made without a passphrase")
    boolean unencrypted;

    StoredKey of(Shell shell, Owner owner) throws IOException, KeyFolderException, CommandFailure {
        KeyFolder keys = shell.keys();
        if (there != null && there.elsewhere != null) {
            return new StoredKey(owner, publicKey(there.elsewhere), StoredKey.Kept.ELSEWHERE, keys.home());
        }
        if (there != null && there.thumb != null) {
            List<StoredKey> found = keys.keys(owner, there.thumb);
            if (found.size() != 1) {
                throw CommandFailure.cannot(
                        found.size() + " keys of " + owner.text() + " in the home begin with " + there.thumb,
                        "list them: tally key show " + owner.text());
            }
            return found.getFirst();
        }
        return made(shell, owner, algorithm, unencrypted);
    }

    /// A key that was made now, encrypted unless asked otherwise.
    static StoredKey made(Shell shell, Owner owner, Algorithm algorithm, boolean unencrypted)
            throws IOException, KeyFolderException {
        Optional<Passphrase> passphrase =
                unencrypted ? Optional.empty() : Optional.of(shell.passphrases().fresh(owner.text()));
        KeyFolder keys = shell.keys();
        Key made = keys.create(owner, algorithm, passphrase);
        StoredKey stored = keys.keys(owner, made.thumb()).getFirst();
        passphrase.ifPresent(given -> shell.passphrases().know(stored.kid().text(), given));
        return stored;
    }

    static Key publicKey(String text) throws IOException, CommandFailure {
        Optional<Key> key = PublicKeys.parse(text.strip());
        if (key.isEmpty() && !text.startsWith("0x") && !text.startsWith("{")) {
            key = PublicKeys.parse(Files.readString(Path.of(text)).strip());
        }
        return key.orElseThrow(() -> CommandFailure.cannot(
                "'" + text + "' is no public key",
                "write a wallet's address as it is shown there, or the JSON that tally key show --json prints"));
    }
}
