package org.tallystick.ledger;

import java.util.Iterator;
import java.util.NoSuchElementException;

/// Committed blocks in order, without end.
public interface BlockStream extends Iterator<LedgerBlock>, AutoCloseable {

    /// The next block.
    ///
    /// @throws LedgerException if the stream ended
    default LedgerBlock take() throws LedgerException {
        try {
            return next();
        } catch (Broken e) {
            throw e.ledgerException();
        } catch (NoSuchElementException e) {
            throw new LedgerException.Unavailable("the blocks were closed", e);
        }
    }

    @Override
    void close();

    /// The stream ended although nobody closed it; go on from the block after the last one.
    final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient LedgerException why;

        public Broken(LedgerException cause) {
            super(cause);
            why = cause;
        }

        LedgerException ledgerException() {
            return why;
        }
    }
}
