package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.signing.PartlySigned;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Cosigners;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.ProgramSigner;
import org.tallystick.ledger.keys.StoredKey;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Signs what somebody else wrote.
@Command(
        name = "sign",
        description = {
            "Signs instructions that another command wrote with --unsent, and leaves them in the file.",
            "",
            "It shows in words what will be signed, and asks. Whoever must sign too does the same with the",
            "file, one after the other or each with a copy; tally submit puts copies together and sends them.",
            "Nothing in the file is secret. A gateway or a peer is asked for the keys of those who signed",
            "before; without one, their signatures are not checked here.",
            "",
            "A wallet elsewhere signs what --typed-data prints (eth_signTypedData_v4), and --signature adds",
            "its answer."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally key recover north/vendor --unsent recover.jsonl",
            "  tally sign recover.jsonl --as west/hub",
            "  tally sign recover.jsonl --as east/fund",
            "  tally submit recover.jsonl",
            "",
            "  tally sign accept.jsonl --typed-data > typed.json",
            "  tally sign accept.jsonl --as north/vendor --signature 0x9f3c..."
        })
final class SignCommand implements Callable<Integer> {

    private final Shell shell;
    private final UnsentText text;

    @Parameters(paramLabel = "FILE", description = "instructions that are not sent yet")
    @Nullable
    Path file;

    @Option(names = "--yes", description = "do not ask")
    boolean yes;

    @ArgGroup
    @Nullable
    Wallet wallet;

    static final class Wallet {
        @Option(names = "--typed-data", description = "print what a wallet is to sign, and sign nothing")
        boolean typedData;

        @Option(names = "--signature", paramLabel = "HEX", description = "add the signature that a wallet answered")
        @Nullable
        String signature;
    }

    SignCommand(Shell shell) {
        this.shell = shell;
        this.text = new UnsentText(shell);
    }

    @Override
    public Integer call() throws Exception {
        Path path = given(file);
        if (shell.unsentFile().isPresent()) {
            throw CommandFailure.cannot("the signature is added to " + path + " itself", "leave out --unsent");
        }
        List<PartlySigned> unsent = UnsentFile.read(path);
        if (wallet != null && unsent.size() != 1) {
            throw CommandFailure.cannot(
                    path + " has " + unsent.size() + " instructions, and a wallet signs one", "sign each in a file");
        }
        if (wallet != null && wallet.typedData) {
            return typedData(unsent.getFirst());
        }
        KeyFolder keys = shell.keys();
        List<Signing> asked = new ArrayList<>();
        for (PartlySigned partlySigned : unsent) {
            text.need(partlySigned);
            Cosigners who = text.cosigners(partlySigned);
            List<String> checked = text.checked(partlySigned);
            asked.add(
                    wallet == null
                            ? signing(partlySigned, who, keys)
                            : byWallet(partlySigned, who, given(wallet.signature)));
            text.show(partlySigned, who, checked);
        }
        ask(unsent.size());
        shell.pin(unsent.getFirst().payload().ledger());
        List<PartlySigned> signed = new ArrayList<>();
        for (Signing signing : asked) {
            signed.add(signing.signed());
        }
        UnsentFile.replace(path, signed);
        text.told(signed, path, "signed in");
        return Tally.DONE;
    }

    /// What is done once whoever signs has said yes.
    private interface Signing {
        PartlySigned signed() throws IOException, KeyFolderException;
    }

    private int typedData(PartlySigned partlySigned) throws IOException, LedgerException, CommandFailure {
        text.need(partlySigned);
        text.show(partlySigned, text.cosigners(partlySigned), text.checked(partlySigned));
        // Of the key nothing is in it.
        Key any = new Key.Wallet("0x" + "0".repeat(40));
        shell.print(partlySigned.input(partlySigned.payload().party(), any).typedData());
        return Tally.DONE;
    }

