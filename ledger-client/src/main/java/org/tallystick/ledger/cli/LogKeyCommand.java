package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.Registrar;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.keys.LogKeyFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The keys with which a member's gateway signs the transparency log.
@Command(
        name = "log-key",
        description = {
            "Makes the keys of a member's transparency log, and registers them on the ledger: docs/LOG.md.",
            "",
            "A member needs one of each kind: log (signs its checkpoints), witness (cosigns those of all",
            "members) and head (says where chains end)."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally log-key new --member north --kind log --keys log-keys",
            "  tally log-key register log-keys/log-3c0ffee1.pem --member north"
        })
final class LogKeyCommand {

    private static final String FILE = "the file of the key";

    private final Shell shell;

    LogKeyCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "new",
            description = {
                "Makes a key in a folder and prints its file and its verifier key.",
                "",
                "The file has no passphrase, since a gateway signs with nobody beside it. A key of the kind log is",
                "named after the ledger: give a way to it, or --ledger."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally log-key new --member north --kind log --keys log-keys --gateway http://127.0.0.1:8080")
    int create(
            @Option(names = "--kind", required = true, paramLabel = "KIND", description = "log, witness or head")
                    String kind,
            @Option(names = "--keys", required = true, paramLabel = "DIR", description = "the folder of the keys")
                    Path folder,
            @Option(names = "--ml-dsa", description = "of a witness: ML-DSA-44 in place of Ed25519") boolean lattice,
            @Option(names = "--ledger", paramLabel = "ID", description = "the ledger, if there is no way to ask it")
                    @Nullable
                    String ledger)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        LogKey.Kind made = LogKey.Kind.ofText(kind)
                .orElseThrow(() ->
                        CommandFailure.cannot("no kind of a log key: " + kind, "there are log, witness and head"));
        MemberId member = shell.memberId();
        Hash id = made == LogKey.Kind.LOG ? ledger(ledger) : Hash.ZERO;
        LogKey key = new LogKeyFolder(folder).create(made, lattice ? SeedKey.Kind.ML_DSA_44 : SeedKey.Kind.ED25519);
        return told(key, member, id);
    }

    @Command(
            name = "show",
            description = "Prints the verifier key of a key's file.",
            footerHeading = "%nExample:%n",
            footer = "  tally log-key show log-keys/witness-3c0ffee1.pem --member north")
    int show(
            @Parameters(paramLabel = "FILE", description = FILE) Path file,
            @Option(names = "--ledger", paramLabel = "ID", description = "the ledger, if there is no way to ask it")
                    @Nullable
                    String ledger)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        LogKey key = LogKeyFolder.key(file);
        return told(key, shell.memberId(), key.kind() == LogKey.Kind.LOG ? ledger(ledger) : Hash.ZERO);
    }

    @Command(
            name = "register",
            description = {
                "Registers a key on the ledger, signed by the member's registrar, whose key lies in the home.",
                "It takes the place of the one of its kind before it, which signs nothing any more."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally log-key register log-keys/log-3c0ffee1.pem --member north --home /srv/north/registrar")
    int register(
            @Parameters(paramLabel = "FILE", description = FILE) Path file,
            @Option(names = "--until", paramLabel = "TIME", description = "until when it signs (default: no end)")
                    @Nullable
                    String until)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        LogKey key = LogKeyFolder.key(file);
        MemberId member = shell.memberId();
        Desk desk = shell.desk();
        Optional<LedgerTime> end = Optional.ofNullable(until).flatMap(Words::time);
        if (until != null && end.isEmpty()) {
            throw CommandFailure.cannot("'" + until + "' is no time", "write 2027-04-01 or 2027-04-01T12:00:00Z");
        }
        Registrar registrar = new Registrar(member, shell.hands(shell.keys(), member, ActKind.LOG_KEY), desk);
        VerifierKey vkey = key.signer(member, shell.courier().net().ledger()).verifierKey();
        return new Answers(shell).print(registrar.logKey(key.kind().text(), vkey, end));
    }

    private int told(LogKey key, MemberId member, Hash ledger) {
        String vkey = key.signer(member, ledger).verifierKey().text();
        if (shell.json()) {
            shell.print(Json.object()
                    .with("file", key.file().toString())
                    .with("kind", key.kind().text())
                    .with("vkey", vkey)
                    .build());
        } else {
            shell.out().println(key.file());
            shell.out().println(vkey);
        }
        return Tally.DONE;
    }

    private Hash ledger(@Nullable String stated) throws IOException, LedgerException, CommandFailure {
        Optional<String> given = Optional.ofNullable(stated);
        if (given.isEmpty()) {
            return shell.courier().net().ledger();
        }
        return given.filter(Hash::isHash)
                .map(Hash::new)
                .orElseThrow(() -> CommandFailure.cannot("not a ledger id: " + stated));
    }
}
