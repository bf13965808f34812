/// Month end: what all agreements of a party still lack for a period, who owes it, and what is due next.
///
/// Start at [org.tallystick.ledger.monthend.MonthEnd].
@NullMarked
package org.tallystick.ledger.monthend;

import org.jspecify.annotations.NullMarked;
