package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.Frequency;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// What events come to before any price: exact sums, kept apart by everything that pricing can still depend on.
///
/// Figures of a part of the events and figures of the rest add up to the figures of all, in any order. So a million
/// events need no more room than the clauses have rows. What pricing needs one by one or in order (claims, bookings,
/// tiers that go forward, what is priced alone after a conversion) is kept one by one.
public final class Figures {

    /// What a sum is kept for.
    enum Use {
        /// A measure taken whole; its name is the measure's.
        MEASURE,
        /// What a clause prices, by the key of the rate; its name is the clause's, as in all that follow.
        BASE,
        /// The measure that decides on the step.
        TIER,
        /// What falls to each party: parts of events divided one by one.
        PART,
        /// The use by each party that a pro rata share follows.
        PRO_RATA
    }

    /// An event that is kept by itself, in its place.
    ///
    /// @param value with its sign, before conversion
    /// @param origin where its origin stands, if that was priced by the same clause
    record Single(Place place, Rational value, Coin coin, Optional<Place> origin) implements Placed {}

    /// An event that a fund may pay for.
    record Claim(Place place, Alone.Money money) implements Placed {}

    /// An event that acts by being booked.
    ///
    /// @param whom the party that it is about; of an advance, the clause
    record Booking(Place place, Act act, String whom, Optional<String> to, BigInteger amount) implements Placed {}

    enum Act {
        ADVANCE,
        CAPITAL,
        SUSPEND,
        RESUME,
        HOLD,
        RELEASE
    }

    /// A figure or fixing recorded for a period or day; of several the last in event order counts.
    record Recorded(Place place, Rational value) {}

    private interface Placed {
        Place place();
    }

    public static final Figures NONE = new Figures();

    /// The key of a sum that nothing divides further.
    static final String PLAIN = "";

    private final SortedMap<Use, SortedMap<String, SortedMap<Period, SortedMap<String, Basket>>>> sums =
            new TreeMap<>();
    private final SortedMap<String, SortedMap<Period, SortedMap<Alone, BigInteger>>> alone = new TreeMap<>();
    private final SortedMap<Period, SortedMap<String, Recorded>> recorded = new TreeMap<>();
    private final SortedMap<String, SortedMap<LocalDate, Recorded>> fixings = new TreeMap<>();
    private final SortedMap<String, LocalDate> facts = new TreeMap<>();
    private final SortedMap<String, List<Single>> ordered = new TreeMap<>();
    private final SortedMap<String, List<Claim>> claims = new TreeMap<>();
    private List<Booking> bookings = List.of();
    private final SortedSet<String> faults = new TreeSet<>();

    Figures() {}

    /// The figures of these events, in whatever order they come; they are looked at one by one, and not kept.
    public static Figures of(Terms terms, Iterable<KnownEvent> events) {
        return of(new Plan(terms), events, Arithmetic.LONGS);
    }

    static Figures of(Plan plan, Iterable<KnownEvent> events, Arithmetic arithmetic) {
        Fold fold = new Fold(plan, arithmetic);
        events.forEach(fold::add);
        return fold.figures();
    }

    /// Nothing but the first day of each milestone.
    static Figures ofFacts(SortedMap<String, LocalDate> facts) {
        Figures figures = new Figures();
        facts.forEach(figures::fact);
        return figures;
    }

    /// The figures of the events of both.
    public Figures plus(Figures other) {
        Figures both = new Figures();
        both.addAll(this);
        both.addAll(other);
        return both;
    }

    /// How many sums, and events kept one by one, there are: what reading, writing and pricing them costs.
    public int rows() {
        int rows = bookings.size() + faults.size() + facts.size();
        for (var byName : sums.values()) {
            for (var byPeriod : byName.values()) {
                rows += sizes(byPeriod.values());
            }
        }
        for (var byPeriod : alone.values()) {
            rows += sizes(byPeriod.values());
        }
        rows += sizes(recorded.values()) + sizes(fixings.values());
        for (List<Single> singles : ordered.values()) {
            rows += singles.size();
        }
        for (List<Claim> some : claims.values()) {
            rows += some.size();
        }
        return rows;
    }

    private static int sizes(Collection<? extends Map<?, ?>> maps) {
        int size = 0;
        for (Map<?, ?> map : maps) {
            size += map.size();
        }
        return size;
    }

    /// The figures of the events of all.
    public static Figures sum(Collection<Figures> parts) {
        Figures sum = new Figures();
        parts.forEach(sum::addAll);
        return sum;
    }

