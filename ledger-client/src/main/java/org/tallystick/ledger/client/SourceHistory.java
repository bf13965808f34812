package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Booking;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Totals;
import org.tallystick.agreement.state.FactPage;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Mark;
import org.tallystick.agreement.state.PeriodTotal;
import org.tallystick.agreement.state.ReleasedEvents;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.state.RunEvents;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.ledger.LedgerException;

/// What a source has reported, read back from the ledger run by run.
///
/// Reads as little as the question needs and keeps what it has read: runs never change once another act followed.
public final class SourceHistory {

    /// Runs whose events are kept after they were read.
    private static final int MOST_KEPT = 2;

    private final StateReader state;
    private final AgreementId agreement;
    private final SourceId source;
    private final TreeMap<Long, Run> runs = new TreeMap<>();
    private final LinkedHashMap<Long, RunEvents> events = new LinkedHashMap<>();

    public SourceHistory(StateReader state, AgreementId agreement, SourceId source) {
        this.state = state;
        this.agreement = agreement;
        this.source = source;
    }

    SourceId source() {
        return source;
    }

    /// The head of the source; nothing before its first report or declaration.
    public Optional<SourceHead> head() throws LedgerException {
        return state.get(Keys.source(agreement.text(), source.text())).map(SourceHead::decode);
    }

    /// The last number taken, 0 if none was.
    public long last() throws LedgerException {
        return head().map(SourceHead::last).orElse(0L);
    }

    /// All runs, newest first.
    public List<Run> runs() throws LedgerException {
        List<Run> all = new ArrayList<>();
        long first = head().map(SourceHead::lastRun).orElse(0L);
        while (first != 0) {
            Run run = read(first);
            all.add(run);
            first = run.previous();
        }
        return List.copyOf(all);
    }

    /// The run that holds this number.
    public Optional<Run> run(long number) throws LedgerException {
        Optional<Run> known = Optional.ofNullable(runs.floorEntry(number))
                .map(Map.Entry::getValue)
                .filter(run -> number <= run.last());
        if (known.isPresent()) {
            return known;
        }
        Optional<Run> direct = find(number);
        if (direct.isPresent()) {
            return direct;
        }
        long first = head().map(SourceHead::lastRun).orElse(0L);
        while (first > number) {
            first = read(first).previous();
        }
        return first == 0 ? Optional.empty() : Optional.of(read(first)).filter(run -> number <= run.last());
    }

    /// The event of this number.
    Optional<Json.Obj> event(long number) throws LedgerException {
        Optional<Run> run = run(number);
        return run.isEmpty()
                ? Optional.empty()
                : Optional.of((Json.Obj) events(run.get().first()).events().get((int)
                        (number - run.get().first())));
    }

    /// Whether the event of this number was held when it was reported.
    boolean wasHeld(long number) throws LedgerException {
        Optional<Run> run = run(number);
        return run.isPresent()
                && events(run.get().first()).held().contains((int)
                        (number - run.get().first()));
    }

    /// Where the event of this number is booked, one that names no other; nothing while it is held, or if there is
    /// none.
    Optional<Period> booked(Terms terms, long number) throws LedgerException {
        Optional<Run> run = run(number);
        Optional<Json.Obj> event = event(number);
        if (run.isEmpty() || event.isEmpty()) {
            return Optional.empty();
        }
        Period period = Booking.of(terms, event(event.get()), run.get());
        if (!wasHeld(number)) {
            return Optional.of(period);
        }
        Mark mark = mark(number);
        return mark.held() ? Optional.empty() : mark.booked().or(() -> Optional.of(period));
    }

    Mark mark(long number) throws LedgerException {
        return state.get(Keys.mark(agreement.text(), new EventId(source, number)))
                .map(Mark::decode)
                .orElse(Mark.NONE);
    }

    /// The event of this number with its path to the root of its report: what another report names it by.
    public Optional<Act.EventProof> proof(long number) throws LedgerException {
        Optional<Run> run = run(number);
        if (run.isEmpty()) {
            return Optional.empty();
        }
        Run.Report report = run.get().reports().stream()
                .filter(one -> one.first() <= number && number < one.first() + one.count())
                .findFirst()
                .orElseThrow(() -> broken("run " + run.get().first() + " lacks number " + number));
        int begin = (int) (report.first() - run.get().first());
        List<Json> all = events(run.get().first()).events();
        return Optional.of(proof(all.subList(begin, begin + (int) report.count()), report.first(), number));
    }

