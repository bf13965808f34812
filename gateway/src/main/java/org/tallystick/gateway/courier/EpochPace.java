package org.tallystick.gateway.courier;

import java.time.Duration;
import java.time.InstantSource;

/// When a gateway looks whether a new epoch is due, and at which clock.
///
/// @param clock read once at each look
/// @param look how long it waits between two looks
/// @param spread the longest delay after the hour, so that not all gateways act at once
public record EpochPace(InstantSource clock, Duration look, Duration spread) {

    public static final EpochPace USUAL =
            new EpochPace(InstantSource.system(), Duration.ofMinutes(1), Duration.ofMinutes(1));
}
