package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.numbers.Rational;

/// A sum being added up: in a long as long as it fits there, and beside it exactly.
final class Cell {

    private final Arithmetic arithmetic;
    private long small;
    private @Nullable Rational large;
    private boolean lacks;

    Cell(Arithmetic arithmetic) {
        this.arithmetic = arithmetic;
    }

    void add(long value) {
        if (arithmetic == Arithmetic.FRACTIONS) {
            add(Rational.whole(value));
            return;
        }
        long sum = small + value;
        if (((small ^ sum) & (value ^ sum)) < 0) {
            add(Rational.whole(small));
            small = value;
            return;
        }
        small = sum;
    }

    /// @param sign of what is added, 1 or -1
    void add(int sign, BigInteger value) {
        if (arithmetic == Arithmetic.LONGS && value.bitLength() < Long.SIZE - 1) {
            add(sign * value.longValue());
        } else {
            add(Rational.whole(sign < 0 ? value.negate() : value));
        }
    }

    void add(int sign, Rational value) {
        if (value.isWhole()) {
            add(sign, value.numerator());
        } else {
            add(sign < 0 ? value.negate() : value);
        }
    }

    private void add(Rational value) {
        large = large == null ? value : large.plus(value);
    }

    /// An event that is counted here states no quantity.
    void lack() {
        lacks = true;
    }

    boolean lacks() {
        return lacks;
    }

    /// Whether the sum is a long.
    boolean isSmall() {
        return large == null;
    }

    /// The sum, if it is small.
    long small() {
        return small;
    }

    Rational sum() {
        return large == null ? Rational.whole(small) : large.plus(Rational.whole(small));
    }
}
