package org.tallystick.agreement.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.Figures;
import org.tallystick.agreement.settlement.Folding;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Totals;
import org.tallystick.agreement.state.FactPage;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Mark;
import org.tallystick.agreement.state.PeriodTotal;
import org.tallystick.agreement.state.ReleasedEvents;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Period;

/// What an attestation completes: these events are booked now, all or none, but for those whose source has ended.
final class Release {

    /// An attestation releases at most so many, those counted that it only frees from what they name.
    private static final int MAX_RELEASED = 500;

    private final Overlay state;
    private final Moment moment;
    private final OpenRuns runs;
    private final Facts facts;
    private final Folded folded;
    private final Engaged engaged;
    private final Supplier<Folding> folding;
    private final Marks marks;
    private final TreeMap<EventId, Booked> released = new TreeMap<>();
    private final TreeMap<String, SortedMap<Period, Figures>> foldedBySource = new TreeMap<>();
    private int touched;

    /// @param folding under the document in force; asked for only if something is released
    Release(Overlay state, Moment moment, OpenRuns runs, Engaged engaged, Supplier<Folding> folding) {
        this.state = state;
        this.moment = moment;
        this.runs = runs;
        this.folded = new Folded(state);
        this.facts = new Facts(state, moment);
        this.engaged = engaged;
        this.folding = folding;
        this.marks = new Marks(state, engaged);
    }

    /// An event with its period now.
    private record Booked(EventId id, Json json, KnownEvent known, Optional<Json> origin) {}

    /// One that was attested.
    void attested(EventId id, Json json, Event event) {
        Mark mark = marks.of(id);
        if (mark.held() && !mark.isHeldByAnother() && isFree(id, event, mark)) {
            touched++;
            release(id, json, event, mark);
        }
    }

    /// Whether an event can be booked. One that nobody would declare any more stays held, and nothing waits for it.
    private boolean isFree(EventId id, Event event, Mark mark) {
        return marks.isComplete(id, event, mark)
                && !Booking.isTooLate(marks.source(id), event, period(id, event, mark));
    }

    private void release(EventId id, Json json, Event event, Mark mark) {
        touched += mark.holds().size();
        if (touched > MAX_RELEASED) {
            return;
        }
        Period period = period(id, event, mark);
        Optional<Json> origin = mark.kept().flatMap(Mark.Kept::origin);
        released.put(
                id,
                new Booked(id, json, new KnownEvent(id.text(), event, period, origin.map(EventReader::known)), origin));
        marks.write(id, mark.released(period));
        for (EventId other : mark.holds()) {
            Mark freed = marks.of(other).originReleased(period);
            marks.write(other, freed);
            Json own = freed.kept().orElseThrow().event();
            Event its = EventReader.known(own);
            if (isFree(other, its, freed)) {
                release(other, own, its, freed);
            }
        }
    }

    private Period period(EventId id, Event event, Mark mark) {
        Period period =
                Booking.of(engaged.document().terms(), event, Sources.open(head(id), engaged), engaged.unsettled());
        return mark.kept()
                .flatMap(Mark.Kept::originBooked)
                .map(origin -> Booking.later(period, origin))
                .orElse(period);
    }

    private SourceHead head(EventId id) {
        return state.read(Keys.source(engaged.agreement(), id.source().text()), SourceHead.CODEC)
                .orElseThrow();
    }

    Answer finish() {
        if (touched > MAX_RELEASED) {
            return Answer.denied(
                    No.refused(Code.TOO_MANY_RELEASED, Json.object().with("limit", MAX_RELEASED)));
        }
        TreeMap<String, List<Booked>> bySource = new TreeMap<>();
        for (Booked booked : released.values()) {
            bySource.computeIfAbsent(booked.id().source().text(), _ -> new ArrayList<>())
                    .add(booked);
        }
        Optional<No> not = earlier(bySource).or(() -> full(bySource)).or(this::tooSoon);
        if (not.isPresent()) {
            return Answer.denied(not.get());
        }
        bySource.forEach(this::book);
        return released.isEmpty() ? Answer.applied() : Answer.applied(effect());
    }

