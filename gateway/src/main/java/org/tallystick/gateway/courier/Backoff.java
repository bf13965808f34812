package org.tallystick.gateway.courier;

import java.time.Duration;

/// How long to wait before the next attempt: twice as long each time, up to a longest.
record Backoff(Duration first, Duration longest) {

    /// After an invalidated transaction: another gateway was faster.
    static final Backoff CONFLICT = new Backoff(Duration.ofMillis(20), Duration.ofSeconds(5));
    /// After a peer or the store did not do what was asked.
    static final Backoff TROUBLE = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

    /// @param attempt from 1
    Duration after(int attempt) {
        int doublings = Math.min(Math.max(attempt, 1) - 1, 20);
        Duration wait = first.multipliedBy(1L << doublings);
        return wait.compareTo(longest) < 0 ? wait : longest;
    }
}
