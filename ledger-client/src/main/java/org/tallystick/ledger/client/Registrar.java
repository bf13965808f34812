package org.tallystick.ledger.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.ledger.LedgerException;

/// A member's registrar: enrolls the member's parties, agrees to host others', and on a trial ledger moves the clock.
public final class Registrar {

    private final MemberId member;
    private final Envelope.Hand hand;
    private final Desk desk;

    public Registrar(MemberId member, Envelope.Hand hand, Desk desk) {
        this.member = member;
        this.hand = hand;
        this.desk = desk;
    }

    /// Registers this registrar's own key. The courier must be the member's own admin: the only act that asks for it.
    public Sent register(Optional<String> name) throws LedgerException {
        Act act =
                new Act.RegisterRegistrar(hand.key().key(), Optional.empty(), Optional.empty(), name, Optional.empty());
        return carry(act);
    }

    /// Enrolls a party of this member with its first key, which may do everything.
    public Sent enroll(PartyId party, Envelope.Hand first, Optional<String> name) throws LedgerException {
        Act act = new Act.Enroll(
                first.key().key(),
                List.of(Purpose.values()),
                Optional.empty(),
                Optional.empty(),
                name,
                Optional.empty());
        return desk.carry(desk.payload(party, act.kind(), Optional.empty(), act.body()), first, hand);
    }

    /// Moves a party to this member, by a key of the party or by those of its recovery parties.
    public Sent rehost(PartyId party, List<Envelope.Hand> asking) throws LedgerException {
        Act act = new Act.Rehost(member);
        List<Envelope.Hand> hands = new ArrayList<>(asking);
        hands.add(hand);
        return desk.carry(
                desk.payload(party, act.kind(), Optional.empty(), act.body()), hands.toArray(Envelope.Hand[]::new));
    }

    /// Sets how far the clock of a trial ledger is ahead.
    public Sent trialClock(Duration offset) throws LedgerException {
        return carry(new Act.TrialClock(offset.toSeconds()));
    }

    private Sent carry(Act act) throws LedgerException {
        return desk.carry(desk.payload(member, act.kind(), Optional.empty(), act.body()), hand);
    }
}
