package org.tallystick.agreement.simulation;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Sieve;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.EventType;
import org.tallystick.agreement.terms.Filter;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Pricing;
import org.tallystick.agreement.terms.Rate;
import org.tallystick.agreement.terms.Terms;

/// Finds events that a clause counts: like one that was given, or else made from the clause's own filters.
///
/// Where rates look at a fact that nothing else decides, the first row of their table is taken, or the lowest rate that
/// may be agreed on; a [Wish] says otherwise.
public final class Specimens {

    private final Terms terms;
    private final Wish wish;
    private final List<Event> given;

    /// @param given events to imagine others like, in the form that a case has them in; what cannot be read is left out
    public Specimens(Terms terms, List<Json> given, Wish wish) {
        this.terms = terms;
        this.wish = wish;
        this.given = given.stream()
                .map(Specimens::read)
                .flatMap(Optional::stream)
                .filter(event -> event.kind().isMeasured() && event.refOf().isEmpty())
                .filter(event ->
                        event.currency().isEmpty() || event.currency().get().equals(terms.currency()))
                .toList();
    }

    /// What the volume of this clause is made of, if events move it and one can be imagined.
    public Optional<Specimen> of(Clause clause, Period period) {
        return of(Counted.of(terms, clause), period);
    }

    /// The clause that shows most when volume grows: the first with tiers, or else the first that events move.
    public Optional<Clause> moving() {
        List<Clause> moved = terms.clauses().stream()
                .filter(clause -> !Counted.of(terms, clause).isEmpty())
                .toList();
        return moved.stream()
                .filter(clause -> clause.priced()
                        .filter(pricing -> pricing.charge() instanceof Pricing.Tiered)
                        .isPresent())
                .findFirst()
                .or(() -> moved.stream().findFirst());
    }

