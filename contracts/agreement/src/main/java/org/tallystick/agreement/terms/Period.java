package org.tallystick.agreement.terms;

import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A calendar month, quarter or year; it knows which of the three it is.
///
/// @param ordinal how many periods of this frequency there were since the beginning of year 0
public record Period(Frequency frequency, int ordinal) implements Comparable<Period> {

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{3})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?");

    /// The period spelled `YYYY-MM`, `YYYY-Qn` or `YYYY`, or nothing for any other text.
    public static Optional<Period> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        int year = Integer.parseInt(form.group(1));
        if (form.group(2) != null) {
            return Optional.of(new Period(Frequency.MONTH, year * 12 + Integer.parseInt(form.group(2)) - 1));
        }
        if (form.group(3) != null) {
            return Optional.of(new Period(Frequency.QUARTER, year * 4 + Integer.parseInt(form.group(3)) - 1));
        }
        return Optional.of(new Period(Frequency.YEAR, year));
    }

    /// @throws IllegalArgumentException if [#parse] has no answer
    public static Period ofText(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a period: " + text));
    }

    public String text() {
        int inYear = Math.floorMod(ordinal, frequency.periodsPerYear()) + 1;
        return switch (frequency) {
            case MONTH -> year() + (inYear < 10 ? "-0" : "-") + inYear;
            case QUARTER -> year() + "-Q" + inYear;
            case YEAR -> Integer.toString(year());
        };
    }

    public int year() {
        return Math.floorDiv(ordinal, frequency.periodsPerYear());
    }

    /// The first day.
    public LocalDate start() {
        return LocalDate.of(year(), Math.floorMod(ordinal, frequency.periodsPerYear()) * frequency.months() + 1, 1);
    }

    /// The first day of the next period.
    public LocalDate end() {
        return next().start();
    }

    public boolean contains(LocalDate day) {
        return frequency.periodOf(day).equals(this);
    }

    public Period next() {
        return plus(1);
    }

    public Period previous() {
        return plus(-1);
    }

    public Period plus(int periods) {
        return new Period(frequency, ordinal + periods);
    }

    /// Whether no other period of its calendar year follows.
    public boolean endsYear() {
        return next().year() != year();
    }

    /// @throws IllegalArgumentException if the frequencies differ: months and quarters have no common order
    @Override
    public int compareTo(Period other) {
        if (frequency != other.frequency) {
            throw new IllegalArgumentException(this + " has another frequency than " + other);
        }
        return Integer.compare(ordinal, other.ordinal);
    }

    @Override
    public String toString() {
        return text();
    }
}
