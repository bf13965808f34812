/// Holds a partner's own books beside what was reported, without sending anything.
///
/// Start at [org.tallystick.ledger.reconcile.Reconciliation].
@NullMarked
package org.tallystick.ledger.reconcile;

import org.jspecify.annotations.NullMarked;
