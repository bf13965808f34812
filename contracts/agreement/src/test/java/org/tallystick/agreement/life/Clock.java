package org.tallystick.agreement.life;

import java.time.LocalDate;
import java.time.YearMonth;

/// Days of ledger time, which is counted in seconds.
final class Clock {

    static final long DAY = 86_400;

    private Clock() {}

    static LocalDate day(long t) {
        return LocalDate.ofEpochDay(Math.floorDiv(t, DAY));
    }

    static long start(LocalDate day) {
        return day.toEpochDay() * DAY;
    }

    static long start(YearMonth month) {
        return start(month.atDay(1));
    }
}
