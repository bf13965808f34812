package org.tallystick.ledger.client;

import java.time.Duration;
import org.tallystick.ledger.LedgerException;

/// A wait before the same is asked again.
final class Pause {

    private Pause() {}

    /// @param during what is said to have been going on, if the thread is interrupted
    static void of(Duration time, String during) throws LedgerException.Unavailable {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException.Unavailable("interrupted while " + during, e);
        }
    }
}
