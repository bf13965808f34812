package org.tallystick.agreement.rules;

import java.util.Optional;
import org.tallystick.agreement.state.CloseRecord;
import org.tallystick.agreement.state.Net;

/// Of which code the decisions are.
///
/// A ledger runs only this one. Whoever decides again what a ledger decided meets closes that other code began or
/// undid; it can follow them without computing their settlements, since an undone close leaves nothing.
///
/// @param rules its version: code that could settle otherwise has another
/// @param began how it began the close that is decided again, if it is other code
public record Edition(long rules, Optional<CloseRecord> began) {

    public static final Edition THIS = of(Net.RULES);

    public static Edition of(long rules) {
        return new Edition(rules, Optional.empty());
    }
}
