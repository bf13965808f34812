package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.settlement.Working.Figure;
import org.tallystick.agreement.settlement.Working.Kind;
import org.tallystick.agreement.settlement.Working.Unit;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Pricing;
import org.tallystick.agreement.terms.Rate;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Tiers;

/// Works out what a clause makes due for one period (terms/1 section 11), with every step that the text names.
///
/// The engine goes through all periods at once and adds up on the way; here each amount begins anew at the first period
/// of its window, as the formulas are written.
final class AccrualWorking {

    private final Terms terms;
    private final Period opening;
    private final Figures known;
    private final Accruals accruals;

    AccrualWorking(Terms terms, Period opening, Figures known, Accruals accruals) {
        this.terms = terms;
        this.opening = opening;
        this.known = known;
        this.accruals = accruals;
    }

    /// What the payer of the clause owes `to` for a period.
    BigInteger due(Clause clause, Period of, String to, Trail trail) {
        return switch (clause) {
            case Clause.Fee(var id, var _, var _, var pricing) -> priced(id, pricing, of, trail);
            case Clause.Unit(var id, var _, var _, var pricing) -> priced(id, pricing, of, trail);
            case Clause.Fund(var id, var _, var pricing, var _) -> priced(id, pricing, of, trail);
            case Clause.Split split -> part(split, of, to, trail);
            case Clause.Fixed fixed -> counted(fixed, of, trail);
            case Clause.Kpi kpi -> measured(kpi, of, trail);
            case Clause.Guarantee _, Clause.Advance _, Clause.Reserve _, Clause.Withholding _, Clause.Waterfall _ ->
                throw new IllegalStateException("clause " + clause.id() + " accrues nothing");
        };
    }

    // Measures.

    private Unit unit(String measure) {
        return switch (terms.measure(measure).of()) {
            case AMOUNT -> Unit.MONEY;
            case QUANTITY -> Unit.UNITS;
            case COUNT -> Unit.EVENTS;
        };
    }

    Figure figure(String measure, Rational value) {
        return new Figure(value, unit(measure));
    }

    private static Figure events(BigInteger count) {
        return new Figure(Rational.whole(count), Unit.EVENTS);
    }

    /// Of money a rate is a share, of anything else a price.
    private Unit rateUnit(String measure) {
        return unit(measure) == Unit.MONEY ? Unit.RATE : Unit.MONEY;
    }

    /// The total of a measure in a period, as the clause selects it.
    Rational total(Figures.Use use, String of, String measure, Period period, Trail trail) {
        Basket basket = known.sum(use, of, period, Figures.PLAIN);
        convert(basket, trail);
        Measure about = terms.measure(measure);
        for (String clause : about.plusClauses()) {
            BigInteger _ = trail.money(Kind.RESULT, clause, period, accruals.accrued(clause, period));
        }
        for (String clause : about.lessClauses()) {
            BigInteger _ = trail.money(
                    Kind.RESULT,
                    clause,
                    period,
                    accruals.accrued(clause, period).negate());
        }
        Rational total =
                use == Figures.Use.MEASURE ? accruals.whole(measure, period) : accruals.total(use, of, measure, period);
        return trail.value(Kind.TOTAL, measure, period, total, unit(measure));
    }

    /// The total of a measure that is taken whole.
    Rational whole(String measure, Period period, Trail trail) {
        return total(Figures.Use.MEASURE, measure, measure, period, trail);
    }

    /// Each group of one currency and one rate is rounded once.
    private void convert(Basket basket, Trail trail) {
        if (basket.sums().keySet().stream().allMatch(Coin::isOwn)) {
            return;
        }
        SortedMap<String, SortedMap<Rational, Rational>> groups = new TreeMap<>();
        SortedMap<String, Rational> fixed = new TreeMap<>();
        basket.sums().forEach((coin, sum) -> {
            if (coin.isOwn()) {
                Rational _ = trail.exact(Kind.OWN, terms.currency(), sum);
            } else {
                Rational rate = accruals.fixings().rate(coin);
                Rational fixing = accruals.fixings().fixing(coin).orElse(Rational.ZERO);
                fixed.put(coin.currency() + rate, fixing);
                groups.computeIfAbsent(coin.currency(), _ -> new TreeMap<>()).merge(rate, sum, Rational::plus);
            }
        });
        groups.forEach((currency, byRate) -> byRate.forEach((rate, sum) -> {
            Rational fixing = Optional.ofNullable(fixed.get(currency + rate)).orElseThrow();
            BigInteger converted = Rounding.HALF_UP.round(rate.times(sum));
            BigInteger _ = trail.part(Kind.CONVERTED, currency, fixing, new Figure(sum, Unit.FOREIGN), converted);
        }));
    }

