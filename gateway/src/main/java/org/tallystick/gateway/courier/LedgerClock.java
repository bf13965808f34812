package org.tallystick.gateway.courier;

import java.time.Duration;
import org.tallystick.agreement.instruction.LedgerTime;

/// Ledger time as far as this machine's clock shows it: with the offset of a trial.
final class LedgerClock {

    private volatile Duration offset = Duration.ZERO;

    void set(Duration newOffset) {
        offset = newOffset;
    }

    LedgerTime now() {
        return new LedgerTime(System.currentTimeMillis() / 1000).plus(offset);
    }

    /// When this machine's clock shows the ledger time `time`.
    long millisAt(LedgerTime time) {
        return (time.seconds() - offset.toSeconds()) * 1000;
    }
}
