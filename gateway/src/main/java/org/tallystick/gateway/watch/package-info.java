/// What those are told who watch a gateway at work: metrics and traces.
///
/// Start at [org.tallystick.gateway.watch.Watch].
@NullMarked
package org.tallystick.gateway.watch;

import org.jspecify.annotations.NullMarked;
