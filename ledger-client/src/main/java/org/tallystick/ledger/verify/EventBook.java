package org.tallystick.ledger.verify;

import static org.tallystick.ledger.verify.AgreementBook.later;
import static org.tallystick.ledger.verify.SourceBook.FACTS;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.verify.SourceBook.Booked;

/// The events that were reported, in which period each is booked, and what others than its reporter say of it.
final class EventBook {

    private final Findings findings;
    private final AgreementBook agreement;
    private final SourceBooks sources;
    private final MatchBook matches;
    private final Map<String, Word> words = new HashMap<>();
    private final Map<String, List<EventId>> heldBy = new HashMap<>();

    EventBook(Findings findings, AgreementBook agreement, SourceBooks sources, MatchBook matches) {
        this.findings = findings;
        this.agreement = agreement;
        this.sources = sources;
        this.matches = matches;
    }

    /// What others than its reporter said of an event.
    private record Word(Set<PartyId> attested, Set<PartyId> contradicted) {
        Word() {
            this(new TreeSet<>(), new TreeSet<>());
        }
    }

    void report(Payload payload, Act.Report act, Json.Obj stated, LedgerTime time, Place place) {
        Optional<Document> document = agreement.inForce(payload, time, place);
        String id = act.source().text();
        Optional<SourceBook> found = document.flatMap(version -> sources.owned(version, payload, id, time, place));
        if (found.isEmpty()) {
            return;
        }
        SourceBook book = found.get();
        Document.Source source = document.get().source(id).orElseThrow();
        List<EventId> noticed = new ArrayList<>();
        findings.same(
                Check.COMPLETENESS_SOURCES,
                place.at("/body/first"),
                Json.whole(act.first()),
                Json.whole(book.last() + 1),
                "the numbers of source " + id + " have a gap or an overlap");
        long first = book.runOf(act.first());
        TreeMap<Period, List<KnownEvent>> known = new TreeMap<>();
        long late = 0;
        long held = 0;
        long own = 0;
        for (int k = 0; k < act.events().size(); k++) {
            EventId event = new EventId(act.source(), act.first() + k);
            Line at = new Line(place, k);
            EventReading reading = act.events().reading(k);
            if (source.notices()) {
                noticed.addAll(notice(document.get(), source, event, reading, time, at.place()));
                continue;
            }
            Optional<Taken> booked = book(document.get(), source, book, act, event, time, reading, at);
            if (booked.isPresent()) {
                Taken taken = booked.get();
                Optional<Period> period = taken.period();
                book.put(event.number(), act.events().get(k), taken.event(), period, first);
                if (period.isPresent()) {
                    known.computeIfAbsent(period.get(), _ -> new ArrayList<>()).add(taken.known(event, period.get()));
                    late += period.get().equals(taken.natural()) ? 0 : 1;
                } else {
                    held++;
                }
                own += taken.needed().contains((PartyId) payload.party()) ? 1 : 0;
            }
        }
        book.upTo(act.first() + act.events().size() - 1);
        TreeMap<String, Json> periods = new TreeMap<>();
        known.forEach((period, events) -> {
            book.add(period, first, events, agreement.inEffect(period));
            periods.put(period.text(), Json.whole(events.size()));
        });
        Json statedBooking =
                Items.effect(stated, "report").<Json>map(effect -> effect).orElse(new Json.Null());
        findings.sameValue(
                Check.CUTOFF_BOOKING,
                place.at("/effects/0"),
                statedBooking,
                Json.object()
                        .with("booked", new Json.Obj(periods))
                        .with("first", act.first())
                        .with("held", held)
                        .with("kind", "report")
                        .with("last", act.first() + act.events().size() - 1)
                        .build(),
                "the report is booked elsewhere");
        late(late, id, place);
        if (own > 0) {
            findings.attention(
                    Check.ATTENTION_SELF_ATTESTED,
                    place,
                    own + " of the events of source " + id + " count as attested by their reporter");
        }
        released(document.get(), noticed, stated, time, place);
    }

    private static boolean isLate(Document document, Event event, Optional<Period> booked) {
        Period natural = document.terms().frequency().periodOf(event.date());
        return booked.filter(in -> !in.equals(natural)).isPresent();
    }

    private void late(long count, String source, Place place) {
        if (count > 0) {
            findings.attention(
                    Check.ATTENTION_LATE,
                    place,
                    count + " of the events of source " + source + " booked later than their date");
        }
    }

    /// Where an event stands in a report: a place only if something is to be said of it.
    private record Line(Place report, int index) {
        Place place() {
            return report.at("/body/events/" + index);
        }
    }

    /// An event that is taken in.
    ///
    /// @param period where it is booked; nothing while it is held
    /// @param natural that of its date
    /// @param needed who attest events like it
    private record Taken(
            Event event, Optional<Period> period, Period natural, SortedSet<PartyId> needed, Optional<Event> origin) {
        KnownEvent known(EventId id, Period in) {
            return new KnownEvent(id.text(), event, in, origin);
        }
    }

