/// The member's transparency log over HTTP, and its witness: `docs/spec/ledger-1.md` section 14.
///
/// The leaves and their tree grow with the blocks, in the store. Here they are signed, shown, and compared with what
/// other members signed: a cosignature says that this member has built the same tree from the blocks of its own peer.
/// Whatever is signed is in the store before anybody sees it.
///
/// Start at [org.tallystick.gateway.log.TransparencyLog].
@NullMarked
package org.tallystick.gateway.log;

import org.jspecify.annotations.NullMarked;
