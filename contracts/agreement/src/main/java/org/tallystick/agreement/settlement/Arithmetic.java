package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.List;
import org.tallystick.agreement.numbers.LargestRemainder;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;

/// How sums, prices and parts are computed; the results are the same.
enum Arithmetic {
    /// In longs where they are provably enough, else exactly.
    LONGS,
    /// In fractions of unbounded size throughout: what the other is held against.
    FRACTIONS;

    BigInteger round(Rounding mode, Rational rate, Rational value) {
        return this == LONGS && value.isWhole() ? mode.product(rate, value.numerator()) : mode.round(rate.times(value));
    }

    /// The parts, in the order of the weights.
    ///
    /// @param parts is filled if all of them fit, and then the answer is empty
    List<BigInteger> divide(LargestRemainder weights, BigInteger pool, long[] parts) {
        boolean filled = this == LONGS && pool.bitLength() < Long.SIZE && weights.divide(pool.longValue(), parts);
        return filled ? List.of() : weights.divide(pool);
    }
}
