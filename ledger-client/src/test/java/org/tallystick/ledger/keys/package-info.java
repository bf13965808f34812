@NullMarked
package org.tallystick.ledger.keys;

import org.jspecify.annotations.NullMarked;
