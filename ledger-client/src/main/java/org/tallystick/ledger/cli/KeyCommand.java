package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Passphrase;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.StoredKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The keys of the home. No command prints a private key.
@Command(
        name = "key",
        description = {
            "Makes the keys of your home and registers them on the ledger; private keys never leave the home.",
            "",
            "In the home: create, note, show, passphrase. On the ledger: add, rotate, revoke, compromised,",
            "recover, list. A key file is encrypted with a passphrase unless you ask otherwise."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally key create north/vendor",
            "  tally key add --as north/vendor --purposes report --types sale,refund --amount 1000000"
        })
final class KeyCommand {

    private static final String OWNER = "a party such as north/vendor, or a member such as north for its registrar";

    private final Shell shell;

    KeyCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "create",
            description = {
                "Makes a key and prints its thumbprint.",
                "",
                "The file is encrypted (PKCS #8; openssl reads it): the passphrase is asked for twice, or comes",
                "from --passphrase-file or $TALLYSTICK_PASSPHRASE."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally key create north/vendor --algorithm Ed25519",
                "  tally key create north/vendor --algorithm EIP712 --unencrypted"
            })
    int create(
            @Parameters(paramLabel = "OWNER", description = OWNER) Owner owner,
            @Option(
                            names = "--algorithm",
                            paramLabel = "ALG",
                            defaultValue = "ES256",
                            description = "ES256, Ed25519 or EIP712, as wallets sign (default: ${DEFAULT-VALUE})")
                    Algorithm algorithm,
            @Option(names = "--unencrypted", description = "keep it without a passphrase: whoever has the file signs")
                    boolean unencrypted)
            throws IOException, KeyFolderException {
        return told(NewKey.made(shell, owner, algorithm, unencrypted));
    }

    @Command(
            name = "note",
            description = {
                "Notes a key that is kept elsewhere: in a wallet, a hardware module, a signing service.",
                "",
                "The home then knows its public part. It signs by a program (--signer COMMAND), or what --unsent",
                "wrote (tally sign)."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally key note north/vendor 0x71c7656ec7ab88b098defb751b7401b5f6d8976f",
                "  tally key note north/vendor module.json"
            })
    int note(
            @Parameters(paramLabel = "OWNER", description = OWNER) Owner owner,
            @Parameters(
                            paramLabel = "KEY",
                            description = "the address of a wallet, or a public key in JSON, or a file with one")
                    String key)
            throws IOException, KeyFolderException, CommandFailure {
        Key noted = NewKey.publicKey(key);
        KeyFolder keys = shell.keys();
        if (!keys.keys(owner, noted.thumb()).isEmpty()) {
            throw CommandFailure.refused(
                    "the key " + noted.kid(owner) + " is in the home already", "tally key show " + owner.text());
        }
        keys.note(owner, noted);
        return told(keys.keys(owner, noted.thumb()).getFirst());
    }

    private int told(StoredKey key) {
        if (shell.json()) {
            shell.print(encode(key));
        } else {
            shell.out().println(key.kid().text());
        }
        return Tally.DONE;
    }

    @Command(
            name = "passphrase",
            description = {
                "Gives a key of the home a passphrase, another one, or none (--unencrypted).",
                "",
                "The old one is asked for first. What is given by --passphrase-file or $TALLYSTICK_PASSPHRASE is",
                "the old one; the new one is then the first line of --new-file."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally key passphrase north/vendor",
                "  tally key passphrase north/vendor --key Zl3x0k --unencrypted"
            })
    int passphrase(
            @Parameters(paramLabel = "OWNER", description = OWNER) Owner owner,
            @Option(
                            names = "--new-file",
                            paramLabel = "FILE",
                            description =
                                    "the new passphrase is the first line of this file (default: it is asked for)")
                    @Nullable
                    Path newFile,
            @Option(names = "--unencrypted", description = "keep the key without a passphrase from now on")
                    boolean unencrypted)
            throws IOException, KeyFolderException, CommandFailure {
        KeyFolder keys = shell.keys();
        StoredKey key = only(keys, owner);
        if (!key.isHere()) {
            throw CommandFailure.cannot(
                    "the private part of " + key.kid() + " is kept elsewhere", "change its passphrase there");
        }
        // Opened first: a wrong old passphrase ends it before a new one is asked for.
        var _ = keys.hand(key);
        Optional<Passphrase> next =
                unencrypted ? Optional.empty() : Optional.of(shell.passphrases().next(owner.text(), newFile));
        keys.protect(key, next);
        if (shell.json()) {
            return told(keys.keys(owner, key.key().thumb()).getFirst());
        }
        shell.out().println(key.kid() + (unencrypted ? " has no passphrase any more" : " has the new passphrase"));
        return Tally.DONE;
    }

    private StoredKey only(KeyFolder keys, Owner owner) throws IOException, KeyFolderException, CommandFailure {
        List<StoredKey> all = keys.keys(owner);
        if (all.isEmpty()) {
            throw keys.none(owner);
        }
        List<StoredKey> found = all.stream().filter(shell::named).toList();
        if (found.size() != 1) {
            throw CommandFailure.cannot(
                    found.size() + " of the " + all.size() + " keys of " + owner.text() + " in the home may be meant",
                    "name one of them with --key: "
                            + String.join(
                                    ", ",
                                    all.stream().map(key -> key.key().thumb()).toList()));
        }
        return found.getFirst();
    }

    @Command(
            name = "show",
            description = "Lists the keys of the home with their thumbprints: tally key list shows the ledger's.",
            footerHeading = "%nExample:%n",
            footer = "  tally key show north/vendor")
    int show(
            @Parameters(arity = "0..1", paramLabel = "OWNER", description = "whose; default: all") @Nullable
                    Owner owner)
            throws IOException, KeyFolderException {
        Table table = new Table("OWNER", "ALGORITHM", "KEPT", "THUMBPRINT");
        List<Json> encoded = new ArrayList<>();
        for (Owner one : owner == null ? shell.keys().owners() : List.of(owner)) {
            for (StoredKey key : shell.keys().keys(one)) {
                table.add(
                        one.text(),
                        key.key().algorithm().text(),
                        key.kept().text(),
                        key.key().thumb());
                encoded.add(encode(key));
            }
        }
        if (shell.json()) {
            shell.print(Json.array(encoded));
        } else {
            table.print(shell.out());
        }
        return Tally.DONE;
    }

    private static Json encode(StoredKey key) {
        return Json.object()
                .with("alg", key.key().algorithm().text())
                .with("kept", key.kept().text())
                .with("key", key.key().toJson())
                .with("kid", key.kid().text())
                .build();
    }
}
