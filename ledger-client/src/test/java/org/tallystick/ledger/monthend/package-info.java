@NullMarked
package org.tallystick.ledger.monthend;

import org.jspecify.annotations.NullMarked;
