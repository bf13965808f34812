package org.tallystick.agreement.terms;

import java.math.BigInteger;
import java.util.List;
import org.tallystick.agreement.numbers.Rational;

/// A sum of fractions that is compared, never computed with.
///
/// Thousands of fractions whose denominators have nothing in common add up to one of a hundred thousand digits. Halves
/// are added to halves and nothing is reduced on the way, so that even such a sum takes milliseconds, not hours.
record Sum(BigInteger numerator, BigInteger denominator) {

    /// What is longer is not written out.
    private static final int SHOWN_BITS = 256;

    static Sum of(List<Rational> parts) {
        if (parts.isEmpty()) {
            return new Sum(BigInteger.ZERO, BigInteger.ONE);
        }
        if (parts.size() == 1) {
            return new Sum(parts.getFirst().numerator(), parts.getFirst().denominator());
        }
        int half = parts.size() / 2;
        return of(parts.subList(0, half)).plus(of(parts.subList(half, parts.size())));
    }

    private Sum plus(Sum other) {
        if (denominator.equals(other.denominator)) {
            return new Sum(numerator.add(other.numerator), denominator);
        }
        return new Sum(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    boolean isOne() {
        return numerator.equals(denominator);
    }

    boolean isAboveOne() {
        return numerator.compareTo(denominator) > 0;
    }

    /// In lowest terms if that is short; else only on which side of 1 it is.
    String shown() {
        if (denominator.bitLength() <= SHOWN_BITS && numerator.bitLength() <= SHOWN_BITS) {
            return new Rational(numerator, denominator).toString();
        }
        return isAboveOne() ? "more than 1" : "less than 1";
    }
}
