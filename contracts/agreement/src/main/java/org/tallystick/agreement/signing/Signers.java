package org.tallystick.agreement.signing;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;

/// Whose signatures an act needs (`instruction-1` section 6): no fewer and no more, so that a courier can neither add
/// nor drop one.
///
/// Where a party may act through its recovery quorum, that is exactly as many of its recovery parties as must act
/// together; which of the standing quorums makes no difference here.
///
/// Of an act that is not enforced yet (section 6.6) the first signature is checked, and is the party's.
final class Signers {

    private final Payload payload;
    private final List<Kid> kids;
    private final List<Owner> owners;
    private final Function<PartyId, List<Recovery>> recovery;

    private Signers(Payload payload, List<Kid> kids, Function<PartyId, List<Recovery>> recovery) {
        this.payload = payload;
        this.kids = kids.subList(0, checked(payload, kids));
        this.owners = this.kids.stream().map(Kid::owner).toList();
        this.recovery = recovery;
    }

    /// The key that an act registers: it signs, too, and its record is the act's own.
    static Optional<Key> newKey(Payload payload) {
        boolean registers = switch (payload.kind()) {
            case REGISTER_REGISTRAR, ENROLL, KEY_ADD, KEY_ROTATE, KEY_RECOVER -> true;
            default -> false;
        };
        return registers ? Optional.of(Key.of(payload.body().object("key"))) : Optional.empty();
    }

    /// How many signatures are checked, from the first.
    static int checked(Payload payload, List<Kid> kids) {
        return payload.kind().enforced() ? kids.size() : 1;
    }

    /// Why these are not the signers of the act.
    ///
    /// @param recovery who may recover a party now, as far as the ledger knows
    static Optional<No> fault(Payload payload, List<Kid> kids, Function<PartyId, List<Recovery>> recovery) {
        return new Signers(payload, kids, recovery).fault();
    }

    private Optional<No> fault() {
        boolean withNewKey = newKey(payload)
                .map(key -> kids.contains(key.kid(payload.party())))
                .orElse(true);
        if (!withNewKey) {
            return wrong();
        }
        return switch (payload.kind()) {
            case KEY_ROTATE -> areThoseNeeded() && signsOld() ? Optional.empty() : wrong();
            case KEY_COMPROMISED -> areThoseNeeded() || isQuorum(owners) ? Optional.empty() : wrong();
            case KEY_RECOVER -> recovering();
            case ADJUST -> areTwo() ? Optional.empty() : wrong();
            case REHOST -> areThoseNeeded() || areQuorumAndHost() ? Optional.empty() : wrong();
            default -> areThoseNeeded() ? Optional.empty() : wrong();
        };
    }

    /// The party and another; that they are payer and payee is for the rules.
    private boolean areTwo() {
        return owners.size() == 2 && owners.getFirst().equals(payload.party()) && owners.getLast() instanceof PartyId;
    }

    private boolean areThoseNeeded() {
        return owners.equals(needed());
    }

    /// Whose keys sign, in order, if no quorum stands in for the party.
    private List<Owner> needed() {
        Owner party = payload.party();
        return switch (payload.kind()) {
            case ENROLL -> List.of(party, party.member());
            case REHOST -> List.of(party, ((Act.Rehost) payload.act()).member());
            case KEY_ADD, KEY_ROTATE -> List.of(party, party);
            default -> List.of(party);
        };
    }

    /// Two keys of the party sign, one of them the new one: the other is the old one, and that is another key.
    private boolean signsOld() {
        Act.KeyRotate act = (Act.KeyRotate) payload.act();
        Kid old = new Kid(payload.party(), act.old());
        return Set.copyOf(kids).equals(Set.copyOf(List.of(old, act.key().kid(payload.party()))));
    }

    private boolean isQuorum(List<Owner> others) {
        return standing().stream().anyMatch(quorum -> quorum.isMetBy(others));
    }

    private List<Recovery> standing() {
        return recovery.apply((PartyId) payload.party());
    }

    private boolean areQuorumAndHost() {
        Owner host = ((Act.Rehost) payload.act()).member();
        List<Owner> others =
                owners.stream().filter(owner -> !owner.equals(host)).toList();
        return others.size() == owners.size() - 1 && isQuorum(others);
    }

    /// The new key stands first, since no other is of the party; if one is, they are no quorum.
    private Optional<No> recovering() {
        List<Owner> others = owners.subList(1, owners.size());
        List<Recovery> standing = standing();
        if (standing.isEmpty()) {
            return Optional.of(No.form(
                    Code.NO_RECOVERY,
                    Json.object().with("party", payload.party().text())));
        }
        if (isQuorum(others)) {
            return Optional.empty();
        }
        Recovery newest = standing.getLast();
        long have = others.stream()
                .distinct()
                .filter(owner ->
                        owner instanceof PartyId party && newest.parties().contains(party))
                .count();
        return have < newest.threshold()
                ? Optional.of(No.form(
                        Code.QUORUM_MISSING, Json.object().with("have", have).with("need", newest.threshold())))
                : wrong();
    }

    private Optional<No> wrong() {
        List<String> need = needed().stream().map(Owner::text).toList();
        return Optional.of(No.form(Code.SIGNERS_WRONG, Json.object().with("need", Json.texts(need))));
    }
}
