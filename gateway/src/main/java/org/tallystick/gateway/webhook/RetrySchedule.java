package org.tallystick.gateway.webhook;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/// When what was not delivered is tried again: at some moment (full jitter) within a time that doubles up to a longest,
/// for so long in all.
record RetrySchedule(Duration first, Duration longest, Duration horizon) {

    static final RetrySchedule USUAL =
            new RetrySchedule(Duration.ofSeconds(5), Duration.ofHours(6), Duration.ofDays(3));

    /// No sooner than this, whatever chance says.
    private static final Duration LEAST = Duration.ofSeconds(1);

    private static final int MOST_DOUBLINGS = 30;

    /// @param tries so far, at least one
    /// @param trying for how long already
    /// @param random a number below its argument
    /// @return nothing if it is given up
    Optional<Duration> after(int tries, Duration trying, LongUnaryOperator random) {
        if (trying.compareTo(horizon) >= 0) {
            return Optional.empty();
        }
        Duration doubled = first.multipliedBy(1L << Math.min(tries - 1, MOST_DOUBLINGS));
        Duration within = doubled.compareTo(longest) < 0 ? doubled : longest;
        return Optional.of(LEAST.plusMillis(random.applyAsLong(within.toMillis())));
    }
}