    /// The proof of an event among those of one report.
    Act.EventProof proof(List<? extends Json> ofReport, long first, long number) {
        int index = (int) (number - first);
        List<Bytes> leaves = ofReport.stream().map(Json::canonical).toList();
        return new Act.EventProof(
                new EventId(source, number), (Json.Obj) ofReport.get(index), first, Merkle.path(leaves, index));
    }

    /// An event with its number.
    record Numbered(long number, Json.Obj event) {}

    /// The events of a run that were held when they were reported.
    ///
    /// @param first number of the run
    List<Numbered> heldWhenReported(long first) throws LedgerException {
        RunEvents stored = events(first);
        return stored.held().stream()
                .map(index ->
                        new Numbered(first + index, (Json.Obj) stored.events().get(index)))
                .toList();
    }

    /// The number of the event to which the reporter gave this reference of its own (`attrs.ref`); the newest one.
    public Optional<EventId> referredTo(String reference) throws LedgerException {
        for (Run run : runs()) {
            List<Json> all = events(run.first()).events();
            for (int k = all.size() - 1; k >= 0; k--) {
                if (EventDraft.reference((Json.Obj) all.get(k)).equals(Optional.of(reference))) {
                    return Optional.of(new EventId(source, run.first() + k));
                }
            }
        }
        return Optional.empty();
    }

    /// What the source has to declare for a period: computed from the events themselves, then held against the
    /// ledger's own sums.
    ///
    /// @throws LedgerException.Refused if the two differ: then the courier, or the ledger, tells two stories
    public Declarable declarable(Document document, Period period) throws LedgerException {
        PeriodTotal total = total(period);
        Added added = new Added();
        each(document, period, total, added::add);
        added.add(releasedFacts(period, added.facts));
        if (added.count != total.count() || !added.totals.equals(total.totals())) {
            throw broken("the events booked in " + period.text() + " do not add up to "
                    + total.encode().canonical());
        }
        long held = head().map(SourceHead::held).orElse(0L);
        return new Declarable(last(), added.count, held, added.totals);
    }

    /// Events as they come, added up and forgotten; only the ids of facts are kept.
    private static final class Added {
        private Totals totals = Totals.NONE;
        private long count;
        private final Set<String> facts = new HashSet<>();

        void add(List<KnownEvent> events) {
            totals = totals.plus(Totals.of(events));
            count += events.size();
            events.stream()
                    .filter(known -> Booking.isFact(known.event()))
                    .map(KnownEvent::id)
                    .forEach(facts::add);
        }
    }

    /// @param last the last number of the source
    /// @param count of the events booked in the period
    /// @param held how many events of the source are held
    public record Declarable(long last, long count, long held, Totals totals) {}

    /// Hands out the events booked in a period that are no facts, run by run, as far as the source has reported it.
    void settling(Document document, Period period, Consumer<List<KnownEvent>> taker) throws LedgerException {
        settling(document, period, total(period), taker);
    }

    /// The same, as far as the source had declared it: a close takes facts from keys of their own.
    void settling(Document document, Period period, PeriodTotal declared, Consumer<List<KnownEvent>> taker)
            throws LedgerException {
        each(document, period, declared, events -> taker.accept(Booking.noFacts(events)));
    }

    private PeriodTotal total(Period period) throws LedgerException {
        return state.get(Keys.total(agreement.text(), source.text(), period.text()))
                .map(PeriodTotal::decode)
                .orElse(PeriodTotal.NONE);
    }

