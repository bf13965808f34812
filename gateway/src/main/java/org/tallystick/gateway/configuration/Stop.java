package org.tallystick.gateway.configuration;

import java.time.Duration;

/// How a gateway stops. With all else that is to be closed it takes less than 30 s.
///
/// @param notice how long it says that it is not ready, and still takes: for as long as a balancer needs to see that
/// @param drain how long what is under way may take to its block; the store has the rest
public record Stop(Duration notice, Duration drain) {

    /// What each of them may be at most.
    static final Duration MOST = Duration.ofSeconds(9);

    public static final Stop DEFAULT = new Stop(Duration.ZERO, Duration.ofSeconds(5));

    public Stop {
        if (notice.compareTo(MOST) > 0 || drain.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("a stop of " + notice + " and " + drain + " takes too long");
        }
    }
}