    private void ask(int count) throws CommandFailure {
        if (yes) {
            return;
        }
        String answer = shell.terminal()
                .line(count == 1 ? "Sign this? [yes/no] " : "Sign these " + count + "? [yes/no] ")
                .orElseThrow(() -> CommandFailure.cannot(
                        "nothing was signed: there is no terminal to ask at", "--yes signs without asking"));
        if (!List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT))) {
            throw CommandFailure.refused("nothing was signed", "the file is as it was");
        }
    }

    private Owner owner(PartlySigned partlySigned, Cosigners who) throws IOException, CommandFailure {
        Optional<Owner> named = shell.signer();
        if (named.isPresent()) {
            need(who.isAsked(named.get()), partlySigned, who, named.get());
            return named.get();
        }
        List<Owner> here = new ArrayList<>();
        for (Owner owner : shell.keys().owners()) {
            if (who.isAsked(owner)) {
                here.add(owner);
            }
        }
        if (here.size() != 1) {
            throw CommandFailure.cannot(
                    here.isEmpty()
                            ? "nobody who may sign this has a key in " + shell.home() + ": " + missing(who)
                            : here.size() + " who may sign this have a key in " + shell.home(),
                    "say who signs with --as PARTY");
        }
        return here.getFirst();
    }

    private static void need(boolean asked, PartlySigned partlySigned, Cosigners who, Owner owner)
            throws CommandFailure {
        if (!asked) {
            throw CommandFailure.refused(
                    "a signature of " + owner.text() + " has no place on this "
                            + partlySigned.payload().kind().text() + " of "
                            + partlySigned.payload().party().text(),
                    missing(who));
        }
    }

    private static String missing(Cosigners who) {
        return who.missing().isEmpty()
                ? "nobody's signature is missing"
                : "missing: " + String.join("; ", who.missing());
    }

    private Signing signing(PartlySigned partlySigned, Cosigners who, KeyFolder keys)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        List<StoredKey> chosen = keys(partlySigned, who, owner(partlySigned, who), keys);
        return () -> {
            PartlySigned signed = partlySigned;
            for (StoredKey key : chosen) {
                signed = signed.signedBy(shell.hand(keys, key));
            }
            return signed;
        };
    }

    /// The keys of an owner that sign: a new key that is here, and one that it had before, if that is needed.
    private List<StoredKey> keys(PartlySigned partlySigned, Cosigners who, Owner owner, KeyFolder folder)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        Optional<Kid> newKid =
                partlySigned.newKey().map(key -> key.kid(partlySigned.payload().party()));
        List<StoredKey> chosen = new ArrayList<>();
        List<StoredKey> rest = new ArrayList<>();
        for (StoredKey key : folder.keys(owner)) {
            if (newKid.equals(Optional.of(key.kid()))) {
                if (!partlySigned.kids().contains(key.kid())) {
                    chosen.add(key);
                }
            } else if (isNamed(partlySigned, key)) {
                rest.add(key);
            }
        }
        boolean before = needsOneBefore(partlySigned, owner) && !who.hasSigned(owner);
        if (before && !rest.isEmpty()) {
            chosen.add(shell.key(folder, owner, partlySigned.payload().kind(), rest));
        }
        if (chosen.isEmpty() && before) {
            throw new KeyFolderException(
                    "no key of " + owner.text() + " that may sign this in " + folder.home(),
                    "sign where its key is: --home DIR");
        }
        if (chosen.isEmpty()) {
            throw CommandFailure.refused(owner.text() + " has signed this already", missing(who));
        }
        return chosen;
    }

    /// Of a rotation only the old key signs beside the new one; else whichever `--key` names.
    private boolean isNamed(PartlySigned partlySigned, StoredKey key) {
        return partlySigned.payload().act() instanceof Act.KeyRotate rotate
                ? key.key().thumb().equals(rotate.old())
                : shell.named(key);
    }

    private static boolean needsOneBefore(PartlySigned partlySigned, Owner owner) {
        ActKind act = partlySigned.payload().kind();
        boolean onlyNew = act == ActKind.ENROLL || act == ActKind.REGISTER_REGISTRAR || act == ActKind.KEY_RECOVER;
        return !(onlyNew && owner.equals(partlySigned.payload().party()));
    }

    private Signing byWallet(PartlySigned partlySigned, Cosigners who, String answered)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        Owner owner = shell.signer().orElse(partlySigned.payload().party());
        need(who.isAsked(owner), partlySigned, who, owner);
        Bytes octets = ProgramSigner.decoded(answered.strip())
                .orElseThrow(() -> CommandFailure.cannot(
                        "'" + answered + "' is no signature", "a wallet answers 0x and 130 hexadecimal digits"));
        Key.Wallet key = partlySigned
                .wallet(octets)
                .orElseThrow(() -> CommandFailure.refused(
                        "this is no signature of a wallet", "a wallet answers 0x and 130 hexadecimal digits"));
        if (partlySigned.kids().contains(key.kid(owner))) {
            throw CommandFailure.refused("the wallet " + key.address() + " has signed this already", missing(who));
        }
        if (!isKnown(partlySigned, owner, key)) {
            throw CommandFailure.refused(
                    "this is not over this instruction by a wallet of " + owner.text() + ": it would be that of "
                            + key.address(),
                    "sign what --typed-data prints, unchanged, with the wallet of " + owner.text());
        }
        PartlySigned signed = partlySigned.signedBy(
                owner, key, partlySigned.input(owner, key).taken(key, octets).orElseThrow());
        return () -> signed;
    }

    /// Any octets are some wallet's signature: it must be one that is known.
    private boolean isKnown(PartlySigned partlySigned, Owner owner, Key.Wallet key)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        boolean isNew = partlySigned.newKey().equals(Optional.of(key))
                && owner.equals(partlySigned.payload().party());
        return isNew
                || !shell.keys().keys(owner, key.thumb()).isEmpty()
                || (shell.hasWay()
                        && shell.courier()
                                .get(Keys.key(owner.text(), key.thumb()))
                                .isPresent());
    }
}
