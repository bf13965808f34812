package org.tallystick.gateway.courier;

import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.gateway.store.CourierStore;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.pack.ChainLeaves.Committed;

/// Whether a peer's blocks go on from what the store has.
///
/// They do not if the ledger was restored from older data: then it has other blocks, sooner or later, under the numbers
/// of those that the store has read, and their verdicts would never be seen. The commit hash of one block stands for
/// the whole state before it, so one is compared.
public sealed interface Continuation {

    /// The peer has what the store has.
    record Same() implements Continuation {}

    /// The peer has not got so far: it will, unless its ledger is an older one.
    ///
    /// @param height how many blocks the peer has
    /// @param block the newest that the store has
    record Behind(long height, long block) implements Continuation {
        public String text() {
            return "the store has block " + block + ", but the peer has only " + height
                    + " blocks: it is behind, or its ledger was restored from older data (then see \"Backup and restore\""
                    + " in docs/OPERATORS.md)";
        }
    }

    /// Another block stands there.
    record Other(long block) implements Continuation {
        public String text() {
            return "block " + block
                    + " of the ledger is not the one that the store has: the ledger was restored from older"
                    + " data, and went on; start over an empty store (\"Backup and restore\" in docs/OPERATORS.md)";
        }
    }

    static Continuation of(Ledger ledger, CourierStore store)
            throws LedgerException, StoreException, InterruptedException {
        Optional<Committed> known = store.committed();
        if (known.isEmpty()) {
            return new Same();
        }
        long block = known.get().block();
        long height = ledger.height();
        if (height <= block) {
            return new Behind(height, block);
        }
        try (BlockStream blocks = ledger.blocks(block)) {
            Optional<Hash> commit = blocks.take().commit();
            return commit.equals(Optional.of(known.get().commit())) ? new Same() : new Other(block);
        }
    }
}
