@NullMarked
package org.tallystick.ledger.pack;

import org.jspecify.annotations.NullMarked;
