package org.tallystick.gateway.configuration;

import java.util.Optional;
import org.tallystick.gateway.http.ReadyLimits;
import org.tallystick.gateway.logging.Logging;
import org.tallystick.gateway.traces.TraceSettings;

/// How a gateway is watched and run.
///
/// @param metrics where `/metrics` is, if it is anywhere
public record Operation(
        Optional<Address> metrics, ReadyLimits ready, Logging logging, Stop stop, Optional<TraceSettings> traces) {

    public static final Operation DEFAULT =
            new Operation(Optional.empty(), ReadyLimits.DEFAULT, Logging.DEFAULT, Stop.DEFAULT, Optional.empty());

    public Operation withMetrics(Address address) {
        return new Operation(Optional.of(address), ready, logging, stop, traces);
    }

    public Operation withReady(ReadyLimits limits) {
        return new Operation(metrics, limits, logging, stop, traces);
    }

    public Operation withStop(Stop how) {
        return new Operation(metrics, ready, logging, how, traces);
    }

    public Operation withTraces(TraceSettings settings) {
        return new Operation(metrics, ready, logging, stop, Optional.of(settings));
    }
}