    /// Books one event: `docs/spec/ledger-1.md` section 6.
    private Optional<Taken> book(
            Document document,
            Document.Source source,
            SourceBook book,
            Act.Report act,
            EventId own,
            LedgerTime time,
            EventReading reading,
            Line line) {
        Optional<Event> formed = event(source, reading, time, line::place);
        if (formed.isEmpty()) {
            return Optional.empty();
        }
        Event event = formed.get();
        for (Document.Matching matching : document.matching(source, event.type())) {
            Optional<EventId> notice = matches.add(document.terms(), matching, own, event, line.place());
            if (notice.isPresent() && matching.agree()) {
                words.computeIfAbsent(own.text(), _ -> new Word()).attested().add(document.noticed(matching));
            }
        }
        Optional<Booked> named = event.refOf().flatMap(ref -> named(act, ref, line.place()));
        Optional<Booked> holding = named.filter(Booked::isHeld);
        holding.ifPresent(origin ->
                heldBy.computeIfAbsent(origin.id(), _ -> new ArrayList<>()).add(own));
        Optional<Event> origin = named.map(Booked::event);
        Period natural = document.terms().frequency().periodOf(event.date());
        SortedSet<PartyId> needed = attesters(document, source, event);
        Optional<Period> period = holding.isPresent() || !isComplete(document, source, own, needed)
                ? Optional.empty()
                : Optional.of(period(book, event, natural, named.flatMap(Booked::period)));
        return Optional.of(new Taken(event, period, natural, needed, origin));
    }

    private Optional<Event> event(Document.Source source, EventReading reading, LedgerTime time, Supplier<Place> line) {
        if (!(reading instanceof EventReading.Formed(var event))) {
            findings.fail(Check.ACCURACY_SETTLED, line.get(), "this is no event");
            return Optional.empty();
        }
        if (!source.types().contains(event.type())) {
            findings.fail(
                    Check.AUTHORIZATION_ROLES,
                    line.get().at("/type"),
                    "source " + source.id() + " carries no " + event.type());
        }
        if (event.date().isAfter(time.latestDay())) {
            findings.fail(Check.CUTOFF_WINDOWS, line.get().at("/date"), "dated after the day of " + time);
        }
        return Optional.of(event);
    }

    /// Takes a notice, which is booked nowhere; answers the event that its party attests by it.
    private List<EventId> notice(
            Document document,
            Document.Source source,
            EventId own,
            EventReading reading,
            LedgerTime time,
            Place place) {
        List<EventId> attested = new ArrayList<>();
        Optional<Event> event = event(source, reading, time, () -> place);
        if (event.isEmpty()) {
            return attested;
        }
        for (Document.Matching matching : document.matching(source, event.get().type())) {
            Optional<EventId> other = matches.add(document.terms(), matching, own, event.get(), place);
            if (matching.agree()
                    && other.flatMap(sources::find).filter(Booked::isHeld).isPresent()) {
                Word word = words.computeIfAbsent(other.get().text(), _ -> new Word());
                word.attested().add(document.noticed(matching));
                word.contradicted().remove(document.noticed(matching));
                attested.add(other.get());
            }
        }
        return attested;
    }

    /// Where an event is booked now that nothing holds it.
    ///
    /// @param natural the period of its date
    private Period period(SourceBook book, Event event, Period natural, Optional<Period> named) {
        if (FACTS.contains(event.type())) {
            return later(natural, agreement.unsettled());
        }
        Period open = later(natural, book.open(agreement.unsettled()));
        return named.map(origin -> later(open, origin)).orElse(open);
    }

    /// Whether all who must attest an event have, and nobody says that it is not so.
    private boolean isComplete(Document document, Document.Source source, EventId id, SortedSet<PartyId> needed) {
        if (needed.isEmpty() && words.isEmpty()) {
            return true;
        }
        Word word = words.getOrDefault(id.text(), new Word());
        TreeSet<PartyId> missing = new TreeSet<>(needed);
        missing.remove(document.ledgerParty(source.owner()));
        missing.removeAll(word.attested());
        return missing.isEmpty() && word.contradicted().isEmpty();
    }

    private static SortedSet<PartyId> attesters(Document document, Document.Source source, Event event) {
        return document.attesters(source, event.type(), event.attrs());
    }

    /// The source of an event that was taken in: a version names it.
    private static Document.Source source(Document document, EventId id) {
        return document.source(id.source().text()).orElseThrow();
    }

    void attest(Payload payload, Act.Attest act, Json.Obj stated, LedgerTime time, Place place) {
        Optional<Document> document = agreement.inForce(payload, time, place);
        if (document.isEmpty()) {
            return;
        }
        PartyId party = (PartyId) payload.party();
        List<Booked> events = said(document.get(), payload, act.proofs(), time, place);
        for (Booked event : events) {
            Word word = words.computeIfAbsent(event.id(), _ -> new Word());
            word.attested().add(party);
            word.contradicted().remove(party);
        }
        List<EventId> ids = events.stream()
                .flatMap(event -> EventId.parse(event.id()).stream())
                .toList();
        released(document.get(), ids, stated, time, place);
    }

