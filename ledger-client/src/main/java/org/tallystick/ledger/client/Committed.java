package org.tallystick.ledger.client;

import java.time.Duration;
import java.util.Set;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;

/// A transaction that is in a block and took effect.
public record Committed(long block, LedgerBlock.Transaction transaction) {

    private static final Set<String> CONFLICTS = Set.of("MVCC_READ_CONFLICT", "PHANTOM_READ_CONFLICT");
    private static final int MOST_TRIES = 20;

    /// Endorses a call, sends it and waits for its block. What another transaction overtook is endorsed anew.
    ///
    /// @throws LedgerException.Unavailable also if it is not in a block in time: it may still come
    public static Committed of(Ledger ledger, Ledger.Call call, Duration longest) throws LedgerException {
        return of(ledger, ledger.endorse(call), call, longest);
    }

    /// Sends a transaction that was just endorsed, and waits for its block.
    static Committed of(Ledger ledger, Ledger.Endorsed endorsed, Ledger.Call call, Duration longest)
            throws LedgerException {
        Ledger.Endorsed now = endorsed;
        for (int tries = 1; ; tries++) {
            ledger.broadcast(now);
            Ledger.Commit commit = ledger.await(now.transaction(), longest);
            if (commit.valid()) {
                return found(ledger, commit);
            }
            if (!CONFLICTS.contains(commit.code()) || tries == MOST_TRIES) {
                throw new LedgerException.Refused(
                        "transaction " + commit.transaction() + " in block " + commit.block() + " is invalid: "
                                + commit.code(),
                        null);
            }
            now = ledger.endorse(call);
        }
    }

    /// The answer is taken from the block, not from the simulation.
    private static Committed found(Ledger ledger, Ledger.Commit commit) throws LedgerException {
        try (BlockStream blocks = ledger.blocks(commit.block())) {
            return blocks.next().transactions().stream()
                    .filter(transaction ->
                            transaction.valid() && transaction.id().equals(commit.transaction()))
                    .findFirst()
                    .map(transaction -> new Committed(commit.block(), transaction))
                    .orElseThrow(() -> new LedgerException.Refused(
                            "block " + commit.block() + " does not have transaction " + commit.transaction(), null));
        } catch (BlockStream.Broken e) {
            throw new LedgerException.Unavailable("block " + commit.block() + " could not be read", e);
        }
    }
}
