package org.tallystick.agreement.settlement;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Pricing;
import org.tallystick.agreement.terms.Rate;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Tiers;
import org.tallystick.agreement.terms.Window;

/// How far back a settlement looks: the periods that it computes again, and what it reads for that.
///
/// What is booked now changes the period of its date, and whatever comes after that in the windows that clauses add up
/// over. It also changes the periods that look at that one: where a refund is priced as its sale there was, or a rate
/// follows what the period before had reached. All others stay as they were settled, and are not read.
final class Reach {

    private final Terms terms;
    private final History before;
    private final Figures booked;
    private final Period next;
    private final Window widest;

    /// Clauses that price an event as one of an earlier period was, and those that look at the period before.
    private final List<String> forward = new ArrayList<>();

    private final List<String> lookback = new ArrayList<>();

    private final SortedSet<Period> again = new TreeSet<>();
    private final SortedSet<Period> read = new TreeSet<>();
    private final List<Figures> parts = new ArrayList<>();

    private Reach(Terms terms, History before, Figures booked) {
        this.terms = terms;
        this.before = before;
        this.booked = booked;
        this.next = before.next();
        this.widest = widest();
        for (Clause clause : terms.clauses()) {
            mode(clause).ifPresent(mode -> {
                switch (mode) {
                    case FORWARD -> forward.add(clause.id());
                    case LOOKBACK -> lookback.add(clause.id());
                    case MARGINAL, WHOLE, BLENDED, PER_EVENT -> {}
                }
            });
        }
        parts.add(booked.settled());
        parts.add(Figures.ofFacts(before.facts()));
        again.add(next);
    }

    /// As far as a settlement of these figures must look.
    static Reach of(Terms terms, History before, Figures booked) {
        Reach reach = new Reach(terms, before, booked);
        reach.findChanged();
        reach.readChanged();
        reach.readLookedAt();
        return reach;
    }

    /// Back to the opening: whoever explains a posting looks at everything.
    static Reach whole(Terms terms, History before, Figures booked) {
        Reach reach = new Reach(terms, before, booked);
        reach.since(before.opening());
        reach.readChanged();
        return reach;
    }

    /// The periods that are computed again, the one being settled among them.
    SortedSet<Period> again() {
        return Collections.unmodifiableSortedSet(again);
    }

    /// All figures that the settlement computes with. Of other periods than those of [#again] they have what those look
    /// at.
    Figures known() {
        return Figures.sum(parts);
    }

    private void since(Period from) {
        for (Period p = from; p.compareTo(next) <= 0; p = p.next()) {
            again.add(p);
        }
    }

    private void rest(Period from) {
        Period first = widest.first(before.opening(), from);
        for (Period p = from; p.compareTo(next) <= 0; p = p.next()) {
            if (!widest.first(before.opening(), p).equals(first)) {
                return;
            }
            again.add(p);
        }
    }

    private void findChanged() {
        SortedSet<Period> touched = booked.periods(terms.frequency());
        touched.forEach(this::rest);
        if (!touched.isEmpty() && looksAtAccruals()) {
            since(touched.first());
        }
        lateFact().map(terms.frequency()::periodOf).ifPresent(period -> {
            since(period.compareTo(before.opening()) < 0 ? before.opening() : period);
        });
        for (Period period : List.copyOf(again)) {
            before.lookers(period).forEach(this::rest);
        }
    }

    /// The first day of a fixing or milestone that comes late and may change what is settled: whatever it changes is
    /// not dated before it.
    private Optional<LocalDate> lateFact() {
        SortedSet<LocalDate> days = booked.fixingDays();
        SortedSet<String> awaited = awaited();
        booked.facts().forEach((name, day) -> {
            LocalDate known = before.facts().getOrDefault(name, LocalDate.MAX);
            if (awaited.contains(name) && day.isBefore(known)) {
                days.add(day);
            }
        });
        return days.stream().findFirst().filter(day -> day.isBefore(next.start()));
    }

    private void readChanged() {
        for (Period period : again) {
            read(period);
            parts.add(before.singles(period));
        }
    }

    private void read(Period period) {
        if (before.isSettled(period) && read.add(period)) {
            parts.add(before.past(period).figures());
        }
    }

