package org.tallystick.agreement.instruction;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An instant in whole seconds of UTC, written `YYYY-MM-DDThh:mm:ssZ`. What is written lies in the years 2000 to 2999.
///
/// @param seconds since 1970; before the year 10000
public record LedgerTime(long seconds) implements Comparable<LedgerTime> {

    public static final long SECONDS_A_DAY = 86_400;
    static final long MILLIS_A_DAY = SECONDS_A_DAY * 1000;

    private static final Pattern FORM =
            Pattern.compile("(2[0-9]{3})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z");
    private static final long YEAR_10000 =
            LocalDateTime.of(9999, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC) + 1;

    public LedgerTime {
        if (seconds < 0 || seconds >= YEAR_10000) {
            throw new IllegalArgumentException("not between 1970 and 9999: " + seconds + " s");
        }
    }

    public static Optional<LedgerTime> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int[] part = new int[6];
        for (int i = 0; i < part.length; i++) {
            part[i] = Integer.parseInt(parts.group(i + 1));
        }
        try {
            LocalDateTime time = LocalDateTime.of(part[0], part[1], part[2], part[3], part[4], part[5]);
            return Optional.of(new LedgerTime(time.toEpochSecond(ZoneOffset.UTC)));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
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

    public String text() {
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02dT%02d:%02d:%02dZ",
                time.getYear(),
                time.getMonthValue(),
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond());
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
