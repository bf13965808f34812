package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Pricing;
import org.tallystick.agreement.terms.Rate;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Tiers;
import org.tallystick.agreement.terms.Window;

/// The second stage of settlement: what every clause makes due for every period of the history, given the figures known
/// now (terms/1 section 11).
///
/// Clauses come in document order, because a measure may add or deduct what earlier ones made due.
final class Accruals {

    private final Terms terms;
    private final Figures figures;
    private final List<Period> periods;
    private final Period opening;

    /// By clause, period and receiver: what the payer of the clause owes him; negative if it is the other way round.
    private final SortedMap<String, SortedMap<Period, SortedMap<String, BigInteger>>> due = new TreeMap<>();

    private final SortedSet<String> faults = new TreeSet<>();

    Accruals(Terms terms, Period opening, Period last, Figures figures) {
        this.terms = terms;
        this.figures = figures;
        this.opening = opening;
        this.periods = Window.LIFE.upTo(opening, last);
        for (Clause clause : terms.clauses()) {
            switch (clause) {
                case Clause.Fee(var id, var _, var to, var pricing) -> put(id, to, priced(id, pricing));
                case Clause.Unit(var id, var _, var to, var pricing) -> put(id, to, priced(id, pricing));
                case Clause.Fund(var id, var _, var pricing, var _) -> put(id, Accounts.fund(id), priced(id, pricing));
                case Clause.Split split -> due.put(split.id(), divided(split));
                case Clause.Fixed fixed -> put(fixed.id(), fixed.to(), counted(fixed));
                case Clause.Kpi kpi -> put(kpi.id(), kpi.to(), measured(kpi));
                case Clause.Guarantee _, Clause.Advance _, Clause.Reserve _, Clause.Withholding _, Clause.Waterfall _ ->
                    throw Fold.unsupported(clause);
            }
        }
    }

    /// Codes of what a formula needs and nobody recorded.
    SortedSet<String> faults() {
        return Collections.unmodifiableSortedSet(faults);
    }

    /// What is due under this clause, by period and receiver, zeros left out.
    SortedMap<Period, SortedMap<String, BigInteger>> of(String clause) {
        return Collections.unmodifiableSortedMap(due.getOrDefault(clause, Collections.emptySortedMap()));
    }

    private void put(String clause, String to, SortedMap<Period, BigInteger> amounts) {
        SortedMap<Period, SortedMap<String, BigInteger>> byPeriod = new TreeMap<>();
        amounts.forEach((period, amount) -> put(byPeriod, period, to, amount));
        due.put(clause, byPeriod);
    }

    private static void put(
            SortedMap<Period, SortedMap<String, BigInteger>> byPeriod, Period period, String to, BigInteger amount) {
        if (amount.signum() != 0) {
            byPeriod.computeIfAbsent(period, _ -> new TreeMap<>()).put(to, amount);
        }
    }

    // Measures (terms/1 section 7.3).

    private Rational derived(String measure, Period period) {
        Measure of = terms.measure(measure);
        BigInteger total = BigInteger.ZERO;
        for (String clause : of.plusClauses()) {
            total = total.add(accrued(clause, period));
        }
        for (String clause : of.lessClauses()) {
            total = total.subtract(accrued(clause, period));
        }
        return Rational.whole(total);
    }

