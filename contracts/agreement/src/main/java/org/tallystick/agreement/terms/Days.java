package org.tallystick.agreement.terms;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/// Dates as terms/1 spells them: real days of the years 1000 to 9999.
public final class Days {

    private static final Pattern FORM = Pattern.compile("[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])");

    private Days() {}

    /// The day spelled `YYYY-MM-DD`, or nothing for any other text.
    public static Optional<LocalDate> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.of(
                    Integer.parseInt(text.substring(0, 4)),
                    Integer.parseInt(text.substring(5, 7)),
                    Integer.parseInt(text.substring(8))));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// @throws IllegalArgumentException if [#parse] has no answer
    public static LocalDate ofText(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a date: " + text));
    }
}
