package org.tallystick.ledger.file;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.Optional;

/// How a file writes days and times, and which day an event then has.
///
/// @param pattern letters `yyyy MM dd HH mm ss SSS XXX`, as Java has them
/// @param zone that times without an offset are in
/// @param day the zone whose day counts
record DayStyle(String pattern, Optional<ZoneId> zone, Optional<ZoneId> day) {

    static final String ISO_DAY = "yyyy-MM-dd";
    private static final String LETTERS = "yMdHmsSX";
    private static final int LONGEST_PATTERN = 40;

    static final DayStyle ISO = new DayStyle(ISO_DAY, Optional.empty(), Optional.empty());

    /// A style that can be read.
    ///
    /// @throws IllegalArgumentException if the pattern has other letters, or cannot say a day
    DayStyle {
        if (pattern.length() > LONGEST_PATTERN || !fits(pattern)) {
            throw new IllegalArgumentException(
                    "has other letters than " + LETTERS + " outside of quotes, or lacks y, M or d: " + pattern);
        }
        if (day.isPresent() && zone.isEmpty() && !pattern.contains("X")) {
            throw new IllegalArgumentException("the day of another zone needs \"zone\" or an offset in the times");
        }
        DateTimeFormatter _ = formatter(pattern);
    }

    private static boolean fits(String pattern) {
        String letters = pattern.replaceAll("'[^']*'", "").replaceAll("[^A-Za-z]", "");
        return letters.chars().allMatch(letter -> LETTERS.indexOf(letter) >= 0)
                && letters.contains("y")
                && letters.contains("M")
                && letters.contains("d");
    }

    /// Strict: a day that no calendar has is refused. The year is `u`, since `y` would ask for an era.
    private static DateTimeFormatter formatter(String pattern) {
        return new DateTimeFormatterBuilder()
                .appendPattern(pattern.replace('y', 'u'))
                .toFormatter(Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    /// Reads cells of this style.
    Reader reader() {
        return new Reader(formatter(pattern), zone, day);
    }

    record Reader(DateTimeFormatter formatter, Optional<ZoneId> zone, Optional<ZoneId> day) {

        /// @throws DateTimeException if there is no such day or time
        LocalDate read(String cell) {
            TemporalAccessor read = formatter.parse(cell);
            LocalDate written = LocalDate.from(read);
            if (day.isEmpty() || read.query(TemporalQueries.localTime()) == null) {
                return written;
            }
            LocalDateTime time = LocalDateTime.from(read);
            ZoneId offset = read.query(TemporalQueries.offset());
            ZoneId in = offset == null ? zone.orElseThrow() : offset;
            if (in.getRules().getValidOffsets(time).isEmpty()) {
                throw new DateTimeException("the clocks of " + in + " skip it");
            }
            return ZonedDateTime.of(time, in).withZoneSameInstant(day.get()).toLocalDate();
        }
    }
}
