package org.tallystick.fabric.pki;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How long a certificate may be used.
///
/// @param what it belongs to, in words
/// @param renewal the command that renews it; an authority cannot be renewed
public record Expiry(String member, String what, Optional<String> renewal, Instant from, Instant until)
        implements Comparable<Expiry> {

    /// Nodes with certificates that end sooner deserve a warning.
    public static final Duration SOON = Duration.ofDays(30);

    public boolean begunAt(Instant now) {
        return !now.isBefore(from);
    }

    public boolean endedAt(Instant now) {
        return now.isAfter(until);
    }

    public boolean soonAt(Instant now) {
        return now.plus(SOON).isAfter(until);
    }

    @Override
    public int compareTo(Expiry other) {
        return until.compareTo(other.until);
    }
}
