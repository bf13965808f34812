package org.tallystick.ledger.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// Carries signed instructions to a ledger and answers back. It can delay and lose, but neither forge nor alter.
///
/// Every call waits; call from a virtual thread.
public interface Courier extends StateReader, AutoCloseable {

    /// Hands instructions over, in this order, and waits for their answers, which come in the same order. What is not
    /// answered for good after `longest` is answered as it stands.
    ///
    /// @throws LedgerException if it is not known what became of them: they may be sent again
    List<Sent> send(List<Signed> instructions, Duration longest) throws LedgerException;

    /// What became of an instruction; nothing if it is not known here.
    ///
    /// @param agreement under which it was; nothing for an act of the registry
    Optional<Answer> status(Owner party, Optional<AgreementId> agreement, Ulid id, Duration longest)
            throws LedgerException;

    /// Waits until a close under way is over; who has no gateway takes its steps.
    ///
    /// @param told of each step
    /// @return how it stands at the end: still under way if nothing moves
    default CloseProgress finish(AgreementId agreement, Period period, Consumer<CloseProgress.UnderWay> told)
            throws LedgerException {
        return CloseProgress.await(this, agreement, period, told);
    }

    /// Where the verdict stands that settled a period; nothing if that is not known here.
    default Optional<Position> settledAt(AgreementId agreement, Period period) throws LedgerException {
        return Optional.empty();
    }

    /// The claims that were made under an agreement, by the instructions that made them, answered or not; nothing if
    /// that
    /// is not known here.
    default List<Hash> claims(AgreementId agreement) throws LedgerException {
        return List.of();
    }

    /// The keys that a party has or had, by their names; nothing if that is not known here.
    default List<Kid> keys(PartyId party) throws LedgerException {
        return List.of();
    }

    /// The story of an agreement, in the order of the ledger; nothing if it is not known here.
    default List<StoryEntry> story(AgreementId agreement) throws LedgerException {
        return List.of();
    }

    /// The agreements there are, in order.
    List<AgreementId> agreements() throws LedgerException;

    @Override
    void close();
}
