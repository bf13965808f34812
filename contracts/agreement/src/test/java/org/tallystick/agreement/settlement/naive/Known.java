package org.tallystick.agreement.settlement.naive;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;

/// What is known at one settlement: its events, and the figures, milestones and fixings among them.
///
/// Something that a formula needs and does not find is noted by its code, and taken as nothing for the rest of the
/// reckoning, which then counts for nothing: what is settled is refused by all the codes noted.
final class Known {

    private final Json.Obj terms;
    private final Calendar calendar;
    private final int opening;
    private final List<Event> events;
    private final SortedSet<String> missing = new TreeSet<>();

    Known(Json.Obj terms, Calendar calendar, int opening, List<Event> events) {
        this.terms = terms;
        this.calendar = calendar;
        this.opening = opening;
        this.events = List.copyOf(events);
    }

    Json.Obj terms() {
        return terms;
    }

    Calendar calendar() {
        return calendar;
    }

    /// In event order.
    List<Event> events() {
        return events;
    }

    List<Event> datedIn(int q) {
        return events.stream().filter(e -> calendar.period(e.date()) == q).toList();
    }

    List<Integer> window(String window, int q) {
        return calendar.window(window, opening, q);
    }

    int opening() {
        return opening;
    }

    void missing(String code) {
        missing.add(code);
    }

    SortedSet<String> missing() {
        return missing;
    }

    /// Section 11.2: the last figure in event order that is dated in the period.
    Optional<Fraction> figure(String kpi, int q) {
        Json name = Json.text(kpi);
        Optional<Fraction> last = Optional.empty();
        for (Event e : datedIn(q)) {
            if (e.is("kpi") && e.json().get("kpi").equals(name)) {
                last = Optional.of(Fraction.read(e.json().get("value")));
            }
        }
        return last;
    }

    /// Section 9: the earliest day on which the fact is recorded.
    Optional<LocalDate> fact(String name) {
        return events.stream()
                .filter(e -> e.is("milestone") && e.attr("name").equals(name))
                .map(Event::date)
                .min(LocalDate::compareTo);
    }

    /// Section 8: what one minor unit of the event's currency is worth in that of the terms.
    Fraction rate(Event e) {
        String own = terms.text("currency");
        if (e.currency().equals(own)) {
            return Fraction.ONE;
        }
        Optional<Fraction> fixing = terms.object("settlement").find("fx").flatMap(fx -> fixing((Json.Obj) fx, e));
        if (fixing.isEmpty() || !Currencies.isKnown(e.currency())) {
            missing("FX_MISSING");
            return Fraction.ZERO;
        }
        return fixing.get().times(Currencies.scale(e.currency(), own));
    }

    private Optional<Fraction> fixing(Json.Obj fx, Event e) {
        LocalDate d = fx.text("refunds").equals("original") ? e.orig() : e.date();
        String pair = e.currency() + "/" + terms.text("currency");
        Optional<Fraction> last = Optional.empty();
        for (Event fixing : events) {
            boolean inTime = fx.text("fixing").equals("period-end")
                    ? calendar.period(fixing.date()) == calendar.period(d)
                    : !fixing.date().isBefore(d.minusDays(7)) && !fixing.date().isAfter(d);
            if (fixing.is("fx") && fixing.json().text("pair").equals(pair) && inTime) {
                last = Optional.of(Fraction.read(fixing.json().get("rate")));
            }
        }
        return last;
    }
}
