/// The only package that knows Fabric's client: a ledger over the Gateway protocol, and the reading of its blocks.
///
/// Start at [org.tallystick.ledger.fabric.FabricLedger]; who has only the bytes of a block begins at
/// [org.tallystick.ledger.fabric.BlockReader].
@NullMarked
package org.tallystick.ledger.fabric;

import org.jspecify.annotations.NullMarked;
