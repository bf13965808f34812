package org.tallystick.agreement.instruction;

import java.util.Optional;

/// Who owns a key and who may ask: a party, or a member with its registrar keys.
public sealed interface Owner permits MemberId, PartyId {

    String text();

    /// The member itself, or the first member of the party.
    MemberId member();

    static Optional<Owner> parse(String text) {
        return text.indexOf('/') < 0
                ? MemberId.parse(text).map(member -> member)
                : PartyId.parse(text).map(party -> party);
    }
}
