package org.tallystick.agreement.numbers;

import java.math.BigInteger;
import java.util.Optional;

/// How a fraction becomes a whole number (terms/1 section 2.1). Every mode treats -x as the mirror image of x.
public enum Rounding {
    /// The half goes away from zero.
    HALF_UP("half-up"),
    /// The half goes to the even neighbor.
    HALF_EVEN("half-even"),
    /// Towards zero.
    DOWN("down"),
    /// Away from zero.
    UP("up");

    private final String text;

    Rounding(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public static Optional<Rounding> ofText(String text) {
        for (Rounding mode : values()) {
            if (mode.text.equals(text)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    public BigInteger round(Rational value) {
        return round(value.numerator(), value.denominator());
    }

    /// Rounds a fraction that need not be in lowest terms.
    ///
    /// @param of above 0
    public BigInteger round(BigInteger value, BigInteger of) {
        BigInteger[] parts = value.abs().divideAndRemainder(of);
        boolean up = goesUp(parts[1].shiftLeft(1).compareTo(of), parts[0].testBit(0), parts[1].signum() > 0);
        BigInteger size = up ? parts[0].add(BigInteger.ONE) : parts[0];
        return value.signum() < 0 ? size.negate() : size;
    }

    /// Rounds a product: in longs where they are enough, else exactly.
    public BigInteger product(Rational factor, BigInteger value) {
        BigInteger of = factor.denominator();
        if (isLong(factor.numerator()) && isLong(of) && isLong(value)) {
            long one = factor.numerator().longValue();
            long other = value.longValue();
            long low = one * other;
            if (Math.multiplyHigh(one, other) == low >> 63 && low != Long.MIN_VALUE) {
                return BigInteger.valueOf(round(low, of.longValue()));
            }
        }
        return round(factor.numerator().multiply(value), of);
    }

    private static boolean isLong(BigInteger value) {
        return value.bitLength() < Long.SIZE;
    }

    /// As the other, where all fits.
    ///
    /// @param value any but the least long
    /// @param of above 0
    public long round(long value, long of) {
        long size = Math.abs(value);
        long floor = size / of;
        long rest = size - floor * of;
        if (goesUp(Long.compare(rest, of - rest), (floor & 1) == 1, rest > 0)) {
            floor++;
        }
        return value < 0 ? -floor : floor;
    }

    /// @param toHalf how the rest compares with a half
    private boolean goesUp(int toHalf, boolean odd, boolean rest) {
        return switch (this) {
            case HALF_UP -> toHalf >= 0;
            case HALF_EVEN -> toHalf > 0 || (toHalf == 0 && odd);
            case DOWN -> false;
            case UP -> rest;
        };
    }
}
