package org.tallystick.agreement.signing;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.Payload;

/// Whose signatures an act needs (`instruction-1` section 6): no fewer and no more, so that a courier can neither add
/// nor drop one.
///
/// Of an act that is not enforced yet (section 6.6) the first signature is checked, and is the party's.
final class Signers {

    private Signers() {}

    /// The key that an act registers: it signs, too, and its record is the act's own.
    static Optional<Key> newKey(Payload payload) {
        return registers(payload.kind()) ? Optional.of(Key.of(payload.body().object("key"))) : Optional.empty();
    }

    /// How many signatures are checked, from the first.
    static int checked(Payload payload, List<Kid> kids) {
        return payload.kind().enforced() ? kids.size() : 1;
    }

    static boolean areThoseOf(Payload payload, List<Kid> kids) {
        List<Owner> owners = kids.stream().map(Kid::owner).toList();
        boolean right = owners.subList(0, checked(payload, kids)).equals(owners(payload));
        return right
                && newKey(payload)
                        .map(key -> key.kid(payload.party()).equals(kids.getFirst()))
                        .orElse(true);
    }

    /// Whose keys sign, in order.
    static List<Owner> owners(Payload payload) {
        Owner party = payload.party();
        return payload.kind() == ActKind.ENROLL ? List.of(party, party.member()) : List.of(party);
    }

    private static boolean registers(ActKind kind) {
        return kind == ActKind.REGISTER_REGISTRAR || kind == ActKind.ENROLL;
    }
}