    /// Codes of what the events lack whatever will be known later: with any of them there is no settlement.
    SortedSet<String> faults() {
        return Collections.unmodifiableSortedSet(faults);
    }

    /// Also the codes of what they may turn out to lack.
    ///
    /// @param converts whether the terms have fixings at all
    SortedSet<String> possibleFaults(boolean converts) {
        SortedSet<String> possible = new TreeSet<>(faults);
        sums.values()
                .forEach(byName -> byName.values()
                        .forEach(byPeriod -> byPeriod.values()
                                .forEach(byKey -> byKey.values().forEach(basket -> {
                                    if (basket.lacks()) {
                                        possible.add(Refusals.FIGURE_MISSING);
                                    }
                                    if (!converts
                                            && basket.sums().keySet().stream().anyMatch(coin -> !coin.isOwn())) {
                                        possible.add(Refusals.FX_MISSING);
                                    }
                                }))));
        boolean foreign = alone.values().stream()
                        .flatMap(byPeriod -> byPeriod.values().stream())
                        .flatMap(counts -> counts.keySet().stream())
                        .anyMatch(event -> !event.money().coin().isOwn())
                || ordered.values().stream()
                        .flatMap(List::stream)
                        .anyMatch(single -> !single.coin().isOwn())
                || claims.values().stream()
                        .flatMap(List::stream)
                        .anyMatch(claim -> !claim.money().coin().isOwn());
        if (!converts && foreign) {
            possible.add(Refusals.FX_MISSING);
        }
        return possible;
    }

    // What the fold writes.

    void add(Use use, String of, Period period, String key, Basket basket) {
        sums.computeIfAbsent(use, _ -> new TreeMap<>())
                .computeIfAbsent(of, _ -> new TreeMap<>())
                .computeIfAbsent(period, _ -> new TreeMap<>())
                .merge(key, basket, Basket::plus);
    }

    void count(String clause, Period period, Alone event, long count) {
        count(clause, period, event, BigInteger.valueOf(count));
    }

    private void count(String clause, Period period, Alone event, BigInteger count) {
        alone.computeIfAbsent(clause, _ -> new TreeMap<>())
                .computeIfAbsent(period, _ -> new TreeMap<>())
                .merge(event, count, BigInteger::add);
    }

    void record(Period period, String kpi, Recorded figure) {
        recorded.computeIfAbsent(period, _ -> new TreeMap<>()).merge(kpi, figure, Figures::later);
    }

    void fix(String currency, LocalDate day, Recorded rate) {
        fixings.computeIfAbsent(currency, _ -> new TreeMap<>()).merge(day, rate, Figures::later);
    }

    private static Recorded later(Recorded one, Recorded two) {
        return one.place().compareTo(two.place()) >= 0 ? one : two;
    }

    void fact(String name, LocalDate day) {
        facts.merge(name, day, (one, two) -> one.isBefore(two) ? one : two);
    }

    void order(String clause, List<Single> singles) {
        ordered.merge(clause, sorted(singles), Figures::merged);
    }

    void claim(String clause, List<Claim> more) {
        claims.merge(clause, sorted(more), Figures::merged);
    }

    void book(List<Booking> more) {
        bookings = merged(bookings, sorted(more));
    }

    void fault(String code) {
        faults.add(code);
    }

    private static <P extends Placed> List<P> sorted(List<P> placed) {
        List<P> sorted = new ArrayList<>(placed);
        sorted.sort((one, two) -> one.place().compareTo(two.place()));
        return merged(sorted, List.of());
    }

    /// Both in event order; each event is there once.
    private static <P extends Placed> List<P> merged(List<P> one, List<P> two) {
        List<P> both = new ArrayList<>(one.size() + two.size());
        int i = 0;
        int k = 0;
        while (i < one.size() || k < two.size()) {
            boolean first = k == two.size()
                    || (i < one.size()
                            && one.get(i).place().compareTo(two.get(k).place()) <= 0);
            P next = first ? one.get(i++) : two.get(k++);
            if (!both.isEmpty() && both.getLast().place().equals(next.place())) {
                throw new IllegalStateException("event " + next.place().id() + " twice");
            }
            both.add(next);
        }
        return both;
    }

