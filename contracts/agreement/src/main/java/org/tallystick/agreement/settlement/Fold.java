package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.SettlementRules;
import org.tallystick.agreement.terms.Terms;

/// The first stage of settlement: adds events up, each where a clause will look for it.
///
/// An event that a clause prices alone is priced here already, as far as the event decides; its price then adds up like
/// any other sum. What stands in its way (a fixing that is not known yet) keeps it by itself.
final class Fold {

    private final Plan plan;
    private final Terms terms;
    private final Arithmetic arithmetic;
    private final Optional<SettlementRules.Conversion> conversion;
    private final Figures figures = new Figures();
    private final SortedMap<String, List<Figures.Single>> ordered = new TreeMap<>();
    private final SortedMap<String, List<Figures.Claim>> claims = new TreeMap<>();
    private final List<Figures.Booking> bookings = new ArrayList<>();
    private final SortedSet<String> faults = new TreeSet<>();
    private final SortedMap<Period, Page> pages = new TreeMap<>();
    private @Nullable Page page;
    /// A day of that page.
    private LocalDate day = LocalDate.MIN;

    /// By measure, what it answered for the event at hand, and for which event that was.
    private final int[] signs;

    private final long[] answered;
    private long event;

    /// The sums of one period.
    private static final class Page {
        final Period period;
        final Cell[] plain;
        final List<TreeMap<Key, Cell>> keyed = new ArrayList<>();

        Page(Period period, int slots) {
            this.period = period;
            this.plain = new Cell[slots];
            for (int i = 0; i < slots; i++) {
                keyed.add(new TreeMap<>());
            }
        }
    }

