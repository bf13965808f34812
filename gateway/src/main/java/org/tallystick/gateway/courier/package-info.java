/// Carries acknowledged instructions to the ledger and verdicts back, through any crash.
///
/// An instruction is *received* once it is in the store. Several instances may share one: each home (an
/// agreement, or the registry) is carried by that which holds the lease on it. Its lane asks the endorsers what
/// the ledger would say. What would write nothing is answered there: *waiting*, or *refused* before a valid
/// signature. The rest becomes a signed Fabric envelope, which is stored, then sent, then looked for in the
/// blocks. Only a block makes a verdict; it is stored together with the block's number.
///
/// Time, threads and waiting come from a [org.tallystick.gateway.courier.Clockwork], so that a simulator can
/// decide what happens when: the tests' package `simulator` runs all of this under seeds.
///
/// Start at [org.tallystick.gateway.courier.Courier]; the life of one transaction is in
/// [org.tallystick.gateway.courier.Lane].
@NullMarked
package org.tallystick.gateway.courier;

import org.jspecify.annotations.NullMarked;
