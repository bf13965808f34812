package org.tallystick.gateway.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the log of this gateway signs with, and whom it asks.
///
/// @param keys the folder of its keys; without one it shows the log and signs nothing
/// @param witnesses that are asked to cosign
/// @param pace at most one checkpoint is signed in this time
public record LogSettings(Optional<Path> keys, List<WitnessAddress> witnesses, Duration pace) {

    private static final Duration USUAL_PACE = Duration.ofSeconds(2);

    public static final LogSettings NONE = new LogSettings(Optional.empty(), List.of(), USUAL_PACE);

    public LogSettings {
        witnesses = List.copyOf(witnesses);
        if (pace.isNegative() || pace.isZero()) {
            throw new IllegalArgumentException("no pace: " + pace);
        }
    }

    public LogSettings withKeys(Path folder) {
        return new LogSettings(Optional.of(folder), witnesses, pace);
    }

    public LogSettings withWitnesses(List<WitnessAddress> addresses) {
        return new LogSettings(keys, addresses, pace);
    }

    public LogSettings withPace(Duration time) {
        return new LogSettings(keys, witnesses, time);
    }
}
