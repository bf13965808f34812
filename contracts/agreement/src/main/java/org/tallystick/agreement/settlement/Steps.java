package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Tiers;

/// The steps of tiers, ready to be looked up for one total after the other.
final class Steps {

    private final Tiers tiers;
    private final Arithmetic arithmetic;

    /// Where each step ends but the last, which has no end.
    private final List<Rational> ends;

    /// The greatest whole number that each of them reaches, as far as it fits.
    private final long[] wholeEnds;

    Steps(Tiers tiers, Arithmetic arithmetic) {
        this.tiers = tiers;
        this.arithmetic = arithmetic;
        ends = tiers.steps().stream().flatMap(step -> step.upTo().stream()).toList();
        wholeEnds = new long[ends.size()];
        for (int i = 0; i < wholeEnds.length; i++) {
            BigInteger end = ends.get(i).floor();
            wholeEnds[i] = end.bitLength() < Long.SIZE ? end.longValue() : Long.MAX_VALUE;
        }
    }

    /// The first step that a total does not exceed.
    int reachedBy(Cell total) {
        int step = 0;
        if (arithmetic == Arithmetic.LONGS && total.isSmall()) {
            while (step < wholeEnds.length && total.small() > wholeEnds[step]) {
                step++;
            }
        } else {
            Rational exact = total.sum();
            while (step < wholeEnds.length && exact.compareTo(ends.get(step)) > 0) {
                step++;
            }
        }
        return step;
    }

    /// A sum for each step.
    Cell[] cells() {
        Cell[] cells = new Cell[tiers.steps().size()];
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
