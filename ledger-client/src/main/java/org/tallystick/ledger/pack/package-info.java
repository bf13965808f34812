/// The audit pack and the trust file: written and read, never judged. What they say is for `verify` to check.
///
/// `docs/spec/pack-1.md` is the format. Start at [org.tallystick.ledger.pack.PackReader]; what a pack of a ledger
/// holds,
/// [org.tallystick.ledger.pack.PackBuilder] decides.
@NullMarked
package org.tallystick.ledger.pack;

import org.jspecify.annotations.NullMarked;