    private void addAll(Figures other) {
        other.sums.forEach((use, byName) -> byName.forEach((of, byPeriod) ->
                byPeriod.forEach((period, byKey) -> byKey.forEach((key, value) -> add(use, of, period, key, value)))));
        other.alone.forEach((clause, byPeriod) -> byPeriod.forEach(
                (period, counts) -> counts.forEach((event, count) -> count(clause, period, event, count))));
        other.recorded.forEach((period, byKpi) -> byKpi.forEach((kpi, figure) -> record(period, kpi, figure)));
        other.fixings.forEach((currency, byDay) -> byDay.forEach((day, rate) -> fix(currency, day, rate)));
        other.facts.forEach(this::fact);
        other.ordered.forEach((clause, singles) -> ordered.merge(clause, singles, Figures::merged));
        other.claims.forEach((clause, more) -> claims.merge(clause, more, Figures::merged));
        bookings = merged(bookings, other.bookings);
        other.faults.forEach(this::fault);
    }

    // What pricing reads.

    /// The sums of one period, by key; empty if nothing was added up there.
    SortedMap<String, Basket> sums(Use use, String of, Period period) {
        return sums.getOrDefault(use, Collections.emptySortedMap())
                .getOrDefault(of, Collections.emptySortedMap())
                .getOrDefault(period, Collections.emptySortedMap());
    }

    Basket sum(Use use, String of, Period period, String key) {
        return sums(use, of, period).getOrDefault(key, Basket.EMPTY);
    }

    /// The events of one period that are priced alone, each with how many there are.
    SortedMap<Alone, BigInteger> alone(String clause, Period period) {
        return alone.getOrDefault(clause, Collections.emptySortedMap())
                .getOrDefault(period, Collections.emptySortedMap());
    }

    /// How many events a clause keeps by themselves, by the period of their date.
    SortedMap<Period, Long> kept(String clause, Function<LocalDate, Period> period) {
        SortedMap<Period, Long> kept = new TreeMap<>();
        ordered.getOrDefault(clause, List.of())
                .forEach(single -> kept.merge(period.apply(single.place().date()), 1L, Long::sum));
        alone.getOrDefault(clause, Collections.emptySortedMap())
                .forEach((of, counts) -> kept.merge(of, (long) counts.size(), Long::sum));
        return kept;
    }

    Optional<Rational> recorded(Period period, String kpi) {
        return Optional.ofNullable(recorded.getOrDefault(period, Collections.emptySortedMap())
                        .get(kpi))
                .map(Recorded::value);
    }

    /// The fixings of a currency, by day.
    SortedMap<LocalDate, Recorded> fixings(String currency) {
        return fixings.getOrDefault(currency, Collections.emptySortedMap());
    }

    /// The first day on which a milestone of this name is recorded.
    Optional<LocalDate> earliest(String fact) {
        return Optional.ofNullable(facts.get(fact));
    }

    /// In event order.
    List<Single> ordered(String clause) {
        return ordered.getOrDefault(clause, List.of());
    }

    /// In event order.
    List<Claim> claims(String clause) {
        return claims.getOrDefault(clause, List.of());
    }

    /// In event order.
    List<Booking> bookings() {
        return Collections.unmodifiableList(bookings);
    }

    /// The first day on which each milestone is recorded.
    SortedMap<String, LocalDate> facts() {
        return Collections.unmodifiableSortedMap(facts);
    }

    // What is kept of them, period by period.

    /// The periods of the dates of all that is counted or recorded here, but for fixings and milestones.
    SortedSet<Period> periods(Frequency frequency) {
        SortedSet<Period> periods = new TreeSet<>(recorded.keySet());
        sums.values().forEach(byName -> byName.values().forEach(byPeriod -> periods.addAll(byPeriod.keySet())));
        periods.addAll(singles(frequency));
        return periods;
    }

    /// The periods of the dates of what is kept one by one.
    SortedSet<Period> singles(Frequency frequency) {
        SortedSet<Period> periods = new TreeSet<>();
        alone.values().forEach(byPeriod -> periods.addAll(byPeriod.keySet()));
        ordered.values()
                .forEach(singles -> singles.forEach(
                        single -> periods.add(frequency.periodOf(single.place().date()))));
        return periods;
    }

    /// The days on which fixings are recorded.
    SortedSet<LocalDate> fixingDays() {
        SortedSet<LocalDate> days = new TreeSet<>();
        fixings.values().forEach(byDay -> days.addAll(byDay.keySet()));
        return days;
    }

