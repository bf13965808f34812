package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Window;

/// All that the periods settled so far mean for the next one: what they left open, and what is kept of each of them.
///
/// It takes the place of the events. Whoever has it, and the events booked in the next period, needs nothing else. It
/// has two parts. What is *carried* is small however old the agreement is: balances, and sums over the windows that go
/// on. What is kept of a period is read only if the settlement asks for that period ([Reach]).
public final class History {
    private static final String VERSION = "3";

    private final Period opening;
    private final Optional<Period> settled;
    private final Balances balances;
    private final Distribution distribution;
    private final SortedMap<String, LocalDate> facts;
    private final SortedMap<Window, SortedMap<String, Rational>> added;
    private final Pasts pasts;
    private final SortedMap<Period, Renewed> renewed;

    /// What a settlement puts in the place of what was kept of a period.
    ///
    /// @param past nothing if it stays as it is
    /// @param kept the events that clauses keep one by one; nothing if they stay as they are
    /// @param lookers the later periods that were computed with something of this one
    public record Renewed(Optional<Past> past, Optional<Figures> kept, SortedSet<Period> lookers) {
        public Renewed {
            lookers = Collections.unmodifiableSortedSet(new TreeSet<>(lookers));
        }

        public Optional<Json.Obj> sums() {
            return past.map(Past::encode);
        }

        public Optional<Json.Obj> singles() {
            return kept.map(Figures::encode);
        }
    }

    /// @param settled the last period settled
    /// @param facts the first day on which each milestone is recorded
    /// @param added what the periods of the year and of the life add to sums, up to the last one settled
    /// @param renewed what the last settlement changed in `pasts`
    History(
            Period opening,
            Optional<Period> settled,
            Balances balances,
            Distribution distribution,
            SortedMap<String, LocalDate> facts,
            SortedMap<Window, SortedMap<String, Rational>> added,
            Pasts pasts,
            SortedMap<Period, Renewed> renewed) {
        this.opening = opening;
        this.settled = settled;
        this.balances = balances;
        this.distribution = distribution;
        this.facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
        SortedMap<Window, SortedMap<String, Rational>> sums = new TreeMap<>();
        added.forEach((window, byName) -> sums.put(window, Past.nonZero(byName)));
        this.added = Collections.unmodifiableSortedMap(sums);
        this.pasts = pasts;
        this.renewed = Collections.unmodifiableSortedMap(new TreeMap<>(renewed));
    }

    /// Before the first settlement.
    public static History open(Terms terms, Period opening) {
        if (opening.frequency() != terms.frequency()) {
            throw new IllegalArgumentException(opening + " is no period of an agreement settled every "
                    + terms.frequency().text());
        }
        return new History(
                opening,
                Optional.empty(),
                Balances.NONE,
                Distribution.NONE,
                new TreeMap<>(),
                new TreeMap<>(),
                new Pasts(Pasts.NOWHERE),
                new TreeMap<>());
    }

    /// After the settlement of the next period.
    History after(
            SortedMap<String, LocalDate> known,
            SortedMap<Window, SortedMap<String, Rational>> sums,
            SortedMap<Period, Renewed> changed,
            Balances open,
            Distribution distributed) {
        return new History(opening, Optional.of(next()), open, distributed, known, sums, pasts.with(changed), changed);
    }

    public Period opening() {
        return opening;
    }

    /// The period to be settled next.
    public Period next() {
        return settled.map(Period::next).orElse(opening);
    }

    /// What the last settlement changed of what is kept of periods: whoever keeps a history writes this, and what
    /// [#encode] has.
    public SortedMap<Period, Renewed> renewed() {
        return renewed;
    }

    /// Reads all that is kept of every period, so that nothing is read any more when somebody computes with it.
    public History readWhole() {
        for (Period p = opening; isSettled(p); p = p.next()) {
            Past _ = past(p);
            Figures _ = singles(p);
            SortedSet<Period> _ = lookers(p);
        }
        return this;
    }

    boolean isSettled(Period period) {
        return settled.isPresent() && period.compareTo(settled.get()) <= 0 && period.compareTo(opening) >= 0;
    }

    /// What is kept of a period; nothing if it is not settled.
    Past past(Period period) {
        return isSettled(period) ? pasts.sums(period) : Past.NONE;
    }