    // Fees, unit prices and funds.

    private BigInteger priced(String id, Pricing pricing, Period period, Trail trail) {
        BigInteger due = rounded(id, pricing, period, trail);
        if (pricing.window().first(opening, period).compareTo(period) < 0) {
            BigInteger before = rounded(id, pricing, period.previous(), new Trail());
            due = due.subtract(trail.money(Kind.BEFORE, "", period.previous(), before));
        }
        if (pricing.perEvent() || pricing.floor().isEmpty() || !pricing.when().contains(period.start())) {
            return due;
        }
        return switch (pricing.floor().get()) {
            case Pricing.AmountLimit(var amount) -> trail.atLeast(amount, due);
            case Pricing.MeasureLimit(var of, var rate) -> {
                Rational limit = trail.rated(Kind.RATED, of, rate, figure(of, whole(of, period, trail)));
                yield trail.atLeast(trail.rounded(pricing.round(), limit), due);
            }
            case Pricing.PriceLimit _ -> throw new IllegalStateException("a price limits single events only");
        };
    }

    /// What a clause comes to over its window, up to and including this period, rounded and within its cap.
    private BigInteger rounded(String id, Pricing pricing, Period period, Trail trail) {
        List<Period> window = pricing.window().upTo(opening, period);
        Rational entitled = switch (pricing.charge()) {
            case Pricing.Rated _ ->
                trail.sum(window.stream()
                        .map(each -> rated(id, pricing, each, trail))
                        .toList());
            case Pricing.Tiered(var tiers) -> tiered(id, pricing, tiers, window, trail);
        };
        BigInteger rounded = trail.rounded(pricing.round(), entitled);
        if (pricing.cap().isEmpty() || pricing.perEvent()) {
            return rounded;
        }
        BigInteger cap = switch (pricing.cap().get().limit()) {
            case Pricing.AmountLimit(var amount) -> amount;
            case Pricing.MeasureLimit(var of, var rate) -> {
                List<Rational> all = new ArrayList<>();
                window.forEach(each -> all.add(whole(of, each, trail)));
                Rational limit = trail.rated(Kind.RATED, of, rate, figure(of, summed(of, all, trail)));
                yield trail.rounded(pricing.round(), limit).max(BigInteger.ZERO);
            }
            case Pricing.PriceLimit _ -> throw new IllegalStateException("a price limits single events only");
        };
        return trail.atMost(cap, rounded);
    }

    private Rational rated(String id, Pricing pricing, Period period, Trail trail) {
        Rational rated;
        if (pricing.charge() instanceof Pricing.Rated(Rate.Constant(var rate)) && !pricing.perEvent()) {
            Rational total = total(Figures.Use.BASE, id, pricing.of(), period, trail);
            rated = trail.rated(Kind.RATED, pricing.of(), rate, figure(pricing.of(), total));
        } else {
            rated = byRate(id, pricing, period, trail);
        }
        if (pricing.factor().isEmpty()) {
            return rated;
        }
        String kpi = pricing.factor().get();
        Rational factor = known.recorded(period, kpi)
                .map(value -> trail.value(Kind.FIGURE, kpi, period, value, Unit.NUMBER))
                .orElseGet(() -> trail.value(Kind.UNRECORDED, kpi, period, Rational.ZERO, Unit.NUMBER));
        return trail.rated(Kind.FACTORED, kpi, factor, new Figure(rated, Unit.MONEY));
    }

    /// What events come to, each at a rate of its own; those with one rate together.
    private Rational byRate(String id, Pricing pricing, Period period, Trail trail) {
        SortedMap<Rational, Basket> byRate = new TreeMap<>();
        known.sums(Figures.Use.BASE, id, period).forEach((key, basket) -> {
            if (!key.equals(Figures.PLAIN)) {
                byRate.merge(RateKey.ofText(key).rate(known::earliest), basket, Basket::plus);
            }
        });
        List<Rational> worth = new ArrayList<>();
        byRate.forEach((rate, basket) -> {
            convert(basket, trail);
            Rational of = accruals.fixings().worth(basket);
            if (!pricing.perEvent()) {
                worth.add(trail.rated(Kind.RATED, pricing.of(), rate, figure(pricing.of(), of)));
            } else if (rate.signum() != 0) {
                worth.add(trail.value(Kind.PRICED, pricing.of(), period, rate.times(of), Unit.MONEY));
            }
        });
        SortedMap<Alone, BigInteger> alone = known.alone(id, period);
        if (!alone.isEmpty()) {
            List<Rational> prices = new ArrayList<>();
            alone.forEach(
                    (event, count) -> prices.add(accruals.price(pricing, event).times(count)));
            worth.add(trail.value(Kind.PRICED, pricing.of(), period, Rational.sum(prices), Unit.MONEY));
        }
        return worth.isEmpty()
                ? trail.value(Kind.TOTAL, pricing.of(), period, Rational.ZERO, unit(pricing.of()))
                : trail.sum(worth);
    }

