/// Statements: one party's view of a settlement, every posting down to its events, and the working of a posting.
///
/// Start at [org.tallystick.ledger.statement.Statements], which computes a settlement again before it shows it.
@NullMarked
package org.tallystick.ledger.statement;

import org.jspecify.annotations.NullMarked;
