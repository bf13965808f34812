package org.tallystick.ledger.cli;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;

/// A claim, version, motion or notice as people name it: by the beginning of its hash, as lists show it.
record HashName(String digits) {

    /// Digits of a hash that are enough to know it again.
    static final int SHOWN = 12;

    private static final String FORM = "[0-9a-f]{8,64}";

    static Optional<HashName> parse(String text) {
        return text.matches(FORM) ? Optional.of(new HashName(text)) : Optional.empty();
    }

    static String shown(Hash hash) {
        return hash.hex().substring(0, SHOWN);
    }

    /// The one that is meant. A whole hash is taken as it is: the ledger knows whether there is one.
    ///
    /// @param all that there are
    /// @param what they are, such as `claims of north/vendor/reseller`
    /// @param hint where to see them
    Hash of(List<Hash> all, String what, String hint) throws CommandFailure {
        if (Hash.isHash(digits)) {
            return new Hash(digits);
        }
        List<Hash> found =
                all.stream().filter(hash -> hash.hex().startsWith(digits)).toList();
        if (found.size() != 1) {
            throw CommandFailure.refused(found.size() + " " + what + " begin with " + digits, hint);
        }
        return found.getFirst();
    }
}
