/// The keys in a folder of their owner: made there, encrypted there, used there, and never carried elsewhere; and keys
/// that other programs sign with.
///
/// Start at [org.tallystick.ledger.keys.KeyFolder].
@NullMarked
package org.tallystick.ledger.keys;

import org.jspecify.annotations.NullMarked;
