package org.tallystick.agreement.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.PartyId;
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

/// What others than its reporter say of an event: attestations, which release what waits for them, and contradictions.
///
/// `docs/spec/ledger-1.md` section 6. Neither changes what is booked already, so neither can stop a close.
final class Attestations {

    /// An attestation releases at most so many, those counted that it only frees from what they name.
    private static final int MAX_RELEASED = 500;

    private final Overlay state;
    private final Moment moment;
    private final Proofs proofs;
    private final OpenRuns runs;
    private final Folded folded;

    Attestations(Overlay state, Moment moment, Hints hints, OpenRuns runs) {
        this.state = state;
        this.moment = moment;
        this.proofs = new Proofs(state, hints);
        this.runs = runs;
        this.folded = new Folded(state);
    }

    /// @param item index of the instruction in its transaction, which the hints count by
    Answer attest(Engaged engaged, Act.Attest act, int item) {
        return switch (proofs.of(engaged.agreement(), item, act.proofs())) {
            case Proofs.Outcome.Wrong(var no) -> Answer.denied(no);
            case Proofs.Outcome.All(var events) ->
                standing(engaged, events)
                        .or(() -> first(
                                engaged,
                                events,
                                Code.ALREADY_ATTESTED,
                                mark -> mark.attested()
                                        .contains(engaged.payload().party())))
                        .or(() -> first(engaged, events, Code.NOT_HELD, mark -> !mark.held()))
                        .map(Answer::denied)
                        .orElseGet(() -> attested(engaged, events));
        };
    }

    /// @param item index of the instruction in its transaction, which the hints count by
    Answer contradict(Engaged engaged, Act.Contradict act, int item) {
        return switch (proofs.of(engaged.agreement(), item, act.proofs())) {
            case Proofs.Outcome.Wrong(var no) -> Answer.denied(no);
            case Proofs.Outcome.All(var events) ->
                standing(engaged, events)
                        .or(() -> first(
                                engaged,
                                events,
                                Code.ALREADY_CONTRADICTED,
                                mark -> mark.contradicted()
                                        .contains(engaged.payload().party())))
                        .map(Answer::denied)
                        .orElseGet(() -> contradicted(engaged, events));
        };
    }

    /// Why the party has nothing to say of one of these events.
    private static Optional<No> standing(Engaged engaged, List<Proofs.Proven> events) {
        PartyId party = (PartyId) engaged.payload().party();
        for (Proofs.Proven event : events) {
            if (!attesters(engaged, event.id(), event.event()).contains(party)) {
                return Optional.of(No.refused(Code.NOT_ALLOWED, Json.object().with("role", "attester")));
            }
        }
        for (Proofs.Proven event : events) {
            if (owner(engaged, event.id()).equals(party)) {
                return Optional.of(No.refused(Code.OWN_EVENT, Proofs.named(event.id())));
            }
        }
        return Optional.empty();
    }

    /// A mark that has it that nothing comes of the act.
    @FunctionalInterface
    private interface Spoiling {
        boolean test(Mark mark);
    }

    private Optional<No> first(Engaged engaged, List<Proofs.Proven> events, Code code, Spoiling spoiling) {
        return events.stream()
                .map(Proofs.Proven::id)
                .filter(id -> spoiling.test(mark(engaged, id)))
                .findFirst()
                .map(id -> No.refused(code, Proofs.named(id)));
    }

    private static Document.Source source(Engaged engaged, EventId id) {
        String source = id.source().text();
        return engaged.document()
                .source(source)
                .orElseThrow(() -> new IllegalStateException("events of a source that no version names: " + source));
    }

    private static PartyId owner(Engaged engaged, EventId id) {
        return engaged.document().ledgerParty(source(engaged, id).owner());
    }

    private static SortedSet<PartyId> attesters(Engaged engaged, EventId id, Event event) {
        return engaged.document().attesters(source(engaged, id), event.type(), event.attrs());
    }

    /// Whether everybody who must attest the event has, and nobody says that it is not so.
    private static boolean complete(Engaged engaged, EventId id, Event event, Mark mark) {
        TreeSet<PartyId> missing = new TreeSet<>(attesters(engaged, id, event));
        missing.remove(owner(engaged, id));
        missing.removeAll(mark.attested());
        return missing.isEmpty() && mark.contradicted().isEmpty();
    }

