/// The ledger's state: the names of its keys and the values behind them.
///
/// `docs/spec/ledger-1.md` sections 3 and 4. Every value is canonical JSON; a record here reads and writes one kind.
@NullMarked
package org.tallystick.agreement.state;

import org.jspecify.annotations.NullMarked;
