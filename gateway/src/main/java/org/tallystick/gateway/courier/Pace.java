package org.tallystick.gateway.courier;

import java.time.Duration;
import java.time.InstantSource;

/// How often a courier looks for what nobody tells it.
///
/// @param clock by which an epoch is due; read once at each look
/// @param epochs how long it waits between two looks whether a new epoch is due
/// @param spread the longest delay after the hour, so that not all gateways act at once
/// @param leases how long work that another instance took in waits at most until it is noticed
public record Pace(InstantSource clock, Duration epochs, Duration spread, Duration leases) {

    public static final Pace USUAL =
            new Pace(InstantSource.system(), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMillis(200));
}
