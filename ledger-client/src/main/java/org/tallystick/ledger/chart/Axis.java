package org.tallystick.ledger.chart;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.simulation.Range;

/// Where values stand on an axis, and at which round values it has its ticks.
record Axis(Rational low, Rational high, Rational step) {

    private static final int HUNDRED = 100;

    /// From one value to the other exactly.
    ///
    /// @param ticks about as many at most
    static Axis exact(Rational low, Rational high, int ticks) {
        Rational end = high.compareTo(low) > 0 ? high : low.plus(Rational.ONE);
        return new Axis(low, end, step(low, end, ticks));
    }

    /// From the last round value that is not above all values to the first that is not below any.
    static Axis around(BigInteger least, BigInteger most, int ticks) {
        Rational low = Rational.whole(least);
        Rational high = most.compareTo(least) > 0 ? Rational.whole(most) : low.plus(Rational.ONE);
        Rational step = step(low, high, ticks);
        return new Axis(
                step.times(low.dividedBy(step).floor()),
                step.times(high.dividedBy(step).negate().floor().negate()),
                step);
    }

    private static Rational step(Rational low, Rational high, int ticks) {
        return Range.round(high.minus(low).dividedBy(Rational.whole(ticks)));
    }

    List<Rational> ticks() {
        List<Rational> ticks = new ArrayList<>();
        Rational tick = step.times(low.dividedBy(step).negate().floor().negate());
        for (; tick.compareTo(high) <= 0; tick = tick.plus(step)) {
            ticks.add(tick);
        }
        return ticks;
    }

    /// How far from its beginning a value stands on an axis of so many pixels, in hundredths.
    long position(Rational value, int pixels) {
        return value.minus(low)
                .times(Rational.whole((long) pixels * HUNDRED))
                .dividedBy(high.minus(low))
                .floor()
                .longValueExact();
    }
}
