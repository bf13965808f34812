package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Tiers;

/// The steps of tiers, ready to be looked up for one total after the other.
final class Steps {

    private final Tiers tiers;
    private final Arithmetic arithmetic;

    /// The greatest whole number that each step reaches, as far as it fits.
    private final long[] limits;

    Steps(Tiers tiers, Arithmetic arithmetic) {
        this.tiers = tiers;
        this.arithmetic = arithmetic;
        limits = new long[tiers.steps().size()];
        for (int i = 0; i < limits.length; i++) {
            BigInteger limit =
                    tiers.steps().get(i).upTo().map(Rational::floor).orElse(BigInteger.valueOf(Long.MAX_VALUE));
            limits[i] = limit.bitLength() < Long.SIZE ? limit.longValue() : Long.MAX_VALUE;
        }
    }

    /// The first step that a total does not exceed.
    int reachedBy(Cell total) {
        if (arithmetic == Arithmetic.LONGS && total.isSmall()) {
            for (int i = 0; i < limits.length; i++) {
                if (total.small() <= limits[i]) {
                    return i;
                }
            }
            return limits.length - 1;
        }
        Rational exact = total.sum();
        for (int i = 0; i < limits.length; i++) {
            Optional<Rational> upTo = tiers.steps().get(i).upTo();
            if (upTo.isEmpty() || exact.compareTo(upTo.get()) <= 0) {
                return i;
            }
        }
        return limits.length - 1;
    }

    /// A sum for each step.
    Cell[] cells() {
        Cell[] cells = new Cell[limits.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = new Cell(arithmetic);
        }
        return cells;
    }

    /// What these sums are worth, each at the rate of its step.
    Rational worth(Cell[] sums) {
        List<Rational> worth = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            worth.add(tiers.steps().get(i).rate().times(sums[i].sum()));
        }
        return Rational.sum(worth);
    }
}