    /// Hands out the events booked in a period, run by run, so that they need not all be there at once.
    private void each(Document document, Period period, PeriodTotal total, Consumer<List<KnownEvent>> taker)
            throws LedgerException {
        long first = total.from();
        while (first != 0 && first <= total.to()) {
            RunEvents stored = events(first);
            List<KnownEvent> booked = new ArrayList<>();
            for (int k = 0; k < stored.events().size(); k++) {
                Event event = event(stored.events().get(k));
                Period own = document.terms().frequency().periodOf(event.date());
                Period in = stored.later().getOrDefault(k, own);
                if (in.equals(period) && !stored.held().contains(k)) {
                    Optional<Event> origin = named(event, stored, first);
                    booked.add(new KnownEvent(new EventId(source, first + k).text(), event, in, origin));
                }
            }
            taker.accept(booked);
            first = read(first).last() + 1;
        }
        taker.accept(released(period, total.released()));
    }

    /// Events that were held and are booked in the period since.
    private List<KnownEvent> released(Period period, long count) throws LedgerException {
        List<KnownEvent> released = new ArrayList<>();
        for (int page = 1; released.size() < count; page++) {
            String key = Keys.released(agreement.text(), source.text(), period.text(), page);
            Json.Obj stored = state.get(key).orElseThrow(() -> broken(key + " is not there"));
            for (ReleasedEvents.Released event : ReleasedEvents.decode(stored)) {
                Optional<Event> origin = event.origin().isEmpty()
                        ? Optional.empty()
                        : Optional.of(event(event.origin().get()));
                released.add(new KnownEvent(event.id(), event(event.event()), period, origin));
            }
        }
        return released;
    }

    /// Facts of this source that were held and are booked in the period since: they stand with those of all sources.
    ///
    /// @param known ids of those that were not held
    private List<KnownEvent> releasedFacts(Period period, Set<String> known) throws LedgerException {
        Set<String> ids = new HashSet<>(known);
        List<KnownEvent> released = new ArrayList<>();
        for (String type : Booking.FACTS) {
            Optional<Json.Obj> page = Optional.of(Json.Obj.EMPTY);
            for (int number = 1; page.isPresent(); number++) {
                page = state.get(Keys.facts(agreement.text(), type, period.text(), number));
                for (FactPage.Fact fact : page.map(FactPage::decode).orElse(List.of())) {
                    boolean own = fact.id().startsWith(source.text() + "/");
                    if (own && ids.add(fact.id())) {
                        released.add(new KnownEvent(fact.id(), event(fact.event()), period, Optional.empty()));
                    }
                }
            }
        }
        return released;
    }

    /// The event that an event names: in the same run, or kept beside it.
    private Optional<Event> named(Event event, RunEvents stored, long first) throws LedgerException {
        if (event.refOf().isEmpty()) {
            return Optional.empty();
        }
        String id = event.refOf().get();
        Json kept = stored.origins().get(id);
        if (kept != null) {
            return Optional.of(event(kept));
        }
        long index = EventId.parse(id).map(EventId::number).orElse(0L) - first;
        if (index < 0 || index >= stored.events().size()) {
            throw broken("the event " + id + " that another names is not there");
        }
        return Optional.of(event(stored.events().get((int) index)));
    }

    private Event event(Json json) throws LedgerException {
        if (EventReader.read(json) instanceof EventReading.Formed(var event)) {
            return event;
        }
        throw broken("an event without the form of one: " + json.canonical());
    }

    private Optional<Run> find(long first) throws LedgerException {
        Optional<Run> run =
                state.get(Keys.run(agreement.text(), source.text(), first)).map(Run::decode);
        run.ifPresent(found -> runs.put(found.first(), found));
        return run;
    }

    private Run read(long first) throws LedgerException {
        Run known = runs.get(first);
        if (known != null) {
            return known;
        }
        return find(first).orElseThrow(() -> broken("there is no run " + first));
    }

    /// The events of the run that begins with this number. Only the newest that were asked for are kept.
    RunEvents events(long first) throws LedgerException {
        RunEvents known = events.get(first);
        if (known != null) {
            return known;
        }
        while (events.size() >= MOST_KEPT) {
            Map.Entry<Long, RunEvents> _ = events.pollFirstEntry();
        }
        RunEvents read = state.get(Keys.events(agreement.text(), source.text(), first))
                .map(RunEvents::decode)
                .orElseThrow(() -> broken("there are no events of run " + first));
        events.put(first, read);
        return read;
    }

    private LedgerException.Refused broken(String what) {
        return new LedgerException.Refused("source " + source + " of " + agreement + ": " + what, null);
    }
}