    // Tiers.

    private Rational tiered(String id, Pricing pricing, Tiers tiers, List<Period> window, Trail trail) {
        return switch (tiers.mode()) {
            case MARGINAL -> bands(tiers, base(id, pricing, window, trail), pricing.of(), trail);
            case WHOLE -> {
                Rational base = base(id, pricing, window, trail);
                Rational reached = reached(id, pricing, tiers, window, base, trail);
                Rational rate = trail.found(
                        Kind.REACHED,
                        tiers.measure(),
                        Optional.empty(),
                        figure(tiers.measure(), reached),
                        new Figure(tiers.rateAt(reached), rateUnit(pricing.of())));
                yield trail.rated(Kind.RATED, pricing.of(), rate, figure(pricing.of(), base));
            }
            case BLENDED -> {
                Rational base = base(id, pricing, window, trail);
                Rational reached = reached(id, pricing, tiers, window, base, trail);
                Rational rate = reached.signum() == 0
                        ? tiers.steps().getFirst().rate()
                        : bands(tiers, reached, tiers.measure(), trail).dividedBy(reached);
                yield trail.rated(Kind.RATED, pricing.of(), rate, figure(pricing.of(), base));
            }
            case FORWARD -> forward(id, pricing, tiers, window, trail);
            case PER_EVENT ->
                trail.sum(window.stream()
                        .map(each -> byRate(id, pricing, each, trail))
                        .toList());
            case LOOKBACK ->
                trail.sum(window.stream()
                        .map(each -> lookback(id, pricing, tiers, each, trail))
                        .toList());
        };
    }

    private Rational base(String id, Pricing pricing, List<Period> window, Trail trail) {
        return summed(
                pricing.of(),
                window.stream()
                        .map(each -> total(Figures.Use.BASE, id, pricing.of(), each, trail))
                        .toList(),
                trail);
    }

    /// A sum of what need not be money.
    private Rational summed(String measure, List<Rational> values, Trail trail) {
        Rational sum = Rational.sum(values);
        return values.size() == 1 ? sum : trail.summed(measure, figure(measure, sum));
    }

    /// The total that decides on the step.
    private Rational reached(String id, Pricing pricing, Tiers tiers, List<Period> window, Rational base, Trail trail) {
        if (tiers.measure().equals(pricing.of())) {
            return base;
        }
        return summed(
                tiers.measure(),
                window.stream()
                        .map(each -> total(Figures.Use.TIER, id, tiers.measure(), each, trail))
                        .toList(),
                trail);
    }

    /// The periods whose totals decide on the tiers of a clause: those of its window or, looking back, those before
    /// the periods that its events are rated in; without those where the same events are priced.
    List<Period> deciding(String id, Pricing pricing, List<Period> window) {
        if (!(pricing.charge() instanceof Pricing.Tiered(var tiers)) || tiers.mode() != Tiers.Mode.LOOKBACK) {
            return window;
        }
        return window.stream()
                .flatMap(each -> byRated(id, each).keySet().stream())
                .map(rated -> Period.ofText(rated).previous())
                .filter(before -> !tiers.measure().equals(pricing.of()) || !window.contains(before))
                .toList();
    }

    private Rational bands(Tiers tiers, Rational total, String measure, Trail trail) {
        Rational sign = Rational.whole(total.signum());
        Rational size = total.abs();
        Rational from = Rational.ZERO;
        List<Rational> worth = new ArrayList<>();
        for (Tiers.Step step : tiers.steps()) {
            Rational end = step.upTo().map(size::min).orElse(size);
            if (end.compareTo(from) > 0) {
                String limit = step.upTo().map(Rational::toString).orElse("");
                Figure within = figure(measure, end.minus(from).times(sign));
                worth.add(trail.rated(Kind.BAND, limit, step.rate(), within));
                from = end;
            }
        }
        return trail.sum(worth);
    }

