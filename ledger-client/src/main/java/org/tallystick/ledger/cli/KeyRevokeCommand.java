package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.OwnKeys;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.StoredKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Ends a key.
@Command(
        name = "revoke",
        description = {
            "Ends a key of the party: from there on the ledger on it signs nothing more.",
            "",
            "A key that administers signs, or the key itself. What the key signed before stays as it is; what",
            "is still on its way is refused. A key that a thief may have used is reported with",
            "tally key compromised."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally key revoke Zl3x0k --as north/vendor --reason left")
final class KeyRevokeCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "KEY", description = "the beginning of its thumbprint, or PARTY#THUMB: tally key list")
    @Nullable
    KeyName key;

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "REASON",
            description = "lost; left (who held it); ended (it is not needed any more); other")
    @Nullable
    String reason;

    KeyRevokeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        if (!List.of("lost", "left", "ended", "other").contains(given(reason))) {
            throw CommandFailure.cannot("'" + reason + "' is no reason", "write lost, left, ended or other");
        }
        PartyId party = given(key).partyOr(shell);
        String thumb = given(key).of(shell, party);
        OwnKeys own = new OwnKeys(party, hands(party, thumb), shell.desk());
        return new Answers(shell).print(own.revoke(thumb, given(reason)));
    }

    /// A key that administers; where there is none, the key itself.
    private List<Envelope.Hand> hands(PartyId party, String thumb)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        KeyFolder keys = shell.keys();
        try {
            return shell.hands(keys, party, ActKind.KEY_REVOKE);
        } catch (KeyFolderException none) {
            List<StoredKey> itself =
                    keys.keys(party, thumb).stream().filter(shell::named).toList();
            if (itself.isEmpty()) {
                throw none;
            }
            return shell.hands(keys, itself.getFirst());
        }
    }
}