    /// What divides the sums of a slot.
    private record Key(String by, Coin coin) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::by).thenComparing(Key::coin);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    Fold(Plan plan, Arithmetic arithmetic) {
        this.plan = plan;
        this.terms = plan.terms();
        this.arithmetic = arithmetic;
        this.conversion = terms.settlement().fx();
        this.signs = new int[plan.counters()];
        this.answered = new long[plan.counters()];
    }

    void add(KnownEvent known) {
        Fact fact = Fact.of(known);
        switch (fact.type()) {
            case KPI -> record(known);
            case FX -> fix(known);
            case ADVANCE -> book(known, Figures.Act.ADVANCE, "clause");
            case CAPITAL -> book(known, Figures.Act.CAPITAL, "party");
            case SUSPEND -> book(known, Figures.Act.SUSPEND, "party");
            case RESUME -> book(known, Figures.Act.RESUME, "party");
            case DISPUTE_HOLD -> book(known, Figures.Act.HOLD, "party");
            case DISPUTE_RELEASE -> book(known, Figures.Act.RELEASE, "party");
            case MILESTONE -> {
                // Whether a rate waits for it or not: an amendment may add one that does.
                known.event().textAttribute("name").ifPresent(name -> figures.fact(name, fact.date()));
                measure(fact);
            }
            case SALE, COST, DELIVERY, REFUND, RETURN, USAGE, SUBSCRIBERS, MDF_CLAIM -> measure(fact);
        }
    }

    /// All that was added; nothing may be added afterwards.
    Figures figures() {
        List<Plan.Slot> slots = plan.slots();
        for (Page each : pages.values()) {
            for (int i = 0; i < slots.size(); i++) {
                Plan.Slot slot = slots.get(i);
                Cell plain = each.plain[i];
                if (plain != null) {
                    put(slot, each.period, new Key(Figures.PLAIN, Coin.OWN), plain);
                }
                each.keyed.get(i).forEach((key, cell) -> put(slot, each.period, key, cell));
            }
        }
        ordered.forEach(figures::order);
        claims.forEach(figures::claim);
        figures.book(bookings);
        faults.forEach(figures::fault);
        return figures;
    }

    private void put(Plan.Slot slot, Period period, Key key, Cell cell) {
        SortedMap<Coin, Rational> sums = new TreeMap<>();
        sums.put(key.coin(), cell.sum());
        figures.add(slot.use(), slot.of(), period, key.by(), new Basket(sums, cell.lacks()));
    }

    private Page page(LocalDate date) {
        if (page == null || !day.equals(date)) {
            page = pages.computeIfAbsent(
                    terms.frequency().periodOf(date),
                    period -> new Page(period, plan.slots().size()));
            day = date;
        }
        return page;
    }

    private Cell plain(Page at, int slot) {
        Cell cell = at.plain[slot];
        if (cell == null) {
            cell = new Cell(arithmetic);
            at.plain[slot] = cell;
        }
        return cell;
    }

    private Cell cell(Page at, int slot, String by, Coin coin) {
        if (by.isEmpty() && coin.isOwn()) {
            return plain(at, slot);
        }
        return at.keyed.get(slot).computeIfAbsent(new Key(by, coin), _ -> new Cell(arithmetic));
    }

    // Figures, fixings and what acts by being booked.

    private void record(KnownEvent known) {
        Event stated = known.event();
        String kpi = stated.kpi().orElseThrow();
        if (plan.looksUp(kpi)) {
            Figures.Recorded figure =
                    new Figures.Recorded(Place.of(known), stated.value().orElseThrow());
            figures.record(terms.frequency().periodOf(stated.date()), kpi, figure);
        }
    }

    /// Only a pair that ends in the currency of the terms converts anything.
    private void fix(KnownEvent known) {
        Event stated = known.event();
        String pair = stated.pair().orElseThrow();
        if (conversion.isPresent() && pair.endsWith("/" + terms.currency())) {
            Figures.Recorded rate =
                    new Figures.Recorded(Place.of(known), stated.rate().orElseThrow());
            figures.fix(pair.substring(0, 3), fixingDay(stated.date()), rate);
        }
    }

    private LocalDate fixingDay(LocalDate date) {
        return conversion.isPresent() && !conversion.get().daily()
                ? terms.frequency().periodOf(date).start()
                : date;
    }

    private void book(KnownEvent known, Figures.Act act, String whom) {
        Event stated = known.event();
        bookings.add(new Figures.Booking(
                Place.of(known),
                act,
                stated.textAttribute(whom).orElseThrow(),
                stated.textAttribute("to"),
                stated.amount().orElse(BigInteger.ZERO)));
    }

    // Measured events.

    private void measure(Fact fact) {
        event++;
        Page at = page(fact.date());
        for (Plan.Task task : plan.tasks(fact.type())) {
            switch (task) {
                case Plan.Summed(var selection, var slot) -> {
                    int sign = sign(selection, fact);
                    if (sign != 0) {
                        add(at, slot, Figures.PLAIN, sign, selection.counter().of(), fact);
                    }
                }
                case Plan.Whole(var counter, var slot) -> {
                    int sign = sign(counter, fact);
                    if (sign != 0) {
                        add(at, slot, Figures.PLAIN, sign, counter.of(), fact);
                    }
                }
                case Plan.Rated rated -> rate(rated, fact, at);
                case Plan.Priced priced -> price(priced, fact, at);
                case Plan.Stepped stepped -> step(stepped, fact, at);
                case Plan.Counted(var on, var when, var slot) -> {
                    if (when.contains(fact.originDate()) && on.matches(fact)) {
                        plain(at, slot).add(1);
                    }
                }
                case Plan.Divided divided -> divide(divided, fact, at);
                case Plan.Used used -> use(used, fact, at);
                case Plan.Claimed(var clause, var on) -> {
                    if (on.matches(fact)) {
                        claims.computeIfAbsent(clause, _ -> new ArrayList<>())
                                .add(new Figures.Claim(Place.of(fact), money(fact)));
                    }
                }
            }
        }
    }

    private int sign(Counter counter, Fact fact) {
        int index = counter.index();
        if (answered[index] != event) {
            answered[index] = event;
            signs[index] = counter.sign(fact);
        }
        return signs[index];
    }

    /// The sign with which the event is counted; 0 if it is not selected.
    private int sign(Plan.Selection selection, Fact fact) {
        int sign = sign(selection.counter(), fact);
        return sign != 0 && isSelected(selection, fact) ? sign : 0;
    }

    private static boolean isSelected(Plan.Selection selection, Fact fact) {
        return selection.when().contains(fact.originDate()) && selection.where().matches(fact);
    }

    /// The coin of the event's amount.
    private Coin coin(Fact fact) {
        Optional<String> currency = fact.currency();
        if (currency.isEmpty() || currency.get().equals(terms.currency())) {
            return Coin.OWN;
        }
        boolean original = conversion.isPresent() && conversion.get().refundsAtOriginal();
        return new Coin(currency.get(), fixingDay(original ? fact.originDate() : fact.date()));
    }

    private Alone.Money money(Fact fact) {
        return fact.amount()
                .map(amount -> new Alone.Money(amount, coin(fact)))
                .orElse(new Alone.Money(BigInteger.ZERO, Coin.OWN));
    }

    private void add(Page at, int slot, String by, int sign, Measure.Of of, Fact fact) {
        switch (of) {
            case COUNT -> cell(at, slot, by, Coin.OWN).add(sign);
            case QUANTITY -> {
                Cell cell = cell(at, slot, by, Coin.OWN);
                if (fact.quantity().isEmpty()) {
                    cell.lack();
                } else {
                    cell.add(sign, fact.quantity().get());
                }
            }
            case AMOUNT ->
                cell(at, slot, by, coin(fact)).add(sign, fact.amount().orElse(BigInteger.ZERO));
        }
    }

    /// What the event alone comes to, without its sign and before any conversion; nothing if it lacks its quantity.
    private static Optional<Rational> value(Measure.Of of, Fact fact) {
        return switch (of) {
            case COUNT -> Optional.of(Rational.ONE);
            case QUANTITY -> fact.quantity();
            case AMOUNT -> Optional.of(Rational.whole(fact.amount().orElse(BigInteger.ZERO)));
        };
    }

    private Coin coin(Measure.Of of, Fact fact) {
        return of == Measure.Of.AMOUNT ? coin(fact) : Coin.OWN;
    }

    private void rate(Plan.Rated task, Fact fact, Page at) {
        int sign = sign(task.selection(), fact);
        if (sign == 0) {
            return;
        }
        switch (task.rating().find(fact)) {
            case Rating.Missing(var code) -> faults.add(code);
            case RateKey key ->
                add(
                        at,
                        task.slot(),
                        key.text(),
                        sign,
                        task.selection().counter().of(),
                        fact);
        }
    }

    private void price(Plan.Priced task, Fact fact, Page at) {
        int sign = sign(task.selection(), fact);
        if (sign == 0) {
            return;
        }
        Measure.Of of = task.selection().counter().of();
        Optional<Rational> value = value(of, fact);
        if (value.isEmpty() || (task.price().needsQuantity() && fact.quantity().isEmpty())) {
            cell(at, task.slot(), RateKey.Known.ONE.text(), Coin.OWN).lack();
            return;
        }
        switch (task.rating().find(fact)) {
            case Rating.Missing(var code) -> faults.add(code);
            case RateKey key -> {
                Coin coin = coin(of, fact);
                if (coin.isOwn()) {
                    price(task, key, sign, value.get(), fact, at);
                } else {
                    Optional<Rational> quantity = task.price().needsQuantity() ? fact.quantity() : Optional.empty();
                    Alone alone = new Alone(key.text(), money(fact), quantity, Optional.empty());
                    figures.count(task.clause(), at.period, alone, sign);
                }
            }
        }
    }

    /// Rounds and limits the price of one event. While a milestone may still decide, both prices are kept, each under a
    /// key that is 1 if it is the one and 0 if not.
    private void price(Plan.Priced task, RateKey key, int sign, Rational value, Fact fact, Page at) {
        switch (key) {
            case RateKey.Known(var rate, var _) ->
                cell(at, task.slot(), RateKey.Known.ONE.text(), Coin.OWN)
                        .add(sign, task.price().of(rate, value, fact.quantity(), arithmetic));
            case RateKey.Waiting(var before, var after, var day, var name) -> {
                RateKey ifBefore = new RateKey.Waiting(Rational.ONE, Rational.ZERO, day, name);
                RateKey ifAfter = new RateKey.Waiting(Rational.ZERO, Rational.ONE, day, name);
                cell(at, task.slot(), ifBefore.text(), Coin.OWN)
                        .add(sign, task.price().of(before, value, fact.quantity(), arithmetic));
                cell(at, task.slot(), ifAfter.text(), Coin.OWN)
                        .add(sign, task.price().of(after, value, fact.quantity(), arithmetic));
            }
        }
    }

    private void step(Plan.Stepped task, Fact fact, Page at) {
        int sign = sign(task.selection(), fact);
        if (sign == 0) {
            return;
        }
        Measure.Of of = task.selection().counter().of();
        Optional<Rational> value = value(of, fact);
        Optional<Fact> priced = fact.originFact().filter(origin -> isPriced(task.selection(), origin, fact));
        Optional<Rational> size = priced.isPresent() ? value(of, priced.get()) : value;
        if (value.isEmpty() || size.isEmpty()) {
            plain(at, task.slot()).lack();
            return;
        }
        Coin coin = coin(of, fact);
        switch (task.tiers().mode()) {
            case FORWARD -> {
                Rational signed = sign < 0 ? value.get().negate() : value.get();
                ordered.computeIfAbsent(task.clause(), _ -> new ArrayList<>())
                        .add(new Figures.Single(Place.of(fact), signed, coin, priced.map(Place::of)));
            }
            case PER_EVENT -> {
                Coin sizeCoin = priced.map(origin -> coin(of, origin)).orElse(coin);
                if (coin.isOwn() && sizeCoin.isOwn()) {
                    Rational rate = task.tiers().rateAt(size.get());
                    cell(at, task.slot(), rate.toString(), Coin.OWN).add(sign, value.get());
                } else {
                    Alone alone = new Alone(Figures.PLAIN, money(fact), Optional.empty(), priced.map(this::money));
                    figures.count(task.clause(), at.period, alone, sign);
                }
            }
            case LOOKBACK -> {
                Period rated = priced.map(origin -> terms.frequency().periodOf(origin.date()))
                        .orElse(at.period);
                if (coin.isOwn()) {
                    cell(at, task.slot(), rated.text(), Coin.OWN).add(sign, value.get());
                } else {
                    figures.count(task.clause(), at.period, Alone.of(rated.text(), money(fact)), sign);
                }
            }
            case MARGINAL, WHOLE, BLENDED -> throw new IllegalStateException(task.tiers() + " price no events");
        }
    }

    /// Whether the origin comes before the event and is priced by the same clause.
    private static boolean isPriced(Plan.Selection selection, Fact origin, Fact fact) {
        return Place.of(origin).compareTo(Place.of(fact)) < 0
                && isSelected(selection, origin)
                && selection.counter().sign(origin) != 0;
    }

    // Splits.

    private void divide(Plan.Divided task, Fact fact, Page at) {
        int sign = sign(task.selection(), fact);
        if (sign == 0) {
            return;
        }
        Alone.Money pool = money(fact);
        if (task.shares().isEmpty() || !pool.coin().isOwn()) {
            figures.count(task.clause(), at.period, Alone.of(Figures.PLAIN, pool), sign);
            return;
        }
        List<String> sharing = task.shares().get().sharing();
        long[] parts = new long[sharing.size()];
        List<BigInteger> exact = arithmetic.divide(task.shares().get().weights(), pool.amount(), parts);
        for (int i = 0; i < parts.length; i++) {
            Cell cell = cell(at, task.slot(), sharing.get(i), Coin.OWN);
            if (exact.isEmpty()) {
                cell.add(sign * parts[i]);
            } else {
                cell.add(sign, exact.get(i));
            }
        }
    }

    private void use(Plan.Used task, Fact fact, Page at) {
        int sign = sign(task.counter(), fact);
        if (sign != 0
                && fact.attribute(task.by()) instanceof Json.Text(var party)
                && task.among().contains(party)) {
            add(at, task.slot(), party, sign, task.counter().of(), fact);
        }
    }
}
