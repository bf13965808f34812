package org.tallystick.agreement.instruction;

import java.math.BigInteger;
import org.tallystick.agreement.json.Json;

/// Amounts and numbers of terms/1 as JSON: an integer, or a text where that is too large or not whole.
final class Amounts {

    private static final BigInteger LARGEST_INTEGER = BigInteger.valueOf(Json.Whole.MAX);

    private Amounts() {}

    static BigInteger of(Json amount) {
        return new BigInteger(spelling(amount));
    }

    static Json toJson(BigInteger amount) {
        return amount.compareTo(LARGEST_INTEGER) <= 0
                ? Json.whole(amount.longValueExact())
                : Json.text(amount.toString());
    }

    static String spelling(Json number) {
        return switch (number) {
            case Json.Whole(var whole) -> Long.toString(whole);
            case Json.Text(var text) -> text;
            default -> throw new IllegalArgumentException("not a number: " + number);
        };
    }
}
