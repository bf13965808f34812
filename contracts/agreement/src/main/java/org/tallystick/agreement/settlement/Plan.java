package org.tallystick.agreement.settlement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.EventType;
import org.tallystick.agreement.terms.Filter;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Pricing;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Tiers;
import org.tallystick.agreement.terms.Validity;

/// Terms as the fold needs them: for each type of event, what can concern it.
///
/// Compiled once for a document. What an event then costs is at most one look at every condition of the document,
/// however often clauses share a measure.
final class Plan {

    /// What is done with an event. Tasks that add to sums name the slot in which the sums of a clause stand.
    sealed interface Task {

        /// Whether it can concern events of this type.
        boolean allows(EventType type);
    }

    /// Which events a clause looks at (terms/1 section 7.3).
    record Selection(Counter counter, Sieve where, Validity when) {
        boolean allows(EventType type) {
            return counter.allows(type) && where.allows(type);
        }
    }

    /// A measure that some clause takes whole.
    record Whole(Counter counter, int slot) implements Task {
        @Override
        public boolean allows(EventType type) {
            return counter.allows(type);
        }
    }

    /// Each event counts 1.
    record Counted(Sieve on, Validity when, int slot) implements Task {
        @Override
        public boolean allows(EventType type) {
            return on.allows(type);
        }
    }

    /// The base or the tier measure of a clause.
    record Summed(Selection selection, int slot) implements Task {
        @Override
        public boolean allows(EventType type) {
            return selection.allows(type);
        }
    }

    /// The base, by rate.
    record Rated(Selection selection, Rating rating, int slot) implements Task {
        @Override
        public boolean allows(EventType type) {
            return selection.allows(type);
        }
    }

    /// The price of each event.
    record Priced(String clause, Selection selection, Rating rating, EventPrice price, int slot) implements Task {
        @Override
        public boolean allows(EventType type) {
            return selection.allows(type);
        }
    }

    /// Tiers that price each event.
    record Stepped(String clause, Selection selection, Tiers tiers, int slot) implements Task {
        @Override
        public boolean allows(EventType type) {
            return selection.allows(type);
        }
    }

    /// A pool divided event by event.
    ///
    /// @param shares absent if they follow the use of the period
    record Divided(String clause, Selection selection, Optional<Shares> shares, int slot) implements Task {
        @Override
        public boolean allows(EventType type) {
            return selection.allows(type);
        }
    }

    /// The use by each party that a pro rata share follows.
    record Used(Counter counter, String by, SortedSet<String> among, int slot) implements Task {
        Used {
            among = Collections.unmodifiableSortedSet(new TreeSet<>(among));
        }

        @Override
        public boolean allows(EventType type) {
            return counter.allows(type);
        }
    }

    record Claimed(String clause, Sieve on) implements Task {
        @Override
        public boolean allows(EventType type) {
            return on.allows(type);
        }
    }

    /// Where sums stand: what for, and of which measure or clause.
    record Slot(Figures.Use use, String of) {}

    private static final Sieve ALL = new Sieve(Filter.ANY);
    private static final Task[] NOTHING = {};

    private final Terms terms;
    private final SortedMap<String, Counter> counters = new TreeMap<>();
    private final List<Slot> slots = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private final EnumMap<EventType, Task[]> byType = new EnumMap<>(EventType.class);

    /// Measures that some clause takes whole.
    private final SortedSet<String> whole = new TreeSet<>();

    /// Figures that some clause looks up.
    private final SortedSet<String> kpis = new TreeSet<>();

    Plan(Terms terms) {
        this.terms = terms;
        terms.measures().forEach((id, measure) -> counters.put(id, new Counter(counters.size(), measure)));
        for (Clause clause : terms.clauses()) {
            switch (clause) {
                case Clause.Fee(var id, var _, var _, var pricing) -> price(id, pricing);
                case Clause.Unit(var id, var _, var _, var pricing) -> price(id, pricing);
                case Clause.Fund(var id, var _, var pricing, var claims) -> {
                    price(id, pricing);
                    tasks.add(new Claimed(id, new Sieve(claims.on())));
                }
                case Clause.Kpi kpi -> {
                    kpi.tables().forEach(table -> kpis.add(table.kpi()));
                    Selection selection = select(kpi.of(), kpi.where(), kpi.when());
                    tasks.add(new Summed(selection, slot(Figures.Use.BASE, kpi.id())));
                }
                case Clause.Split split -> divide(split);
                case Clause.Fixed fixed ->
                    tasks.add(new Counted(new Sieve(fixed.on()), fixed.when(), slot(Figures.Use.BASE, fixed.id())));
                case Clause.Guarantee guarantee -> {
                    if (guarantee.promise() instanceof Clause.PromisedPerUnit(var of, var _)) {
                        whole.add(of);
                    }
                }
                case Clause.Waterfall waterfall -> {
                    whole.add(waterfall.of());
                    for (Clause.Rank rank : waterfall.tiers()) {
                        if (rank instanceof Clause.Recover(var _, var _, var of)) {
                            whole.add(of);
                        }
                    }
                }
                case Clause.Advance _, Clause.Reserve _, Clause.Withholding _ -> {}
            }
        }
        whole.forEach(id -> tasks.add(new Whole(counter(id), slot(Figures.Use.MEASURE, id))));
        for (EventType type : EventType.values()) {
            byType.put(type, tasks.stream().filter(task -> task.allows(type)).toArray(Task[]::new));
        }
    }

