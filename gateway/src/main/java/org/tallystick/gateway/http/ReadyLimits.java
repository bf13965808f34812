package org.tallystick.gateway.http;

import java.time.Duration;

/// From when on a gateway is not ready.
///
/// @param blocks it may be behind its peer
/// @param oldest how long an instruction may have had no answer at all; one that the ledger answered
///     *waiting* has one
public record ReadyLimits(int blocks, Duration oldest) {

    public static final ReadyLimits DEFAULT = new ReadyLimits(20, Duration.ofMinutes(5));
}
