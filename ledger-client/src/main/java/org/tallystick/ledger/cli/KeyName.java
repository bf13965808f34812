package org.tallystick.ledger.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.TreeSet;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.RegisteredKeys;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.StoredKey;

/// A key of a party, as a person names it: by the beginning of its thumbprint, after `PARTY#` where it is another's.
record KeyName(Optional<PartyId> party, String thumb) {

    private static final String FORM = "[A-Za-z0-9_-]{6,43}";
    private static final int WHOLE = 43;

    static Optional<KeyName> parse(String text) {
        int hash = text.indexOf('#');
        String thumb = text.substring(hash + 1);
        if (!thumb.matches(FORM)) {
            return Optional.empty();
        }
        return hash < 0
                ? Optional.of(new KeyName(Optional.empty(), thumb))
                : PartyId.parse(text.substring(0, hash)).map(party -> new KeyName(Optional.of(party), thumb));
    }

    PartyId partyOr(Shell shell) throws IOException, CommandFailure {
        return party.isPresent() ? party.get() : shell.partyId();
    }

    /// The one key of the party that begins so. A whole thumbprint is taken as it is: the ledger knows whether there is
    /// such a key.
    String of(Shell shell, PartyId owner) throws IOException, LedgerException, KeyFolderException, CommandFailure {
        if (thumb.length() == WHOLE) {
            return thumb;
        }
        TreeSet<String> found = new TreeSet<>();
        for (StoredKey key : shell.keys().keys(owner, thumb)) {
            found.add(key.key().thumb());
        }
        for (Kid kid : RegisteredKeys.of(shell.courier(), owner).keySet()) {
            if (kid.thumb().startsWith(thumb)) {
                found.add(kid.thumb());
            }
        }
        if (found.size() != 1) {
            throw CommandFailure.refused(
                    found.size() + " keys of " + owner + " begin with " + thumb, "see them: tally key list " + owner);
        }
        return found.first();
    }
}