    private void readLookedAt() {
        if (terms.settlement().fx().isPresent()) {
            SortedSet<Period> days = new TreeSet<>();
            booked.coins().forEach(coin -> days.add(terms.frequency().periodOf(coin.day())));
            days.add(next.previous());
            days.forEach(this::read);
        }
        Figures changed = known();
        SortedSet<Period> origins = new TreeSet<>();
        origins(changed).forEach((period, named) -> origins.addAll(again.contains(period) ? named : List.of()));
        origins.removeAll(again);
        origins.forEach(this::read);
        origins.forEach(origin -> parts.add(before.singles(origin)));
        for (Period period : again) {
            followed(changed, period).forEach(this::read);
        }
    }

    /// By period, the other periods in which events stand whose step its refunds have.
    private SortedMap<Period, SortedSet<Period>> origins(Figures figures) {
        SortedMap<Period, SortedSet<Period>> origins = new TreeMap<>();
        for (String clause : forward) {
            for (Figures.Single single : figures.ordered(clause)) {
                Period own = terms.frequency().periodOf(single.place().date());
                single.origin()
                        .map(origin -> terms.frequency().periodOf(origin.date()))
                        .filter(period -> !period.equals(own))
                        .ifPresent(period -> origins.computeIfAbsent(own, _ -> new TreeSet<>())
                                .add(period));
            }
        }
        return origins;
    }

    /// The periods whose totals decide on rates of this one.
    private SortedSet<Period> followed(Figures figures, Period period) {
        SortedSet<Period> followed = new TreeSet<>();
        for (String clause : lookback) {
            figures.sums(Figures.Use.BASE, clause, period).keySet().stream()
                    .filter(rated -> !rated.equals(Figures.PLAIN))
                    .forEach(rated -> followed.add(Period.ofText(rated).previous()));
            figures.alone(clause, period)
                    .keySet()
                    .forEach(event -> followed.add(Period.ofText(event.by()).previous()));
        }
        return followed;
    }

    /// By period, which others look at it from now on, by what is booked.
    SortedMap<Period, SortedSet<Period>> lookers() {
        SortedMap<Period, SortedSet<Period>> lookers = new TreeMap<>();
        origins(booked).forEach((period, named) -> named.forEach(origin -> look(lookers, period, origin)));
        for (Period period : booked.periods(terms.frequency())) {
            followed(booked, period).forEach(followed -> look(lookers, period, followed));
        }
        return lookers;
    }

    private void look(SortedMap<Period, SortedSet<Period>> lookers, Period from, Period at) {
        if (at.compareTo(before.opening()) >= 0) {
            lookers.computeIfAbsent(at, _ -> new TreeSet<>()).add(from);
        }
    }

    // What the terms say.

    private static Optional<Tiers> tiers(Clause clause) {
        return clause.priced()
                .flatMap(pricing ->
                        pricing.charge() instanceof Pricing.Tiered(var tiers) ? Optional.of(tiers) : Optional.empty());
    }

    private static Optional<Tiers.Mode> mode(Clause clause) {
        return tiers(clause).map(Tiers::mode);
    }

    /// The widest window over which a clause adds up.
    private Window widest() {
        Window found = Window.PERIOD;
        for (Clause clause : terms.clauses()) {
            Window window = clause instanceof Clause.Fixed fixed
                    ? fixed.cap().map(Clause.FixedCap::window).orElse(Window.PERIOD)
                    : clause.priced().map(Pricing::window).orElse(Window.PERIOD);
            found = window.compareTo(found) > 0 ? window : found;
        }
        return found;
    }

    /// Whether a rate follows what clauses made due in the period before: then one change leads to the next.
    private boolean looksAtAccruals() {
        return terms.clauses().stream()
                .filter(clause -> lookback.contains(clause.id()))
                .flatMap(clause -> tiers(clause).stream())
                .map(tiers -> terms.measure(tiers.measure()))
                .anyMatch(Reach::isDerived);
    }

    private static boolean isDerived(Measure measure) {
        return !measure.plusClauses().isEmpty() || !measure.lessClauses().isEmpty();
    }

    /// The milestones that some rate waits for.
    private SortedSet<String> awaited() {
        SortedSet<String> awaited = new TreeSet<>();
        for (Clause clause : terms.clauses()) {
            clause.priced().ifPresent(pricing -> {
                if (pricing.charge() instanceof Pricing.Rated(var rate)) {
                    await(rate, awaited);
                }
            });
        }
        return awaited;
    }

    private static void await(Rate rate, SortedSet<String> awaited) {
        switch (rate) {
            case Rate.ByFact(var fact, var _, var _) -> awaited.add(fact);
            case Rate.ByAttribute(var _, var table) -> table.values().forEach(row -> await(row, awaited));
            case Rate.Constant _, Rate.ByDate _, Rate.ByEvent _ -> {}
        }
    }
}
