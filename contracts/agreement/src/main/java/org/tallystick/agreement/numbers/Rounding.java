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
        BigInteger[] parts = value.numerator().abs().divideAndRemainder(value.denominator());
        BigInteger size = goesUp(parts[0], parts[1], value.denominator()) ? parts[0].add(BigInteger.ONE) : parts[0];
        return value.signum() < 0 ? size.negate() : size;
    }

    private boolean goesUp(BigInteger floor, BigInteger rest, BigInteger of) {
        int toHalf = rest.shiftLeft(1).compareTo(of);
        return switch (this) {
            case HALF_UP -> toHalf >= 0;
            case HALF_EVEN -> toHalf > 0 || (toHalf == 0 && floor.testBit(0));
            case DOWN -> false;
            case UP -> rest.signum() > 0;
        };
    }
}
