package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Fixings fixings;
    private final Arithmetic arithmetic;
    private final List<Period> periods;
    private final Period opening;

    /// By clause, period and receiver: what the payer of the clause owes him; negative if it is the other way round.
    private final SortedMap<String, SortedMap<Period, SortedMap<String, BigInteger>>> due = new TreeMap<>();

    private final SortedSet<String> faults = new TreeSet<>();

    Accruals(Terms terms, Period opening, Period last, Figures figures, Arithmetic arithmetic) {
        this.arithmetic = arithmetic;
        this.terms = terms;
        this.figures = figures;
        this.fixings = new Fixings(terms, figures);
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
                case Clause.Guarantee _,
                        Clause.Advance _,
                        Clause.Reserve _,
                        Clause.Withholding _,
                        Clause.Waterfall _ -> {}
            }
        }
    }

    /// Codes of what a formula needs and nobody recorded.
    SortedSet<String> faults() {
        SortedSet<String> all = new TreeSet<>(faults);
        all.addAll(fixings.faults());
        return all;
    }

    Fixings fixings() {
        return fixings;
    }

    /// From the opening to the period being settled.
    List<Period> periods() {
        return periods;
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
    BigInteger accrued(String clause, Period period) {
        return of(clause).getOrDefault(period, Collections.emptySortedMap()).values().stream()
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /// The total of a measure that is taken whole.
    Rational whole(String measure, Period period) {
        return fixings.worth(figures.sum(Figures.Use.MEASURE, measure, period, Figures.PLAIN))
                .plus(derived(measure, period));
    }

    Rational total(Figures.Use use, String clause, String measure, Period period) {
        return fixings.worth(figures.sum(use, clause, period, Figures.PLAIN)).plus(derived(measure, period));
    }

    /// What a party receives under a clause for a period, less what it pays.
    BigInteger received(Clause clause, String party, Period period) {
        SortedMap<String, BigInteger> amounts = of(clause.id()).getOrDefault(period, Collections.emptySortedMap());
        BigInteger received = amounts.getOrDefault(party, BigInteger.ZERO);
        return payer(clause).equals(party)
                ? amounts.values().stream().reduce(received, BigInteger::subtract)
                : received;
    }

    /// Who pays what a clause makes due.
    static String payer(Clause clause) {
        return switch (clause) {
            case Clause.Fee(var _, var from, var _, var _) -> from;
            case Clause.Unit(var _, var from, var _, var _) -> from;
            case Clause.Fund(var _, var from, var _, var _) -> from;
            case Clause.Split split -> split.holder();
            case Clause.Fixed fixed -> fixed.from();
            case Clause.Kpi kpi -> kpi.from();
            case Clause.Guarantee _, Clause.Advance _, Clause.Reserve _, Clause.Withholding _, Clause.Waterfall _ ->
                throw new IllegalStateException("clause " + clause.id() + " accrues nothing");
        };
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
            window.base =
                    window.base.plus(increment(id, pricing, period)).plus(forward.getOrDefault(period, Rational.ZERO));
            if (pricing.charge() instanceof Pricing.Tiered(var tiers) && isByTotal(tiers.mode())) {
                window.reached = window.reached.plus(reached(id, pricing, tiers, period));
            }
            window.rounded = rounded(pricing, window, period);
            BigInteger accrual = window.rounded.subtract(before);
            accruals.put(period, pricing.perEvent() ? accrual : atLeastFloor(pricing, accrual, period));
        }
        return accruals;
    }

    /// Whether the total of the tier measure over the window decides.
    private static boolean isByTotal(Tiers.Mode mode) {
        return switch (mode) {
            case WHOLE, BLENDED -> true;
            case MARGINAL, FORWARD, PER_EVENT, LOOKBACK -> false;
        };
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
                                        : keyed(id, pricing, period));
            case Pricing.Tiered(var tiers) ->
                switch (tiers.mode()) {
                    case MARGINAL, WHOLE, BLENDED -> total(Figures.Use.BASE, id, pricing.of(), period);
                    case PER_EVENT -> keyed(id, pricing, period);
                    case LOOKBACK -> lookback(id, tiers, period);
                    // The worth is known already; only what lacks its quantity stands here.
                    case FORWARD -> fixings.worth(figures.sum(Figures.Use.BASE, id, period, Figures.PLAIN));
                };
        };
    }

    private static Rational constant(Rate rate, Rational value) {
        return switch (rate) {
            case Rate.Constant(var constant) -> constant.times(value);
            default -> throw new IllegalStateException("not constant: " + rate);
        };
    }

    /// The sum over all rates of the rate times what is priced by it, and of the prices of single events.
    private Rational keyed(String id, Pricing pricing, Period period) {
        SortedMap<Rational, Basket> byRate = new TreeMap<>();
        figures.sums(Figures.Use.BASE, id, period)
                .forEach((key, basket) -> byRate.merge(
                        key.equals(Figures.PLAIN)
                                ? Rational.ZERO
                                : RateKey.ofText(key).rate(figures::earliest),
                        basket,
                        Basket::plus));
        List<Rational> worth = new ArrayList<>();
        byRate.forEach((rate, basket) -> worth.add(rate.times(fixings.worth(basket))));
        figures.alone(id, period)
                .forEach((event, count) -> worth.add(price(pricing, event).times(count)));
        return Rational.sum(worth);
    }

    /// What an event that is converted alone is priced at.
    Rational price(Pricing pricing, Alone event) {
        Rational value = Rational.whole(fixings.worth(event.money()));
        return switch (pricing.charge()) {
            case Pricing.Rated _ -> {
                Rational rate = RateKey.ofText(event.by()).rate(figures::earliest);
                EventPrice price = new EventPrice(pricing);
                yield Rational.whole(price.of(rate, value, event.quantity(), arithmetic));
            }
            case Pricing.Tiered(var tiers) -> {
                Rational size = event.size()
                        .map(other -> Rational.whole(fixings.worth(other)))
                        .orElse(value);
                yield tiers.rateAt(size).times(value);
            }
        };
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
        List<Rational> worth = new ArrayList<>();
        figures.sums(Figures.Use.BASE, id, period).forEach((rated, basket) -> {
            Rational value = fixings.worth(basket);
            worth.add(
                    rated.equals(Figures.PLAIN)
                            ? Rational.ZERO
                            : lookback(id, tiers, rated).times(value));
        });
        figures.alone(id, period)
                .forEach((event, count) -> worth.add(lookback(id, tiers, event.by())
                        .times(fixings.worth(event.money()))
                        .times(count)));
        return Rational.sum(worth);
    }

    /// The rate that the period before reached; before the opening nothing adds up to anything.
    Rational lookback(String id, Tiers tiers, String period) {
        Period before = Period.ofText(period).previous();
        return tiers.rateAt(total(Figures.Use.TIER, id, tiers.measure(), before));
    }

    /// By period, what events are worth at the rate that the total before them had reached.
    private SortedMap<Period, Rational> forward(String id, Pricing pricing) {
        SortedMap<Period, Rational> worth = new TreeMap<>();
        if (!(pricing.charge() instanceof Pricing.Tiered(var tiers))) {
            return worth;
        }
        List<Figures.Single> singles = figures.ordered(id);
        Set<String> named = new HashSet<>();
        singles.forEach(single -> single.origin().ifPresent(named::add));
        Map<String, Integer> steps = new HashMap<>();
        SortedMap<Period, Cell[]> sums = new TreeMap<>();
        Cell run = new Cell(arithmetic);
        Steps ladder = new Steps(tiers, arithmetic);
        Period window = opening;
        for (Figures.Single single : singles) {
            Period period = terms.frequency().periodOf(single.place().date());
            Period first = pricing.window().first(opening, period);
            if (!first.equals(window)) {
                run = new Cell(arithmetic);
                window = first;
            }
            Rational value = single.coin().isOwn()
                    ? single.value()
                    : Rational.whole(fixings.worth(single.value().numerator(), single.coin()));
            int own = ladder.reachedBy(run);
            int step = single.origin()
                    .map(origin -> steps.getOrDefault(origin, own))
                    .orElse(own);
            if (named.contains(single.place().id())) {
                steps.put(single.place().id(), step);
            }
            Cell[] cells = sums.computeIfAbsent(period, _ -> ladder.cells());
            cells[step].add(1, value);
            run.add(1, value);
        }
        sums.forEach((period, cells) -> worth.put(period, ladder.worth(cells)));
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
            Shares shares = new Shares(terms, weights(split, period));
            return shares.divide(pool);
        }
        SortedMap<String, BigInteger> parts = new TreeMap<>();
        figures.sums(Figures.Use.PART, split.id(), period)
                .forEach((party, part) -> parts.put(party, fixings.worth(part).numerator()));
        SortedMap<Alone, BigInteger> alone = figures.alone(split.id(), period);
        if (!alone.isEmpty()) {
            Shares shares = new Shares(terms, weights(split, period));
            alone.forEach((event, count) -> shares.divide(fixings.worth(event.money()))
                    .forEach((party, part) -> parts.merge(party, part.multiply(count), BigInteger::add)));
        }
        return parts;
    }

    SortedMap<String, Rational> weights(Clause.Split split, Period period) {
        if (split.proRata().isEmpty()) {
            return split.shares();
        }
        Clause.ProRata proRata = split.proRata().get();
        SortedMap<String, Rational> use = new TreeMap<>();
        for (String party : proRata.among()) {
            Rational own = fixings.worth(figures.sum(Figures.Use.PRO_RATA, split.id(), period, party));
            use.put(party, own.max(Rational.ZERO));
        }
        Rational all = Rational.sum(List.copyOf(use.values()));
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
                    .multiply(fixings.worth(figures.sum(Figures.Use.BASE, fixed.id(), period, Figures.PLAIN))
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
            List<Rational> rates = new ArrayList<>();
            for (Clause.KpiTable table : kpi.tables()) {
                figures.recorded(period, table.kpi()).ifPresent(value -> rates.add(step(table, value)));
            }
            Rational rate = Rational.sum(rates);
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

    static Rational step(Clause.KpiTable table, Rational figure) {
        for (Clause.KpiStep step : table.steps()) {
            if (figure.compareTo(step.gte()) >= 0) {
                return step.rate();
            }
        }
        return Rational.ZERO;
    }
}
