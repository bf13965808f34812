package org.tallystick.ledger.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.LedgerException;

/// A member's registrar: enrolls the member's parties, agrees to host others', and on a trial ledger moves the clock.
public final class Registrar {

    private final MemberId member;
    private final List<Envelope.Hand> hands;
    private final Desk desk;

    public Registrar(MemberId member, Envelope.Hand hand, Desk desk) {
        this(member, List.of(hand), desk);
    }

    /// @param hands one; none only where nothing is sent
    public Registrar(MemberId member, List<Envelope.Hand> hands, Desk desk) {
        this.member = member;
        this.hands = List.copyOf(hands);
        this.desk = desk;
    }

    /// Registers this registrar's own key. The courier must be the member's own admin: the only act that asks for it.
    public Sent register(Optional<String> name) throws LedgerException {
        Act act = new Act.RegisterRegistrar(
                hands.getFirst().key().key(), Optional.empty(), Optional.empty(), name, Optional.empty());
        return carry(act);
    }

    /// Enrolls a party of this member with its first key, which may do everything.
    public Sent enroll(PartyId party, Envelope.Hand first, Optional<String> name) throws LedgerException {
        return enroll(party, first.key().key(), List.of(first), name, Optional.empty());
    }

    /// The same, where the key may be elsewhere.
    ///
    /// @param asking who signs with it; nobody where nothing is sent
    /// @param holder who holds it
    public Sent enroll(
            PartyId party, Key first, List<Envelope.Hand> asking, Optional<String> name, Optional<String> holder)
            throws LedgerException {
        Act act = new Act.Enroll(first, List.of(Purpose.values()), holder, Optional.empty(), name, Optional.empty());
        return carry(party, act, asking);
    }

    /// Moves a party to this member, by a key of the party or by those of its recovery parties.
    public Sent rehost(PartyId party, List<Envelope.Hand> asking) throws LedgerException {
        Act act = new Act.Rehost(member);
        return carry(party, act, asking);
    }

    private Sent carry(PartyId party, Act act, List<Envelope.Hand> asking) throws LedgerException {
        List<Envelope.Hand> all = new ArrayList<>(asking);
        all.addAll(hands);
        return desk.carry(desk.payload(party, act.kind(), Optional.empty(), act.body()), all);
    }

    /// Registers a key with which the member signs the log; it takes the place of the one before it.
    ///
    /// @param kind `log`, `witness` or `head`
    public Sent logKey(String kind, VerifierKey key, Optional<LedgerTime> until) throws LedgerException {
        return carry(new Act.LogKey(kind, key.text(), until));
    }

    /// Sets how far the clock of a trial ledger is ahead.
    public Sent trialClock(Duration offset) throws LedgerException {
        return carry(new Act.TrialClock(offset.toSeconds()));
    }

    private Sent carry(Act act) throws LedgerException {
        return desk.carry(desk.payload(member, act.kind(), Optional.empty(), act.body()), hands);
    }
}
