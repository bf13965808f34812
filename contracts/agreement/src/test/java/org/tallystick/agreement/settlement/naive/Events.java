package org.tallystick.agreement.settlement.naive;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tallystick.agreement.json.Json;

/// Section 6: the events of a case, their faults, and what they are once read.
final class Events {

    private static final Set<String> REFERABLE =
            Set.of("sale", "cost", "delivery", "usage", "subscribers", "mdf-claim");
    private static final Set<String> IN_TERMS_CURRENCY =
            Set.of("advance", "capital", "dispute-hold", "dispute-release");

    private final Json.Obj terms;
    private final Calendar calendar;
    private final int opening;
    private final List<Json> events;
    private final List<Json.Obj> formed;

    Events(Json.Obj terms, Calendar calendar, int opening, List<Json> events) {
        this.terms = terms;
        this.calendar = calendar;
        this.opening = opening;
        this.events = List.copyOf(events);
        this.formed = events.stream()
                .filter(EventForm::holds)
                .map(event -> (Json.Obj) event)
                .toList();
    }

    /// Section 16, as far as it can be seen from the events alone: the codes of those known at a settlement.
    ///
    /// An event is known from the period in which it is booked on, or, if it does not say so in this calendar, from
    /// that of its date on; what is no event at all is known at once.
    SortedSet<String> faults(int period) {
        SortedSet<String> faults = new TreeSet<>();
        if (events.size() > formed.size()) {
            faults.add("EVENT_FORM");
        }
        for (Json.Obj event : formed) {
            if (knownFrom(event) <= period) {
                faults.addAll(faults(event));
            }
        }
        return faults;
    }

    private int knownFrom(Json.Obj event) {
        return booked(event).orElse(calendar.period(date(event)));
    }

    private SortedSet<String> faults(Json.Obj event) {
        SortedSet<String> faults = new TreeSet<>();
        if (formed.stream()
                        .filter(other -> other.get("id").equals(event.get("id")))
                        .filter(other -> knownFrom(other) <= knownFrom(event))
                        .count()
                > 1) {
            faults.add("EVENT_DUP");
        }
        if (!periodHolds(event)) {
            faults.add("EVENT_PERIOD");
        }
        if (!currenciesOf(event).stream().allMatch(code -> mayHave(event, code))) {
            faults.add("EVENT_CURRENCY");
        }
        if (!partiesHold(event)) {
            faults.add("EVENT_PARTY");
        }
        if (event.has("refOf") && !refersWell(event)) {
            faults.add("EVENT_REF");
        }
        return faults;
    }

    private LocalDate date(Json.Obj event) {
        return LocalDate.parse(event.text("date"));
    }

    private Optional<Integer> booked(Json.Obj event) {
        return event.has("booked") ? calendar.find(event.text("booked")) : Optional.of(calendar.period(date(event)));
    }

    private boolean periodHolds(Json.Obj event) {
        int own = calendar.period(date(event));
        return booked(event).filter(booked -> booked >= own).isPresent()
                && (event.text("type").equals("fx") || own >= opening);
    }

    private static List<String> currenciesOf(Json.Obj event) {
        List<String> codes = new ArrayList<>();
        event.findText("currency").ifPresent(codes::add);
        event.findText("pair").ifPresent(pair -> codes.addAll(List.of(pair.substring(0, 3), pair.substring(4))));
        return codes;
    }

    private boolean mayHave(Json.Obj event, String code) {
        return Currencies.isKnown(code)
                && (!IN_TERMS_CURRENCY.contains(event.text("type")) || code.equals(terms.text("currency")));
    }

    private boolean partiesHold(Json.Obj event) {
        return switch (event.text("type")) {
            case "advance" ->
                clauses("advance")
                        .anyMatch(c -> c.text("id").equals(event.object("attrs").text("clause")));
            case "capital" ->
                clauses("waterfall").anyMatch(c -> c.items("investors").contains(attr(event, "party")));
            case "suspend", "resume" ->
                isParty(attr(event, "party")) && !attr(event, "party").equals(terms.get("hub"));
            case "dispute-hold" -> isParty(attr(event, "party"));
            case "dispute-release" -> isParty(attr(event, "party")) && isParty(attr(event, "to"));
            default -> true;
        };
    }

    private Stream<Json.Obj> clauses(String type) {
        return terms.items("clauses").stream()
                .map(clause -> (Json.Obj) clause)
                .filter(clause -> clause.text("type").equals(type));
    }

    private static Json attr(Json.Obj event, String name) {
        return event.object("attrs").get(name);
    }

    private boolean isParty(Json id) {
        return terms.items("parties").stream()
                .anyMatch(party -> ((Json.Obj) party).get("id").equals(id));
    }

    private Optional<Json.Obj> origin(Json.Obj event) {
        return formed.stream()
                .filter(other -> event.find("refOf").equals(other.find("id")))
                .findFirst();
    }

    private boolean refersWell(Json.Obj event) {
        Optional<Json.Obj> found = origin(event);
        if (found.isEmpty() || !REFERABLE.contains(found.get().text("type"))) {
            return false;
        }
        Json.Obj origin = found.get();
        boolean later = date(origin).isAfter(date(event))
                || booked(origin).orElse(0) > booked(event).orElse(Integer.MAX_VALUE);
        boolean sameCurrency = event.findText("currency")
                .flatMap(own -> ownCurrency(origin).map(own::equals))
                .orElse(true);
        SortedMap<String, Json> inherited = attrs(origin);
        boolean contradicts = attrs(event).entrySet().stream()
                .anyMatch(attr ->
                        inherited.containsKey(attr.getKey()) && !attr.getValue().equals(inherited.get(attr.getKey())));
        return !later && sameCurrency && !contradicts;
    }

    /// Of its amount: a usage has neither.
    private Optional<String> ownCurrency(Json.Obj event) {
        return event.findText("currency")
                .or(() -> event.text("type").equals("mdf-claim")
                        ? Optional.of(terms.text("currency"))
                        : Optional.empty());
    }

    private static SortedMap<String, Json> attrs(Json.Obj event) {
        return event.has("attrs") ? event.object("attrs").members() : Json.Obj.EMPTY.members();
    }

    /// All events that have the form of one, in event order: by date, then by id.
    List<Event> read() {
        return formed.stream()
                .map(this::read)
                .sorted(Comparator.comparing(Event::date).thenComparing(Event::id))
                .toList();
    }

    private Event read(Json.Obj event) {
        Optional<Json.Obj> origin = origin(event);
        SortedMap<String, Json> attrs = new TreeMap<>();
        origin.ifPresent(from -> attrs.putAll(attrs(from)));
        attrs.putAll(attrs(event));
        return new Event(
                event.text("id"),
                event.text("type"),
                date(event),
                origin.map(this::date).orElse(date(event)),
                knownFrom(event),
                attrs,
                event.find("amount").map(Fraction::read),
                event.findText("currency")
                        .or(() -> origin.flatMap(this::ownCurrency))
                        .orElse(terms.text("currency")),
                event.find("quantity").map(Fraction::read),
                event.findText("refOf"),
                event);
    }
}
