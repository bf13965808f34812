/// The Vert.x gateway: HTTP in, ledger out. It keeps what it acknowledged and never decides.
///
/// Start at [org.tallystick.gateway.Gateway]. `store` holds what must not be lost, `courier` carries it to the ledger
/// and back, `http` has one class for each route; `stream` and `webhook` tell what the ledger brings, `log` is the
/// transparency log.
@NullMarked
package org.tallystick.gateway;

import org.jspecify.annotations.NullMarked;
