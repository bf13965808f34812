package org.tallystick.ledger.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.keys.KeyFolderException;
import picocli.CommandLine.Option;

/// Recovery parties that sign for a party that has lost its keys.
final class Quorum {

    @Option(
            names = "--by",
            paramLabel = "PARTY",
            description = "a recovery party that signs in its stead, with a key in the home; repeat it")
    List<PartyId> by = new ArrayList<>();

    boolean isNamed() {
        return !by.isEmpty();
    }

    List<Envelope.Hand> hands(Shell shell, ActKind act)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        List<Envelope.Hand> hands = new ArrayList<>();
        for (PartyId party : by) {
            hands.addAll(shell.hands(shell.keys(), party, act, Optional.empty()));
        }
        return hands;
    }
}
