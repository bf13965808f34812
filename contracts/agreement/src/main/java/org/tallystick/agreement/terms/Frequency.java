package org.tallystick.agreement.terms;

import java.time.LocalDate;

public enum Frequency {
    MONTH,
    QUARTER,
    YEAR;

    public Period periodOf(LocalDate day) {
        throw new IllegalStateException(day.toString());
    }
}
