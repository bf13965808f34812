/// Traces of instructions from HTTP to their block, by OpenTelemetry; nothing of it runs unless an operator says where
/// to send them.
@NullMarked
package org.tallystick.gateway.traces;

import org.jspecify.annotations.NullMarked;
