package org.tallystick.ledger.client;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.ledger.LedgerException;

/// The keys of a party: one more, another in the place of one, and how one ends.
///
/// Whose signatures each act needs says `instruction-1` section 6.1; where nothing is sent, some may be missing.
public final class OwnKeys {

    private final PartyId party;
    private final List<Envelope.Hand> hands;
    private final Desk desk;

    public OwnKeys(PartyId party, List<Envelope.Hand> hands, Desk desk) {
        this.party = party;
        this.hands = List.copyOf(hands);
        this.desk = desk;
    }

    /// What one more key may do, and when.
    public record Grant(
            List<Purpose> purposes,
            Optional<String> holder,
            Optional<Act.KeyLimits> limits,
            Optional<LedgerTime> from,
            Optional<LedgerTime> until) {
        public Grant {
            purposes = List.copyOf(purposes);
        }
    }

    public Sent add(Key key, Grant grant) throws LedgerException {
        return carry(
                new Act.KeyAdd(key, grant.purposes(), grant.holder(), grant.limits(), grant.from(), grant.until()));
    }

    /// Puts a new key in the place of an old one.
    public Sent rotate(Key old, Key next) throws LedgerException {
        return carry(new Act.KeyRotate(old.thumb(), next));
    }

    /// Ends a key.
    public Sent revoke(String thumb, String reason) throws LedgerException {
        return carry(new Act.KeyRevoke(thumb, reason));
    }

    /// Ends a key, and puts in doubt what it signed from a time on.
    public Sent compromised(String thumb, LedgerTime since, Optional<Act.Evidence> evidence) throws LedgerException {
        return carry(new Act.KeyCompromised(thumb, since, evidence));
    }

    /// Gives the party a new key by the will of its recovery parties, and ends these and all that administer.
    public Sent recover(Key key, List<String> thumbs) throws LedgerException {
        return carry(new Act.KeyRecover(key, thumbs.stream().sorted().distinct().toList()));
    }

    private Sent carry(Act act) throws LedgerException {
        return desk.carry(desk.payload(party, act.kind(), Optional.empty(), act.body()), hands);
    }
}
