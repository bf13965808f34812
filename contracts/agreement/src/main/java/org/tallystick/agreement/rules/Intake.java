package org.tallystick.agreement.rules;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventFaults;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.SingleEvents;
import org.tallystick.agreement.settlement.Totals;
import org.tallystick.agreement.state.FactPage;
import org.tallystick.agreement.state.Keys;
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
    /// The earth's last time zone is that far ahead.
    private static final Duration AHEAD = Duration.ofHours(14);
    private static final List<String> FACTS = List.of("fx", "kpi", "milestone");

    private final Overlay state;
    private final Moment moment;
    private final Hints hints;
    private final OpenRuns runs;
    private final TreeMap<Hash, Ready> ready = new TreeMap<>();

    Intake(Overlay state, Moment moment, Hints hints, OpenRuns runs) {
        this.state = state;
        this.moment = moment;
        this.hints = hints;
        this.runs = runs;
    }

    /// The terms of a document, made ready to look at events: once for all reports of a transaction.
    private record Ready(EventFaults faults, SingleEvents singles) {
        static Ready of(Document document) {
            return new Ready(
                    new EventFaults(document.terms(), document.opening()),
                    new SingleEvents(document.terms(), document.opening()));
        }
    }

    private Ready ready(Document document) {
        return ready.computeIfAbsent(document.version(), _ -> Ready.of(document));
    }

    /// An event that a line names and a proof carries.
    private record Named(boolean proven, Json json, Event event, Period booked) {}

    /// A line that can be taken in.
    private record Line(EventId id, Json json, Event event, Optional<Named> named) {}

    /// The report being taken in.
    ///
    /// @param open the first period in which its sales can be booked
    private record Work(Engaged engaged, Act.Report report, Document.Source source, SourceHead head, Period open) {
        Terms terms() {
            return engaged.document().terms();
        }
    }

    /// @param item index of the instruction in its transaction, which the hints count by
    Answer report(Engaged engaged, Act.Report report, SourceHead head, int item, Hash instruction) {
        Optional<Document.Source> source =
                engaged.document().source(report.source().text());
        Optional<No> refused = Sources.mayUse(engaged, report.source().text(), source);
        if (refused.isPresent()) {
            return Answer.denied(refused.get());
        }
        Period open = Sources.open(head, engaged);
        if (source.get().last().filter(last -> open.compareTo(last) > 0).isPresent()) {
            return Answer.denied(Sources.ended(source.get()));
        }
        LocalDate begins = source.get().first().start();
        if (begins.isAfter(latestDate())) {
            return Answer.denied(No.waiting(Code.SOURCE_NOT_BEGUN, Json.object().with("from", begins.toString())));
        }
        if (report.first() > head.last() + 1) {
            return Answer.denied(No.waiting(Code.GAP, Json.object().with("last", head.last())));
        }
        return take(new Work(engaged, report, source.get(), head, open), item, instruction);
    }

    private Answer take(Work work, int item, Hash instruction) {
        TreeMap<EventId, Named> proofs = new TreeMap<>();
        Optional<No> hintWrong = readProofs(work, item, proofs);
        if (hintWrong.isPresent()) {
            return Answer.denied(hintWrong.get());
        }
        TreeMap<Integer, Line> lines = new TreeMap<>();
        List<Json> faults = new ArrayList<>();
        readLines(work, proofs, lines, faults);
        if (!faults.isEmpty()) {
            return Answer.denied(No.refused(
                    Code.EVENTS_REFUSED,
                    Json.object()
                            .with("lines", Json.array(faults.subList(0, Math.min(MAX_LINES_NAMED, faults.size()))))));
        }
        List<Line> taken = List.copyOf(lines.values());
        Optional<No> early = future(taken);
        if (early.isPresent()) {
            return Answer.denied(early.get());
        }
        return book(work, taken, instruction);
    }

    private Optional<No> readProofs(Work work, int item, SortedMap<EventId, Named> proofs) {
        String agreement = work.engaged().agreement();
        List<Act.EventProof> all = work.report().proofs();
        for (int i = 0; i < all.size(); i++) {
            Act.EventProof proof = all.get(i);
            long runFirst = hints.run(item, i, proof.first());
            Optional<Run> run =
                    state.read(Keys.run(agreement, proof.id().source().text(), runFirst), Run.CODEC);
            Optional<Run.Report> report = run.flatMap(found -> found.report(proof.first()));
            if (report.isEmpty()) {
                return Optional.of(No.waiting(Code.HINT_WRONG, Json.object().with("proof", i)));
            }
            Hash leaf = Merkle.leaf(proof.event().canonical());
            boolean proven = Merkle.root(
                            leaf,
                            proof.id().number() - proof.first(),
                            report.get().count(),
                            proof.path())
                    .equals(Optional.of(report.get().root()));
            if (EventReader.read(proof.event()) instanceof EventReading.Formed(var event)) {
                proofs.put(proof.id(), new Named(proven, proof.event(), event, booked(work.terms(), event, run.get())));
            } else {
                return Optional.of(No.waiting(Code.HINT_WRONG, Json.object().with("proof", i)));
            }
        }
        return Optional.empty();
    }

    /// Where the run of an event booked it. What others name refers to nothing itself, so its date and run suffice.
    private static Period booked(Terms terms, Event event, Run run) {
        Period own = terms.frequency().periodOf(event.date());
        return FACTS.contains(event.type()) ? max(own, run.unsettled()) : max(own, run.open());
    }

    private static Period max(Period a, Period b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /// Reads every line: those that are events into `lines`, what is wrong with them into `faults`, by line then code.
    private void readLines(
            Work work, SortedMap<EventId, Named> proofs, SortedMap<Integer, Line> lines, List<Json> faults) {
        TreeSet<EventId> used = new TreeSet<>();
        LineChecks checks = new LineChecks(
                work.engaged().document(),
                work.source(),
                ready(work.engaged().document()).faults());
        List<Json.Obj> events = work.report().events();
        for (int k = 0; k < events.size(); k++) {
            TreeSet<String> codes = new TreeSet<>();
            EventId id = new EventId(work.report().source(), work.report().first() + k);
            switch (EventReader.read(events.get(k))) {
                case EventReading.Misformed _ -> codes.add("EVENT_FORM");
                case EventReading.Formed(var event) -> {
                    Optional<Named> named =
                            event.refOf().flatMap(ref -> name(work, id, ref, lines, proofs, used, codes));
                    codes.addAll(checks.faults(event, named.map(Named::event)));
                    lines.put(k, new Line(id, events.get(k), event, named));
                }
            }
            for (String code : codes) {
                faults.add(Json.object().with("code", code).with("line", k).build());
            }
        }
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
    }

    /// The event that a line refers to: an earlier one of the same report, or one that a proof carries.
    private Optional<Named> name(
            Work work,
            EventId own,
            String ref,
            SortedMap<Integer, Line> before,
            SortedMap<EventId, Named> proofs,
            SortedSet<EventId> used,
            SortedSet<String> codes) {
        Optional<EventId> id = EventId.parse(ref);
        if (id.isEmpty() || (id.get().source().equals(own.source()) && id.get().number() >= own.number())) {
            codes.add("EVENT_REF");
            return Optional.empty();
        }
        boolean here = id.get().source().equals(own.source())
                && id.get().number() >= work.report().first();
        if (here) {
            Line line = before.get((int) (id.get().number() - work.report().first()));
            if (line == null) {
                codes.add("EVENT_REF");
                return Optional.empty();
            }
            return Optional.of(new Named(true, line.json(), line.event(), bookedHere(work, line)));
        }
        used.add(id.get());
        Named named = proofs.get(id.get());
        if (named == null || !named.proven()) {
            codes.add(named == null ? "proof_missing" : "proof_wrong");
            return Optional.empty();
        }
        return Optional.of(named);
    }

    private static Period bookedHere(Work work, Line line) {
        Period own = work.terms().frequency().periodOf(line.event().date());
        if (FACTS.contains(line.event().type())) {
            return max(own, work.engaged().unsettled());
        }
        Period booked = max(own, work.open());
        return line.named().isPresent() ? max(booked, line.named().get().booked()) : booked;
    }

    /// The latest day an event may be dated: today, somewhere on earth.
    private LocalDate latestDate() {
        return moment.time().plus(AHEAD).day();
    }

    private Optional<No> future(List<Line> lines) {
        LocalDate latest = latestDate();
        for (int k = 0; k < lines.size(); k++) {
            LocalDate date = lines.get(k).event().date();
            if (date.isAfter(latest)) {
                LedgerTime earliest = LedgerTime.startOf(date).plus(AHEAD.negated());
                return Optional.of(No.waiting(
                        Code.EVENT_FUTURE,
                        Json.object().with("earliest", earliest.text()).with("line", k)));
            }
        }
        return Optional.empty();
    }

    private Answer book(Work work, List<Line> lines, Hash instruction) {
        TreeMap<Integer, Period> later = new TreeMap<>();
        TreeMap<String, Json> origins = new TreeMap<>();
        TreeMap<Period, List<KnownEvent>> booked = new TreeMap<>();
        for (int k = 0; k < lines.size(); k++) {
            Line line = lines.get(k);
            Period period = bookedHere(work, line);
            if (!period.equals(work.terms().frequency().periodOf(line.event().date()))) {
                later.put(k, period);
            }
            String ref = line.event().refOf().orElse("");
            line.named().filter(_ -> !inReport(work, ref)).ifPresent(named -> origins.put(ref, named.json()));
            booked.computeIfAbsent(period, _ -> new ArrayList<>())
                    .add(new KnownEvent(
                            line.id().text(), line.event(), period, line.named().map(Named::event)));
        }
        Optional<Period> last = work.source().last();
        if (lines.stream()
                .filter(line -> !FACTS.contains(line.event().type()))
                .anyMatch(line -> last.filter(end -> bookedHere(work, line).compareTo(end) > 0)
                        .isPresent())) {
            return Answer.denied(Sources.ended(work.source()));
        }
        if (booked.size() > MAX_PERIODS) {
            return Answer.denied(No.refused(Code.TOO_MANY_PERIODS, Json.object().with("limit", MAX_PERIODS)));
        }
        Optional<No> full = new SingleLimits(state)
                .count(
                        work.engaged(),
                        ready(work.engaged().document()).singles(),
                        work.source().id(),
                        booked.values());
        if (full.isPresent()) {
            return Answer.denied(full.get());
        }
        long runFirst =
                write(work, instruction, new RunEvents(List.copyOf(work.report().events()), later, origins));
        Json.Builder counts = Json.object();
        for (Map.Entry<Period, List<KnownEvent>> period : booked.entrySet()) {
            add(work, runFirst, period.getKey(), period.getValue(), lines);
            counts = counts.with(period.getKey().text(), period.getValue().size());
        }
        return Answer.applied(Json.object()
                .with("booked", counts.build())
                .with("first", work.report().first())
                .with("held", 0)
                .with("kind", "report")
                .with("last", work.report().first() + lines.size() - 1));
    }

    private static boolean inReport(Work work, String ref) {
        return EventId.parse(ref)
                .filter(id -> id.source().equals(work.report().source())
                        && id.number() >= work.report().first())
                .isPresent();
    }

    /// Writes the run, its events and the source's head; answers the run's first number.
    private long write(Work work, Hash instruction, RunEvents events) {
        String agreement = work.engaged().agreement();
        String source = work.source().id();
        List<Bytes> leaves = events.events().stream().map(Json::canonical).toList();
        Run.Report report = new Run.Report(
                work.report().first(),
                leaves.size(),
                instruction,
                work.engaged().payload().id().text(),
                Merkle.root(leaves));
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
        state.write(
                Keys.source(agreement, source),
                SourceHead.CODEC,
                new SourceHead(
                        moment.time(), run.last(), run.first(), work.head().open()));
        runs.begin(source, run.first());
        return run.first();
    }

    private void add(Work work, long runFirst, Period period, List<KnownEvent> events, List<Line> lines) {
        String agreement = work.engaged().agreement();
        String key = Keys.total(agreement, work.source().id(), period.text());
        PeriodTotal before = state.read(key, PeriodTotal.CODEC).orElse(PeriodTotal.NONE);
        state.write(key, PeriodTotal.CODEC, before.plus(runFirst, events.size(), Totals.of(events)));
        for (String type : FACTS) {
            List<FactPage.Fact> facts = lines.stream()
                    .filter(line -> line.event().type().equals(type)
                            && bookedHere(work, line).equals(period))
                    .map(line -> new FactPage.Fact(line.id().text(), line.json()))
                    .toList();
            if (!facts.isEmpty()) {
                FactPage.append(agreement, type, period.text(), facts, state::read, state::write);
            }
        }
    }
}
