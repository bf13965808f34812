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
import java.util.function.Function;
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

/// The second stage of settlement: what every clause makes due for every period that is computed again, given the
/// figures known now (terms/1 section 11). For all other periods it is what was posted.
///
/// Clauses come in document order, because a measure may add or deduct what earlier ones made due. Where a window began
/// before the periods that are computed again, it goes on from the sums kept of it.
final class Accruals {

    private final Terms terms;
    private final History before;
    private final Figures figures;
    private final Fixings fixings;
    private final Arithmetic arithmetic;
    private final SortedSet<Period> periods;
    private final Period opening;

    /// By clause, period and receiver: what the payer of the clause owes him; negative if it is the other way round.
    private final SortedMap<String, SortedMap<Period, SortedMap<String, BigInteger>>> due = new TreeMap<>();

    private final SortedSet<String> faults = new TreeSet<>();

    /// By the text of their keys: many events have the same.
    private final Map<String, Rational> rates = new HashMap<>();

    /// By period, what it adds to sums over longer windows.
    private final SortedMap<Period, SortedMap<String, Rational>> added = new TreeMap<>();

    Accruals(Terms terms, History before, Reach reach, Figures figures, Arithmetic arithmetic) {
        this.arithmetic = arithmetic;
        this.terms = terms;
        this.before = before;
        this.figures = figures;
        this.fixings = new Fixings(terms, figures);
        this.opening = before.opening();
        this.periods = reach.again();
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
        for (String measure : new Plan(terms).whole()) {
            periods.forEach(period -> take(measure, period));
        }
    }

    /// Keeps the total of a measure that clauses may take whole, and what it lacks: some clause may ask for it only
    /// later.
    private void take(String measure, Period period) {
        Fixings asked = new Fixings(terms, figures);
        add(period, Added.measure(measure), whole(measure, period, asked));
        asked.faults().forEach(code -> add(period, Added.lacking(code, measure), Rational.ONE));
    }

    /// What sums over longer windows are called, where they are kept.
    private static final class Added {
        static String measure(String measure) {
            return "measure " + measure;
        }

        /// In how many periods the measure lacks something.
        static String lacking(String code, String measure) {
            return "lacking " + code + " " + measure;
        }

        static String base(String clause) {
            return "base " + clause;
        }

        static String reached(String clause) {
            return "reached " + clause;
        }

        static String run(String clause) {
            return "run " + clause;
        }
    }

