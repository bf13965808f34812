/// What the ledger brings, told as it comes: each verdict once, in the order of the ledger, from any position on.
///
/// Start at [org.tallystick.gateway.stream.Streams]. Whoever is at the end is told by the one
/// [org.tallystick.gateway.stream.Tail]; whoever is behind reads pages from the store until it is there.
@NullMarked
package org.tallystick.gateway.stream;

import org.jspecify.annotations.NullMarked;