    /// Releases what is complete, which must be what the ledger says.
    private void released(Document document, List<EventId> ids, Json.Obj stated, LedgerTime time, Place place) {
        SortedSet<EventId> released = release(document, ids);
        TreeMap<String, Long> late = new TreeMap<>();
        for (EventId id : released) {
            if (sources.find(id)
                    .filter(event -> isLate(document, event.event(), event.period()))
                    .isPresent()) {
                late.merge(id.source().text(), 1L, Long::sum);
            }
            sources.of(id).ifPresent(book -> {
                agreement.notBack(book.at(), time, place);
                book.at(time);
            });
        }
        Json computed = Json.texts(released.stream().map(EventId::text).toList());
        findings.sameValue(
                Check.CUTOFF_BOOKING,
                place.at("/effects"),
                Items.effect(stated, "released")
                        .flatMap(effect -> effect.find("events"))
                        .orElse(Json.array(List.of())),
                computed,
                "other events are released than this completes");
        late.forEach((source, count) -> late(count, source, place));
    }

    /// Books what is complete, and then what it held; but what belongs to a source that has ended stays held.
    private SortedSet<EventId> release(Document document, List<EventId> ids) {
        TreeSet<EventId> released = new TreeSet<>();
        ArrayDeque<EventId> waiting = new ArrayDeque<>(ids);
        while (!waiting.isEmpty()) {
            EventId id = waiting.removeFirst();
            SourceBook book = sources.of(id).orElseThrow();
            Booked event = book.find(id.number()).orElseThrow();
            Optional<Booked> named =
                    event.event().refOf().flatMap(EventId::parse).flatMap(sources::find);
            boolean held = named.filter(Booked::isHeld).isPresent()
                    || !isComplete(
                            document,
                            source(document, id),
                            id,
                            attesters(document, source(document, id), event.event()));
            Period natural = document.terms().frequency().periodOf(event.event().date());
            Period period = period(book, event.event(), natural, named.flatMap(Booked::period));
            boolean late = !FACTS.contains(event.event().type())
                    && source(document, id).endsBefore(period);
            if (event.isHeld() && !held && !late) {
                Booked booked = new Booked(event.id(), event.json(), event.event(), Optional.of(period));
                book.release(id.number(), period, sources.known(booked), agreement.inEffect(period));
                book.endRun();
                released.add(id);
                Optional.ofNullable(heldBy.remove(event.id())).ifPresent(waiting::addAll);
            }
        }
        return released;
    }

    void contradict(Payload payload, Act.Contradict act, LedgerTime time, Place place) {
        Optional<Document> document = agreement.inForce(payload, time, place);
        if (document.isEmpty()) {
            return;
        }
        PartyId party = (PartyId) payload.party();
        for (Booked event : said(document.get(), payload, act.proofs(), time, place)) {
            Word word = words.computeIfAbsent(event.id(), _ -> new Word());
            word.attested().remove(party);
            word.contradicted().add(party);
            findings.attention(
                    Check.ATTENTION_CONTRADICTED,
                    place,
                    party.text() + " contradicts " + event.id() + (event.isHeld() ? "" : ", which is booked") + ": "
                            + act.reason());
        }
    }

    /// The events that an attester says something of, as they were taken in.
    private List<Booked> said(
            Document document, Payload payload, List<Act.EventProof> proofs, LedgerTime time, Place place) {
        PartyId party = (PartyId) payload.party();
        List<Booked> events = new ArrayList<>();
        for (int i = 0; i < proofs.size(); i++) {
            Place at = place.at("/body/proofs/" + i);
            Optional<Booked> found = sources.proven(proofs.get(i), at);
            if (found.isEmpty()) {
                continue;
            }
            EventId id = proofs.get(i).id();
            Document.Source source = source(document, id);
            if (!attesters(document, source, found.get().event()).contains(party)
                    || document.ledgerParty(source.owner()).equals(party)) {
                findings.fail(
                        Check.AUTHORIZATION_ROLES,
                        at,
                        party.text() + " does not attest " + found.get().id());
            }
            agreement.notBack(sources.of(id).flatMap(SourceBook::at), time, place);
            events.add(found.get());
        }
        return events;
    }

    /// The event that another one names, as it was taken in; a proof must carry that very one.
    private Optional<Booked> named(Act.Report act, String ref, Place place) {
        Optional<Booked> found = EventId.parse(ref).flatMap(sources::find);
        if (found.isEmpty()) {
            findings.fail(Check.CUTOFF_BOOKING, place.at("/refOf"), "the event " + ref + " is not in the pack");
            return found;
        }
        act.proofs().stream()
                .filter(proof -> proof.id().text().equals(ref))
                .forEach(proof -> findings.sameValue(
                        Check.CUTOFF_BOOKING,
                        place.at("/refOf"),
                        proof.event(),
                        found.get().json(),
                        "the proof carries another event than was reported as " + ref));
        return found;
    }
}
