package org.tallystick.embedded;

import java.time.Duration;

/// When the orderer cuts a block: after so many envelopes, so many bytes, or so long after the first of them.
///
/// An envelope above the preferred size is alone in its block; one above the absolute size is refused.
public record BatchLimits(int count, int preferredBytes, int absoluteBytes, Duration timeout) {

    /// Fabric's sizes, with a timeout for somebody who waits in front of a screen.
    public static final BatchLimits USUAL = new BatchLimits(500, 2 << 20, 10 << 20, Duration.ofMillis(20));

    public BatchLimits {
        if (count < 1 || preferredBytes < 1 || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a batch needs a positive count, size and timeout, not " + count + ", "
                    + preferredBytes + " and " + timeout);
        }
        if (absoluteBytes < preferredBytes || absoluteBytes > Limits.MESSAGE_BYTES) {
            throw new IllegalArgumentException("the absolute size " + absoluteBytes + " is not between the preferred "
                    + preferredBytes + " and " + Limits.MESSAGE_BYTES);
        }
    }

    public BatchLimits withTimeout(Duration other) {
        return new BatchLimits(count, preferredBytes, absoluteBytes, other);
    }
}
