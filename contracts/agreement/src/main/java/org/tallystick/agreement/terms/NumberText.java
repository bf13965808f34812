package org.tallystick.agreement.terms;

import java.math.BigInteger;
import org.tallystick.agreement.numbers.Currencies;
import org.tallystick.agreement.numbers.Rational;

/// How the rendered text writes numbers and money: always exactly (terms/1 section 17).
public final class NumberText {

    private static final BigInteger FIVE = BigInteger.valueOf(5);
    private static final Rational HUNDRED = Rational.whole(100);

    private final String currency;
    private final int exponent;

    public NumberText(String currency) {
        this.currency = currency;
        this.exponent = Currencies.exponent(currency).orElseThrow();
    }

    /// The shortest decimal with its thousands grouped, or a fraction in lowest terms.
    public static String decimal(Rational value) {
        int decimals = decimals(value);
        return decimals < 0 ? value.toString() : fixed(value, decimals);
    }

    public static String percent(Rational value) {
        Rational percent = value.times(HUNDRED);
        int decimals = decimals(percent);
        return decimals < 0 ? value.toString() : fixed(percent, decimals) + "%";
    }

    public String money(BigInteger minorUnits) {
        return price(Rational.whole(minorUnits));
    }

    /// As money, with as many more decimals as needed.
    public String price(Rational minorUnits) {
        Rational major = minorUnits.dividedBy(Rational.whole(BigInteger.TEN.pow(exponent)));
        int decimals = decimals(major);
        return decimals < 0
                ? minorUnits + " minor units of " + currency
                : currency + " " + fixed(major, Math.max(decimals, exponent));
    }

    /// How many decimals the exact value has, or -1 if they never end.
    private static int decimals(Rational value) {
        BigInteger rest = value.denominator();
        int twos = rest.getLowestSetBit();
        rest = rest.shiftRight(twos);
        int fives = 0;
        while (rest.mod(FIVE).signum() == 0) {
            rest = rest.divide(FIVE);
            fives++;
        }
        return rest.equals(BigInteger.ONE) ? Math.max(twos, fives) : -1;
    }

    private static String fixed(Rational value, int decimals) {
        BigInteger scaled = value.abs().times(BigInteger.TEN.pow(decimals)).numerator();
        String digits = scaled.toString();
        digits = "0".repeat(Math.max(0, decimals + 1 - digits.length())) + digits;
        int point = digits.length() - decimals;
        StringBuilder out = new StringBuilder(value.signum() < 0 ? "-" : "");
        for (int i = 0; i < point; i++) {
            if (i > 0 && (point - i) % 3 == 0) {
                out.append(',');
            }
            out.append(digits.charAt(i));
        }
        return decimals == 0
                ? out.toString()
                : out.append('.').append(digits, point, digits.length()).toString();
    }
}
