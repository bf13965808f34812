package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.signing.PartlySigned;

/// Who has signed an instruction, and who must still (`instruction-1` section 6): in words, for those who pass it on.
public final class Cosigners {

    private final PartlySigned partlySigned;
    private final List<Recovery> standing;

    /// @param standing who may recover the party now, oldest first; nothing where nobody can be asked
    public Cosigners(PartlySigned partlySigned, List<Recovery> standing) {
        this.partlySigned = partlySigned;
        this.standing = List.copyOf(standing);
    }

    /// Whether its recovery parties may act for the party in this act.
    public static boolean mayBeQuorum(PartlySigned partlySigned) {
        return switch (partlySigned.payload().kind()) {
            case REHOST, KEY_RECOVER, KEY_COMPROMISED -> true;
            default -> false;
        };
    }

    /// Whether the ledger would find all signers there, and nobody else.
    public boolean areComplete() {
        return partlySigned.isComplete(standing);
    }

    /// Whose signatures are missing, one line each; nothing if none is, or if a wrong one is there.
    public List<String> missing() {
        if (areComplete()) {
            return List.of();
        }
        List<String> missing = new ArrayList<>();
        newKid().filter(kid -> !partlySigned.kids().contains(kid)).ifPresent(kid -> missing.add("the new key " + kid));
        switch (partlySigned.payload().kind()) {
            case REGISTER_REGISTRAR -> {
                // The new key alone signs.
            }
            case ENROLL ->
                add(missing, "the registrar of ", partlySigned.payload().party().member());
            case KEY_ADD -> addAdministering(missing);
            case KEY_ROTATE -> addOld(missing);
            case KEY_RECOVER -> addQuorum(missing);
            case KEY_COMPROMISED -> addPartyOrQuorum(missing);
            case REHOST -> {
                addPartyOrQuorum(missing);
                MemberId host = ((Act.Rehost) partlySigned.payload().act()).member();
                add(missing, "the registrar of ", host);
            }
            case ADJUST -> {
                add(missing, "", partlySigned.payload().party());
                if (others().isEmpty()) {
                    missing.add("the other one of payer and payee");
                }
            }
            default -> add(missing, "", partlySigned.payload().party());
        }
        return List.copyOf(missing);
    }

    /// Whether this owner has signed with a key that it had before.
    public boolean hasSigned(Owner owner) {
        return partlySigned.kids().stream()
                .filter(kid -> !newKid().equals(Optional.of(kid)))
                .anyMatch(kid -> kid.owner().equals(owner));
    }

    /// Whether a signature of this owner's has a place here, be it given or still missing.
    ///
    /// Of acts that are not enforced yet, anybody's has.
    public boolean isAsked(Owner owner) {
        Owner party = partlySigned.payload().party();
        return switch (partlySigned.payload().kind()) {
            case ENROLL -> owner.equals(party) || owner.equals(party.member());
            case REHOST ->
                owner.equals(party)
                        || owner.equals(((Act.Rehost) partlySigned.payload().act()).member())
                        || isOfQuorum(owner);
            case KEY_RECOVER, KEY_COMPROMISED -> owner.equals(party) || isOfQuorum(owner);
            // Who is bound to payer and payee stands in the agreement.
            case ADJUST -> owner instanceof PartyId;
            default -> owner.equals(party) || !partlySigned.payload().kind().enforced();
        };
    }

    /// Where nobody could be asked who they are, any other party may be one of them.
    private boolean isOfQuorum(Owner owner) {
        return owner instanceof PartyId
                && (standing.isEmpty()
                        || standing.stream()
                                .anyMatch(recovery -> recovery.parties().contains(owner)));
    }

    private Optional<Kid> newKid() {
        return partlySigned.newKey().map(key -> key.kid(partlySigned.payload().party()));
    }

    private void add(List<String> missing, String what, Owner owner) {
        if (!hasSigned(owner)) {
            missing.add(what + owner.text());
        }
    }

    private void addAdministering(List<String> missing) {
        Owner party = partlySigned.payload().party();
        if (!hasSigned(party)) {
            missing.add("a key of " + party.text() + " that administers");
        }
    }

    private void addOld(List<String> missing) {
        Kid old = new Kid(
                partlySigned.payload().party(),
                ((Act.KeyRotate) partlySigned.payload().act()).old());
        if (!partlySigned.kids().contains(old)) {
            missing.add("the old key " + old);
        }
    }

    private void addPartyOrQuorum(List<String> missing) {
        if (hasSigned(partlySigned.payload().party())) {
            return;
        }
        if (standing.isEmpty() || others().isEmpty()) {
            missing.add("a key of " + partlySigned.payload().party().text() + " that administers"
                    + standing.stream()
                            .reduce((_, newest) -> newest)
                            .map(newest -> ", or " + quorum(newest))
                            .orElse(""));
            return;
        }
        addQuorum(missing);
    }

    private void addQuorum(List<String> missing) {
        if (standing.isEmpty()) {
            missing.add(
                    "the recovery parties of " + partlySigned.payload().party().text());
            return;
        }
        Recovery quorum = closest();
        List<Owner> signed = others().stream()
                .filter(owner -> quorum.parties().contains(owner))
                .toList();
        long lacking = quorum.threshold() - signed.size();
        if (lacking > 0) {
            List<String> left = quorum.parties().stream()
                    .filter(party -> !signed.contains(party))
                    .map(PartyId::text)
                    .toList();
            missing.add((lacking == left.size() ? "" : lacking + " of ") + String.join(", ", left));
        }
    }

    /// Of the quorums that may act the one that those who signed are nearest to; of equally near ones the newest.
    private Recovery closest() {
        Recovery closest = standing.getLast();
        for (Recovery one : standing.reversed()) {
            if (lacking(one) < lacking(closest)) {
                closest = one;
            }
        }
        return closest;
    }

    private long lacking(Recovery quorum) {
        return quorum.threshold()
                - others().stream().filter(quorum.parties()::contains).count();
    }

    /// The parties that signed beside the one that asks.
    private List<Owner> others() {
        return partlySigned.kids().stream()
                .map(Kid::owner)
                .filter(owner -> owner instanceof PartyId
                        && !owner.equals(partlySigned.payload().party()))
                .distinct()
                .toList();
    }

    private static String quorum(Recovery recovery) {
        return recovery.threshold() + " of "
                + String.join(
                        ", ", recovery.parties().stream().map(PartyId::text).toList());
    }
}