    private Mark mark(Engaged engaged, EventId id) {
        return state.read(Keys.mark(engaged.agreement(), id), Mark.CODEC).orElse(Mark.NONE);
    }

    private void write(Engaged engaged, EventId id, Mark mark) {
        state.write(Keys.mark(engaged.agreement(), id), Mark.CODEC, mark);
    }

    private Answer contradicted(Engaged engaged, List<Proofs.Proven> events) {
        PartyId party = (PartyId) engaged.payload().party();
        for (Proofs.Proven event : events) {
            write(engaged, event.id(), mark(engaged, event.id()).contradictedBy(party));
        }
        return Answer.applied();
    }

    private Answer attested(Engaged engaged, List<Proofs.Proven> events) {
        PartyId party = (PartyId) engaged.payload().party();
        for (Proofs.Proven event : events) {
            write(engaged, event.id(), mark(engaged, event.id()).attestedBy(party));
        }
        Release release = new Release(engaged);
        events.forEach(release::attested);
        return release.finish();
    }

    /// What an attestation completes: these events are booked now, all or none.
    private final class Release {

        private final Engaged engaged;
        private final TreeMap<EventId, Booked> released = new TreeMap<>();
        private final TreeMap<String, SortedMap<Period, Figures>> foldedBySource = new TreeMap<>();
        private int touched;

        Release(Engaged engaged) {
            this.engaged = engaged;
        }

        /// An event with its period now.
        private record Booked(EventId id, Json json, KnownEvent known, Optional<Json> origin) {}

        /// One that was attested.
        void attested(Proofs.Proven event) {
            Mark mark = mark(engaged, event.id());
            if (mark.held() && !mark.isHeldByAnother() && complete(engaged, event.id(), event.event(), mark)) {
                touched++;
                release(event.id(), event.json(), event.event(), mark);
            }
        }

        private void release(EventId id, Json json, Event event, Mark mark) {
            touched += mark.holds().size();
            if (touched > MAX_RELEASED) {
                return;
            }
            Period period = period(id, event, mark);
            Optional<Json> origin = mark.naming().map(Mark.Naming::origin);
            released.put(
                    id,
                    new Booked(
                            id,
                            json,
                            new KnownEvent(id.text(), event, period, origin.map(EventReader::known)),
                            origin));
            write(engaged, id, mark.released(period));
            for (EventId other : mark.holds()) {
                Mark freed = mark(engaged, other).originReleased(period);
                write(engaged, other, freed);
                Json naming = freed.naming().orElseThrow().event();
                Event its = EventReader.known(naming);
                if (complete(engaged, other, its, freed)) {
                    release(other, naming, its, freed);
                }
            }
        }

        private Period period(EventId id, Event event, Mark mark) {
            Period period =
                    Booking.of(engaged.document().terms(), event, Sources.open(head(id), engaged), engaged.unsettled());
            return mark.naming()
                    .flatMap(Mark.Naming::originBooked)
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
            Optional<No> not = earlier(bySource).or(() -> ended(bySource)).or(() -> full(bySource));
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

        private Optional<No> ended(SortedMap<String, List<Booked>> bySource) {
            return bySource.values().stream()
                    .flatMap(List::stream)
                    .filter(booked -> !Booking.isFact(booked.known().event()))
                    .filter(booked -> source(engaged, booked.id())
                            .endsBefore(booked.known().booked()))
                    .findFirst()
                    .map(booked -> Sources.ended(source(engaged, booked.id())));
        }

        /// Folds what was released, and counts what must be kept one by one.
        private Optional<No> full(SortedMap<String, List<Booked>> bySource) {
            if (bySource.isEmpty()) {
                return Optional.empty();
            }
            Document document = engaged.document();
            Folding folding = new Folding(document.terms(), document.opening());
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
            byPeriod(events).forEach((period, booked) -> book(source, period, booked));
            SourceHead head = head(events.getFirst().id());
            state.write(
                    Keys.source(engaged.agreement(), source),
                    SourceHead.CODEC,
                    head.released(moment.time(), events.size()));
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
                List<FactPage.Fact> facts = events.stream()
                        .filter(booked -> booked.known().event().type().equals(type))
                        .map(booked -> new FactPage.Fact(booked.known().id(), booked.json()))
                        .toList();
                if (!facts.isEmpty()) {
                    FactPage.append(agreement, type, period.text(), facts, state::read, state::write);
                }
            }
        }
    }
}
