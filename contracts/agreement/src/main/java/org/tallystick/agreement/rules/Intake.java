package org.tallystick.agreement.rules;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.EventList;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventFaults;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.Figures;
import org.tallystick.agreement.settlement.Folding;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Totals;
import org.tallystick.agreement.state.FactPage;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Mark;
import org.tallystick.agreement.state.PeriodTotal;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.state.RunEvents;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// Takes the events of a report in, all or none: `docs/spec/ledger-1.md` section 6.
///
/// Whatever terms/1 could refuse later is refused here, line by line, and takes no number.
final class Intake {

    private static final int MAX_PERIODS = 4;
    private static final int MAX_LINES_NAMED = 100;

    private final Overlay state;
    private final Moment moment;
    private final Proofs proofs;
    private final OpenRuns runs;
    private final Folded folded;
    private final Facts facts;
    private final TreeMap<Hash, Ready> ready = new TreeMap<>();

    Intake(Overlay state, Moment moment, Hints hints, OpenRuns runs) {
        this.state = state;
        this.moment = moment;
        this.proofs = new Proofs(state, hints);
        this.runs = runs;
        this.folded = new Folded(state);
        this.facts = new Facts(state, moment);
    }

    /// The terms of a document, made ready to look at events: once for all reports of a transaction.
    private record Ready(EventFaults faults, Folding folding) {
        static Ready of(Document document) {
            return new Ready(
                    new EventFaults(document.terms(), document.opening()),
                    new Folding(document.terms(), document.opening()));
        }
    }

    private Ready ready(Document document) {
        return ready.computeIfAbsent(document.version(), _ -> Ready.of(document));
    }

    /// An event that a line names.
    ///
    /// @param proven whether it is in this report, or its proof holds
    /// @param booked where; nothing while it is held
    private record Named(EventId id, boolean proven, Json json, Event event, Optional<Period> booked) {}

    /// What the other reports of a sale make of a line.
    ///
    /// @param attested who gave notice of it before, and agrees by that
    /// @param attests the event that counts, if this is a notice that agrees to it
    private record Said(SortedSet<PartyId> attested, Optional<EventId> attests) {
        static final Said NOTHING = new Said(Collections.emptySortedSet(), Optional.empty());
    }

    /// A line that can be taken in.
    ///
    /// @param waits whether somebody must attest it first
    /// @param natural the period of its date
    /// @param booked the period in which it is booked, or would be if nothing held it
    private record Line(
            EventId id,
            Json json,
            Event event,
            Optional<Named> named,
            boolean waits,
            Said said,
            Period natural,
            Period booked) {

        static Line of(Work work, EventId id, Json json, Event event, Optional<Named> named, boolean waits) {
            Period natural = work.terms().frequency().periodOf(event.date());
            Period own = Booking.of(event, natural, work.open(), work.engaged().unsettled());
            Period booked = named.isEmpty()
                    ? own
                    : named.get()
                            .booked()
                            .map(origin -> Booking.later(own, origin))
                            .orElse(own);
            return new Line(id, json, event, named, waits, Said.NOTHING, natural, booked);
        }

        Line with(Said more, boolean nowWaits) {
            return new Line(id, json, event, named, nowWaits, more, natural, booked);
        }

        boolean isLate() {
            return !booked.equals(natural);
        }

        Optional<Event> origin() {
            return named.map(Named::event);
        }

        /// Whether it is held: it waits, or what it names is held.
        boolean held() {
            return waits || (named.isPresent() && named.get().booked().isEmpty());
        }
    }

    /// The report being taken in.
    ///
    /// @param open the first period in which its sales can be booked
    private record Work(Engaged engaged, Act.Report report, Document.Source source, SourceHead head, Period open) {
        Terms terms() {
            return engaged.document().terms();
        }

        /// Whether nothing of it is ever booked.
        boolean isOfNotices() {
            return source.notices();
        }
    }

