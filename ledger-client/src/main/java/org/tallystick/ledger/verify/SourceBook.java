package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.Inputs;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Totals;
import org.tallystick.agreement.terms.Period;

/// What a source has said: its events, each with the period it is booked in, and its declarations.
final class SourceBook {

    /// Types that are booked whatever was declared.
    static final List<String> FACTS = List.of("fx", "kpi", "milestone");

    private static final int REPORTS_OF_A_RUN = 64;

    private final SourceId id;
    private final OctetStore octets;
    /// Of numbers that follow each other, by the first of them.
    private final TreeMap<Long, Stretch> events = new TreeMap<>();
    /// Where the last of them was put.
    private @Nullable Stretch stretch;
    /// How events are booked, each way once.
    private final List<Booking> bookings = new ArrayList<>();
    private final TreeMap<Period, Sum> sums = new TreeMap<>();
    private final TreeMap<Period, Counted> counted = new TreeMap<>();
    private final TreeMap<Period, Declared> declared = new TreeMap<>();
    private long held;
    private long last;
    private Period open;
    private Optional<LedgerTime> at = Optional.empty();
    private Optional<Run> run = Optional.empty();

    /// @param octets where events are kept
    /// @param first the first period of the source
    SourceBook(String id, OctetStore octets, Period first) {
        this.id = new SourceId(id);
        this.octets = octets;
        this.open = first;
    }

    /// An event that was taken in.
    ///
    /// @param period where it is booked; nothing while it is held
    record Booked(String id, Json.Obj json, Event event, Optional<Period> period) {

        boolean isFact() {
            return isFact(event);
        }

        static boolean isFact(Event event) {
            return FACTS.contains(event.type());
        }

        boolean isHeld() {
            return period.isEmpty();
        }
    }

    /// @param period nothing while it is held
    /// @param run first number of the run that booked it; 0 if it was held when it came
    private record Booking(Optional<Period> period, long run, boolean fact) {
        boolean is(Optional<Period> otherPeriod, long otherRun, boolean otherFact) {
            return run == otherRun && fact == otherFact && period.equals(otherPeriod);
        }
    }

    /// What is booked in a period.
    ///
    /// @param from first number of the first run that booked there, 0 if none did
    record Sum(long count, long from, Totals totals) {
        static final Sum NOTHING = new Sum(0, 0, Totals.NONE);

        Sum plus(long run, List<KnownEvent> events) {
            boolean first = run > 0 && (from == 0 || run < from);
            return new Sum(count + events.size(), first ? run : from, totals.plus(Totals.of(events)));
        }
    }

    /// What is booked in a period and is no fact, added up under the version that is to settle it.
    private record Counted(Hash version, Inputs inputs) {}

    /// Events with numbers that follow each other: where each lies, and which of the bookings it has.
    private static final class Stretch {
        private static final int MOST = 1 << 16;

        private final long first;
        private long[] places = new long[64];
        private int[] bookings = new int[64];
        private int count;

        Stretch(long first) {
            this.first = first;
        }

        boolean covers(long number) {
            return first <= number && number < first + count;
        }

        boolean takes(long number) {
            return number == first + count && count < MOST;
        }

        void put(long number, long place, int booking) {
            int at = (int) (number - first);
            if (at == places.length) {
                places = Arrays.copyOf(places, 2 * at);
                bookings = Arrays.copyOf(bookings, 2 * at);
            }
            places[at] = place;
            bookings[at] = booking;
            count = Math.max(count, at + 1);
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

    /// Takes in the next event.
    ///
    /// @param run first number of the run that books it
    void put(long number, Json.Obj json, Event event, Optional<Period> period, long run) {
        put(number, octets.add(json.canonical()), period, period.isPresent() ? run : 0, Booked.isFact(event));
        held += period.isEmpty() ? 1 : 0;
    }

    private void put(long number, long place, Optional<Period> period, long run, boolean fact) {
        if (bookings.isEmpty() || !bookings.getLast().is(period, run, fact)) {
            bookings.add(new Booking(period, run, fact));
        }
        if (stretch == null || !isNext(stretch, number)) {
            stretch = Optional.ofNullable(events.floorEntry(number))
                    .map(Map.Entry::getValue)
                    .filter(found -> found.covers(number) || found.takes(number))
                    .orElseGet(() -> events.computeIfAbsent(number, Stretch::new));
        }
        stretch.put(number, place, bookings.size() - 1);
    }

    /// Whether a number follows on those of a stretch, and no other stretch has it.
    private boolean isNext(Stretch last, long number) {
        return last.takes(number) && events.lastKey() == last.first;
    }

    /// Adds events up that were just put, all booked in a period by the same run.
    ///
    /// @param document the version that is to settle the period, as far as is known
    void add(Period period, long run, List<KnownEvent> booked, Optional<Document> document) {
        Optional<Counted> before = Optional.ofNullable(counted.remove(period));
        boolean first = !sums.containsKey(period);
        document.flatMap(version -> before.filter(found -> found.version().equals(version.version()))
                        .or(() -> first
                                ? Optional.of(
                                        new Counted(version.version(), new Inputs(version.terms(), version.opening())))
                                : Optional.empty()))
                .ifPresent(found -> {
                    booked.stream()
                            .filter(known -> !Booked.isFact(known.event()))
                            .forEach(found.inputs()::add);
                    counted.put(period, found);
                });
        sums.put(period, sum(period).plus(run, booked));
    }

    /// Books an event that was held.
    ///
    /// @param document as in [#add]
    void release(long number, Period period, KnownEvent known, Optional<Document> document) {
        Stretch found = events.floorEntry(number).getValue();
        long place = found.places[(int) (number - found.first)];
        put(number, place, Optional.of(period), 0, Booked.isFact(known.event()));
        held--;
        add(period, 0, List.of(known), document);
    }

    Optional<Booked> find(long number) {
        return Optional.ofNullable(events.floorEntry(number))
                .map(Map.Entry::getValue)
                .filter(found -> found.covers(number))
                .map(found -> read(found, (int) (number - found.first)));
    }

    private Booked read(Stretch from, int at) {
        if (JsonReader.readCanonical(octets.read(from.places[at])) instanceof JsonReader.Value(Json.Obj json)) {
            String number = new EventId(id, from.first + at).text();
            return new Booked(
                    number,
                    json,
                    EventReader.known(json),
                    bookings.get(from.bookings[at]).period());
        }
        throw new IllegalStateException("what was kept is no event any more");
    }

    /// What is booked in a period, read one after the other.
    ///
    /// @param facts whether the facts, or all others
    Stream<Booked> in(Period period, boolean facts) {
        Optional<Period> wanted = Optional.of(period);
        return events.values().stream()
                .flatMap(some -> IntStream.range(0, some.count)
                        .filter(at -> {
                            Booking booking = bookings.get(some.bookings[at]);
                            return booking.fact() == facts && booking.period().equals(wanted);
                        })
                        .mapToObj(at -> read(some, at)));
    }

    /// What is booked in a period and is no fact, if it was added up under this version all along; given away once.
    Optional<Inputs> inputs(Document document, Period period) {
        return Optional.ofNullable(counted.remove(period))
                .filter(found -> found.version().equals(document.version()))
                .map(Counted::inputs);
    }

    Sum sum(Period period) {
        return sums.getOrDefault(period, Sum.NOTHING);
    }

    long held() {
        return held;
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
        Sum booked = sum(period);
        declared.put(period, new Declared(last, booked.count(), booked.from(), sealed));
        open = period.next();
    }

    void takeBack(Period period) {
        declared.remove(period);
        open = period;
    }
}
