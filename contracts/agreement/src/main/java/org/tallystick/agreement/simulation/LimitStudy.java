package org.tallystick.agreement.simulation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Currencies;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Tiers;

/// Both sides of a tier's limit: one unit less, the limit, one unit more, and who gets what there.
///
/// Each row is a settlement of its own, in which nothing happened before. The events of the row are those that the tier
/// measure adds up; where the clause prices another measure, events of a fixed volume that it counts come with them.
/// Tiers that look at what came before (`forward`, `lookback`) act on what comes after: the same volume comes again, in
/// the same period or in the next one, which is then the one shown.
///
/// @param specimen of the events of the rows, if such could be imagined
/// @param companion of the events that are priced where those of the rows are not
public record LimitStudy(
        TierLimit limit, Optional<Specimen> specimen, Optional<Specimen> companion, Period period, List<Row> rows) {

    /// What a companion comes to in minor units, and in units or events.
    public static final int COMPANION_AMOUNT = 1_000_000;

    public static final int COMPANION_UNITS = 1_000;

    public LimitStudy {
        rows = List.copyOf(rows);
    }

    public enum Place {
        BELOW,
        AT,
        ABOVE;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param volume of the events; absent if none comes to this place
    public record Row(Place place, Optional<Rational> volume, Result result) {

        Json encode() {
            return result.encode()
                    .with("place", place.text())
                    .withText("volume", volume.map(Rational::toString))
                    .build();
        }
    }

    /// One study for each limit of the terms, in document order.
    ///
    /// @param first the period of the rows, unless a clause is not in force then
    /// @param figures recorded in every period
    public static List<LimitStudy> of(
            Terms terms, Specimens specimens, Period first, SortedMap<String, Rational> figures) {
        List<LimitStudy> studies = new ArrayList<>();
        for (TierLimit limit : TierLimit.of(terms)) {
            studies.add(new Study(terms, specimens, limit, first, figures).run());
        }
        return List.copyOf(studies);
    }

    public Json.Obj encode() {
        return limit.encode()
                .with("companion", companion.map(Specimen::encode))
                .with("events", specimen.map(Specimen::encode))
                .with("period", period.text())
                .with("rows", Json.array(rows.stream().map(Row::encode).toList()))
                .build();
    }

    /// One study in the making.
    private static final class Study {

        private final Terms terms;
        private final TierLimit limit;
        private final SortedMap<String, Rational> figures;
        private final Optional<Specimen> specimen;
        private final Optional<Specimen> companion;
        private final Period period;
        private final Measure measure;

        Study(Terms terms, Specimens specimens, TierLimit limit, Period first, SortedMap<String, Rational> figures) {
            this.terms = terms;
            this.limit = limit;
            this.figures = figures;
            this.measure = terms.measure(limit.tiers().measure());
            List<Counted> priced = Counted.of(terms, limit.clause());
            Optional<Specimen> found = specimens.of(Counted.of(terms, limit.pricing(), limit.tiers()), first);
            this.period = found.map(one -> one.periodFrom(first)).orElse(first);
            boolean alone = found.filter(one -> isCounted(one, priced)).isPresent();
            this.specimen = found.map(one -> alone && needsPrice(one) ? one.at(majorUnit()) : one);
            this.companion = alone || found.isEmpty() ? Optional.empty() : specimens.of(priced, first);
        }

        private boolean isCounted(Specimen one, List<Counted> counted) {
            return counted.stream().anyMatch(each -> Specimens.isCounted(one, each, period));
        }

        /// Whether the clause shares out an amount that the events would not have.
        private boolean needsPrice(Specimen one) {
            return one.of() != Measure.Of.AMOUNT
                    && one.price().isEmpty()
                    && terms.measure(limit.pricing().of()).of() == Measure.Of.AMOUNT;
        }

        private Rational majorUnit() {
            return Rational.whole(
                    BigInteger.TEN.pow(Currencies.exponent(terms.currency()).orElseThrow()));
        }

        LimitStudy run() {
            Optional<Rational> at = measure.isDerived()
                    ? specimen.flatMap(one -> DerivedTotal.of(terms, limit, one, period, Rational.ONE)
                            .lastWithin(this::simulated))
                    : Optional.of(limit.at());
            List<Row> rows = new ArrayList<>();
            for (Place place : Place.values()) {
                Optional<Rational> volume = at.map(within -> switch (place) {
                    case BELOW -> within.minus(limit.unit());
                    case AT -> within;
                    case ABOVE -> within.plus(limit.unit());
                });
                rows.add(row(place, volume.filter(this::isPossible)));
            }
            return new LimitStudy(limit, specimen, companion, period, rows);
        }

        private boolean isPossible(Rational volume) {
            return volume.signum() >= 0
                    && volume.floor().toString().length() <= Limits.DIGITS_OF_VOLUME
                    && specimen.isPresent()
                    && (specimen.get().of() != Measure.Of.COUNT
                            || volume.compareTo(Rational.whole(Limits.EVENTS_OF_VOLUME)) <= 0);
        }

        private Row row(Place place, Optional<Rational> volume) {
            Result result = volume.<Result>map(this::result).orElseGet(Result.Unreached::new);
            return new Row(place, volume, result);
        }

        private Result result(Rational volume) {
            Simulated simulated = simulated(volume);
            return simulated
                    .refused()
                    .<Result>map(refused -> refused)
                    .orElseGet(() -> new Result.Paid(
                            simulated.payouts(simulated.statements().getLast())));
        }

        private Simulated simulated(Rational volume) {
            List<Json> events = new ArrayList<>();
            Period last = limit.tiers().mode() == Tiers.Mode.LOOKBACK ? period.next() : period;
            one(events, "first", period, volume);
            switch (limit.tiers().mode()) {
                case FORWARD -> specimen.ifPresent(one -> events.addAll(one.events("next", period, volume, 1)));
                case LOOKBACK -> one(events, "next", last, volume);
                case MARGINAL, WHOLE, BLENDED, PER_EVENT -> {}
            }
            return Simulated.of(terms, events, period, last);
        }

        /// What happens in one period.
        private void one(List<Json> events, String name, Period in, Rational volume) {
            events.addAll(Scenario.figures(figures, in));
            specimen.ifPresent(one -> events.addAll(one.events(name, in, volume, 1)));
            companion.ifPresent(one -> events.addAll(one.events(
                    "with-" + name,
                    in,
                    Rational.whole(one.of() == Measure.Of.AMOUNT ? COMPANION_AMOUNT : COMPANION_UNITS),
                    1)));
        }
    }
}
