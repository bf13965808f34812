package org.tallystick.agreement.instruction;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/// An instant in whole seconds of UTC, written `YYYY-MM-DDThh:mm:ssZ`. What is written lies in the years 2000 to 2999.
///
/// @param seconds since 1970; before the year 10000
public record LedgerTime(long seconds) implements Comparable<LedgerTime> {

    public static final long SECONDS_A_DAY = 86_400;
    /// The earth's last time zone is that far ahead.
    private static final Duration LAST_ZONE = Duration.ofHours(14);

    static final long MILLIS_A_DAY = SECONDS_A_DAY * 1000;

    /// A 0 for each digit.
    private static final String FORM = "0000-00-00T00:00:00Z";

    private static final long YEAR_10000 =
            LocalDateTime.of(9999, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC) + 1;

    public LedgerTime {
        if (seconds < 0 || seconds >= YEAR_10000) {
            throw new IllegalArgumentException("not between 1970 and 9999: " + seconds + " s");
        }
    }

    public static Optional<LedgerTime> parse(String text) {
        if (!isSpelled(text)) {
            return Optional.empty();
        }
        try {
            LocalDateTime time = LocalDateTime.of(
                    part(text, 0, 4),
                    part(text, 5, 7),
                    part(text, 8, 10),
                    part(text, 11, 13),
                    part(text, 14, 16),
                    part(text, 17, 19));
            return Optional.of(new LedgerTime(time.toEpochSecond(ZoneOffset.UTC)));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// Whether each character is what the form has at its place, and the year one of those that are written.
    private static boolean isSpelled(String text) {
        if (text.length() != FORM.length() || text.charAt(0) != '2') {
            return false;
        }
        for (int i = 0; i < FORM.length(); i++) {
            char wanted = FORM.charAt(i);
            char c = text.charAt(i);
            if (wanted == '0' ? c < '0' || c > '9' : c != wanted) {
                return false;
            }
        }
        return true;
    }

    private static int part(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    public static LedgerTime of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a time: " + text));
    }

    /// The first second of a day.
    public static LedgerTime startOf(LocalDate day) {
        return new LedgerTime(Math.multiplyExact(day.toEpochDay(), SECONDS_A_DAY));
    }

    public LedgerTime plus(Duration duration) {
        return new LedgerTime(Math.addExact(seconds, duration.toSeconds()));
    }

    public boolean isBefore(LedgerTime other) {
        return seconds < other.seconds;
    }

    /// The UTC day it lies in.
    public LocalDate day() {
        return LocalDate.ofEpochDay(seconds / SECONDS_A_DAY);
    }

    /// The latest day that it is anywhere on earth: no event is dated after it.
    public LocalDate latestDay() {
        return plus(LAST_ZONE).day();
    }

    /// When it is that day first, somewhere on earth.
    public static LedgerTime earliest(LocalDate day) {
        return startOf(day).plus(LAST_ZONE.negated());
    }

    public String text() {
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(FORM);
        put(text, 0, 4, time.getYear());
        put(text, 5, 2, time.getMonthValue());
        put(text, 8, 2, time.getDayOfMonth());
        put(text, 11, 2, time.getHour());
        put(text, 14, 2, time.getMinute());
        put(text, 17, 2, time.getSecond());
        return text.toString();
    }

    private static void put(StringBuilder text, int at, int digits, int number) {
        int rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            text.setCharAt(i, (char) ('0' + rest % 10));
            rest /= 10;
        }
    }

    @Override
    public int compareTo(LedgerTime other) {
        return Long.compare(seconds, other.seconds);
    }

    @Override
    public String toString() {
        return text();
    }
}
