package org.tallystick.agreement.terms;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/// How often an agreement is settled.
public enum Frequency {
    MONTH(1),
    QUARTER(3),
    YEAR(12);

    private final int months;

    Frequency(int months) {
        this.months = months;
    }

    int months() {
        return months;
    }

    int periodsPerYear() {
        return 12 / months;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Frequency> ofText(String text) {
        for (Frequency frequency : values()) {
            if (frequency.text().equals(text)) {
                return Optional.of(frequency);
            }
        }
        return Optional.empty();
    }

    /// The period that contains this day.
    public Period periodOf(LocalDate day) {
        return new Period(this, day.getYear() * periodsPerYear() + (day.getMonthValue() - 1) / months);
    }
}