    /// @param item index of the instruction in its transaction, which the hints count by
    Answer report(Engaged engaged, Act.Report report, SourceHead head, int item) {
        Optional<Document.Source> source =
                engaged.document().source(report.source().text());
        Optional<No> refused = Sources.mayUse(engaged, report.source().text(), source);
        if (refused.isPresent()) {
            return Answer.denied(refused.get());
        }
        Period open = Sources.open(head, engaged);
        if (source.get().endsBefore(open)) {
            return Answer.denied(Sources.ended(source.get()));
        }
        LocalDate begins = source.get().first().start();
        if (begins.isAfter(moment.latestDate())) {
            return Answer.denied(No.waiting(Code.SOURCE_NOT_BEGUN, Json.object().with("from", begins.toString())));
        }
        if (report.first() > head.last() + 1) {
            return Answer.denied(No.waiting(Code.GAP, Json.object().with("last", head.last())));
        }
        if (source.get().isArbiters()) {
            LedgerTime until = LedgerTime.startOf(
                    engaged.unsettled().end().plusDays(engaged.document().days().decide()));
            if (moment.time().isBefore(until)) {
                return Answer.denied(
                        No.waiting(Code.ARBITER_RUNNING, Json.object().with("until", until.text())));
            }
        }
        return take(new Work(engaged, report, source.get(), head, open), item);
    }

    private Answer take(Work work, int item) {
        TreeMap<EventId, Named> proven = new TreeMap<>();
        Optional<No> hintWrong = readProofs(work, item, proven);
        if (hintWrong.isPresent()) {
            return Answer.denied(hintWrong.get());
        }
        @Nullable Line[] lines = new Line[work.report().events().size()];
        TreeMap<Integer, SortedSet<String>> codes = new TreeMap<>();
        TreeSet<EventId> used = new TreeSet<>();
        readLines(work, proven, lines, codes, used);
        boolean allNeeded = used.containsAll(
                work.report().proofs().stream().map(Act.EventProof::id).toList());
        if (!codes.isEmpty() || !allNeeded) {
            addLacking(work, lines, codes);
            return refused(work, codes, used);
        }
        List<Line> taken = Stream.of(lines).map(Objects::requireNonNull).toList();
        SortedMap<Period, Booked> booked = booked(work, taken);
        Folding folding = ready(work.engaged().document()).folding();
        if (booked.values().stream().anyMatch(period -> folding.lacks(period.figures()))) {
            addLacking(work, lines, codes);
            if (!codes.isEmpty()) {
                return refused(work, codes, used);
            }
        }
        Optional<No> early = future(taken);
        if (early.isPresent()) {
            return Answer.denied(early.get());
        }
        return book(work, taken, booked);
    }

    /// What a report books in a period, and what that comes to.
    private record Booked(List<KnownEvent> events, Figures figures) {}

    private SortedMap<Period, Booked> booked(Work work, List<Line> lines) {
        TreeMap<Period, List<KnownEvent>> events = new TreeMap<>();
        for (Line line : lines) {
            if (!line.held() && !work.isOfNotices()) {
                events.computeIfAbsent(line.booked(), _ -> new ArrayList<>(lines.size()))
                        .add(new KnownEvent(line.id().text(), line.event(), line.booked(), line.origin()));
            }
        }
        Folding folding = ready(work.engaged().document()).folding();
        TreeMap<Period, Booked> booked = new TreeMap<>();
        events.forEach((period, some) -> booked.put(period, new Booked(some, folding.fold(Booking.noFacts(some)))));
        return booked;
    }

    private LineChecks checks(Work work) {
        Document document = work.engaged().document();
        return new LineChecks(
                life(work.engaged()), work.source(), ready(document).faults());
    }

    private Life life(Engaged engaged) {
        return new Life(engaged.head(), engaged.document(), moment.day());
    }