    Figures singles(Period period) {
        return isSettled(period) ? pasts.singles(period) : Figures.NONE;
    }

    SortedSet<Period> lookers(Period period) {
        return isSettled(period) ? pasts.lookers(period) : Collections.emptySortedSet();
    }

    /// The first day on which each milestone is recorded.
    SortedMap<String, LocalDate> facts() {
        return facts;
    }

    /// What all settlements together posted for a clause and period, by receiver.
    SortedMap<String, BigInteger> posted(String clause, Period period) {
        return past(period).posted(clause);
    }

    /// A sum over the periods of a window that come before this one, as they were settled.
    Rational addedBefore(String sum, Window window, Period period) {
        Period first = window.first(opening, period);
        if (settled.isEmpty() || first.equals(period)) {
            return Rational.ZERO;
        }
        Period last = settled.get();
        if (!window.first(opening, last).equals(first)) {
            return between(sum, first, period);
        }
        Rational all = added.getOrDefault(window, Collections.emptySortedMap()).getOrDefault(sum, Rational.ZERO);
        return all.minus(between(sum, period, last.next()));
    }

    private Rational between(String sum, Period from, Period until) {
        Rational all = Rational.ZERO;
        for (Period p = from; p.compareTo(until) < 0; p = p.next()) {
            all = all.plus(past(p).added(sum));
        }
        return all;
    }

    /// What all periods settled so far add to sums, of the window that the last one is in.
    SortedMap<String, Rational> added(Window window) {
        return added.getOrDefault(window, Collections.emptySortedMap());
    }

    public Balances balances() {
        return balances;
    }

    Distribution distribution() {
        return distribution;
    }

    /// By party, what is carried forward.
    public SortedMap<String, BigInteger> carried() {
        return balances.carried();
    }

    /// What a group of balances has, as the statement before named it (terms/1 section 13.3); zeros are left out.
    ///
    /// @param group `advance`, `capital`, `carried`, `fund` or `reserve`
    public SortedMap<String, BigInteger> balances(String group) {
        return switch (group) {
            case "advance" -> balances.advances();
            case "capital" -> distribution.capital();
            case "carried" -> balances.carried();
            case "fund" -> balances.funds();
            case "reserve" -> balances.reserved();
            default -> throw new IllegalArgumentException("no group of balances is called " + group);
        };
    }

    /// By clause, what is in its fund.
    public SortedMap<String, BigInteger> funds() {
        return balances.funds();
    }

    /// What is carried; not what is kept of periods.
    public Json.Obj encode() {
        SortedMap<String, Json> days = new TreeMap<>();
        facts.forEach((name, day) -> days.put(name, Json.text(day.toString())));
        SortedMap<String, Json> sums = new TreeMap<>();
        added.forEach((window, byName) -> sums.put(window.text(), Past.encode(byName)));
        return Json.object()
                .with("added", new Json.Obj(sums))
                .with("balances", balances.encode())
                .with("distribution", distribution.encode())
                .with("facts", new Json.Obj(days))
                .with("history", VERSION)
                .with("opening", opening.text())
                .withText("settled", settled.map(Period::text))
                .build();
    }

    /// What [#encode] wrote.
    ///
    /// @param reader where what is kept of periods is read
    /// @throws RuntimeException for anything else: it is kept where only this code writes
    public static History decode(Json.Obj history, PastReader reader) {
        if (!history.text("history").equals(VERSION)) {
            throw new IllegalArgumentException("a history of version " + history.text("history"));
        }
        SortedMap<String, LocalDate> facts = new TreeMap<>();
        history.object("facts")
                .members()
                .forEach((name, day) -> facts.put(name, Days.ofText(((Json.Text) day).value())));
        SortedMap<Window, SortedMap<String, Rational>> added = new TreeMap<>();
        history.object("added")
                .members()
                .forEach((window, sums) -> added.put(Window.ofText(window).orElseThrow(), Past.sums((Json.Obj) sums)));
        return new History(
                Period.ofText(history.text("opening")),
                history.findText("settled").map(Period::ofText),
                Balances.decode(history.object("balances")),
                Distribution.decode(history.object("distribution")),
                facts,
                added,
                new Pasts(reader),
                new TreeMap<>());
    }
}
