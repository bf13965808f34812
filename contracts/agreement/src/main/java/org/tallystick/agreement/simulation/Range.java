package org.tallystick.agreement.simulation;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Pricing;
import org.tallystick.agreement.terms.Rate;

/// Volumes from one to another in equal steps; both ends belong to it, whether or not the steps come out even.
public record Range(Rational from, Rational to, Rational step) {

    private static final Rational USUAL_AMOUNT = Rational.whole(10_000_000);
    private static final Rational USUAL_QUANTITY = Rational.whole(1_000);
    private static final Rational USUAL_COUNT = Rational.whole(20);
    private static final int STEPS = 20;

    public Range {
        if (from.signum() < 0 || to.compareTo(from) < 0 || step.signum() <= 0) {
            throw new IllegalArgumentException("no range: " + from + " to " + to + " in steps of " + step);
        }
    }

    /// A range in which something shows: half as far again as the last limit of a tier, or twice as far as a cap of the
    /// clause lets payouts grow, or else an amount that people can compute in their heads.
    public static Range showing(Scenario scenario, Clause clause) {
        Rational last = Sweep.marks(scenario).stream()
                .map(Sweep.Mark::volume)
                .filter(volume -> volume.signum() > 0)
                .max(Comparator.naturalOrder())
                .map(volume -> volume.times(Rational.of(3, 2)))
                .or(() -> clause.priced().flatMap(Range::capped))
                .orElse(
                        switch (scenario.specimen().of()) {
                            case AMOUNT -> USUAL_AMOUNT;
                            case QUANTITY -> USUAL_QUANTITY;
                            case COUNT -> USUAL_COUNT;
                        });
        Rational step = step(Rational.ZERO, last);
        BigInteger steps = last.dividedBy(step).negate().floor().negate();
        return new Range(Rational.ZERO, step.times(steps), step);
    }

    private static Optional<Rational> capped(Pricing pricing) {
        return pricing.cap().isPresent()
                        && pricing.cap().get().limit() instanceof Pricing.AmountLimit(var most)
                        && pricing.charge() instanceof Pricing.Rated(Rate.Constant(var rate))
                        && most.signum() > 0
                        && rate.signum() > 0
                ? Optional.of(Rational.whole(most).dividedBy(rate).times(Rational.whole(2)))
                : Optional.empty();
    }

    /// A round number of which some twenty lead from one volume to the other: 1, 2 or 5 and zeros.
    public static Rational step(Rational from, Rational to) {
        return round(to.minus(from).dividedBy(Rational.whole(STEPS)));
    }

    /// The first of 1, 2, 5, 10, 20, 50, 100 ... that is not below this.
    public static Rational round(Rational least) {
        Rational power = Rational.ONE;
        while (true) {
            for (int digit : List.of(1, 2, 5)) {
                Rational round = power.times(Rational.whole(digit));
                if (round.compareTo(least) >= 0) {
                    return round;
                }
            }
            power = power.times(BigInteger.TEN);
        }
    }

    /// How many volumes there are.
    public BigInteger count() {
        Rational steps = to.minus(from).dividedBy(step);
        return steps.floor().add(steps.isWhole() ? BigInteger.ONE : BigInteger.TWO);
    }

    SortedSet<Rational> volumes() {
        SortedSet<Rational> volumes = new TreeSet<>();
        for (Rational volume = from; volume.compareTo(to) < 0; volume = volume.plus(step)) {
            volumes.add(volume);
        }
        volumes.add(to);
        return volumes;
    }

    boolean contains(Rational volume) {
        return from.compareTo(volume) <= 0 && volume.compareTo(to) <= 0;
    }
}