    /// What events are worth at the step that the total before each had reached; a refund at that of its origin.
    private Rational forward(String id, Pricing pricing, Tiers tiers, List<Period> window, Trail trail) {
        SortedMap<String, Integer> steps = new TreeMap<>();
        SortedMap<Integer, Rational> sums = new TreeMap<>();
        Rational run = Rational.ZERO;
        Period first = opening;
        for (Figures.Single single : known.ordered(id)) {
            Period period = terms.frequency().periodOf(single.place().date());
            if (!pricing.window().first(opening, period).equals(first)) {
                first = pricing.window().first(opening, period);
                run = Rational.ZERO;
            }
            Rational value = single.coin().isOwn()
                    ? single.value()
                    : Rational.whole(accruals.fixings().worth(single.value().numerator(), single.coin()));
            int own = reachedBy(tiers, run);
            int step = single.origin()
                    .flatMap(origin -> Optional.ofNullable(steps.get(origin.id())))
                    .orElse(own);
            steps.put(single.place().id(), step);
            if (window.contains(period)) {
                sums.merge(step, value, Rational::plus);
            }
            run = run.plus(value);
        }
        List<Rational> worth = new ArrayList<>();
        sums.forEach((step, sum) -> {
            Tiers.Step at = tiers.steps().get(step);
            String limit = at.upTo().map(Rational::toString).orElse("");
            worth.add(trail.rated(Kind.BAND, limit, at.rate(), figure(pricing.of(), sum)));
        });
        return worth.isEmpty()
                ? trail.value(Kind.TOTAL, pricing.of(), window.getLast(), Rational.ZERO, unit(pricing.of()))
                : trail.sum(worth);
    }

    private static int reachedBy(Tiers tiers, Rational total) {
        int step = 0;
        while (tiers.steps()
                .get(step)
                .upTo()
                .filter(end -> total.compareTo(end) > 0)
                .isPresent()) {
            step++;
        }
        return step;
    }

    /// What events of a clause that looks back are worth, by the period that they are rated in.
    private SortedMap<String, Rational> byRated(String id, Period period) {
        SortedMap<String, Rational> byPeriod = new TreeMap<>();
        known.sums(Figures.Use.BASE, id, period).forEach((rated, basket) -> {
            if (!rated.equals(Figures.PLAIN)) {
                byPeriod.merge(rated, accruals.fixings().worth(basket), Rational::plus);
            }
        });
        known.alone(id, period)
                .forEach((event, count) -> byPeriod.merge(
                        event.by(),
                        Rational.whole(accruals.fixings().worth(event.money())).times(count),
                        Rational::plus));
        return byPeriod;
    }

    private Rational lookback(String id, Pricing pricing, Tiers tiers, Period period, Trail trail) {
        List<Rational> worth = new ArrayList<>();
        byRated(id, period).forEach((rated, value) -> {
            Period before = Period.ofText(rated).previous();
            Rational total = total(Figures.Use.TIER, id, tiers.measure(), before, trail);
            Rational rate = trail.found(
                    Kind.REACHED,
                    tiers.measure(),
                    Optional.of(before),
                    figure(tiers.measure(), total),
                    new Figure(tiers.rateAt(total), rateUnit(pricing.of())));
            worth.add(trail.rated(Kind.RATED, pricing.of(), rate, figure(pricing.of(), value)));
        });
        return worth.isEmpty()
                ? trail.value(Kind.TOTAL, pricing.of(), period, Rational.ZERO, unit(pricing.of()))
                : trail.sum(worth);
    }

    // Splits.

    private BigInteger part(Clause.Split split, Period period, String to, Trail trail) {
        if (split.perEvent()) {
            return parts(split, period, to, trail);
        }
        Rational pool = total(Figures.Use.BASE, split.id(), split.of(), period, trail);
        SortedMap<String, Rational> weights = weights(split, period, to, trail);
        BigInteger part = new Shares(terms, weights).divide(pool.numerator()).getOrDefault(to, BigInteger.ZERO);
        return trail.part(Kind.PART, to, weights.getOrDefault(to, Rational.ZERO), figure(split.of(), pool), part);
    }

