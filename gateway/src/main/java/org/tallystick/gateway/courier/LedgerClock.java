package org.tallystick.gateway.courier;

import java.time.Duration;
import org.tallystick.agreement.instruction.LedgerTime;

/// Ledger time as far as this machine's clock shows it: with the offset of a trial.
final class LedgerClock {

    private final Clockwork clockwork;
    private volatile Duration offset = Duration.ZERO;

    LedgerClock(Clockwork clockwork) {
        this.clockwork = clockwork;
    }

    void set(Duration newOffset) {
        offset = newOffset;
    }

    LedgerTime now() {
        return new LedgerTime(clockwork.millis() / 1000).plus(offset);
    }

    /// When this machine's clock shows the ledger time `time`.
    long millisAt(LedgerTime time) {
        return (time.seconds() - offset.toSeconds()) * 1000;
    }
}
