/// What a gateway counts and measures, for Prometheus.
///
/// Start at [org.tallystick.gateway.metrics.Metrics]; `docs/grafana-gateway.json` shows it.
@NullMarked
package org.tallystick.gateway.metrics;

import org.jspecify.annotations.NullMarked;
