package org.tallystick.gateway.stream;

import java.time.Duration;

/// How many may follow, and how.
///
/// @param all streams at once; of them `ofCaller` from one address
/// @param heartbeat how long a stream may say nothing
public record StreamLimits(int all, int ofCaller, Duration heartbeat) {

    public static final StreamLimits DEFAULT = new StreamLimits(2_000, 100, Duration.ofSeconds(15));

    /// Positions in a page.
    static final int LINES = 200;

    /// Characters of a page, which has one line at least.
    static final int PAGE = 64 * 1024;

    /// Pages that are looked at for one answer in JSON, when not all is wanted.
    static final int PAGES = 10;

    /// Bytes that wait to be taken by one reader, and one line more.
    static final int QUEUE = 32 * 1024;

    /// Pages that are read from the store at once, so that others can read, too.
    static final int READS = 2;

    /// When a reader may try to connect again.
    static final Duration RETRY = Duration.ofSeconds(2);

    /// After the store could not be read.
    static final Duration AGAIN = Duration.ofSeconds(1);
}