    Optional<Specimen> of(List<Counted> counted, Period period) {
        return counted.stream()
                .map(each -> likeGiven(each, period))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> counted.stream()
                        .map(each -> made(each, period))
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    private Optional<Specimen> likeGiven(Counted counted, Period period) {
        return given.stream()
                .filter(event -> wish.type().isEmpty() || wish.type().get() == event.kind())
                .map(event -> like(event, counted))
                .filter(specimen -> isCounted(specimen, counted, period))
                .findFirst();
    }

    private Specimen like(Event event, Counted counted) {
        SortedMap<String, Json> attrs = new TreeMap<>();
        SortedMap<String, Long> dated = new TreeMap<>();
        event.attrs().forEach((name, value) -> {
            Optional<LocalDate> day = value instanceof Json.Text(var text) ? Days.parse(text) : Optional.empty();
            if (day.isPresent()) {
                dated.put(name, day.get().toEpochDay() - event.date().toEpochDay());
            } else {
                attrs.put(name, value);
            }
        });
        return wished(event.kind(), counted, attrs, dated, wish.price().or(() -> unitPrice(event)));
    }

    private static Optional<Rational> unitPrice(Event event) {
        return event.amount().isPresent()
                        && event.amount().get().signum() > 0
                        && event.quantity().isPresent()
                        && event.quantity().get().signum() > 0
                ? Optional.of(Rational.whole(event.amount().get())
                        .dividedBy(event.quantity().get()))
                : Optional.empty();
    }

    private Specimen wished(
            EventType type,
            Counted counted,
            SortedMap<String, Json> attrs,
            SortedMap<String, Long> dated,
            Optional<Rational> price) {
        attrs.putAll(wish.attrs());
        dated.keySet().removeAll(wish.attrs().keySet());
        return new Specimen(type, counted.of(), counted.when(), terms.currency(), attrs, dated, price);
    }

    /// An event of the first type that all filters allow, with the facts that they ask for.
    private Optional<Specimen> made(Counted counted, Period period) {
        return types(counted.filters()).stream()
                .filter(type -> wish.type().isEmpty() || wish.type().get() == type)
                .map(type -> made(type, counted, period))
                .filter(specimen -> isCounted(specimen, counted, period))
                .findFirst()
                .map(specimen -> rated(specimen, period));
    }

    private static List<EventType> types(List<Filter> filters) {
        return List.of(EventType.values()).stream()
                .filter(EventType::isMeasured)
                .filter(type -> filters.stream()
                        .allMatch(filter ->
                                filter.types().isEmpty() || filter.types().contains(type)))
                .toList();
    }

    private Specimen made(EventType type, Counted counted, Period period) {
        SortedMap<String, List<Filter.Condition>> conditions = new TreeMap<>();
        SortedMap<String, Long> dated = new TreeMap<>();
        for (Filter filter : counted.filters()) {
            filter.attrs()
                    .forEach((name, condition) -> conditions
                            .computeIfAbsent(name, _ -> new ArrayList<>())
                            .add(condition));
            filter.days().forEach(within -> {
                dated(dated, within.from());
                dated(dated, within.to());
            });
            filter.monthsBefore().forEach(since -> dated(dated, since.since()));
        }
        SortedMap<String, Json> attrs = new TreeMap<>();
        conditions.forEach((name, all) -> {
            dated.remove(name);
            fitting(name, all, type, period).ifPresent(value -> attrs.put(name, value));
        });
        if (type == EventType.MILESTONE) {
            attrs.putIfAbsent("name", Json.text("imagined"));
        }
        return wished(type, counted, attrs, dated, wish.price());
    }

    /// On the day of the event itself, which is never too early or too late.
    private static void dated(SortedMap<String, Long> dated, String name) {
        if (!name.equals(Filter.OWN_DATE) && !name.equals(Filter.ORIGIN_DATE)) {
            dated.put(name, 0L);
        }
    }

    /// A value that all conditions on an attribute hold for.
    private static Optional<Json> fitting(
            String name, List<Filter.Condition> conditions, EventType type, Period period) {
        List<Json> candidates = new ArrayList<>();
        for (Filter.Condition condition : conditions) {
            switch (condition) {
                case Filter.Condition.OneOf(var values) -> candidates.addAll(values);
                case Filter.Condition.Between(var from, var below) -> {
                    from.ifPresent(candidates::add);
                    below.flatMap(Specimens::justBelow).ifPresent(candidates::add);
                }
            }
        }
        return candidates.stream()
                .filter(value -> conditions.stream().allMatch(condition -> {
                    Filter only = new Filter(List.of(), new TreeMap<>(Map.of(name, condition)), List.of(), List.of());
                    Event event = new Event(
                            type,
                            period.start(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            new TreeMap<>(Map.of(name, value)),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty());
                    return new Sieve(only).matches(new KnownEvent("one", event, period, Optional.empty()));
                }))
                .findFirst();
    }

    private static Optional<Json> justBelow(Json bound) {
        return switch (bound) {
            case Json.Whole(var number) -> Optional.of(Json.whole(number - 1));
            case Json.Text(var text) ->
                Days.parse(text)
                        .<Json>map(day -> Json.text(day.minusDays(1).toString()))
                        .or(() -> Rational.parse(text)
                                .map(number ->
                                        Json.text(number.minus(Rational.ONE).toString())));
            default -> Optional.empty();
        };
    }

    /// With the facts that rates need and that are not decided yet.
    private Specimen rated(Specimen specimen, Period period) {
        Specimen rated = specimen;
        for (Clause clause : terms.clauses()) {
            Optional<Pricing> pricing = clause.priced();
            if (pricing.isPresent() && pricing.get().charge() instanceof Pricing.Rated(var rate)) {
                Specimen now = rated;
                if (Counted.of(terms, clause).stream().anyMatch(each -> isCounted(now, each, period))) {
                    rated = rated(now, rate);
                }
            }
        }
        return rated;
    }

    private static Specimen rated(Specimen specimen, Rate rate) {
        return switch (rate) {
            case Rate.ByAttribute(var attr, var table) -> {
                Optional<String> value =
                        Optional.ofNullable(specimen.attrs().get(attr)).map(Specimens::text);
                Optional<Rate> row = Optional.ofNullable(table.get(value.orElse(Rate.OTHERWISE)))
                        .or(() -> Optional.ofNullable(table.get(Rate.OTHERWISE)));
                if (row.isPresent() || value.isPresent()) {
                    yield row.map(next -> rated(specimen, next)).orElse(specimen);
                }
                Map.Entry<String, Rate> first = table.entrySet().iterator().next();
                yield rated(specimen.with(attr, Json.text(first.getKey())), first.getValue());
            }
            case Rate.ByEvent(var attr, var min, var _) ->
                specimen.attrs().containsKey(attr) ? specimen : specimen.with(attr, Json.text(min.toString()));
            case Rate.Constant _, Rate.ByDate _, Rate.ByFact _ -> specimen;
        };
    }

    private static String text(Json value) {
        return value instanceof Json.Text(var text)
                ? text
                : value.canonical().utf8().orElseThrow();
    }

    static boolean isCounted(Specimen specimen, Counted counted, Period earliest) {
        Period period = specimen.periodFrom(earliest);
        return read(specimen.one(period))
                .filter(event -> counted.counts(new KnownEvent("one", event, period, Optional.empty())))
                .isPresent();
    }

    /// An event of a case, if it has the form of one.
    static Optional<Event> read(Json json) {
        if (!(json instanceof Json.Obj(var members))) {
            return Optional.empty();
        }
        SortedMap<String, Json> reported = new TreeMap<>(members);
        List.of("id", "booked", "attestedBy").forEach(reported::remove);
        return switch (EventReader.read(new Json.Obj(reported))) {
            case EventReading.Formed(var event) -> Optional.of(event);
            case EventReading.Misformed _ -> Optional.empty();
        };
    }
}