    Terms terms() {
        return terms;
    }

    /// All that can concern an event of this type.
    Task[] tasks(EventType type) {
        return byType.getOrDefault(type, NOTHING);
    }

    List<Slot> slots() {
        return Collections.unmodifiableList(slots);
    }

    /// How many measures there are.
    int counters() {
        return counters.size();
    }

    /// The clause for which a task may have to keep events one by one: since they are priced after one another,
    /// converted
    /// alone, or divided by the use of their period.
    Optional<String> keeper(Task task) {
        boolean converts = terms.settlement().fx().isPresent();
        return switch (task) {
            case Stepped(var clause, var selection, var tiers, var _) ->
                Optional.of(clause).filter(_ -> tiers.mode() == Tiers.Mode.FORWARD || (converts && isMoney(selection)));
            case Priced(var clause, var selection, var _, var _, var _) ->
                Optional.of(clause).filter(_ -> converts && isMoney(selection));
            case Divided(var clause, var _, var shares, var _) ->
                Optional.of(clause).filter(_ -> converts || shares.isEmpty());
            case Whole _, Counted _, Summed _, Rated _, Used _, Claimed _ -> Optional.empty();
        };
    }

    private static boolean isMoney(Selection selection) {
        return selection.counter().of() == Measure.Of.AMOUNT;
    }

    /// Measures that some clause takes whole.
    SortedSet<String> whole() {
        return Collections.unmodifiableSortedSet(whole);
    }

    boolean looksUp(String kpi) {
        return kpis.contains(kpi);
    }

    private int slot(Figures.Use use, String of) {
        slots.add(new Slot(use, of));
        return slots.size() - 1;
    }

    private Counter counter(String measure) {
        Counter counter = counters.get(measure);
        if (counter == null) {
            throw new IllegalStateException("no measure " + measure + " among " + counters.keySet());
        }
        return counter;
    }

    private Selection select(String of, Filter where, Validity when) {
        return new Selection(counter(of), where.equals(Filter.ANY) ? ALL : new Sieve(where), when);
    }

    private void price(String id, Pricing pricing) {
        pricing.factor().ifPresent(kpis::add);
        pricing.floor().ifPresent(this::need);
        pricing.cap().ifPresent(cap -> need(cap.limit()));
        Selection selection = select(pricing.of(), pricing.where(), pricing.when());
        switch (pricing.charge()) {
            case Pricing.Rated(var rate) -> {
                int slot = slot(Figures.Use.BASE, id);
                if (pricing.perEvent()) {
                    tasks.add(new Priced(id, selection, Rating.of(rate), new EventPrice(pricing), slot));
                } else if (rate.isConstant()) {
                    tasks.add(new Summed(selection, slot));
                } else {
                    tasks.add(new Rated(selection, Rating.of(rate), slot));
                }
            }
            case Pricing.Tiered(var tiers) -> {
                int slot = slot(Figures.Use.BASE, id);
                tasks.add(
                        tiers.mode().pricesEvents()
                                ? new Stepped(id, selection, tiers, slot)
                                : new Summed(selection, slot));
                if (tiers.mode() == Tiers.Mode.LOOKBACK || !tiers.measure().equals(pricing.of())) {
                    Selection reached = select(tiers.measure(), pricing.where(), pricing.when());
                    tasks.add(new Summed(reached, slot(Figures.Use.TIER, id)));
                }
            }
        }
    }

    private void need(Pricing.Limit limit) {
        if (limit instanceof Pricing.MeasureLimit(var of, var _)) {
            whole.add(of);
        }
    }

    private void divide(Clause.Split split) {
        Selection selection = select(split.of(), split.where(), split.when());
        if (!split.perEvent()) {
            tasks.add(new Summed(selection, slot(Figures.Use.BASE, split.id())));
        } else {
            Optional<Shares> shares =
                    split.proRata().isPresent() ? Optional.empty() : Optional.of(new Shares(terms, split.shares()));
            tasks.add(new Divided(split.id(), selection, shares, slot(Figures.Use.PART, split.id())));
        }
        if (split.proRata().isPresent()) {
            Clause.ProRata proRata = split.proRata().get();
            tasks.add(new Used(
                    counter(proRata.of()),
                    proRata.by(),
                    new TreeSet<>(proRata.among()),
                    slot(Figures.Use.PRO_RATA, split.id())));
        }
    }
}
