package org.tallystick.agreement.terms;

import java.time.LocalDate;
import java.util.Optional;

public record Period(Frequency frequency, LocalDate start) implements Comparable<Period> {
    public static Optional<Period> parse(String text) {
        throw new IllegalStateException(text);
    }

    public String text() {
        throw new IllegalStateException();
    }

    public LocalDate end() {
        throw new IllegalStateException();
    }

    public Period next() {
        throw new IllegalStateException();
    }

    public boolean contains(LocalDate day) {
        throw new IllegalStateException(day.toString());
    }

    @Override
    public int compareTo(Period other) {
        return start.compareTo(other.start);
    }
}
