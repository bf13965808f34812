package org.tallystick.agreement.terms;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;

/// Dates as terms/1 spells them: real days of the years 1000 to 9999.
public final class Days {

    private static final int LENGTH = "YYYY-MM-DD".length();

    private Days() {}

    /// The day spelled `YYYY-MM-DD`, or nothing for any other text.
    public static Optional<LocalDate> parse(String text) {
        if (text.length() != LENGTH || text.charAt(4) != '-' || text.charAt(7) != '-' || text.charAt(0) == '0') {
            return Optional.empty();
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, LENGTH);
        boolean real = year > 0
                && month >= 1
                && month <= 12
                && day >= 1
                && day <= YearMonth.of(year, month).lengthOfMonth();
        return real ? Optional.of(LocalDate.of(year, month, day)) : Optional.empty();
    }

    /// The number that these digits are, or -1 if one of them is none.
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /// @throws IllegalArgumentException if [#parse] has no answer
    public static LocalDate ofText(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a date: " + text));
    }
}
