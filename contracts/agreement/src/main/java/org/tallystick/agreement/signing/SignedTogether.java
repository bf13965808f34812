package org.tallystick.agreement.signing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;

/// The instructions of one transaction, whose ES256 signatures under one key are checked together.
///
/// The first signature that is to be checked says which key its kid means; all of the transaction that name the
/// same kid are then checked in one go. If that proves them ([Es256Batch]), none of them is looked at again; if
/// not, each is checked alone when its turn comes. So every answer is the one that it would be without this.
public final class SignedTogether implements Signatures {

    private record One(Signed signed, Signature signature) {}

    private record Under(Kid kid, Key.P256 key) {}

    private final Set<Signed> members = new HashSet<>();
    private final Map<Kid, List<One>> byKid = new HashMap<>();
    private final Map<Under, Boolean> proven = new HashMap<>();

    /// @param items of the transaction; what could not be read has no signatures
    public SignedTogether(List<Read> items) {
        for (Read item : items) {
            if (item instanceof Signed signed) {
                members.add(signed);
                for (Signature signature : signed.signatures()) {
                    if (signature.algorithm() == Algorithm.ES256) {
                        byKid.computeIfAbsent(signature.kid(), _ -> new ArrayList<>())
                                .add(new One(signed, signature));
                    }
                }
            }
        }
    }

    @Override
    public boolean hold(Signed signed, int index, Key key) {
        return (key instanceof Key.P256 p256
                        && proves(signed, signed.signatures().get(index), p256))
                || signed.holds(index, key);
    }

    /// Whether a signature of an instruction is known to be good, since all that name its kid are; false says
    /// nothing.
    boolean proves(Signed signed, Signature signature, Key.P256 key) {
        return members.contains(signed) && proven.computeIfAbsent(new Under(signature.kid(), key), this::provesAll);
    }

    private boolean provesAll(Under under) {
        List<One> all = byKid.getOrDefault(under.kid, List.of());
        return all.size() >= Es256Batch.LEAST
                && Es256.proves(
                        under.key,
                        all.stream().map(one -> one.signed.claim(one.signature)).toList());
    }
}
