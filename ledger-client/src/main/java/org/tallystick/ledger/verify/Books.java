package org.tallystick.ledger.verify;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Totals;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// The books of the agreement as they follow from its signed instructions alone: who accepted what, each source's
/// events with the period each is booked in, declarations, settlements.
///
/// Nothing here looks at what the ledger stored; it is compared with that.
final class Books {

    static final List<String> FACTS = List.of("fx", "kpi", "milestone");
    private static final Duration LONGEST_OFFER = Duration.ofDays(90);
    /// The earth's last time zone is that far ahead.
    private static final Duration AHEAD = Duration.ofHours(14);

    private static final int REPORTS_OF_A_RUN = 64;

    private final Findings findings;
    private final SettlementCheck settlements;
    private final Map<Hash, Offered> offers = new HashMap<>();
    private final Set<String> bound = new TreeSet<>();
    private final TreeMap<String, SourceBook> sources = new TreeMap<>();
    private final Map<String, Run> runs = new HashMap<>();
    private final Map<String, Word> words = new HashMap<>();
    private final Map<String, List<EventId>> heldBy = new HashMap<>();
    private final Map<Hash, Claimed> claims = new HashMap<>();
    private Optional<Offered> open = Optional.empty();
    private Optional<Document> adopted = Optional.empty();
    private Optional<LedgerTime> head = Optional.empty();
    private Optional<Period> unsettled = Optional.empty();

    Books(Findings findings, SettlementCheck settlements) {
        this.findings = findings;
        this.settlements = settlements;
    }

    /// A version that was offered, and who accepted it so far.
    private record Offered(Document document, LedgerTime expires, Set<String> accepted) {}

    /// A run of the current transaction: `docs/spec/ledger-1.md` section 6.
    private record Run(long first, int reports) {}

    /// An event that was taken in.
    ///
    /// @param period where it is booked; nothing while it is held
    /// @param run first number of the run that booked it; 0 if it was held when it came
    record Booked(String id, Json.Obj json, Event event, Optional<Period> period, Optional<Event> named, long run) {
        boolean isFact() {
            return FACTS.contains(event.type());
        }

        Booked in(Period released) {
            return new Booked(id, json, event, Optional.of(released), named, 0);
        }
    }

    /// What others than its reporter said of an event.
    private record Word(Set<PartyId> attested, Set<PartyId> contradicted) {
        Word() {
            this(new TreeSet<>(), new TreeSet<>());
        }
    }

    /// A claim, until it is answered.
    private record Claimed(String source, LedgerTime due, boolean answered) {}

    /// What a source has said.
    static final class SourceBook {
        private final TreeMap<Long, Booked> events = new TreeMap<>();
        private final TreeMap<Period, Declared> declared = new TreeMap<>();
        private long last;
        private Period open;
        private Optional<LedgerTime> at = Optional.empty();

        SourceBook(Period first) {
            this.open = first;
        }

        List<Booked> in(Period period) {
            return events.values().stream()
                    .filter(event -> event.period().equals(Optional.of(period)))
                    .toList();
        }

        long held() {
            return events.values().stream()
                    .filter(event -> event.period().isEmpty())
                    .count();
        }

        Optional<Declared> declared(Period period) {
            return Optional.ofNullable(declared.get(period));
        }
    }

    /// A declaration.
    ///
    /// @param from first number of the first run that booked there, 0 if none did
    /// @param sealed whether a side gave it in the owner's place
    record Declared(long last, long count, long from, boolean sealed) {}

    /// A new transaction begins.
    void begin() {
        runs.clear();
    }

    /// The parties bound in any version or offer.
    Set<String> bound() {
        return bound;
    }

    Optional<Document> adopted() {
        return adopted;
    }

    /// Sources that have said something, by id.
    SortedMap<String, SourceBook> sources() {
        return sources;
    }