    private void add(Period period, String sum, Rational value) {
        added.computeIfAbsent(period, _ -> new TreeMap<>()).merge(sum, value, Rational::plus);
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

    /// Those that are computed again, the one being settled last.
    List<Period> periods() {
        return List.copyOf(periods);
    }

    /// What is to be kept of the periods computed again, without what clauses keep one by one.
    SortedMap<Period, Past> kept() {
        SortedMap<Period, Past> kept = new TreeMap<>();
        for (Period period : periods) {
            SortedMap<String, SortedMap<String, BigInteger>> posted = new TreeMap<>();
            due.forEach((clause, byPeriod) ->
                    Optional.ofNullable(byPeriod.get(period)).ifPresent(amounts -> posted.put(clause, amounts)));
            Figures sums = figures.sumsIn(period);
            SortedSet<Coin> coins = sums.coins();
            coins.addAll(figures.singlesIn(period).coins());
            kept.put(
                    period,
                    new Past(
                            sums.withFixings(figures, period, coins),
                            posted,
                            added.getOrDefault(period, Collections.emptySortedMap())));
        }
        return kept;
    }

    /// The sum of a measure that is taken whole over all periods.
    Rational total(String measure) {
        return taken(measure, sum -> addedSince(opening, Window.LIFE, sum));
    }

    /// What the periods from `first` on, with which a window begins, add to a sum.
    private Rational addedSince(Period first, Window window, String sum) {
        Rational total = first.equals(periods.last())
                ? Rational.ZERO
                : before.added(window).getOrDefault(sum, Rational.ZERO);
        for (Period period : periods.tailSet(first)) {
            total = total.plus(addedIn(period, sum)).minus(before.past(period).added(sum));
        }
        return total;
    }

    private Rational addedIn(Period period, String sum) {
        return added.getOrDefault(period, Collections.emptySortedMap()).getOrDefault(sum, Rational.ZERO);
    }

    /// What all periods add to sums now, in the windows that the period being settled is in.
    SortedMap<Window, SortedMap<String, Rational>> added() {
        SortedMap<Window, SortedMap<String, Rational>> sums = new TreeMap<>();
        for (Window window : List.of(Window.YEAR, Window.LIFE)) {
            Period first = window.first(opening, periods.last());
            SortedSet<String> names = new TreeSet<>(before.added(window).keySet());
            added.values().forEach(byName -> names.addAll(byName.keySet()));
            SortedMap<String, Rational> byName = new TreeMap<>();
            names.forEach(name -> byName.put(name, addedSince(first, window, name)));
            sums.put(window, byName);
        }
        return sums;
    }

    /// What is due under this clause for a period, by receiver, zeros left out.
    SortedMap<String, BigInteger> of(String clause, Period period) {
        return periods.contains(period)
                ? due.getOrDefault(clause, Collections.emptySortedMap())
                        .getOrDefault(period, Collections.emptySortedMap())
                : before.posted(clause, period);
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
        return of(clause, period).values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    /// The total of a measure that is taken whole.
    Rational whole(String measure, Period period) {
        if (periods.contains(period)) {
            return whole(measure, period, fixings);
        }
        return taken(measure, before.past(period)::added);
    }

    private Rational whole(String measure, Period period, Fixings asked) {
        return asked.worth(figures.sum(Figures.Use.MEASURE, measure, period, Figures.PLAIN))
                .plus(derived(measure, period));
    }

    /// What is kept of the totals of a measure, the lack of something included.
    private Rational taken(String measure, Function<String, Rational> kept) {
        for (String code : List.of(Refusals.FIGURE_MISSING, Refusals.FX_MISSING)) {
            if (kept.apply(Added.lacking(code, measure)).signum() > 0) {
                faults.add(code);
            }
        }
        return kept.apply(Added.measure(measure));
    }

    Rational total(Figures.Use use, String clause, String measure, Period period) {
        return fixings.worth(figures.sum(use, clause, period, Figures.PLAIN)).plus(derived(measure, period));
    }

    /// What a party receives under a clause for a period, less what it pays.
    BigInteger received(Clause clause, String party, Period period) {
        SortedMap<String, BigInteger> amounts = of(clause.id(), period);
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
            Running window = running.filter(
                            upToNow -> upToNow.goesOn(pricing.window().first(opening, period), period))
                    .orElseGet(() -> running(id, pricing, period));
            running = Optional.of(window);
            BigInteger earlier = rounded(pricing, window);
            Rational increment = increment(id, pricing, period).plus(forward.getOrDefault(period, Rational.ZERO));
            window.base = window.base.plus(increment);
            add(pricing.window(), period, Added.base(id), increment);
            if (pricing.charge() instanceof Pricing.Tiered(var tiers) && isByTotal(tiers.mode())) {
                Rational reached = reached(id, pricing, tiers, period);
                window.reached = window.reached.plus(reached);
                add(pricing.window(), period, Added.reached(id), reached);
            }
            if (capMeasure(pricing).isPresent()) {
                window.capMeasure =
                        window.capMeasure.plus(whole(capMeasure(pricing).get(), period));
            }
            window.next = period.next();
            BigInteger accrual = rounded(pricing, window).subtract(earlier);
            accruals.put(period, pricing.perEvent() ? accrual : atLeastFloor(pricing, accrual, period));
        }
        return accruals;
    }

    /// What a clause had added up in its window before this period.
    private Running running(String id, Pricing pricing, Period period) {
        Window window = pricing.window();
        Running running = running(id, window, period);
        running.reached = before.addedBefore(Added.reached(id), window, period);
        capMeasure(pricing)
                .ifPresent(of -> running.capMeasure = taken(of, sum -> before.addedBefore(sum, window, period)));
        return running;
    }

    private Running running(String id, Window window, Period period) {
        Running running = new Running(window.first(opening, period), period);
        running.base = before.addedBefore(Added.base(id), window, period);
        return running;
    }

    /// The measure that limits a clause, if one does.
    private static Optional<String> capMeasure(Pricing pricing) {
        return pricing.perEvent()
                ? Optional.empty()
                : pricing.cap().map(Pricing.Cap::limit).flatMap(limit -> switch (limit) {
                    case Pricing.MeasureLimit(var of, var _) -> Optional.of(of);
                    case Pricing.AmountLimit _, Pricing.PriceLimit _ -> Optional.empty();
                });
    }

    private void add(Window window, Period period, String sum, Rational value) {
        if (window != Window.PERIOD) {
            add(period, sum, value);
        }
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

        /// The period that is to be added next.
        Period next;

        Running(Period first, Period next) {
            this.first = first;
            this.next = next;
        }

        boolean goesOn(Period window, Period period) {
            return first.equals(window) && next.equals(period);
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
                Rational rate = rates.computeIfAbsent(
                        event.by(), by -> RateKey.ofText(by).rate(figures::earliest));
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
        Period earlier = Period.ofText(period).previous();
        return tiers.rateAt(total(Figures.Use.TIER, id, tiers.measure(), earlier));
    }

    /// By period, what events are worth at the rate that the total before them had reached.
    private SortedMap<Period, Rational> forward(String id, Pricing pricing) {
        SortedMap<Period, Rational> worth = new TreeMap<>();
        if (!(pricing.charge() instanceof Pricing.Tiered(var tiers))) {
            return worth;
        }
        List<Figures.Single> singles = figures.ordered(id);
        Set<String> named = new HashSet<>();
        singles.forEach(single -> single.origin().ifPresent(origin -> named.add(origin.id())));
        Map<String, Integer> steps = new HashMap<>();
        SortedMap<Period, Cell[]> sums = new TreeMap<>();
        Steps ladder = new Steps(tiers, arithmetic);
        Optional<Period> last = Optional.empty();
        Cell run = new Cell(arithmetic);
        for (Figures.Single single : singles) {
            Period period = terms.frequency().periodOf(single.place().date());
            if (last.isEmpty() || !last.get().equals(period)) {
                run = run(id, pricing.window(), last, run, period);
                last = Optional.of(period);
            }
            Rational value = single.coin().isOwn()
                    ? single.value()
                    : Rational.whole(fixings.worth(single.value().numerator(), single.coin()));
            int own = ladder.reachedBy(run);
            int step = single.origin()
                    .map(origin -> steps.getOrDefault(origin.id(), own))
                    .orElse(own);
            if (named.contains(single.place().id())) {
                steps.put(single.place().id(), step);
            }
            Cell[] cells = sums.computeIfAbsent(period, _ -> ladder.cells());
            cells[step].add(1, value);
            run.add(1, value);
        }
        sums.forEach((period, cells) -> {
            worth.put(period, ladder.worth(cells));
            for (Cell cell : cells) {
                add(pricing.window(), period, Added.run(id), cell.sum());
            }
        });
        return worth;
    }

    /// What a clause had run up in its window before the first event of a period.
    ///
    /// @param last the period of the event before, with what was run up by it
    private Cell run(String id, Window window, Optional<Period> last, Cell sum, Period period) {
        Period first = window.first(opening, period);
        if (last.isPresent() && window.first(opening, last.get()).equals(first) && isSeenFrom(last.get(), period)) {
            return sum;
        }
        Cell run = new Cell(arithmetic);
        run.add(1, before.addedBefore(Added.run(id), window, period));
        return run;
    }

    /// Whether the events of every period between these are known.
    private boolean isSeenFrom(Period last, Period period) {
        for (Period p = last.next(); p.compareTo(period) < 0; p = p.next()) {
            if (!periods.contains(p)) {
                return false;
            }
        }
        return true;
    }

    private Rational reached(String id, Pricing pricing, Tiers tiers, Period period) {
        return tiers.measure().equals(pricing.of())
                ? total(Figures.Use.BASE, id, pricing.of(), period)
                : total(Figures.Use.TIER, id, tiers.measure(), period);
    }

    private static BigInteger rounded(Pricing pricing, Running window) {
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
            case Pricing.MeasureLimit(var _, var rate) ->
                pricing.round().round(rate.times(window.capMeasure)).max(BigInteger.ZERO);
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
            Running window = running.filter(
                            upToNow -> upToNow.goesOn(cap.window().first(opening, period), period))
                    .orElseGet(() -> running(fixed.id(), cap.window(), period));
            running = Optional.of(window);
            BigInteger earlier = window.base.numerator();
            window.base = window.base.plus(Rational.whole(added));
            add(cap.window(), period, Added.base(fixed.id()), Rational.whole(added));
            window.next = period.next();
            accruals.put(period, window.base.numerator().min(cap.amount()).subtract(earlier.min(cap.amount())));
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
