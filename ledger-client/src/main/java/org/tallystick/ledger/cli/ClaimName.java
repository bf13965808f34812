package org.tallystick.ledger.cli;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Courier;

/// A claim as people name it: by the beginning of its hash, as lists show it.
record ClaimName(String digits) {

    /// Digits of a hash that are enough to know it again.
    static final int SHOWN = 12;

    private static final String FORM = "[0-9a-f]{8,64}";

    static Optional<ClaimName> parse(String text) {
        return text.matches(FORM) ? Optional.of(new ClaimName(text)) : Optional.empty();
    }

    static String shown(Hash claim) {
        return claim.hex().substring(0, SHOWN);
    }

    /// The claim under this agreement. A whole hash is taken as it is: the ledger knows whether there is such a claim.
    Hash of(Courier courier, AgreementId agreement) throws LedgerException, CommandFailure {
        if (Hash.isHash(digits)) {
            return new Hash(digits);
        }
        List<Hash> found = courier.claims(agreement).stream()
                .filter(claim -> claim.hex().startsWith(digits))
                .toList();
        if (found.size() != 1) {
            throw CommandFailure.refused(
                    found.size() + " claims of " + agreement + " begin with " + digits,
                    "see them: tally claim list " + agreement);
        }
        return found.getFirst();
    }
}
