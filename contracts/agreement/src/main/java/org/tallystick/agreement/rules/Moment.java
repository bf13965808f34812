package org.tallystick.agreement.rules;

import java.time.LocalDate;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.state.Net;

/// When and by whom a transaction is carried to the ledger.
///
/// @param time ledger time, the same for all items of the transaction
/// @param carrier the member identity that sent it; only the registration of a registrar key looks at it
record Moment(Net net, LedgerTime time, Carrier carrier) {

    LocalDate day() {
        return time.day();
    }

    /// The latest day an event may be dated: today, somewhere on earth.
    LocalDate latestDate() {
        return time.latestDay();
    }
}
