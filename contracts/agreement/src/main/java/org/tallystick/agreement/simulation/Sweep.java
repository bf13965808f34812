package org.tallystick.agreement.simulation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Period;

/// Payouts against volume: what everybody gets for each of many volumes.
///
/// To the volumes of the range come both sides of every tier limit in it, so that a cliff is seen where it is and not
/// somewhere between two steps.
///
/// @param marks the tier limits in the range, by volume
public record Sweep(Scenario scenario, List<Point> points, List<Mark> marks) {

    public Sweep {
        points = List.copyOf(points);
        marks = List.copyOf(marks);
    }

    public record Point(Rational volume, Result result) {

        Json encode() {
            return result.encode().with("volume", volume.toString()).build();
        }
    }

    /// @param volume the last one that is still within the limit
    public record Mark(TierLimit limit, Rational volume) {}

    /// @param range not more than [Limits#VOLUMES], nor more than [Limits#SETTLEMENTS] with its periods
    public static Sweep of(Scenario scenario, Range range) {
        SortedSet<Rational> volumes = range.volumes();
        List<Mark> marks = marks(scenario).stream()
                .filter(mark -> range.contains(mark.volume()))
                .toList();
        for (Mark mark : marks) {
            volumes.add(mark.volume());
            Rational above = mark.volume().plus(unit(scenario, mark.limit()));
            if (range.contains(above)) {
                volumes.add(above);
            }
        }
        List<Point> points = new ArrayList<>();
        for (Rational volume : volumes) {
            points.add(new Point(volume, scenario.result(volume)));
        }
        return new Sweep(scenario, points, marks);
    }

    /// Where the events of a scenario come to the limits of tiers, by volume.
    static List<Mark> marks(Scenario scenario) {
        List<Mark> marks = new ArrayList<>();
        for (TierLimit limit : TierLimit.of(scenario.terms())) {
            mark(scenario, limit).ifPresent(volume -> marks.add(new Mark(limit, volume)));
        }
        marks.sort(Comparator.comparing(Mark::volume));
        return marks;
    }

    /// The volume of one period at which its events come to the limit, if they alone decide it.
    private static Optional<Rational> mark(Scenario scenario, TierLimit limit) {
        Specimen specimen = scenario.specimen();
        List<Counted> counted = Counted.of(scenario.terms(), limit.pricing(), limit.tiers());
        if (counted.stream()
                .noneMatch(each -> each.of() == limit.of()
                        && Specimens.isCounted(
                                specimen, each, scenario.periods().getFirst()))) {
            return Optional.empty();
        }
        Optional<Rational> value = valueOfOne(specimen, limit.of());
        if (scenario.terms().measure(limit.tiers().measure()).isDerived()) {
            Period first = scenario.periods().getFirst();
            return value.flatMap(one -> DerivedTotal.of(scenario.terms(), limit, specimen, first, one)
                    .lastWithin(volume -> scenario.first().simulated(volume)));
        }
        Rational unit = unit(scenario, limit);
        return value.map(one -> limit.upTo().dividedBy(one).dividedBy(unit))
                .map(units -> Rational.whole(units.floor()).times(unit));
    }

    /// What a volume of 1 adds to a measure; nothing if that cannot be said.
    private static Optional<Rational> valueOfOne(Specimen specimen, Measure.Of of) {
        return switch (specimen.of()) {
            case AMOUNT ->
                switch (of) {
                    case AMOUNT -> Optional.of(Rational.ONE);
                    case QUANTITY -> specimen.price().map(Rational.ONE::dividedBy);
                    case COUNT -> Optional.empty();
                };
            case QUANTITY ->
                switch (of) {
                    case AMOUNT -> specimen.price();
                    case QUANTITY -> Optional.of(Rational.ONE);
                    case COUNT -> Optional.empty();
                };
            case COUNT ->
                switch (of) {
                    case AMOUNT -> specimen.price();
                    case QUANTITY -> specimen.price().map(_ -> Rational.ONE);
                    case COUNT -> Optional.of(Rational.ONE);
                };
        };
    }

    private static Rational unit(Scenario scenario, TierLimit limit) {
        return scenario.specimen().of() == Measure.Of.QUANTITY && limit.of() == Measure.Of.QUANTITY
                ? limit.unit()
                : Rational.ONE;
    }

    /// The payouts of the points that were settled.
    public List<Payouts> payouts() {
        List<Payouts> payouts = new ArrayList<>();
        for (Point point : points) {
            switch (point.result()) {
                case Result.Paid(var paid) -> payouts.add(paid);
                case Result.Refused _, Result.Unreached _ -> {}
            }
        }
        return payouts;
    }

    /// The first point that was refused.
    public Optional<Result.Refused> refused() {
        for (Point point : points) {
            if (point.result() instanceof Result.Refused refused) {
                return Optional.of(refused);
            }
        }
        return Optional.empty();
    }

    /// The largest net amount of any account at any point.
    public BigInteger largest() {
        return payouts().stream().map(Payouts::largest).reduce(BigInteger.ZERO, BigInteger::max);
    }

    public Json.Obj encode() {
        return Json.object()
                .with("events", scenario.specimen().encode())
                .with("first", scenario.periods().getFirst().text())
                .with("last", scenario.periods().getLast().text())
                .with("pieces", scenario.pieces())
                .with("points", Json.array(points.stream().map(Point::encode).toList()))
                .build();
    }
}
