package org.tallystick.agreement.signing;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Recovery;

/// Whose signatures an act needs (`instruction-1` section 6): no fewer and no more, so that a courier can neither add
/// nor drop one.
///
/// A party is moved to another host by itself or by its recovery quorum, and by the new host's registrar.
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

    /// @param recovery who may recover a party, as far as the ledger knows
    static boolean areThoseOf(Payload payload, List<Kid> kids, Function<PartyId, Optional<Recovery>> recovery) {
        List<Owner> owners = kids.stream().map(Kid::owner).toList();
        boolean right = owners.subList(0, checked(payload, kids)).equals(owners(payload))
                || (payload.kind() == ActKind.REHOST && areQuorumAndHost(payload, owners, recovery));
        return right
                && newKey(payload)
                        .map(key -> key.kid(payload.party()).equals(kids.getFirst()))
                        .orElse(true);
    }

    /// Exactly as many recovery parties as the threshold says, each once, and the new host.
    private static boolean areQuorumAndHost(
            Payload payload, List<Owner> owners, Function<PartyId, Optional<Recovery>> recovery) {
        MemberId host = ((Act.Rehost) payload.act()).member();
        Optional<Recovery> named = recovery.apply((PartyId) payload.party());
        List<Owner> quorum =
                owners.stream().filter(owner -> !owner.equals(host)).toList();
        return named.isPresent()
                && quorum.size() == owners.size() - 1
                && quorum.size() == named.get().threshold()
                && quorum.stream().distinct().count() == quorum.size()
                && named.get().parties().containsAll(quorum);
    }

    /// Whose keys sign, in order, if no quorum stands in for the party.
    static List<Owner> owners(Payload payload) {
        Owner party = payload.party();
        return switch (payload.kind()) {
            case ENROLL -> List.of(party, party.member());
            case REHOST -> List.of(party, ((Act.Rehost) payload.act()).member());
            default -> List.of(party);
        };
    }

    private static boolean registers(ActKind kind) {
        return kind == ActKind.REGISTER_REGISTRAR || kind == ActKind.ENROLL;
    }
}
