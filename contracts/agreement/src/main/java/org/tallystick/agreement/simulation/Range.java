package org.tallystick.agreement.simulation;

import java.math.BigInteger;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.numbers.Rational;

/// Volumes from one to another in equal steps; both ends belong to it, whether or not the steps come out even.
public record Range(Rational from, Rational to, Rational step) {

    public Range {
        if (from.signum() < 0 || to.compareTo(from) < 0 || step.signum() <= 0) {
            throw new IllegalArgumentException("no range: " + from + " to " + to + " in steps of " + step);
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
