@NullMarked
package org.tallystick.ledger.fabric;

import org.jspecify.annotations.NullMarked;