    /// The accrual of a clause with one payer and one receiver.
    private BigInteger accrued(String clause, Period period) {
        return of(clause).getOrDefault(period, Collections.emptySortedMap()).values().stream()
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    private Rational whole(String measure, Period period) {
        return figures.sum(Figures.Use.MEASURE, measure, period, Figures.PLAIN).plus(derived(measure, period));
    }

    private Rational total(Figures.Use use, String clause, String measure, Period period) {
        return figures.sum(use, clause, period, Figures.PLAIN).plus(derived(measure, period));
    }

    // Fees, unit prices and funds (terms/1 sections 10 and 11.2).

    private SortedMap<Period, BigInteger> priced(String id, Pricing pricing) {
        SortedMap<Period, BigInteger> accruals = new TreeMap<>();
        SortedMap<Period, Rational> forward = forward(id, pricing);
        Optional<Running> running = Optional.empty();
        for (Period period : periods) {
            Period first = pricing.window().first(opening, period);
            Running window =
                    running.filter(before -> before.first.equals(first)).orElseGet(() -> new Running(first));
            running = Optional.of(window);
            BigInteger before = window.rounded;
            window.base = window.base.plus(
                    forward.isEmpty() ? increment(id, pricing, period) : forward.getOrDefault(period, Rational.ZERO));
            if (pricing.charge() instanceof Pricing.Tiered(var tiers)) {
                window.reached = window.reached.plus(reached(id, pricing, tiers, period));
            }
            window.rounded = rounded(pricing, window, period);
            BigInteger accrual = window.rounded.subtract(before);
            accruals.put(period, pricing.perEvent() ? accrual : atLeastFloor(pricing, accrual, period));
        }
        return accruals;
    }

    /// What a clause has added up in the window so far.
    private static final class Running {
        final Period first;
        Rational base = Rational.ZERO;
        Rational reached = Rational.ZERO;
        Rational capMeasure = Rational.ZERO;
        BigInteger rounded = BigInteger.ZERO;

        Running(Period first) {
            this.first = first;
        }
    }

    /// What a period adds: to the base of the tiers, or to the entitlement itself where events are priced.
    private Rational increment(String id, Pricing pricing, Period period) {
        return switch (pricing.charge()) {
            case Pricing.Rated(var rate) ->
                factor(id, pricing, period)
                        .times(
                                rate.isConstant() && !pricing.perEvent()
                                        ? constant(rate, total(Figures.Use.BASE, id, pricing.of(), period))
                                        : keyed(id, period));
            case Pricing.Tiered(var tiers) ->
                switch (tiers.mode()) {
                    case MARGINAL, WHOLE, BLENDED -> total(Figures.Use.BASE, id, pricing.of(), period);
                    case PER_EVENT -> keyed(id, period);
                    case LOOKBACK -> lookback(id, tiers, period);
                    case FORWARD -> Rational.ZERO;
                };
        };
    }

    private static Rational constant(Rate rate, Rational value) {
        return switch (rate) {
            case Rate.Constant(var constant) -> constant.times(value);
            default -> throw new IllegalStateException("not constant: " + rate);
        };
    }

    /// The sum over all rates of the rate times what is priced by it.
    private Rational keyed(String id, Period period) {
        Rational total = Rational.ZERO;
        for (Map.Entry<String, Rational> sum :
                figures.sums(Figures.Use.BASE, id, period).entrySet()) {
            Rational rate = RateKey.ofText(sum.getKey()).rate(figures::earliest);
            total = total.plus(rate.times(sum.getValue()));
        }
        return total;
    }

    private Rational factor(String id, Pricing pricing, Period period) {
        if (pricing.factor().isEmpty()) {
            return Rational.ONE;
        }
        Optional<Rational> factor = figures.recorded(period, pricing.factor().get());
        if (factor.isPresent()) {
            return factor.get();
        }
        boolean needed = !figures.sums(Figures.Use.BASE, id, period).isEmpty()
                || derived(pricing.of(), period).signum() != 0;
        Optional<LocalDate> from = pricing.when().from();
        boolean notYet = from.isPresent() && !period.end().isAfter(from.get());
        if (needed && !notYet) {
            faults.add(Refusals.FIGURE_MISSING);
        }
        return Rational.ZERO;
    }

    private Rational lookback(String id, Tiers tiers, Period period) {
        Rational total = Rational.ZERO;
        for (Map.Entry<String, Rational> sum :
                figures.sums(Figures.Use.BASE, id, period).entrySet()) {
            Period rated = Period.ofText(sum.getKey());
            Rational reached = rated.equals(opening)
                    ? Rational.ZERO
                    : total(Figures.Use.TIER, id, tiers.measure(), rated.previous());
            total = total.plus(tiers.rateAt(reached).times(sum.getValue()));
        }
        return total;
    }

    /// By period, what events are worth at the rate that the total before them had reached.
    private SortedMap<Period, Rational> forward(String id, Pricing pricing) {
        SortedMap<Period, Rational> worth = new TreeMap<>();
        if (!(pricing.charge() instanceof Pricing.Tiered(var tiers)) || tiers.mode() != Tiers.Mode.FORWARD) {
            return worth;
        }
        SortedMap<String, Rational> rates = new TreeMap<>();
        Rational run = Rational.ZERO;
        Period window = opening;
        for (Map.Entry<Place, Figures.Single> entry : figures.ordered(id).entrySet()) {
            Period period = terms.frequency().periodOf(entry.getKey().date());
            Period first = pricing.window().first(opening, period);
            run = first.equals(window) ? run : Rational.ZERO;
            window = first;
            Figures.Single single = entry.getValue();
            Rational own = tiers.rateAt(run);
            Rational rate = single.origin()
                    .map(origin -> rates.getOrDefault(origin, own))
                    .orElse(own);
            rates.put(entry.getKey().id(), rate);
            worth.merge(period, rate.times(single.value()), Rational::plus);
            run = run.plus(single.value());
        }
        return worth;
    }

    private Rational reached(String id, Pricing pricing, Tiers tiers, Period period) {
        return tiers.measure().equals(pricing.of())
                ? total(Figures.Use.BASE, id, pricing.of(), period)
                : total(Figures.Use.TIER, id, tiers.measure(), period);
    }

    private BigInteger rounded(Pricing pricing, Running window, Period period) {
        Rational entitled = switch (pricing.charge()) {
            case Pricing.Rated _ -> window.base;
            case Pricing.Tiered(var tiers) ->
                switch (tiers.mode()) {
                    case MARGINAL -> tiers.acrossBands(window.base);
                    case WHOLE -> tiers.rateAt(window.reached).times(window.base);
                    case BLENDED -> blended(tiers, window);
                    case FORWARD, PER_EVENT, LOOKBACK -> window.base;
                };
        };
        BigInteger rounded = pricing.round().round(entitled);
        if (pricing.cap().isEmpty() || pricing.perEvent()) {
            return rounded;
        }
        BigInteger cap = switch (pricing.cap().get().limit()) {
            case Pricing.AmountLimit(var amount) -> amount;
            case Pricing.MeasureLimit(var of, var rate) -> {
                window.capMeasure = window.capMeasure.plus(whole(of, period));
                yield pricing.round().round(rate.times(window.capMeasure)).max(BigInteger.ZERO);
            }
            case Pricing.PriceLimit _ -> throw new IllegalStateException("a price limits single events only");
        };
        return rounded.min(cap).max(cap.negate());
    }

    private static Rational blended(Tiers tiers, Running window) {
        return window.reached.signum() == 0
                ? tiers.steps().getFirst().rate().times(window.base)
                : window.base.times(tiers.acrossBands(window.reached)).dividedBy(window.reached);
    }

    private BigInteger atLeastFloor(Pricing pricing, BigInteger accrual, Period period) {
        if (pricing.floor().isEmpty() || !pricing.when().contains(period.start())) {
            return accrual;
        }
        return switch (pricing.floor().get()) {
            case Pricing.AmountLimit(var amount) -> accrual.max(amount);
            case Pricing.MeasureLimit(var of, var rate) ->
                accrual.max(pricing.round().round(rate.times(whole(of, period))));
            case Pricing.PriceLimit _ -> throw new IllegalStateException("a price limits single events only");
        };
    }

    // Splits (terms/1 section 11.4).

    private SortedMap<Period, SortedMap<String, BigInteger>> divided(Clause.Split split) {
        SortedMap<Period, SortedMap<String, BigInteger>> byPeriod = new TreeMap<>();
        for (Period period : periods) {
            parts(split, period).forEach((party, part) -> {
                if (!party.equals(split.holder())) {
                    put(byPeriod, period, party, part);
                }
            });
        }
        return byPeriod;
    }

    private SortedMap<String, BigInteger> parts(Clause.Split split, Period period) {
        if (!split.perEvent()) {
            BigInteger pool =
                    total(Figures.Use.BASE, split.id(), split.of(), period).numerator();
            return Fold.parts(terms.parties(), weights(split, period), pool);
        }
        SortedMap<String, BigInteger> parts = new TreeMap<>();
        if (split.proRata().isEmpty()) {
            figures.sums(Figures.Use.PART, split.id(), period)
                    .forEach((party, part) -> parts.put(party, part.numerator()));
            return parts;
        }
        SortedMap<String, Rational> weights = weights(split, period);
        figures.sums(Figures.Use.BASE, split.id(), period)
                .forEach((size, count) -> Fold.parts(terms.parties(), weights, new BigInteger(size))
                        .forEach((party, part) ->
                                parts.merge(party, part.multiply(count.numerator()), BigInteger::add)));
        return parts;
    }

    private SortedMap<String, Rational> weights(Clause.Split split, Period period) {
        if (split.proRata().isEmpty()) {
            return split.shares();
        }
        Clause.ProRata proRata = split.proRata().get();
        SortedMap<String, Rational> use = new TreeMap<>();
        Rational all = Rational.ZERO;
        for (String party : new TreeSet<>(proRata.among())) {
            Rational own =
                    figures.sum(Figures.Use.PRO_RATA, split.id(), period, party).max(Rational.ZERO);
            use.put(party, own);
            all = all.plus(own);
        }
        SortedMap<String, Rational> weights = new TreeMap<>(split.shares());
        if (all.signum() == 0) {
            weights.merge(proRata.ifNone(), proRata.share(), Rational::plus);
            return weights;
        }
        for (Map.Entry<String, Rational> own : use.entrySet()) {
            weights.merge(own.getKey(), proRata.share().times(own.getValue()).dividedBy(all), Rational::plus);
        }
        return weights;
    }

    // Fixed amounts and figures (terms/1 sections 11.5 and 11.6).

    private SortedMap<Period, BigInteger> counted(Clause.Fixed fixed) {
        SortedMap<Period, BigInteger> accruals = new TreeMap<>();
        Optional<Running> running = Optional.empty();
        for (Period period : periods) {
            BigInteger added = fixed.amount()
                    .multiply(figures.sum(Figures.Use.BASE, fixed.id(), period, Figures.PLAIN)
                            .numerator());
            if (fixed.cap().isEmpty()) {
                accruals.put(period, added);
                continue;
            }
            Clause.FixedCap cap = fixed.cap().get();
            Period first = cap.window().first(opening, period);
            Running window =
                    running.filter(before -> before.first.equals(first)).orElseGet(() -> new Running(first));
            running = Optional.of(window);
            BigInteger before = window.rounded;
            window.rounded = before.add(added);
            accruals.put(period, window.rounded.min(cap.amount()).subtract(before.min(cap.amount())));
        }
        return accruals;
    }

    private SortedMap<Period, BigInteger> measured(Clause.Kpi kpi) {
        SortedMap<Period, BigInteger> accruals = new TreeMap<>();
        for (Period period : periods) {
            Rational rate = Rational.ZERO;
            for (Clause.KpiTable table : kpi.tables()) {
                Optional<Rational> figure = figures.recorded(period, table.kpi());
                rate = rate.plus(figure.map(value -> step(table, value)).orElse(Rational.ZERO));
            }
            if (kpi.most().isPresent()) {
                rate = rate.min(kpi.most().get());
            }
            if (kpi.least().isPresent()) {
                rate = rate.max(kpi.least().get());
            }
            Rational base = total(Figures.Use.BASE, kpi.id(), kpi.of(), period);
            accruals.put(period, Rounding.HALF_UP.round(rate.times(base)));
        }
        return accruals;
    }

    private static Rational step(Clause.KpiTable table, Rational figure) {
        for (Clause.KpiStep step : table.steps()) {
            if (figure.compareTo(step.gte()) >= 0) {
                return step.rate();
            }
        }
        return Rational.ZERO;
    }
}
