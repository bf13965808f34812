package org.tallystick.agreement.settlement.naive;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Section 5: periods as numbers that count on from year 0, so that the next period is one more.
///
/// @param months how many months a period has: 1, 3 or 12
record Calendar(int months) {

    private static final Pattern MONTH = Pattern.compile("([1-9][0-9]{3})-(0[1-9]|1[0-2])");
    private static final Pattern QUARTER = Pattern.compile("([1-9][0-9]{3})-Q([1-4])");
    private static final Pattern YEAR = Pattern.compile("([1-9][0-9]{3})");

    static Calendar of(String frequency) {
        return new Calendar(
                switch (frequency) {
                    case "month" -> 1;
                    case "quarter" -> 3;
                    case "year" -> 12;
                    default -> throw new IllegalArgumentException(frequency);
                });
    }

    int period(LocalDate day) {
        return (day.getYear() * 12 + day.getMonthValue() - 1) / months;
    }

    LocalDate start(int period) {
        int month = period * months;
        return LocalDate.of(month / 12, month % 12 + 1, 1);
    }

    LocalDate end(int period) {
        return start(period + 1);
    }

    long days(int period) {
        return end(period).toEpochDay() - start(period).toEpochDay();
    }

    int year(int period) {
        return start(period).getYear();
    }

    boolean endsTheYear(int period) {
        return year(period + 1) != year(period);
    }

    String id(int period) {
        LocalDate start = start(period);
        return switch (months) {
            case 1 -> "%04d-%02d".formatted(start.getYear(), start.getMonthValue());
            case 3 -> "%04d-Q%d".formatted(start.getYear(), (start.getMonthValue() + 2) / 3);
            default -> "%04d".formatted(start.getYear());
        };
    }

    /// The period of this id, if the id has the form of this calendar.
    Optional<Integer> find(String id) {
        Matcher form = switch (months) {
            case 1 -> MONTH.matcher(id);
            case 3 -> QUARTER.matcher(id);
            default -> YEAR.matcher(id);
        };
        if (!form.matches()) {
            return Optional.empty();
        }
        int year = Integer.parseInt(form.group(1));
        int ordinal = months == 12 ? 1 : Integer.parseInt(form.group(2));
        return Optional.of(year * (12 / months) + ordinal - 1);
    }

    int read(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("no period: " + id));
    }

    /// `win(W, q)`, given the opening period.
    List<Integer> window(String window, int opening, int q) {
        return IntStream.rangeClosed(opening, q)
                .filter(p -> switch (window) {
                    case "period" -> p == q;
                    case "year" -> year(p) == year(q);
                    case "life" -> true;
                    default -> throw new IllegalArgumentException(window);
                })
                .boxed()
                .toList();
    }

    /// The same day some months later, or the last day of a month that is shorter.
    static LocalDate addMonths(LocalDate day, long months) {
        long month = day.getYear() * 12L + day.getMonthValue() - 1 + months;
        LocalDate first = LocalDate.of((int) (month / 12), (int) (month % 12) + 1, 1);
        return first.withDayOfMonth(Math.min(day.getDayOfMonth(), first.lengthOfMonth()));
    }
}
