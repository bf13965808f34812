/// What the gateway must not lose: acknowledged instructions, signed Fabric envelopes, verdicts and the
/// position in the block stream, in a file of SQLite or a database of PostgreSQL.
///
/// Start at [org.tallystick.gateway.store.Store]; what a commit means is in
/// [org.tallystick.gateway.store.Writer], who carries what in [org.tallystick.gateway.store.Leases].
@NullMarked
package org.tallystick.gateway.store;

import org.jspecify.annotations.NullMarked;
