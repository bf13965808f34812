/// Private keys in a folder of their owner: made there, used there, and never carried elsewhere.
///
/// Start at [org.tallystick.ledger.keys.KeyFolder].
@NullMarked
package org.tallystick.ledger.keys;

import org.jspecify.annotations.NullMarked;