    private SortedMap<String, Rational> weights(Clause.Split split, Period period, String to, Trail trail) {
        if (split.proRata().isPresent()) {
            Clause.ProRata proRata = split.proRata().get();
            Unit unit = unit(proRata.of());
            List<Rational> all = new ArrayList<>();
            for (String party : proRata.among()) {
                Rational use = accruals.fixings()
                        .worth(known.sum(Figures.Use.PRO_RATA, split.id(), period, party))
                        .max(Rational.ZERO);
                all.add(use);
                if (party.equals(to)) {
                    Rational _ = trail.value(Kind.USE, party, period, use, unit);
                }
            }
            Rational _ = trail.value(Kind.USE_OF_ALL, proRata.of(), period, Rational.sum(all), unit);
        }
        return accruals.weights(split, period);
    }

    /// Events that are divided one by one.
    private BigInteger parts(Clause.Split split, Period period, String to, Trail trail) {
        BigInteger parts = accruals.fixings()
                .worth(known.sum(Figures.Use.PART, split.id(), period, to))
                .numerator();
        SortedMap<Alone, BigInteger> alone = known.alone(split.id(), period);
        if (!alone.isEmpty()) {
            Shares shares = new Shares(terms, weights(split, period, to, trail));
            for (Map.Entry<Alone, BigInteger> event : alone.entrySet()) {
                BigInteger pool = accruals.fixings().worth(event.getKey().money());
                BigInteger part = shares.divide(pool).getOrDefault(to, BigInteger.ZERO);
                parts = parts.add(part.multiply(event.getValue()));
            }
        }
        return trail.money(Kind.PARTS, split.of(), period, parts);
    }

    // Fixed amounts and figures.

    private BigInteger counted(Clause.Fixed fixed, Period period, Trail trail) {
        BigInteger added = counted(fixed, period).numerator();
        if (fixed.cap().isEmpty()) {
            return trail.rated(Kind.RATED, "", Rational.whole(fixed.amount()), events(added))
                    .numerator();
        }
        Clause.FixedCap cap = fixed.cap().get();
        List<Period> window = cap.window().upTo(opening, period);
        BigInteger all = Rational.sum(
                        window.stream().map(each -> counted(fixed, each)).toList())
                .numerator();
        Rational upToNow = trail.rated(Kind.RATED, "", Rational.whole(fixed.amount()), events(all));
        BigInteger limited = upToNow.numerator().min(cap.amount());
        Rational _ = trail.found(Kind.CAPPED, "", Optional.empty(), Figure.money(cap.amount()), Figure.money(limited));
        if (window.size() == 1) {
            return limited;
        }
        BigInteger before = fixed.amount().multiply(all.subtract(added)).min(cap.amount());
        return limited.subtract(trail.money(Kind.BEFORE, "", period.previous(), before));
    }

    private Rational counted(Clause.Fixed fixed, Period period) {
        return accruals.fixings().worth(known.sum(Figures.Use.BASE, fixed.id(), period, Figures.PLAIN));
    }

    private BigInteger measured(Clause.Kpi kpi, Period period, Trail trail) {
        List<Rational> rates = new ArrayList<>();
        for (Clause.KpiTable table : kpi.tables()) {
            Optional<Rational> figure = known.recorded(period, table.kpi());
            if (figure.isEmpty()) {
                Rational _ = trail.value(Kind.UNRECORDED, table.kpi(), period, Rational.ZERO, Unit.NUMBER);
            } else {
                rates.add(trail.found(
                        Kind.FIGURE_RATE,
                        table.kpi(),
                        Optional.of(period),
                        new Figure(figure.get(), Unit.NUMBER),
                        new Figure(Accruals.step(table, figure.get()), Unit.RATE)));
            }
        }
        Rational rate = Rational.sum(rates);
        if (rates.size() > 1) {
            trail.rates(rate);
        }
        Rational within = kpi.most().map(rate::min).orElse(rate);
        within = kpi.least().map(within::max).orElse(within);
        if (!within.equals(rate)) {
            Rational _ = trail.found(
                    Kind.COLLARED, "", Optional.empty(), new Figure(rate, Unit.RATE), new Figure(within, Unit.RATE));
        }
        Rational base = total(Figures.Use.BASE, kpi.id(), kpi.of(), period, trail);
        return trail.rounded(Rounding.HALF_UP, trail.rated(Kind.RATED, kpi.of(), within, figure(kpi.of(), base)));
    }

    /// What earlier settlements posted, or nothing.
    static BigInteger posted(History before, String clause, Period period, String to) {
        return before.posted(clause, period).getOrDefault(to, BigInteger.ZERO);
    }
}
