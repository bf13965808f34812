package org.tallystick.agreement.numbers;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Json;

/// Amounts, counted in minor units, and numbers as they stand in JSON (terms/1 section 2).
public final class Amounts {

    private static final Pattern DIGITS = Pattern.compile("0|[1-9][0-9]{0,29}");
    private static final Pattern SIGNED = Pattern.compile("0|-?[1-9][0-9]*");
    private static final BigInteger LARGEST_WHOLE = BigInteger.valueOf(Json.Whole.MAX);

    private Amounts() {}

    /// An integer that is not negative, or a string of at most 30 digits; nothing for any other value.
    public static Optional<BigInteger> read(Json value) {
        return switch (value) {
            case Json.Whole(var number) when number >= 0 -> Optional.of(BigInteger.valueOf(number));
            case Json.Text(var text) when DIGITS.matcher(text).matches() -> Optional.of(new BigInteger(text));
            default -> Optional.empty();
        };
    }

    /// A `number`: an integer or a rational; nothing for any other value.
    public static Optional<Rational> readNumber(Json value) {
        return switch (value) {
            case Json.Whole(var number) -> Optional.of(Rational.whole(number));
            case Json.Text(var text) -> Rational.parse(text);
            default -> Optional.empty();
        };
    }

    /// An integer up to 2^53-1 in size, a string of digits beyond.
    public static Json encode(BigInteger amount) {
        return amount.abs().compareTo(LARGEST_WHOLE) <= 0
                ? Json.whole(amount.longValueExact())
                : Json.text(amount.toString());
    }

    /// What [#encode] wrote, whatever its size or sign.
    ///
    /// @throws IllegalArgumentException for any other value
    public static BigInteger decode(Json value) {
        return switch (value) {
            case Json.Whole(var number) -> BigInteger.valueOf(number);
            case Json.Text(var text) when SIGNED.matcher(text).matches() -> new BigInteger(text);
            default -> throw new IllegalArgumentException("not an amount: " + value);
        };
    }
}
