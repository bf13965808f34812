package org.tallystick.agreement.state;

import org.tallystick.agreement.terms.Period;

/// Periods as they stand in stored values, which only the rules write.
final class Periods {

    private Periods() {}

    static Period stored(String text) {
        return Period.parse(text).orElseThrow(() -> new IllegalStateException("not a period: " + text));
    }
}