    /// What is converted.
    SortedSet<Coin> coins() {
        SortedSet<Coin> coins = new TreeSet<>();
        sums.values()
                .forEach(byName -> byName.values()
                        .forEach(byPeriod -> byPeriod.values()
                                .forEach(byKey -> byKey.values()
                                        .forEach(basket ->
                                                coins.addAll(basket.sums().keySet())))));
        alone.values()
                .forEach(byPeriod -> byPeriod.values()
                        .forEach(counts -> counts.keySet().forEach(event -> {
                            coins.add(event.money().coin());
                            event.size().ifPresent(size -> coins.add(size.coin()));
                        })));
        ordered.values().forEach(singles -> singles.forEach(single -> coins.add(single.coin())));
        claims.values()
                .forEach(some -> some.forEach(claim -> coins.add(claim.money().coin())));
        coins.remove(Coin.OWN);
        return coins;
    }

    /// What is dated in a period and adds up, or is recorded for it.
    Figures sumsIn(Period period) {
        Figures in = new Figures();
        sums.forEach((use, byName) -> byName.forEach((of, byPeriod) -> Optional.ofNullable(byPeriod.get(period))
                .ifPresent(byKey -> byKey.forEach((key, basket) -> in.add(use, of, period, key, basket)))));
        Optional.ofNullable(recorded.get(period))
                .ifPresent(byKpi -> byKpi.forEach((kpi, figure) -> in.record(period, kpi, figure)));
        return in;
    }

    /// What is dated in a period and kept one by one.
    Figures singlesIn(Period period) {
        Figures in = new Figures();
        alone.forEach((clause, byPeriod) -> Optional.ofNullable(byPeriod.get(period))
                .ifPresent(counts -> counts.forEach((event, count) -> in.count(clause, period, event, count))));
        ordered.forEach((clause, singles) -> {
            List<Single> some = singles.stream()
                    .filter(single -> period.contains(single.place().date()))
                    .toList();
            if (!some.isEmpty()) {
                in.ordered.put(clause, some);
            }
        });
        return in;
    }

    /// These, and the fixings of others that a period may ask for: those of its days, and those of these coins.
    Figures withFixings(Figures others, Period period, SortedSet<Coin> coins) {
        Figures with = plus(NONE);
        others.fixings.forEach((currency, byDay) -> byDay.subMap(Fixings.first(period.start()), period.end())
                .forEach((day, rate) -> with.fix(currency, day, rate)));
        for (Coin coin : coins) {
            others.fixings(coin.currency())
                    .subMap(Fixings.first(coin.day()), coin.day().plusDays(1))
                    .forEach((day, rate) -> with.fix(coin.currency(), day, rate));
        }
        return with;
    }

    /// Without what acts only in the settlement of the period it is booked in.
    Figures settled() {
        Figures kept = plus(new Figures());
        kept.claims.clear();
        kept.bookings = List.of();
        return kept;
    }

    // As JSON.

    public Json.Obj encode() {
        return Json.object()
                .with("alone", object(alone, byPeriod -> object(byPeriod, Figures::counts)))
                .with(
                        "bookings",
                        rows(
                                bookings,
                                booking -> List.of(
                                        Json.text(booking.act().name()),
                                        Json.text(booking.whom()),
                                        Json.text(booking.to().orElse("")),
                                        Json.text(booking.amount().toString()))))
                .with(
                        "claims",
                        object(
                                claims,
                                all -> rows(
                                        all,
                                        claim -> List.of(
                                                Json.text(claim.money().amount().toString()),
                                                Json.text(claim.money().coin().text())))))
                .with("facts", object(facts, day -> Json.text(day.toString())))
                .with("faults", Json.texts(faults))
                .with("fixings", object(fixings, byDay -> object(byDay, Figures::recorded)))
                .with("ordered", object(ordered, all -> rows(all, Figures::single)))
                .with("recorded", object(recorded, byKpi -> object(byKpi, Figures::recorded)))
                .with(
                        "sums",
                        object(
                                sums,
                                byName -> object(
                                        byName, byPeriod -> object(byPeriod, byKey -> object(byKey, Basket::encode)))))
                .build();
    }

    private static List<Json> single(Single single) {
        List<Json> row = new ArrayList<>();
        row.add(Json.text(single.value().toString()));
        row.add(Json.text(single.coin().text()));
        single.origin().ifPresent(origin -> {
            row.add(Json.text(origin.date().toString()));
            row.add(Json.text(origin.id()));
        });
        return row;
    }

    private static Json recorded(Recorded figure) {
        return row(figure.place(), List.of(Json.text(figure.value().toString())));
    }

    private static Json counts(SortedMap<Alone, BigInteger> counts) {
        List<Json> rows = new ArrayList<>();
        counts.forEach((event, count) -> rows.add(event.encode(count)));
        return Json.array(rows);
    }