    void offer(Payload payload, Act.Offer act, LedgerTime time, Place place) {
        Hash version = Hash.of(act.document().canonical());
        Payload.Scope scope = payload.scope().orElseThrow();
        findings.same(
                Check.ACCURACY_VERSION,
                place.at("/body/document"),
                scope.version().hex(),
                version.hex(),
                "another document was signed than is named");
        Optional<Document> document = read(act.document(), place);
        notBack(head, time, place);
        head = Optional.of(time);
        if (!time.isBefore(act.expires()) || payload.from().plus(LONGEST_OFFER).isBefore(act.expires())) {
            findings.fail(Check.CUTOFF_WINDOWS, place.at("/body/expires"), "the offer's end is not within its bounds");
        }
        boolean there = adopted.isPresent()
                || open.filter(offered -> time.isBefore(offered.expires())).isPresent();
        if (there) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, "an offer of an agreement that is there already");
        }
        if (document.isEmpty()) {
            return;
        }
        bound.addAll(partiesOf(document.get()));
        boolean side = document.get().parties().containsValue(payload.party());
        if (!side || !scope.agreement().offerer().equals(payload.party())) {
            findings.fail(Check.AUTHORIZATION_ROLES, place, payload.party().text() + " is no side that may offer this");
        }
        findings.same(
                Check.ACCURACY_VERSION,
                place.at("/body/document/id"),
                document.get().id().text(),
                scope.agreement().text(),
                "the document is of another agreement");
        Set<String> accepted = new TreeSet<>(Set.of(payload.party().text()));
        Offered offered = new Offered(document.get(), act.expires(), accepted);
        offers.put(version, offered);
        open = Optional.of(offered);
    }

    private Optional<Document> read(Json.Obj json, Place place) {
        return switch (DocumentReader.read(json)) {
            case DocumentReading.Accepted(var document) -> Optional.of(document);
            case DocumentReading.Refused(var faults) -> {
                findings.fail(
                        Check.ACCURACY_VERSION,
                        place.at("/body/document"),
                        "the document does not pass its checks: "
                                + faults.getFirst().code());
                yield Optional.empty();
            }
            case DocumentReading.NotSupportedYet(var what) -> {
                findings.fail(
                        Check.ACCURACY_VERSION,
                        place.at("/body/document" + what),
                        "the document says what no rules enforce yet");
                yield Optional.empty();
            }
        };
    }

    private static List<String> partiesOf(Document document) {
        TreeSet<String> parties = new TreeSet<>();
        document.parties().values().forEach(party -> parties.add(party.text()));
        document.persons().forEach(party -> parties.add(party.text()));
        return List.copyOf(parties);
    }

    void accept(Payload payload, Act.Accept act, Json.Obj stated, LedgerTime time, Place place) {
        Hash version = payload.scope().orElseThrow().version();
        Offered offered = offers.get(version);
        if (offered == null || !open.equals(Optional.of(offered)) || adopted.isPresent()) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, "no such offer is open");
            return;
        }
        notBack(head, time, place);
        head = Optional.of(time);
        if (!time.isBefore(offered.expires())) {
            findings.fail(Check.CUTOFF_WINDOWS, place, "the offer had ended at " + offered.expires());
        }
        List<String> needed =
                offered.document().mustAcceptFirst().stream().map(PartyId::text).toList();
        String party = payload.party().text();
        if (!needed.contains(party)) {
            findings.fail(Check.AUTHORIZATION_ROLES, place, party + " is none of those who must accept");
        }
        if (!offered.accepted().add(party)) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, party + " accepted before");
        }
        Hash rendered = Hash.of(Bytes.ofUtf8(offered.document().terms().rendered()));
        act.text()
                .ifPresent(text -> findings.same(
                        Check.ACCURACY_VERSION,
                        place.at("/body/text"),
                        text.hex(),
                        rendered.hex(),
                        "another text was read than the terms say"));
        boolean complete = offered.accepted().containsAll(needed);
        boolean adopts = effect(stated, "version").isPresent();
        findings.same(
                Check.AUTHORIZATION_GOVERNANCE,
                place.at("/effects"),
                Json.bool(adopts),
                Json.bool(complete),
                "the version is adopted if and only if all who must have accepted: "
                        + String.join(", ", offered.accepted()) + " of " + String.join(", ", needed));
        if (complete) {
            adopted = Optional.of(offered.document());
            unsettled = Optional.of(offered.document().opening());
        }
    }

    private static Optional<Json.Obj> effect(Json.Obj stated, String kind) {
        if (!(stated.find("effects").orElse(Json.Obj.EMPTY) instanceof Json.Arr(var effects))) {
            return Optional.empty();
        }
        return effects.stream()
                .filter(effect ->
                        effect instanceof Json.Obj object && object.find("kind").equals(Optional.of(Json.text(kind))))
                .map(Json.Obj.class::cast)
                .findFirst();
    }

    /// The document an act is under; nothing if there is none in force, or not the one named.
    private Optional<Document> inForce(Payload payload, Place place) {
        if (adopted.isEmpty()) {
            findings.fail(Check.AUTHORIZATION_GOVERNANCE, place, "no version is in force");
            return Optional.empty();
        }
        findings.same(
                Check.ACCURACY_VERSION,
                place.at("/version"),
                payload.scope().orElseThrow().version().hex(),
                adopted.get().version().hex(),
                "another version is in force");
        return adopted;
    }

    private void notBack(Optional<LedgerTime> before, LedgerTime time, Place place) {
        if (before.filter(time::isBefore).isPresent()) {
            findings.fail(
                    Check.CUTOFF_TIME,
                    place,
                    Json.text(time.text()),
                    Json.text(before.get().text()),
                    "earlier than the act before it under the same head");
        }
    }

    /// The book of a source of the version in force, if the party owns it.
    private Optional<SourceBook> source(Document document, Payload payload, String id, LedgerTime time, Place place) {
        Optional<Document.Source> source = document.source(id);
        if (source.isEmpty()) {
            findings.fail(Check.AUTHORIZATION_ROLES, place.at("/body/source"), "the agreement names no source " + id);
            return Optional.empty();
        }
        findings.same(
                Check.AUTHORIZATION_ROLES,
                place.at("/party"),
                payload.party().text(),
                document.ledgerParty(source.get().owner()).text(),
                "the source " + id + " is owned by another");
        SourceBook book =
                sources.computeIfAbsent(id, _ -> new SourceBook(source.get().first()));
        notBack(book.at, time, place);
        book.at = Optional.of(time);
        return Optional.of(book);
    }

    private static Period later(Period a, Period b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    void report(Payload payload, Act.Report act, Json.Obj stated, LedgerTime time, Place place) {
        Optional<Document> document = inForce(payload, place);
        String id = act.source().text();
        Optional<SourceBook> found = document.flatMap(version -> source(version, payload, id, time, place));
        if (found.isEmpty()) {
            return;
        }
        SourceBook book = found.get();
        findings.same(
                Check.COMPLETENESS_SOURCES,
                place.at("/body/first"),
                Json.whole(act.first()),
                Json.whole(book.last + 1),
                "the numbers of source " + id + " have a gap or an overlap");
        Run run = runs.get(id);
        long first = run != null && run.reports() < REPORTS_OF_A_RUN ? run.first() : act.first();
        runs.put(id, new Run(first, first == act.first() ? 1 : run == null ? 1 : run.reports() + 1));
        TreeMap<String, Long> counts = new TreeMap<>();
        long late = 0;
        long held = 0;
        for (int k = 0; k < act.events().size(); k++) {
            EventId own = new EventId(act.source(), act.first() + k);
            Optional<Booked> booked = book(
                    document.get(), book, act, own, first, time, act.events().get(k), place.at("/body/events/" + k));
            if (booked.isPresent()) {
                book.events.put(own.number(), booked.get());
                Optional<Period> period = booked.get().period();
                period.ifPresent(in -> counts.merge(in.text(), 1L, Long::sum));
                held += period.isEmpty() ? 1 : 0;
                Period natural = document.get()
                        .terms()
                        .frequency()
                        .periodOf(booked.get().event().date());
                late += period.filter(in -> !in.equals(natural)).isPresent() ? 1 : 0;
            }
        }
        book.last = Math.max(book.last, act.first() + act.events().size() - 1);
        TreeMap<String, Json> periods = new TreeMap<>();
        counts.forEach((period, count) -> periods.put(period, Json.whole(count)));
        Json statedBooking =
                effect(stated, "report").<Json>map(effect -> effect).orElse(new Json.Null());
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
        if (late > 0) {
            findings.attention(
                    Check.ATTENTION_LATE,
                    place,
                    late + " of the events of source " + id + " booked later than their date");
        }
    }

    /// Books one event: `docs/spec/ledger-1.md` section 6.
    private Optional<Booked> book(
            Document document,
            SourceBook book,
            Act.Report act,
            EventId own,
            long run,
            LedgerTime time,
            Json.Obj json,
            Place place) {
        if (!(EventReader.read(json) instanceof EventReading.Formed(var event))) {
            findings.fail(Check.ACCURACY_SETTLED, place, "this is no event");
            return Optional.empty();
        }
        Document.Source source = document.source(act.source().text()).orElseThrow();
        if (!source.types().contains(event.type())) {
            findings.fail(
                    Check.AUTHORIZATION_ROLES,
                    place.at("/type"),
                    "source " + source.id() + " carries no " + event.type());
        }
        if (event.date().isAfter(time.plus(AHEAD).day())) {
            findings.fail(Check.CUTOFF_WINDOWS, place.at("/date"), "dated after the day of " + time);
        }
        Optional<Booked> named = event.refOf().flatMap(ref -> named(act, ref, place));
        Optional<Booked> holding = named.filter(origin -> origin.period().isEmpty());
        holding.ifPresent(origin ->
                heldBy.computeIfAbsent(origin.id(), _ -> new ArrayList<>()).add(own));
        Optional<Event> origin = named.map(Booked::event);
        if (holding.isPresent() || !isComplete(document, source, own, event)) {
            return Optional.of(new Booked(own.text(), json, event, Optional.empty(), origin, 0));
        }
        Period period = period(document, book, event, named.flatMap(Booked::period));
        return Optional.of(new Booked(own.text(), json, event, Optional.of(period), origin, run));
    }

    /// Where an event is booked now that nothing holds it.
    private Period period(Document document, SourceBook book, Event event, Optional<Period> named) {
        Period natural = document.terms().frequency().periodOf(event.date());
        Period period = later(natural, unsettled.orElse(document.opening()));
        if (FACTS.contains(event.type())) {
            return period;
        }
        Period open = later(period, book.open);
        return named.map(origin -> later(open, origin)).orElse(open);
    }

    /// Whether all who must attest an event have, and nobody says that it is not so.
    private boolean isComplete(Document document, Document.Source source, EventId id, Event event) {
        Word word = words.getOrDefault(id.text(), new Word());
        TreeSet<PartyId> missing = new TreeSet<>(document.attesters(source, event.type(), event.attrs()));
        missing.remove(document.ledgerParty(source.owner()));
        missing.removeAll(word.attested());
        return missing.isEmpty() && word.contradicted().isEmpty();
    }

    void attest(Payload payload, Act.Attest act, Json.Obj stated, LedgerTime time, Place place) {
        Optional<Document> document = inForce(payload, place);
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
        TreeSet<EventId> released = new TreeSet<>();
        events.forEach(
                event -> release(document.get(), EventId.parse(event.id()).orElseThrow(), released));
        released.forEach(id ->
                Optional.ofNullable(sources.get(id.source().text())).ifPresent(book -> book.at = Optional.of(time)));
        Json ids = Json.texts(released.stream().map(EventId::text).toList());
        findings.sameValue(
                Check.CUTOFF_BOOKING,
                place.at("/effects"),
                effect(stated, "released").map(effect -> effect.get("events")).orElse(Json.array(List.of())),
                ids,
                "other events are released than this attestation completes");
    }

    private void release(Document document, EventId id, Set<EventId> released) {
        SourceBook book = Optional.ofNullable(sources.get(id.source().text())).orElseThrow();
        Booked event = Optional.ofNullable(book.events.get(id.number())).orElseThrow();
        Optional<Booked> named = event.event().refOf().flatMap(EventId::parse).flatMap(this::find);
        boolean waits = named.filter(origin -> origin.period().isEmpty()).isPresent();
        Document.Source source = document.source(id.source().text()).orElseThrow();
        if (event.period().isPresent() || waits || !isComplete(document, source, id, event.event())) {
            return;
        }
        book.events.put(id.number(), event.in(period(document, book, event.event(), named.flatMap(Booked::period))));
        runs.remove(id.source().text());
        released.add(id);
        Optional.ofNullable(heldBy.remove(event.id()))
                .ifPresent(others -> others.forEach(other -> release(document, other, released)));
    }

    void contradict(Payload payload, Act.Contradict act, LedgerTime time, Place place) {
        Optional<Document> document = inForce(payload, place);
        if (document.isEmpty()) {
            return;
        }
        PartyId party = (PartyId) payload.party();
        for (Booked event : said(document.get(), payload, act.proofs(), time, place)) {
            Word word = words.computeIfAbsent(event.id(), _ -> new Word());
            word.attested().remove(party);
            word.contradicted().add(party);
        }
    }

    /// The events that an attester says something of, as they were taken in.
    private List<Booked> said(
            Document document, Payload payload, List<Act.EventProof> proofs, LedgerTime time, Place place) {
        PartyId party = (PartyId) payload.party();
        List<Booked> events = new ArrayList<>();
        for (int i = 0; i < proofs.size(); i++) {
            Place at = place.at("/body/proofs/" + i);
            Optional<Booked> found = proven(proofs.get(i), at);
            if (found.isEmpty()) {
                continue;
            }
            String id = proofs.get(i).id().source().text();
            Document.Source source = document.source(id).orElseThrow();
            Event event = found.get().event();
            if (!document.attesters(source, event.type(), event.attrs()).contains(party)
                    || document.ledgerParty(source.owner()).equals(party)) {
                findings.fail(
                        Check.AUTHORIZATION_ROLES,
                        at,
                        party.text() + " does not attest " + found.get().id());
            }
            notBack(Optional.ofNullable(sources.get(id)).flatMap(book -> book.at), time, place);
            events.add(found.get());
        }
        return events;
    }

    private Optional<Booked> find(EventId id) {
        return Optional.ofNullable(sources.get(id.source().text()))
                .flatMap(book -> Optional.ofNullable(book.events.get(id.number())));
    }

    /// The event that a proof carries, which must be the one that was reported under its id.
    private Optional<Booked> proven(Act.EventProof proof, Place place) {
        Optional<Booked> found = find(proof.id());
        if (found.isEmpty()) {
            findings.fail(Check.CUTOFF_BOOKING, place.at("/id"), "the event " + proof.id() + " is not in the pack");
            return found;
        }
        findings.sameValue(
                Check.CUTOFF_BOOKING,
                place.at("/event"),
                proof.event(),
                found.get().json(),
                "the proof carries another event than was reported as " + proof.id());
        return found;
    }

    /// The event that another one names, as it was taken in; a proof must carry that very one.
    private Optional<Booked> named(Act.Report act, String ref, Place place) {
        Optional<Booked> found = EventId.parse(ref)
                .flatMap(id -> Optional.ofNullable(sources.get(id.source().text()))
                        .flatMap(book -> Optional.ofNullable(book.events.get(id.number()))));
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

    void declare(Payload payload, Act.Declare act, LedgerTime time, Place place) {
        Optional<Document> document = inForce(payload, place);
        String id = act.source().text();
        Optional<SourceBook> found = document.flatMap(version -> source(version, payload, id, time, place));
        Optional<Period> period = document.flatMap(version -> period(version, act.period(), place));
        if (found.isEmpty() || period.isEmpty()) {
            return;
        }
        runs.remove(id);
        SourceBook book = found.get();
        Period next = later(book.open, unsettled.orElseThrow());
        findings.same(
                Check.COMPLETENESS_DECLARED,
                place.at("/body/period"),
                act.period(),
                next.text(),
                "source " + id + " does not declare its periods in order");
        if (time.day().isBefore(period.get().end())) {
            findings.fail(
                    Check.CUTOFF_WINDOWS,
                    place.at("/body/period"),
                    "declared on " + time.day() + ", before it was over");
        }
        List<Booked> booked = book.in(period.get());
        Totals totals = Totals.of(booked.stream().map(Books::known).toList());
        declared(payload, "last", Json.whole(book.last), place);
        declared(payload, "count", Json.whole(booked.size()), place);
        declared(payload, "held", Json.whole(book.held()), place);
        if (!Totals.decode(payload.body().items("totals")).equals(totals)) {
            declared(payload, "totals", totals.encode(), place);
        }
        put(book, period.get(), false);
    }

    private static void put(SourceBook book, Period period, boolean sealed) {
        List<Booked> booked = book.in(period);
        long from = booked.stream()
                .mapToLong(Booked::run)
                .filter(run -> run > 0)
                .min()
                .orElse(0);
        book.declared.put(period, new Declared(book.last, booked.size(), from, sealed));
        book.open = period.next();
    }

    void takeBack(Payload payload, Act.TakeBack act, LedgerTime time, Place place) {
        Optional<Document> document = inForce(payload, place);
        String id = act.source().text();
        Optional<SourceBook> found = document.flatMap(version -> source(version, payload, id, time, place));
        Optional<Period> period = document.flatMap(version -> period(version, act.period(), place));
        if (found.isEmpty() || period.isEmpty()) {
            return;
        }
        runs.remove(id);
        SourceBook book = found.get();
        boolean newest = book.open.equals(period.get().next())
                && book.declared(period.get()).filter(word -> !word.sealed()).isPresent();
        if (!newest || period.get().compareTo(unsettled.orElseThrow()) < 0) {
            findings.fail(
                    Check.COMPLETENESS_DECLARED,
                    place.at("/body/period"),
                    "this is not the newest declaration of source " + id);
        }
        if (!time.isBefore(graceEnds(document.get(), period.get()))) {
            findings.fail(Check.CUTOFF_WINDOWS, place.at("/body/period"), "the grace was over");
        }
        book.declared.remove(period.get());
        book.open = period.get();
    }

    void seal(Payload payload, Act.Seal act, LedgerTime time, Place place) {
        Optional<Document> document = inForce(payload, place);
        String id = act.source().text();
        Optional<Document.Source> source = document.flatMap(version -> version.source(id));
        Optional<Period> period = document.flatMap(version -> period(version, act.period(), place));
        if (source.isEmpty() || period.isEmpty()) {
            findings.fail(Check.AUTHORIZATION_ROLES, place.at("/body/source"), "the agreement names no source " + id);
            return;
        }
        side(document.get(), payload, place);
        SourceBook book =
                sources.computeIfAbsent(id, _ -> new SourceBook(source.get().first()));
        notBack(book.at, time, place);
        book.at = Optional.of(time);
        runs.remove(id);
        findings.same(
                Check.COMPLETENESS_DECLARED,
                place.at("/body/period"),
                act.period(),
                later(book.open, unsettled.orElseThrow()).text(),
                "source " + id + " is not sealed in order");
        if (time.isBefore(graceEnds(document.get(), period.get()))) {
            findings.fail(Check.CUTOFF_WINDOWS, place.at("/body/period"), "sealed before the grace was over");
        }
        put(book, period.get(), true);
        findings.attention(
                Check.ATTENTION_SEALED,
                place,
                "source " + id + " was sealed for " + act.period() + " by "
                        + payload.party().text());
    }

    private static LedgerTime graceEnds(Document document, Period period) {
        return LedgerTime.startOf(period.end().plusDays(document.days().grace()));
    }

    private void side(Document document, Payload payload, Place place) {
        if (!document.isSide((PartyId) payload.party())) {
            findings.fail(
                    Check.AUTHORIZATION_ROLES,
                    place.at("/party"),
                    payload.party().text() + " is no side of the agreement");
        }
    }

    void claim(Payload payload, Act.Claim act, Hash instruction, LedgerTime time, Place place) {
        Optional<Document> document = inForce(payload, place);
        if (document.isEmpty()) {
            return;
        }
        notBack(head, time, place);
        side(document.get(), payload, place);
        String id = act.source().text();
        boolean own = document.get()
                .source(id)
                .filter(source -> document.get().ledgerParty(source.owner()).equals(payload.party()))
                .isPresent();
        if (own || document.get().source(id).isEmpty()) {
            findings.fail(Check.AUTHORIZATION_ROLES, place.at("/body/source"), "no claim can be made on source " + id);
        }
        Period period = later(
                document.get()
                        .terms()
                        .frequency()
                        .periodOf(LocalDate.parse(act.event().text("date"))),
                document.get().opening());
        LocalDate until = period.end().plusDays(document.get().days().claim());
        if (!time.day().isBefore(until)) {
            findings.fail(Check.CUTOFF_WINDOWS, place.at("/body/event/date"), "claims ended on " + until);
        }
        claims.put(
                instruction,
                new Claimed(id, time.plus(Duration.ofDays(document.get().days().answer())), false));
        findings.attention(Check.ATTENTION_CLAIMS, place, payload.party().text() + " claims an event of source " + id);
    }

    void answer(Payload payload, Act.ClaimAnswer act, LedgerTime time, Place place) {
        Optional<Document> document = inForce(payload, place);
        Claimed claim = claims.get(act.claim());
        if (document.isEmpty() || claim == null || claim.answered()) {
            findings.fail(Check.AUTHORIZATION_ROLES, place.at("/body/claim"), "no such claim is open");
            return;
        }
        notBack(head, time, place);
        findings.same(
                Check.AUTHORIZATION_ROLES,
                place.at("/party"),
                payload.party().text(),
                document.get()
                        .source(claim.source())
                        .map(source ->
                                document.get().ledgerParty(source.owner()).text())
                        .orElse(""),
                "the source " + claim.source() + " is owned by another");
        String answer = switch (act.reply()) {
            case Act.Reply.Refusal(var reason) -> "refused: " + reason;
            case Act.Reply.Reported(var proof) -> {
                Optional<Booked> _ = proven(proof, place.at("/body/proof"));
                findings.same(
                        Check.AUTHORIZATION_ROLES,
                        place.at("/body/event"),
                        proof.id().source().text(),
                        claim.source(),
                        "the answer names an event of another source");
                yield "answered with " + proof.id();
            }
        };
        claims.put(act.claim(), new Claimed(claim.source(), claim.due(), true));
        String late = time.isBefore(claim.due()) ? "" : ", late";
        findings.attention(Check.ATTENTION_CLAIMS, place, "the claim " + act.claim() + " was " + answer + late);
    }

    /// After the last transaction: what still waits.
    void end(Place place) {
        sources.forEach((id, book) -> {
            if (book.held() > 0) {
                findings.attention(
                        Check.ATTENTION_HELD, place, book.held() + " events of source " + id + " are still held");
            }
        });
        long open = claims.values().stream().filter(claim -> !claim.answered()).count();
        if (open > 0) {
            findings.attention(Check.ATTENTION_CLAIMS, place, open + " claims are not answered");
        }
    }

    private void declared(Payload payload, String member, Json computed, Place place) {
        findings.sameValue(
                Check.COMPLETENESS_DECLARED,
                place.at("/body/" + member),
                payload.body().get(member),
                computed,
                "the declaration does not say what the source reported");
    }

    static KnownEvent known(Booked booked) {
        return new KnownEvent(booked.id(), booked.event(), booked.period().orElseThrow(), booked.named());
    }

    private Optional<Period> period(Document document, String text, Place place) {
        Optional<Period> period = Period.parse(text)
                .filter(found -> found.frequency() == document.opening().frequency());
        if (period.isEmpty()) {
            findings.fail(Check.COMPLETENESS_PERIODS, place.at("/body/period"), text + " is no period of the calendar");
        }
        return period;
    }

    void close(
            Payload payload,
            Act.Close act,
            Json.Obj stated,
            TransactionEnvelope transaction,
            LedgerTime time,
            Place place) {
        Optional<Document> document = inForce(payload, place);
        Optional<Period> asked = document.flatMap(version -> period(version, act.period(), place));
        if (document.isEmpty() || asked.isEmpty()) {
            return;
        }
        notBack(head, time, place);
        head = Optional.of(time);
        Period period = asked.get();
        findings.same(
                Check.COMPLETENESS_PERIODS,
                place.at("/body/period"),
                period.text(),
                unsettled.orElseThrow().text(),
                "periods are not settled in order");
        mayClose(document.get(), payload, period, time, place);
        TreeMap<String, Declared> declared = new TreeMap<>();
        List<Booked> inputs = new ArrayList<>();
        for (Document.Source source : document.get().sources()) {
            if (source.covers(period)) {
                Optional<SourceBook> book = Optional.ofNullable(sources.get(source.id()));
                book.flatMap(found -> found.declared(period))
                        .ifPresentOrElse(
                                found -> declared.put(source.id(), found),
                                () -> findings.fail(
                                        Check.COMPLETENESS_DECLARED,
                                        place,
                                        "source " + source.id() + " did not declare " + period.text()));
                book.ifPresent(found -> found.in(period).stream()
                        .filter(event -> !event.isFact())
                        .forEach(inputs::add));
            }
        }
        List<Booked> facts = sources.values().stream()
                .flatMap(book -> book.in(period).stream())
                .filter(Booked::isFact)
                .sorted(Comparator.<Booked, LocalDate>comparing(
                                event -> event.event().date())
                        .thenComparing(Booked::id))
                .toList();
        settlements.check(
                new SettlementCheck.Close(document.get(), period, declared, inputs, facts, time),
                effect(stated, "settlement"),
                transaction,
                place);
        unsettled = Optional.of(later(period.next(), unsettled.orElseThrow()));
    }

    private void mayClose(Document document, Payload payload, Period period, LedgerTime time, Place place) {
        if (time.day().isBefore(period.end())) {
            findings.fail(
                    Check.CUTOFF_WINDOWS, place.at("/body/period"), "closed on " + time.day() + ", before it was over");
        }
        boolean closer = document.closers().contains(payload.party());
        boolean side = document.parties().containsValue(payload.party());
        LedgerTime anybody =
                LedgerTime.startOf(period.end().plusDays(document.days().close()));
        if (!closer && !(side && !time.isBefore(anybody))) {
            findings.fail(
                    Check.AUTHORIZATION_ROLES,
                    place.at("/party"),
                    payload.party().text() + " may not close yet");
        }
    }
}
