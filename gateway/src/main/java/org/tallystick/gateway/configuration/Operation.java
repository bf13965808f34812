package org.tallystick.gateway.configuration;

import java.util.Optional;
import org.tallystick.gateway.http.ReadyLimits;

/// How a gateway is watched and run.
///
/// @param metrics where `/metrics` is, if it is anywhere
public record Operation(Optional<Address> metrics, ReadyLimits ready) {

    public static final Operation DEFAULT = new Operation(Optional.empty(), ReadyLimits.DEFAULT);
}
