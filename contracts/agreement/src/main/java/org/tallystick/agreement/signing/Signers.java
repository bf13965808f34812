package org.tallystick.agreement.signing;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;

/// Whose signatures an act needs (`instruction-1` section 6): no fewer and no more, so that a courier can neither add
/// nor drop one. Whether a quorum is reached is for the rules.
final class Signers {

    private Signers() {}

    /// The key that an act registers: it signs, too, and its record is the act's own.
    static Optional<Key> newKey(Payload payload) {
        return switch (payload.kind()) {
            case REGISTER_REGISTRAR, ENROLL, KEY_ADD, KEY_ROTATE, KEY_RECOVER ->
                Optional.of(Key.of(payload.body().object("key")));
            default -> Optional.empty();
        };
    }

    static boolean areThoseOf(Payload payload, List<Kid> kids) {
        Owner party = payload.party();
        Optional<Kid> fresh = newKey(payload).map(key -> key.kid(party));
        List<Owner> owners = kids.stream().map(Kid::owner).toList();
        return switch (payload.kind()) {
            case REGISTER_REGISTRAR -> kids.equals(List.of(fresh.orElseThrow()));
            case ENROLL ->
                kids.getFirst().equals(fresh.orElseThrow())
                        && owners.subList(1, owners.size()).equals(List.of(party.member()));
            case REHOST -> {
                MemberId host = new MemberId(payload.body().text("member"));
                List<Owner> others =
                        owners.stream().filter(owner -> !owner.equals(host)).toList();
                yield others.size() == owners.size() - 1 && isPartyOrQuorum(others, party);
            }
            case KEY_ADD -> owners.equals(List.of(party, party)) && kids.contains(fresh.orElseThrow());
            case KEY_ROTATE -> {
                Kid old = new Kid(party, payload.body().text("old"));
                yield kids.size() == 2 && kids.contains(old) && kids.contains(fresh.orElseThrow());
            }
            case KEY_COMPROMISED -> isPartyOrQuorum(owners, party);
            case KEY_RECOVER ->
                kids.getFirst().equals(fresh.orElseThrow()) && isQuorum(owners.subList(1, owners.size()), party);
            case ADJUST, DISPUTE_SETTLE ->
                owners.size() == 2 && owners.getFirst().equals(party) && isQuorum(owners.subList(1, 2), party);
            default -> owners.equals(List.of(party));
        };
    }

    /// What an answer says about it: the owners or keys that can be named from the payload alone.
    static Json need(Payload payload) {
        String party = payload.party().text();
        Optional<String> fresh =
                newKey(payload).map(key -> key.kid(payload.party()).text());
        return Json.texts(
                switch (payload.kind()) {
                    case REGISTER_REGISTRAR, KEY_RECOVER -> List.of(fresh.orElseThrow());
                    case ENROLL ->
                        List.of(fresh.orElseThrow(), payload.party().member().text());
                    case REHOST -> List.of(party, payload.body().text("member"));
                    case KEY_ADD, KEY_ROTATE -> List.of(party, fresh.orElseThrow());
                    default -> List.of(party);
                });
    }

    private static boolean isPartyOrQuorum(List<Owner> owners, Owner party) {
        return owners.equals(List.of(party)) || isQuorum(owners, party);
    }

    /// Other parties, at least one, each once.
    private static boolean isQuorum(List<Owner> owners, Owner party) {
        return !owners.isEmpty()
                && new HashSet<>(owners).size() == owners.size()
                && owners.stream().allMatch(owner -> owner instanceof PartyId && !owner.equals(party));
    }
}