    /// What [#encode] wrote.
    public static Figures decode(Json.Obj figures) {
        Figures read = new Figures();
        members(figures.get("alone"))
                .forEach((clause, byPeriod) -> members(byPeriod).forEach((period, rows) -> {
                    for (Json row : ((Json.Arr) rows).items()) {
                        List<Json> items = ((Json.Arr) row).items();
                        read.count(clause, Period.ofText(period), Alone.decode(items), Alone.count(items));
                    }
                }));
        read.bookings = rows(
                figures.get("bookings"),
                row -> new Booking(
                        row.place(),
                        Act.valueOf(row.text(2)),
                        row.text(3),
                        row.optional(4),
                        new BigInteger(row.text(5))));
        members(figures.get("claims"))
                .forEach((clause, all) -> read.claims.put(
                        clause,
                        rows(
                                all,
                                row -> new Claim(
                                        row.place(),
                                        new Alone.Money(new BigInteger(row.text(2)), Coin.ofText(row.text(3)))))));
        members(figures.get("facts")).forEach((name, day) -> read.fact(name, Days.ofText(((Json.Text) day).value())));
        figures.items("faults").forEach(code -> read.fault(((Json.Text) code).value()));
        members(figures.get("fixings"))
                .forEach((currency, byDay) -> members(byDay)
                        .forEach((day, rate) -> read.fix(
                                currency, Days.ofText(day), Row.of(rate).recorded())));
        members(figures.get("ordered"))
                .forEach((clause, all) -> read.ordered.put(
                        clause,
                        rows(
                                all,
                                row -> new Single(
                                        row.place(),
                                        Rational.ofText(row.text(2)),
                                        Coin.ofText(row.text(3)),
                                        row.origin()))));
        members(figures.get("recorded"))
                .forEach((period, byKpi) -> members(byKpi)
                        .forEach((kpi, figure) -> read.record(
                                Period.ofText(period), kpi, Row.of(figure).recorded())));
        members(figures.get("sums"))
                .forEach((use, byName) -> members(byName)
                        .forEach((of, byPeriod) -> members(byPeriod)
                                .forEach((period, byKey) -> members(byKey)
                                        .forEach((key, value) -> read.add(
                                                Use.valueOf(use),
                                                of,
                                                Period.ofText(period),
                                                key,
                                                Basket.decode(value))))));
        return read;
    }

    private static <K, V> Json object(SortedMap<K, V> map, Function<V, Json> encode) {
        SortedMap<String, Json> members = new TreeMap<>();
        for (Map.Entry<K, V> entry : map.entrySet()) {
            members.put(entry.getKey().toString(), encode.apply(entry.getValue()));
        }
        return new Json.Obj(members);
    }

    private static <P extends Placed> Json rows(List<P> placed, Function<P, List<Json>> encode) {
        return Json.array(placed.stream()
                .map(each -> row(each.place(), encode.apply(each)))
                .toList());
    }

    /// An array that begins with the place of an event.
    private static Json row(Place place, List<Json> rest) {
        List<Json> row = new ArrayList<>();
        row.add(Json.text(place.date().toString()));
        row.add(Json.text(place.id()));
        row.addAll(rest);
        return Json.array(row);
    }

    private static SortedMap<String, Json> members(Json object) {
        return ((Json.Obj) object).members();
    }

    private static <P> List<P> rows(Json array, Function<Row, P> decode) {
        return ((Json.Arr) array)
                .items().stream().map(row -> decode.apply(Row.of(row))).toList();
    }

    private record Row(List<Json> items) {
        static Row of(Json row) {
            return new Row(((Json.Arr) row).items());
        }

        Place place() {
            return new Place(Days.ofText(text(0)), text(1));
        }

        Recorded recorded() {
            return new Recorded(place(), Rational.ofText(text(2)));
        }

        String text(int index) {
            return ((Json.Text) items.get(index)).value();
        }

        /// Of an event that clauses keep: behind the rest, if there is one.
        Optional<Place> origin() {
            return items.size() > 4 ? Optional.of(new Place(Days.ofText(text(4)), text(5))) : Optional.empty();
        }

        Optional<String> optional(int index) {
            return text(index).isEmpty() ? Optional.empty() : Optional.of(text(index));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Figures figures && encode().equals(figures.encode());
    }

    @Override
    public int hashCode() {
        return encode().hashCode();
    }

    @Override
    public String toString() {
        return encode().toString();
    }
}
