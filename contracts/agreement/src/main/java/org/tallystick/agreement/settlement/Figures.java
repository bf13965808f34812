package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// What events come to before any price: exact sums, kept apart by everything that pricing can still depend on.
///
/// Figures of a part of the events and figures of the rest add up to the figures of all, in any order. So a million
/// events need no more room than the clauses have rows. What pricing needs one by one or in order (claims, tiers that
/// go forward, bookings) is kept one by one.
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

    /// An event that is kept by itself.
    ///
    /// @param origin the id of its origin, if that was priced by the same clause
    record Single(Rational value, Optional<String> origin) {}

    /// A figure recorded for a period; of several the last in event order counts.
    record Recorded(Place place, Rational value) {}

    /// An event that acts by being booked: a suspension or a dispute.
    record Booking(Act act, String party, Optional<String> to, BigInteger amount) {}

    enum Act {
        SUSPEND,
        RESUME,
        HOLD,
        RELEASE
    }

    /// The key of a sum that nothing divides further.
    static final String PLAIN = "";

    private final SortedMap<Use, SortedMap<String, SortedMap<Period, SortedMap<String, Rational>>>> sums =
            new TreeMap<>();
    private final SortedMap<Period, SortedMap<String, Recorded>> recorded = new TreeMap<>();
    private final SortedMap<String, LocalDate> facts = new TreeMap<>();
    private final SortedMap<String, SortedMap<Place, Single>> ordered = new TreeMap<>();
    private final SortedMap<String, SortedMap<Place, Rational>> claims = new TreeMap<>();
    private final SortedMap<Place, Booking> bookings = new TreeMap<>();
    private final SortedSet<String> faults = new TreeSet<>();

    Figures() {}

    /// The figures of these events, in whatever order they come.
    public static Figures of(Terms terms, List<KnownEvent> events) {
        Fold fold = new Fold(terms);
        events.forEach(fold::add);
        return fold.figures();
    }

    /// The figures of the events of both.
    public Figures plus(Figures other) {
        Figures both = new Figures();
        both.addAll(this);
        both.addAll(other);
        return both;
    }

    /// Codes of what the events lack, and a formula needs: with any of them there is no settlement.
    SortedSet<String> faults() {
        return Collections.unmodifiableSortedSet(faults);
    }

    // What the fold writes.

    void add(Use use, String of, Period period, String key, Rational value) {
        sums.computeIfAbsent(use, _ -> new TreeMap<>())
                .computeIfAbsent(of, _ -> new TreeMap<>())
                .computeIfAbsent(period, _ -> new TreeMap<>())
                .merge(key, value, Rational::plus);
    }

    void record(Period period, String kpi, Recorded figure) {
        recorded.computeIfAbsent(period, _ -> new TreeMap<>())
                .merge(kpi, figure, (one, two) -> one.place().compareTo(two.place()) >= 0 ? one : two);
    }

    void fact(String name, LocalDate day) {
        facts.merge(name, day, (one, two) -> one.isBefore(two) ? one : two);
    }

    void order(String clause, Place place, Single single) {
        putOnce(ordered.computeIfAbsent(clause, _ -> new TreeMap<>()), place, single);
    }

    void claim(String clause, Place place, Rational value) {
        putOnce(claims.computeIfAbsent(clause, _ -> new TreeMap<>()), place, value);
    }

    void book(Place place, Booking booking) {
        putOnce(bookings, place, booking);
    }

    void fault(String code) {
        faults.add(code);
    }

    private static <V> void putOnce(SortedMap<Place, V> map, Place place, V value) {
        if (map.put(place, value) != null) {
            throw new IllegalStateException("event " + place.id() + " twice");
        }
    }

    private void addAll(Figures other) {
        other.sums.forEach((use, byName) -> byName.forEach((of, byPeriod) ->
                byPeriod.forEach((period, byKey) -> byKey.forEach((key, value) -> add(use, of, period, key, value)))));
        other.recorded.forEach((period, byKpi) -> byKpi.forEach((kpi, figure) -> record(period, kpi, figure)));
        other.facts.forEach(this::fact);
        other.ordered.forEach((clause, singles) -> singles.forEach((place, single) -> order(clause, place, single)));
        other.claims.forEach((clause, values) -> values.forEach((place, value) -> claim(clause, place, value)));
        other.bookings.forEach(this::book);
        other.faults.forEach(this::fault);
    }

    // What pricing reads.

    /// The sums of one period, by key; empty if nothing was added up there.
    SortedMap<String, Rational> sums(Use use, String of, Period period) {
        return sums.getOrDefault(use, Collections.emptySortedMap())
                .getOrDefault(of, Collections.emptySortedMap())
                .getOrDefault(period, Collections.emptySortedMap());
    }

    Rational sum(Use use, String of, Period period, String key) {
        return sums(use, of, period).getOrDefault(key, Rational.ZERO);
    }

    Optional<Rational> recorded(Period period, String kpi) {
        return Optional.ofNullable(recorded.getOrDefault(period, Collections.emptySortedMap())
                        .get(kpi))
                .map(Recorded::value);
    }

    /// The first day on which a milestone of this name is recorded.
    Optional<LocalDate> earliest(String fact) {
        return Optional.ofNullable(facts.get(fact));
    }

    SortedMap<Place, Single> ordered(String clause) {
        return Collections.unmodifiableSortedMap(ordered.getOrDefault(clause, Collections.emptySortedMap()));
    }

    SortedMap<Place, Rational> claims(String clause) {
        return Collections.unmodifiableSortedMap(claims.getOrDefault(clause, Collections.emptySortedMap()));
    }

    SortedMap<Place, Booking> bookings() {
        return Collections.unmodifiableSortedMap(bookings);
    }

    /// Without what acts only in the settlement of the period it is booked in.
    Figures settled() {
        Figures kept = plus(new Figures());
        kept.claims.clear();
        kept.bookings.clear();
        return kept;
    }

    // As JSON.

    public Json encode() {
        return Json.object()
                .with(
                        "bookings",
                        Json.array(list(
                                bookings,
                                (place, booking) -> List.of(
                                        Json.text(booking.act().name()),
                                        Json.text(booking.party()),
                                        Json.text(booking.to().orElse("")),
                                        Json.text(booking.amount().toString())))))
                .with("claims", object(claims, values -> Json.array(list(values, (_, value) -> List.of(text(value))))))
                .with("facts", object(facts, day -> Json.text(day.toString())))
                .with("faults", Json.texts(faults))
                .with(
                        "ordered",
                        object(
                                ordered,
                                singles -> Json.array(list(
                                        singles,
                                        (_, single) -> List.of(
                                                text(single.value()),
                                                Json.text(single.origin().orElse("")))))))
                .with(
                        "recorded",
                        object(
                                recorded,
                                byKpi -> object(
                                        byKpi,
                                        figure -> Json.array(row(figure.place(), List.of(text(figure.value())))))))
                .with(
                        "sums",
                        object(
                                sums,
                                byName -> object(
                                        byName, byPeriod -> object(byPeriod, byKey -> object(byKey, Figures::text)))))
                .build();
    }

    /// What [#encode] wrote.
    public static Figures decode(Json encoded) {
        Json.Obj figures = (Json.Obj) encoded;
        Figures read = new Figures();
        rows(figures.get("bookings"))
                .forEach(row -> read.book(
                        row.place(),
                        new Booking(
                                Act.valueOf(row.text(2)), row.text(3), row.optional(4), new BigInteger(row.text(5)))));
        members(figures.get("claims"))
                .forEach((clause, values) ->
                        rows(values).forEach(row -> read.claim(clause, row.place(), Rational.ofText(row.text(2)))));
        members(figures.get("facts")).forEach((name, day) -> read.fact(name, Days.ofText(((Json.Text) day).value())));
        figures.items("faults").forEach(code -> read.fault(((Json.Text) code).value()));
        members(figures.get("ordered"))
                .forEach((clause, singles) -> rows(singles)
                        .forEach(row -> read.order(
                                clause, row.place(), new Single(Rational.ofText(row.text(2)), row.optional(3)))));
        members(figures.get("recorded"))
                .forEach((period, byKpi) -> members(byKpi).forEach((kpi, figure) -> {
                    Row row = new Row(((Json.Arr) figure).items());
                    read.record(Period.ofText(period), kpi, new Recorded(row.place(), Rational.ofText(row.text(2))));
                }));
        members(figures.get("sums"))
                .forEach((use, byName) -> members(byName)
                        .forEach((of, byPeriod) -> members(byPeriod)
                                .forEach((period, byKey) -> members(byKey)
                                        .forEach((key, value) -> read.add(
                                                Use.valueOf(use),
                                                of,
                                                Period.ofText(period),
                                                key,
                                                Rational.ofText(((Json.Text) value).value()))))));
        return read;
    }

    private static Json text(Rational value) {
        return Json.text(value.toString());
    }

    private static <K, V> Json object(SortedMap<K, V> map, Function<V, Json> encode) {
        SortedMap<String, Json> members = new TreeMap<>();
        map.forEach((key, value) -> members.put(key.toString(), encode.apply(value)));
        return new Json.Obj(members);
    }

    private static <V> List<Json> list(SortedMap<Place, V> map, BiFunction<Place, V, List<Json>> encode) {
        List<Json> rows = new ArrayList<>();
        map.forEach((place, value) -> rows.add(Json.array(row(place, encode.apply(place, value)))));
        return rows;
    }

    private static List<Json> row(Place place, List<Json> rest) {
        List<Json> row = new ArrayList<>(List.of(Json.text(place.date().toString()), Json.text(place.id())));
        row.addAll(rest);
        return row;
    }

    private static SortedMap<String, Json> members(Json object) {
        return ((Json.Obj) object).members();
    }

    private static List<Row> rows(Json array) {
        return ((Json.Arr) array)
                .items().stream().map(row -> new Row(((Json.Arr) row).items())).toList();
    }

    /// An array that begins with the place of an event.
    private record Row(List<Json> items) {
        Place place() {
            return new Place(Days.ofText(text(0)), text(1));
        }

        String text(int index) {
            return ((Json.Text) items.get(index)).value();
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
