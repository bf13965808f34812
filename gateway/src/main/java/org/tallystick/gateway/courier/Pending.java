package org.tallystick.gateway.courier;

import org.tallystick.agreement.signing.Signed;

/// An acknowledged instruction without an answer, and when it is offered next. Guarded by its lane.
final class Pending {

    private final long seq;
    private final Signed signed;
    private final long takenMillis;
    private long dueMillis;
    private long answeredAt = Long.MAX_VALUE;
    private int attempts;

    /// Due at once.
    ///
    /// @param seq its place in the order of what was acknowledged
    /// @param takenMillis when that was
    Pending(long seq, Signed signed, long takenMillis) {
        this.seq = seq;
        this.signed = signed;
        this.takenMillis = takenMillis;
    }

    long seq() {
        return seq;
    }

    Signed signed() {
        return signed;
    }

    long takenMillis() {
        return takenMillis;
    }

    long dueMillis() {
        return dueMillis;
    }

    /// @param touches how often the home was written since this gateway started
    boolean isDue(long nowMillis, long touches) {
        return nowMillis >= dueMillis || touches > answeredAt;
    }

    /// The ledger said "not yet": offered again at a time, or once the home was written.
    void waits(long untilMillis, long touches) {
        dueMillis = untilMillis;
        answeredAt = touches;
        attempts = 0;
    }

    /// No answer was reached: offered again at a time, whatever is written meanwhile.
    void postpone(long untilMillis) {
        dueMillis = untilMillis;
        answeredAt = Long.MAX_VALUE;
    }

    /// Counts one more attempt that came to nothing.
    int failed() {
        attempts++;
        return attempts;
    }
}
