package org.tallystick.ledger.verify;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.terms.Period;

/// What a source has said: its events, each with the period it is booked in, and its declarations.
final class SourceBook {

    /// Types that are booked whatever was declared.
    static final List<String> FACTS = List.of("fx", "kpi", "milestone");

    private static final int REPORTS_OF_A_RUN = 64;

    private final TreeMap<Long, Booked> events = new TreeMap<>();
    private final TreeMap<Period, Declared> declared = new TreeMap<>();
    private long last;
    private Period open;
    private Optional<LedgerTime> at = Optional.empty();
    private Optional<Run> run = Optional.empty();

    /// @param first the first period of the source
    SourceBook(Period first) {
        this.open = first;
    }

    /// An event that was taken in.
    ///
    /// @param period where it is booked; nothing while it is held
    /// @param run first number of the run that booked it; 0 if it was held when it came
    record Booked(String id, Json.Obj json, Event event, Optional<Period> period, Optional<Event> named, long run) {

        KnownEvent known() {
            return new KnownEvent(id, event, period.orElseThrow(), named);
        }

        boolean isFact() {
            return FACTS.contains(event.type());
        }

        boolean isHeld() {
            return period.isEmpty();
        }

        Booked released(Period in) {
            return new Booked(id, json, event, Optional.of(in), named, 0);
        }
    }

    /// A declaration.
    ///
    /// @param from first number of the first run that booked there, 0 if none did
    /// @param sealed whether a side gave it in the owner's place
    record Declared(long last, long count, long from, boolean sealed) {}

    /// What the current transaction applied so far: `docs/spec/ledger-1.md` section 6.
    private record Run(long first, int reports) {}

    /// A new transaction begins, or another act of the source than a report came.
    void endRun() {
        run = Optional.empty();
    }

    /// The first number of the run that a report belongs to.
    ///
    /// @param first number of the report
    long runOf(long first) {
        Run now = run.filter(running -> running.reports() < REPORTS_OF_A_RUN)
                .map(running -> new Run(running.first(), running.reports() + 1))
                .orElseGet(() -> new Run(first, 1));
        run = Optional.of(now);
        return now.first();
    }

    /// When its last act came.
    Optional<LedgerTime> at() {
        return at;
    }

    void at(LedgerTime time) {
        at = Optional.of(time);
    }

    long last() {
        return last;
    }

    /// Takes numbers up to this one.
    void upTo(long number) {
        last = Math.max(last, number);
    }

    /// The first period that it can declare.
    ///
    /// @param unsettled the first period that is not settled
    Period open(Period unsettled) {
        return AgreementBook.later(open, unsettled);
    }

    void put(long number, Booked event) {
        events.put(number, event);
    }

    Optional<Booked> find(long number) {
        return Optional.ofNullable(events.get(number));
    }

    List<Booked> in(Period period) {
        return events.values().stream()
                .filter(event -> event.period().equals(Optional.of(period)))
                .toList();
    }

    long held() {
        return events.values().stream().filter(Booked::isHeld).count();
    }

    Optional<Declared> declared(Period period) {
        return Optional.ofNullable(declared.get(period));
    }

    /// Whether this is its newest declaration, and its own.
    boolean canTakeBack(Period period) {
        return open.equals(period.next())
                && declared(period).filter(word -> !word.sealed()).isPresent();
    }

    /// Declares a period with what is there.
    void declare(Period period, boolean sealed) {
        List<Booked> booked = in(period);
        long from = booked.stream()
                .mapToLong(Booked::run)
                .filter(first -> first > 0)
                .min()
                .orElse(0);
        declared.put(period, new Declared(last, booked.size(), from, sealed));
        open = period.next();
    }

    void takeBack(Period period) {
        declared.remove(period);
        open = period;
    }
}
