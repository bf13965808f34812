package org.tallystick.ledger.file;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a file writes numbers; each is named by one thousand in it. Thousands may be grouped where the name shows
/// it, and then all of them.
enum NumberStyle {
    POINT("1000.00", "", "\\."),
    COMMA("1000,00", "", ","),
    COMMA_POINT("1,000.00", ",", "\\."),
    POINT_COMMA("1.000,00", "\\.", ","),
    /// Also with the spaces that do not break a line.
    SPACE_COMMA("1 000,00", "[ \u00a0\u202f]", ","),
    APOSTROPHE_POINT("1'000.00", "['\u2019]", "\\.");

    /// The most digits of a number.
    static final int MOST_DIGITS = 30;

    private final String text;
    private final boolean grouped;
    private final Pattern grouping;
    private final Pattern form;

    NumberStyle(String text, String grouping, String point) {
        this.text = text;
        this.grouped = !grouping.isEmpty();
        this.grouping = Pattern.compile(grouping);
        String groups = grouped ? "|[0-9]{1,3}(?:" + grouping + "[0-9]{3})+" : "";
        this.form = Pattern.compile("([+-]?)([0-9]+" + groups + ")(?:" + point + "([0-9]+))?");
    }

    static Optional<NumberStyle> ofText(String text) {
        for (NumberStyle style : values()) {
            if (style.text.equals(text)) {
                return Optional.of(style);
            }
        }
        return Optional.empty();
    }

    String text() {
        return text;
    }

    /// The number, exactly as it is written; nothing for what is none in this style, or has too many digits.
    Optional<Decimal> read(String cell) {
        Matcher matcher = form.matcher(cell);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String whole = grouped ? grouping.matcher(matcher.group(2)).replaceAll("") : matcher.group(2);
        String fraction = Optional.ofNullable(matcher.group(3)).orElse("");
        if (whole.length() + fraction.length() > MOST_DIGITS) {
            return Optional.empty();
        }
        BigInteger digits = new BigInteger(whole + fraction);
        return Optional.of(new Decimal("-".equals(matcher.group(1)) ? digits.negate() : digits, fraction.length()));
    }

    /// A decimal number with the decimals it was written with.
    ///
    /// @param digits all of them, without the point
    record Decimal(BigInteger digits, int decimals) {

        /// In units of `10^-exponent`; only if it has no more decimals than that, whatever they are.
        Optional<BigInteger> units(int exponent) {
            return decimals > exponent
                    ? Optional.empty()
                    : Optional.of(digits.multiply(BigInteger.TEN.pow(exponent - decimals)));
        }

        /// In the spelling of terms/1: `-12.50`.
        String text() {
            String all = digits.abs().toString();
            String padded = "0".repeat(Math.max(0, decimals + 1 - all.length())) + all;
            int point = padded.length() - decimals;
            String sign = digits.signum() < 0 ? "-" : "";
            return sign + padded.substring(0, point) + (decimals == 0 ? "" : "." + padded.substring(point));
        }
    }
}
