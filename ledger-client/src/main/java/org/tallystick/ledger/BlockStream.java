package org.tallystick.ledger;

import java.util.Iterator;

/// Committed blocks in order, without end.
public interface BlockStream extends Iterator<LedgerBlock>, AutoCloseable {

    @Override
    void close();

    /// The stream ended although nobody closed it; go on from the block after the last one.
    final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Broken(LedgerException cause) {
            super(cause);
        }
    }
}
