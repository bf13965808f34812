@NullMarked
package org.tallystick.ledger.reconcile;

import org.jspecify.annotations.NullMarked;