    private Optional<No> readProofs(Work work, int item, SortedMap<EventId, Named> proven) {
        String agreement = work.engaged().agreement();
        List<Act.EventProof> all = work.report().proofs();
        for (int i = 0; i < all.size(); i++) {
            Act.EventProof proof = all.get(i);
            Optional<Run> run = proofs.run(agreement, item, i, proof);
            if (run.isPresent() && EventReader.read(proof.event()) instanceof EventReading.Formed(var event)) {
                Optional<Period> booked = booked(work, proof.id(), event, run.get());
                boolean holds = proofs.holds(agreement, proof, run.get());
                proven.put(proof.id(), new Named(proof.id(), holds, proof.event(), event, booked));
            } else {
                return Optional.of(No.waiting(Code.HINT_WRONG, Json.object().with("proof", i)));
            }
        }
        return Optional.empty();
    }

    /// Where an event of an earlier report is booked; nothing while it is held.
    private Optional<Period> booked(Work work, EventId id, Event event, Run run) {
        Optional<Mark> mark = mark(work, id);
        if (mark.filter(Mark::held).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(mark.flatMap(Mark::booked).orElseGet(() -> Booking.of(work.terms(), event, run)));
    }

    private Optional<Mark> mark(Work work, EventId id) {
        return state.read(Keys.mark(work.engaged().agreement(), id), Mark.CODEC);
    }

    /// Reads every line: those that are events into `lines`, the codes of what is wrong with them into `codes`.
    private void readLines(
            Work work,
            SortedMap<EventId, Named> proofs,
            @Nullable Line[] lines,
            SortedMap<Integer, SortedSet<String>> codes,
            SortedSet<EventId> used) {
        Document document = work.engaged().document();
        Holds holds = new Holds(work);
        LineChecks checks = checks(work);
        EventList events = work.report().events();
        TreeSet<String> own = new TreeSet<>();
        for (int k = 0; k < events.size(); k++) {
            EventId id = new EventId(work.report().source(), work.report().first() + k);
            switch (events.reading(k)) {
                case EventReading.Misformed _ -> own.add("EVENT_FORM");
                case EventReading.Formed(var event) -> {
                    Optional<Named> named = event.refOf().isEmpty()
                            ? Optional.empty()
                            : name(work, id, event.refOf().get(), lines, proofs, used, own);
                    boolean waits = document.waits(work.source(), event.type(), event.attrs());
                    Line line = Line.of(work, id, events.get(k), event, named, waits);
                    own.addAll(
                            isFolded(work, line)
                                    ? checks.beforeFigures(event, line.origin())
                                    : checks.faults(event, line.origin()));
                    if (named.isPresent()
                            && named.get().booked().isEmpty()
                            && !holds.takes(named.get().id())) {
                        own.add("too_many_held");
                    }
                    lines[k] = own.isEmpty() ? matched(work, line, own) : line;
                }
            }
            if (!own.isEmpty()) {
                codes.put(k, own);
                own = new TreeSet<>();
            }
        }
    }

    /// Whether its figures say what it lacks.
    private static boolean isFolded(Work work, Line line) {
        return !line.held() && !work.isOfNotices() && !Booking.isFact(line.event());
    }

    /// Looks for the other report of a sale; most events have none.
    private Line matched(Work work, Line line, SortedSet<String> codes) {
        Document document = work.engaged().document();
        List<Document.Matching> all =
                document.matching(work.source(), line.event().type());
        if (all.isEmpty()) {
            return line;
        }
        TreeSet<PartyId> attested = new TreeSet<>();
        Optional<EventId> attests = Optional.empty();
        for (Document.Matching one : all) {
            Matching matching = new Matching(document, one);
            switch (matching.add(state, work.engaged().agreement(), line.id(), line.event())) {
                case Matching.Outcome.Full _ -> codes.add("reference_full");
                case Matching.Outcome.Alone _ -> {}
                case Matching.Outcome.Paired(var with) -> {
                    if (one.agree() && work.isOfNotices()) {
                        attests = Optional.of(with);
                    } else if (one.agree()) {
                        attested.add(document.noticed(one));
                    }
                }
            }
        }
        TreeSet<PartyId> missing = new TreeSet<>(document.attesters(
                work.source(), line.event().type(), line.event().attrs()));
        missing.remove(document.ledgerParty(work.source().owner()));
        missing.removeAll(attested);
        return line.with(new Said(attested, attests), !missing.isEmpty());
    }

    /// Adds what lines lack that nothing is wrong with otherwise.
    private void addLacking(Work work, @Nullable Line[] lines, SortedMap<Integer, SortedSet<String>> codes) {
        LineChecks checks = checks(work);
        for (int k = 0; k < lines.length; k++) {
            Line line = lines[k];
            if (line != null && isFolded(work, line) && !codes.containsKey(k)) {
                SortedSet<String> own = checks.faults(line.event(), line.origin());
                if (!own.isEmpty()) {
                    codes.put(k, own);
                }
            }
        }
    }

    /// Names the lines, by line then code, and the proofs that no line needed.
    private static Answer refused(Work work, SortedMap<Integer, SortedSet<String>> codes, SortedSet<EventId> used) {
        List<Json> faults = new ArrayList<>();
        codes.forEach((k, own) -> own.forEach(code ->
                faults.add(Json.object().with("code", code).with("line", k).build())));
        List<Act.EventProof> all = work.report().proofs();
        for (int i = 0; i < all.size(); i++) {
            if (!used.contains(all.get(i).id())) {
                faults.add(Json.object()
                        .with("code", "proof_unneeded")
                        .with("line", i)
                        .with("proof", true)
                        .build());
            }
        }
        return Answer.denied(No.refused(
                Code.EVENTS_REFUSED,
                Json.object().with("lines", Json.array(faults.subList(0, Math.min(MAX_LINES_NAMED, faults.size()))))));
    }

    /// How many events those that are held hold, with the lines looked at so far.
    private final class Holds {

        private final Work work;
        private final TreeMap<EventId, Integer> counts = new TreeMap<>();

        Holds(Work work) {
            this.work = work;
        }

        /// Whether one more may wait for this event.
        boolean takes(EventId id) {
            int before = counts.computeIfAbsent(
                    id, _ -> mark(work, id).map(mark -> mark.holds().size()).orElse(0));
            counts.put(id, before + 1);
            return before < Mark.MAX_HOLDS;
        }
    }

    /// The event that a line refers to: an earlier one of the same report, or one that a proof carries.
    private Optional<Named> name(
            Work work,
            EventId own,
            String ref,
            @Nullable Line[] before,
            SortedMap<EventId, Named> proofs,
            SortedSet<EventId> used,
            SortedSet<String> codes) {
        Optional<EventId> id = EventId.parse(ref);
        if (id.isEmpty() || (id.get().source().equals(own.source()) && id.get().number() >= own.number())) {
            codes.add("EVENT_REF");
            return Optional.empty();
        }
        if (isNotice(work, id.get())) {
            codes.add("EVENT_REF");
            return Optional.empty();
        }
        boolean here = id.get().source().equals(own.source())
                && id.get().number() >= work.report().first();
        if (here) {
            Line line = before[(int) (id.get().number() - work.report().first())];
            if (line == null) {
                codes.add("EVENT_REF");
                return Optional.empty();
            }
            Optional<Period> booked = line.held() ? Optional.empty() : Optional.of(line.booked());
            return Optional.of(new Named(line.id(), true, line.json(), line.event(), booked));
        }
        used.add(id.get());
        Named named = proofs.get(id.get());
        if (named == null || !named.proven()) {
            codes.add(named == null ? "proof_missing" : "proof_wrong");
            return Optional.empty();
        }
        return Optional.of(named);
    }

    private static boolean isNotice(Work work, EventId id) {
        Document document = work.engaged().document();
        return !document.matching().isEmpty()
                && document.source(id.source().text())
                        .filter(Document.Source::notices)
                        .isPresent();
    }

    private Optional<No> future(List<Line> lines) {
        LocalDate latest = moment.latestDate();
        for (int k = 0; k < lines.size(); k++) {
            LocalDate date = lines.get(k).event().date();
            if (date.isAfter(latest)) {
                LedgerTime earliest = LedgerTime.earliest(date);
                return Optional.of(No.waiting(
                        Code.EVENT_FUTURE,
                        Json.object().with("earliest", earliest.text()).with("line", k)));
            }
        }
        return Optional.empty();
    }

    private Answer book(Work work, List<Line> lines, SortedMap<Period, Booked> booked) {
        TreeSet<Integer> held = new TreeSet<>();
        TreeMap<Integer, Period> later = new TreeMap<>();
        TreeMap<String, Json> origins = new TreeMap<>();
        for (int k = 0; k < lines.size(); k++) {
            Line line = lines.get(k);
            if (line.named().isPresent()) {
                String ref = line.event().refOf().orElse("");
                line.named().filter(_ -> !inReport(work, ref)).ifPresent(named -> origins.put(ref, named.json()));
            }
            if (line.held()) {
                held.add(k);
                continue;
            }
            if (!work.isOfNotices() && line.isLate()) {
                later.put(k, line.booked());
            }
        }
        if (work.source().last().isPresent()
                && lines.stream().anyMatch(line -> Booking.isTooLate(work.source(), line.event(), line.booked()))) {
            return Answer.denied(Sources.ended(work.source()));
        }
        if (booked.size() > MAX_PERIODS) {
            return Answer.denied(No.refused(Code.TOO_MANY_PERIODS, Json.object().with("limit", MAX_PERIODS)));
        }
        Folding folding = ready(work.engaged().document()).folding();
        List<Figures> figures = booked.values().stream().map(Booked::figures).toList();
        Optional<No> full = folded.count(work.engaged(), folding, work.source().id(), figures);
        if (full.isPresent()) {
            return Answer.denied(full.get());
        }
        TreeMap<Period, List<KnownEvent>> byPeriod = new TreeMap<>();
        booked.forEach((period, here) -> byPeriod.put(period, here.events()));
        Optional<No> tooSoon = facts.tooSoon(work.engaged(), byPeriod);
        if (tooSoon.isPresent()) {
            return Answer.denied(tooSoon.get());
        }
        List<Json.Obj> released = List.of();
        switch (attest(work, lines)) {
            case Answer.Denied denied -> {
                return denied;
            }
            case Answer.Applied(var effects) -> released = effects;
        }
        RunEvents events = new RunEvents(List.copyOf(work.report().events()), held, later, origins);
        long runFirst = write(work, events, booked.isEmpty() ? Optional.empty() : Optional.of(booked.lastKey()));
        held.forEach(k -> hold(work, lines.get(k)));
        Json.Builder counts = Json.object();
        for (Map.Entry<Period, Booked> period : booked.entrySet()) {
            add(work, runFirst, period.getKey(), period.getValue(), lines);
            counts = counts.with(
                    period.getKey().text(), period.getValue().events().size());
        }
        Json.Obj report = Told.effect(work.report(), counts.build(), held.size());
        return new Answer.Applied(
                Stream.concat(Stream.of(report), released.stream()).toList());
    }

    /// What a notice agrees to, its party has attested by that.
    private Answer attest(Work work, List<Line> lines) {
        List<EventId> attested = new ArrayList<>();
        for (Line line : lines) {
            line.said().attests().ifPresent(attested::add);
        }
        if (attested.isEmpty()) {
            return Answer.applied();
        }
        Engaged engaged = work.engaged();
        Marks marks = new Marks(state, engaged);
        PartyId party = (PartyId) engaged.payload().party();
        Release release = new Release(
                state, moment, runs, engaged, () -> ready(engaged.document()).folding());
        for (EventId id : attested) {
            Mark mark = marks.of(id);
            if (mark.held()) {
                marks.write(id, mark.attestedBy(party));
                Json event = mark.kept().orElseThrow().event();
                release.attested(id, event, EventReader.known(event));
            }
        }
        return release.finish();
    }

    private void hold(Work work, Line line) {
        Optional<Mark.Kept> kept = line.named()
                .map(named -> new Mark.Kept(
                        line.json(),
                        Optional.of(named.json()),
                        named.booked().isEmpty() ? Optional.of(named.id()) : Optional.empty(),
                        named.booked()))
                .or(() -> work
                                .engaged()
                                .document()
                                .matching(work.source(), line.event().type())
                                .stream()
                                .anyMatch(Document.Matching::agree)
                        ? Optional.of(new Mark.Kept(line.json(), Optional.empty(), Optional.empty(), Optional.empty()))
                        : Optional.empty());
        String agreement = work.engaged().agreement();
        state.write(
                Keys.mark(agreement, line.id()),
                Mark.CODEC,
                Mark.held(line.said().attested(), kept));
        kept.flatMap(Mark.Kept::heldBy)
                .ifPresent(by -> state.write(
                        Keys.mark(agreement, by),
                        Mark.CODEC,
                        mark(work, by).orElseThrow().holding(line.id())));
    }

    private static boolean inReport(Work work, String ref) {
        return EventId.parse(ref)
                .filter(id -> id.source().equals(work.report().source())
                        && id.number() >= work.report().first())
                .isPresent();
    }

    /// Writes the run, its events and the source's head; answers the run's first number.
    private long write(Work work, RunEvents events, Optional<Period> latest) {
        String agreement = work.engaged().agreement();
        String source = work.source().id();
        Run.Report report = Run.Report.of(
                work.report().first(), work.engaged().payload().id().text(), events.events());
        Optional<Run> running = runs.of(source)
                .flatMap(first -> state.read(Keys.run(agreement, source, first), Run.CODEC))
                .filter(run -> run.reports().size() < Run.MAX_REPORTS);
        Run run = running.map(found -> found.with(report))
                .orElseGet(() -> new Run(
                        report.first(),
                        moment.time(),
                        work.head().lastRun(),
                        work.open(),
                        work.engaged().unsettled(),
                        List.of(report)));
        RunEvents all = running.isEmpty()
                ? events
                : state.read(Keys.events(agreement, source, run.first()), RunEvents.CODEC)
                        .orElseThrow()
                        .and(events);
        state.write(Keys.run(agreement, source, run.first()), Run.CODEC, run);
        state.write(Keys.events(agreement, source, run.first()), RunEvents.CODEC, all);
        SourceHead head = work.head().reported(moment.time(), events.held().size(), run);
        state.write(
                Keys.source(agreement, source),
                SourceHead.CODEC,
                latest.map(head::booked).orElse(head));
        runs.begin(source, run.first());
        return run.first();
    }

    private void add(Work work, long runFirst, Period period, Booked booked, List<Line> lines) {
        String agreement = work.engaged().agreement();
        String source = work.source().id();
        String key = Keys.total(agreement, source, period.text());
        PeriodTotal before = state.read(key, PeriodTotal.CODEC).orElse(PeriodTotal.NONE);
        int pages = folded.add(agreement, source, period, before.pages(), booked.figures());
        List<KnownEvent> events = booked.events();
        state.write(key, PeriodTotal.CODEC, before.plus(runFirst, events.size(), pages, Totals.of(events)));
        if (events.stream().noneMatch(known -> Booking.isFact(known.event()))) {
            return;
        }
        for (String type : Booking.FACTS) {
            List<FactPage.Fact> found = lines.stream()
                    .filter(line -> line.event().type().equals(type)
                            && !line.held()
                            && line.booked().equals(period))
                    .map(line -> new FactPage.Fact(line.id().text(), line.json()))
                    .toList();
            facts.add(work.engaged(), type, period, found);
        }
    }
}
