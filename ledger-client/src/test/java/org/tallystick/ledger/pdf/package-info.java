@NullMarked
package org.tallystick.ledger.pdf;

import org.jspecify.annotations.NullMarked;
