package org.tallystick.agreement.settlement.naive;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Json;

/// A fraction in lowest terms, reckoned as at school.
record Fraction(BigInteger top, BigInteger bottom) implements Comparable<Fraction> {

    static final Fraction ZERO = of(0);
    static final Fraction ONE = of(1);

    private static final Pattern RATIONAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+|/[1-9][0-9]*)?");
    private static final int LONGEST = 40;

    Fraction {
        if (bottom.signum() == 0) {
            throw new IllegalArgumentException(top + "/0");
        }
        BigInteger common = top.gcd(bottom).multiply(BigInteger.valueOf(bottom.signum()));
        top = top.divide(common);
        bottom = bottom.divide(common);
    }

    static Fraction of(long whole) {
        return of(BigInteger.valueOf(whole));
    }

    static Fraction of(BigInteger whole) {
        return new Fraction(whole, BigInteger.ONE);
    }

    /// Section 2: an integer, or a string that is a rational; anything else is no number.
    static Optional<Fraction> find(Json value) {
        return switch (value) {
            case Json.Whole(var whole) -> Optional.of(of(whole));
            case Json.Text(var text) when text.length() <= LONGEST -> find(text);
            case Json.Text _, Json.Inexact _, Json.Bool _, Json.Null _, Json.Arr _, Json.Obj _ -> Optional.empty();
        };
    }

    private static Optional<Fraction> find(String text) {
        if (!RATIONAL.matcher(text).matches()) {
            return Optional.empty();
        }
        int slash = text.indexOf('/');
        if (slash >= 0) {
            return Optional.of(
                    new Fraction(new BigInteger(text.substring(0, slash)), new BigInteger(text.substring(slash + 1))));
        }
        int point = text.indexOf('.');
        if (point >= 0) {
            int places = text.length() - point - 1;
            return Optional.of(new Fraction(new BigInteger(text.replace(".", "")), BigInteger.TEN.pow(places)));
        }
        return Optional.of(of(new BigInteger(text)));
    }

    static Fraction read(Json value) {
        return find(value).orElseThrow(() -> new IllegalArgumentException("no number: " + value));
    }

    int sign() {
        return top.signum();
    }

    Fraction plus(Fraction other) {
        return new Fraction(top.multiply(other.bottom).add(other.top.multiply(bottom)), bottom.multiply(other.bottom));
    }

    Fraction minus(Fraction other) {
        return plus(other.negative());
    }

    Fraction times(Fraction other) {
        return new Fraction(top.multiply(other.top), bottom.multiply(other.bottom));
    }

    Fraction over(Fraction other) {
        return new Fraction(top.multiply(other.bottom), bottom.multiply(other.top));
    }

    Fraction negative() {
        return new Fraction(top.negate(), bottom);
    }

    Fraction size() {
        return sign() < 0 ? negative() : this;
    }

    Fraction least(Fraction other) {
        return compareTo(other) <= 0 ? this : other;
    }

    Fraction most(Fraction other) {
        return compareTo(other) >= 0 ? this : other;
    }

    @Override
    public int compareTo(Fraction other) {
        return top.multiply(other.bottom).compareTo(other.top.multiply(bottom));
    }

    /// The greatest whole number that is not above this one.
    BigInteger floor() {
        BigInteger towardsZero = top.divide(bottom);
        boolean cut = top.mod(bottom).signum() != 0;
        return cut && sign() < 0 ? towardsZero.subtract(BigInteger.ONE) : towardsZero;
    }

    /// What is known to be whole: a sum of amounts.
    BigInteger whole() {
        if (!bottom.equals(BigInteger.ONE)) {
            throw new IllegalStateException("not whole: " + this);
        }
        return top;
    }

    /// Section 2.1, word by word.
    BigInteger round(String mode) {
        BigInteger n = size().floor();
        Fraction f = size().minus(of(n));
        int half = f.plus(f).compareTo(ONE);
        boolean u = switch (mode) {
            case "half-up" -> half >= 0;
            case "half-even" -> half > 0 || (half == 0 && n.testBit(0));
            case "down" -> false;
            case "up" -> f.sign() > 0;
            default -> throw new IllegalArgumentException("mode " + mode);
        };
        BigInteger rounded = u ? n.add(BigInteger.ONE) : n;
        return sign() < 0 ? rounded.negate() : rounded;
    }

    BigInteger round() {
        return round("half-up");
    }

    @Override
    public String toString() {
        return bottom.equals(BigInteger.ONE) ? top.toString() : top + "/" + bottom;
    }
}