    private Json.Builder effect() {
        List<String> ids = released.keySet().stream().map(EventId::text).toList();
        return Json.object().with("events", Json.texts(ids)).with("kind", "released");
    }

    /// No act may be earlier than its predecessor under the same head.
    private Optional<No> earlier(SortedMap<String, List<Booked>> bySource) {
        return bySource.values().stream()
                .map(events -> head(events.getFirst().id()).at())
                .filter(moment.time()::isBefore)
                .findFirst()
                .map(at -> No.waiting(Code.TOO_EARLY, Json.object().with("time", at.text())));
    }

    private Optional<No> tooSoon() {
        TreeMap<Period, List<KnownEvent>> booked = new TreeMap<>();
        byPeriod(List.copyOf(released.values())).forEach((period, here) -> booked.put(period, known(here)));
        return facts.tooSoon(engaged, booked);
    }

    /// Folds what was released, and counts what must be kept one by one.
    private Optional<No> full(SortedMap<String, List<Booked>> bySource) {
        if (bySource.isEmpty()) {
            return Optional.empty();
        }
        Folding folding = this.folding.get();
        for (Map.Entry<String, List<Booked>> source : bySource.entrySet()) {
            SortedMap<Period, Figures> figures = new TreeMap<>();
            byPeriod(source.getValue())
                    .forEach((period, booked) -> figures.put(period, folding.fold(Booking.noFacts(known(booked)))));
            foldedBySource.put(source.getKey(), figures);
            Optional<No> full = folded.count(engaged, folding, source.getKey(), figures.values());
            if (full.isPresent()) {
                return full;
            }
        }
        return Optional.empty();
    }

    private static SortedMap<Period, List<Booked>> byPeriod(List<Booked> events) {
        TreeMap<Period, List<Booked>> byPeriod = new TreeMap<>();
        for (Booked booked : events) {
            byPeriod.computeIfAbsent(booked.known().booked(), _ -> new ArrayList<>())
                    .add(booked);
        }
        return byPeriod;
    }

    private static List<KnownEvent> known(List<Booked> events) {
        return events.stream().map(Booked::known).toList();
    }

    private void book(String source, List<Booked> events) {
        SortedMap<Period, List<Booked>> byPeriod = byPeriod(events);
        byPeriod.forEach((period, booked) -> book(source, period, booked));
        SourceHead head = head(events.getFirst().id());
        state.write(
                Keys.source(engaged.agreement(), source),
                SourceHead.CODEC,
                head.released(moment.time(), events.size()).booked(byPeriod.lastKey()));
        runs.end(source);
    }

    private void book(String source, Period period, List<Booked> events) {
        String agreement = engaged.agreement();
        String key = Keys.total(agreement, source, period.text());
        PeriodTotal before = state.read(key, PeriodTotal.CODEC).orElse(PeriodTotal.NONE);
        List<ReleasedEvents.Released> noFacts = events.stream()
                .filter(booked -> !Booking.isFact(booked.known().event()))
                .map(booked -> new ReleasedEvents.Released(booked.known().id(), booked.json(), booked.origin()))
                .toList();
        Totals sums = Totals.of(known(events));
        Figures figures = foldedBySource
                .getOrDefault(source, Collections.emptySortedMap())
                .getOrDefault(period, Figures.NONE);
        int pages = folded.add(agreement, source, period, before.pages(), figures);
        state.write(key, PeriodTotal.CODEC, before.plusReleased(events.size(), noFacts.size(), pages, sums));
        if (!noFacts.isEmpty()) {
            ReleasedEvents.append(
                    agreement, source, period.text(), before.released(), noFacts, state::read, state::write);
        }
        for (String type : Booking.FACTS) {
            List<FactPage.Fact> found = events.stream()
                    .filter(booked -> booked.known().event().type().equals(type))
                    .map(booked -> new FactPage.Fact(booked.known().id(), booked.json()))
                    .toList();
            facts.add(engaged, type, period, found);
        }
    }
}
