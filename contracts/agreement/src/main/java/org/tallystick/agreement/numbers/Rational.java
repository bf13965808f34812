package org.tallystick.agreement.numbers;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An exact fraction of unbounded size, in lowest terms with a positive denominator.
public record Rational(BigInteger numerator, BigInteger denominator) implements Comparable<Rational> {

    public static final Rational ZERO = whole(BigInteger.ZERO);
    public static final Rational ONE = whole(BigInteger.ONE);

    /// The most characters a rational may have in a document or an event.
    public static final int LONGEST = 40;

    private static final Pattern FORM = Pattern.compile("(-?)(0|[1-9][0-9]*)(?:\\.([0-9]+)|/([1-9][0-9]*))?");

    public Rational {
        if (denominator.signum() <= 0) {
            throw new IllegalArgumentException("a denominator is above 0, not " + denominator);
        }
        if (!denominator.equals(BigInteger.ONE)) {
            BigInteger common = numerator.gcd(denominator);
            numerator = numerator.divide(common);
            denominator = denominator.divide(common);
        }
    }

    public static Rational whole(BigInteger value) {
        return new Rational(value, BigInteger.ONE);
    }

    public static Rational whole(long value) {
        return whole(BigInteger.valueOf(value));
    }

    public static Rational of(long numerator, long denominator) {
        return new Rational(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    /// The rational spelled `-?D`, `-?D.F` or `-?D/N` (terms/1 section 2), or nothing for any other text.
    public static Optional<Rational> parse(String text) {
        return text.length() > LONGEST ? Optional.empty() : parseLong(text);
    }

    /// As [#parse], without a limit: for numbers that this code wrote itself.
    ///
    /// @throws IllegalArgumentException for any other text
    public static Rational ofText(String text) {
        return parseLong(text).orElseThrow(() -> new IllegalArgumentException("not a rational: " + text));
    }

    private static Optional<Rational> parseLong(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        String fraction = form.group(3) == null ? "" : form.group(3);
        BigInteger denominator =
                form.group(4) == null ? BigInteger.TEN.pow(fraction.length()) : new BigInteger(form.group(4));
        return Optional.of(new Rational(new BigInteger(form.group(1) + form.group(2) + fraction), denominator));
    }

    public Rational plus(Rational other) {
        if (denominator.equals(other.denominator)) {
            return new Rational(numerator.add(other.numerator), denominator);
        }
        return new Rational(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    /// The sum of many, added in pairs: their denominators may have no factor in common, and then every addition
    /// doubles
    /// the size of the numbers, which in a row would take the square of the time.
    public static Rational sum(List<Rational> values) {
        List<Rational> sums = values;
        while (sums.size() > 1) {
            List<Rational> pairs = new ArrayList<>((sums.size() + 1) / 2);
            for (int i = 0; i < sums.size(); i += 2) {
                pairs.add(i + 1 < sums.size() ? sums.get(i).plus(sums.get(i + 1)) : sums.get(i));
            }
            sums = pairs;
        }
        return sums.isEmpty() ? ZERO : sums.getFirst();
    }

    public Rational minus(Rational other) {
        return plus(other.negate());
    }

    public Rational times(Rational other) {
        return new Rational(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    public Rational times(BigInteger factor) {
        return times(whole(factor));
    }

    /// @throws ArithmeticException if `other` is 0
    public Rational dividedBy(Rational other) {
        if (other.signum() == 0) {
            throw new ArithmeticException(this + " divided by 0");
        }
        BigInteger sign = BigInteger.valueOf(other.signum());
        return new Rational(
                numerator.multiply(other.denominator).multiply(sign), denominator.multiply(other.numerator.abs()));
    }

    public Rational negate() {
        return new Rational(numerator.negate(), denominator);
    }

    public Rational abs() {
        return signum() < 0 ? negate() : this;
    }

    public Rational min(Rational other) {
        return compareTo(other) <= 0 ? this : other;
    }

    public Rational max(Rational other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /// -1, 0 or 1.
    public int signum() {
        return numerator.signum();
    }

    public boolean isWhole() {
        return denominator.equals(BigInteger.ONE);
    }

    /// The greatest whole number that is not above this one.
    public BigInteger floor() {
        BigInteger[] parts = numerator.divideAndRemainder(denominator);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    @Override
    public int compareTo(Rational other) {
        if (denominator.equals(other.denominator)) {
            return numerator.compareTo(other.numerator);
        }
        return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
    }

    /// `D` or `D/N`, in lowest terms.
    @Override
    public String toString() {
        return isWhole() ? numerator.toString() : numerator + "/" + denominator;
    }
}
