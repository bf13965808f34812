package org.tallystick.ledger.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.OwnKeys;
import org.tallystick.ledger.client.Sent;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.StoredKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Puts a new key in the place of an old one.
@Command(
        name = "rotate",
        description = {
            "Puts a new key in the place of an old one, which takes over what that might do; both sign.",
            "",
            "It makes the new key, unless --new or --public names one. The old key stays where it is until the",
            "ledger has applied the change, and then beside it, as THUMB.pem.retired, which nothing signs",
            "with. Of several keys in the home --key names the old one."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally key rotate --as north/vendor",
            "  tally key rotate --as north/vendor --key Zl3x0k --algorithm Ed25519"
        })
final class KeyRotateCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    NewKey made = new NewKey();

    KeyRotateCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        PartyId party = shell.partyId();
        KeyFolder keys = shell.keys();
        Desk desk = shell.desk();
        StoredKey old = shell.key(keys, party, ActKind.KEY_ROTATE);
        List<Envelope.Hand> hands = new ArrayList<>(shell.hands(keys, old));
        StoredKey fresh = made.of(shell, party);
        if (fresh.key().equals(old.key())) {
            throw CommandFailure.cannot("a key cannot take its own place", "name the old one with --key");
        }
        hands.addAll(shell.hands(keys, fresh));
        Sent sent = new OwnKeys(party, hands, desk).rotate(old.key(), fresh.key());
        if (sent.applied()) {
            keys.retire(old);
            shell.note("the old key signs nothing any more; it is put aside as " + old.file() + ".retired");
        } else if (fresh.isHere() && shell.unsentFile().isEmpty()) {
            shell.note("the new key stays in the home; to try again with it: --new "
                    + fresh.key().thumb());
        }
        return new Answers(shell).print(sent);
    }
}
