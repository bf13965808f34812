package org.tallystick.agreement.rules;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.settlement.CaseFile;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Totals;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// A case of terms/1 as its parties live it on a ledger: offered, accepted, reported, declared and closed, period by
/// period.
///
/// Events are reported in the period that the case books them in, by two sources, in reports and transactions of a
/// size that the seed draws. What the ledger made of them, their ids above all, is what the engine is then asked to
/// settle in one go.
final class LedgerCase {

    /// Types that no report carries: they come with their own acts.
    static final List<String> NOT_REPORTED = List.of("dispute-hold", "dispute-release", "resume", "suspend");

    private static final List<String> OF_ONE_SOURCE = List.of("advance", "capital", "fx", "kpi", "milestone");
    private static final List<String> OF_ANY_SOURCE =
            List.of("cost", "delivery", "mdf-claim", "refund", "return", "sale", "subscribers", "usage");
    private static final List<String> SOURCES = List.of("books", "shop");
    private static final BigInteger FINEST = BigInteger.TEN.pow(18);
    private static final long MILLION = 1_000_000;

    /// A report that the ledger took in.
    ///
    /// @param run number of the first event of its run
    private record Reported(long first, long run, List<Json.Obj> events) {
        List<Bytes> leaves() {
            return events.stream().map(Json::canonical).toList();
        }
    }

    private record Source(String id, String owner, List<Reported> reports) {
        long last() {
            return reports.isEmpty()
                    ? 0
                    : reports.getLast().first() + reports.getLast().events().size() - 1;
        }
    }

    /// An event of the case with the period that the case books it in; a fixing may be of a time before the opening.
    private record Planned(String id, Json.Obj event, Period period) {}

    private final Json.Obj json;
    private final Terms terms;
    private final Period opening;
    private final Period last;
    private final Random random;
    private final Story story;
    private final List<Source> sources;
    private final SortedMap<Period, List<Planned>> planned = new TreeMap<>();

    /// Ids on the ledger by those of the case.
    private final SortedMap<String, String> ids = new TreeMap<>();

    /// What the ledger holds, as the engine reads it, by id; and how each was booked, by source.
    private final SortedMap<String, Json.Obj> booked = new TreeMap<>();

    private final SortedMap<String, List<KnownEvent>> known = new TreeMap<>();
    private final List<Refusal> refusals = new ArrayList<>();

    private final SortedMap<String, Integer> changed = new TreeMap<>();

    /// How many bytes each transaction of a close wrote.
    final List<Integer> writtenInSteps = new ArrayList<>();

    /// An event that was refused when it was reported.
    ///
    /// @param event as the engine would read it, had it been taken in
    record Refusal(Json.Obj event, List<String> codes) {}

    /// What a period came to on the ledger: a statement, or the codes of what the close lacked.
    sealed interface Closed {
        record With(Json.Obj statement) implements Closed {}

        record Lacking(List<Json> codes) implements Closed {}
    }

    LedgerCase(Json.Obj json, List<Json> events, String opening, String last, long seed) {
        this.json = json;
        this.terms = Documents.accepted(json);
        this.opening = Period.ofText(opening);
        this.last = Period.ofText(last);
        this.random = new Random(seed);
        String other = terms.parties().stream()
                .filter(party -> !party.equals(terms.hub()))
                .findFirst()
                .orElseThrow();
        this.sources = List.of(
                new Source(SOURCES.get(0), terms.hub(), new ArrayList<>()),
                new Source(SOURCES.get(1), other, new ArrayList<>()));
        events.forEach(event -> plan((Json.Obj) event));
        this.story = Story.withParties(terms.parties().stream()
                .sorted((a, b) -> Boolean.compare(b.equals(terms.hub()), a.equals(terms.hub())))
                .map(this::ledgerParty)
                .toList());
        offerAndAccept();
    }

    private String ledgerParty(String party) {
        return party.equals(terms.hub())
                ? "north/platform"
                : "east/p" + terms.parties().indexOf(party);
    }

    private void plan(Json.Obj event) {
        String type = event.text("type");
        if (NOT_REPORTED.contains(type)) {
            changed.merge(type, 1, Integer::sum);
            return;
        }
        Period own = event.findText("date")
                .flatMap(Days::parse)
                .map(terms.frequency()::periodOf)
                .orElse(opening);
        Period period = event.findText("booked")
                .flatMap(Period::parse)
                .filter(stated -> stated.frequency() == own.frequency() && stated.compareTo(own) > 0)
                .orElse(own);
        TreeMap<String, Json> members = new TreeMap<>(event.members());
        members.remove("booked");
        members.remove("attestedBy");
        String id = event.text("id");
        members.remove("id");
        planned.computeIfAbsent(period.compareTo(opening) < 0 ? opening : period, _ -> new ArrayList<>())
                .add(new Planned(id, coarse(new Json.Obj(members)), period));
    }

    /// With every number as coarse as the ledger asks for.
    private Json.Obj coarse(Json.Obj event) {
        TreeMap<String, Json> members = new TreeMap<>();
        event.members()
                .forEach((name, value) ->
                        members.put(name, value instanceof Json.Obj attrs ? coarse(attrs) : coarse(value)));
        return new Json.Obj(members);
    }

    private Json coarse(Json value) {
        if (!(value instanceof Json.Text(var text))) {
            return value;
        }
        Optional<Rational> number = Rational.parse(text)
                .filter(each -> FINEST.remainder(each.denominator()).signum() != 0);
        if (number.isEmpty()) {
            return value;
        }
        changed.merge("too fine", 1, Integer::sum);
        Rational millionths = number.get().times(Rational.whole(MILLION));
        return Json.text(Rational.whole(millionths.floor())
                .dividedBy(Rational.whole(MILLION))
                .toString());
    }

    private void offerAndAccept() {
        TreeMap<String, Json> parties = new TreeMap<>();
        terms.parties().forEach(party -> parties.put(party, Json.text(ledgerParty(party))));
        List<Json> named = new ArrayList<>();
        for (Source source : sources) {
            TreeSet<String> types = new TreeSet<>(OF_ANY_SOURCE);
            types.addAll(source.owner().equals(terms.hub()) ? OF_ONE_SOURCE : List.of());
            named.add(Json.object()
                    .with("first", opening.text())
                    .with("id", source.id())
                    .with("owner", source.owner())
                    .with("types", Json.texts(types))
                    .build());
        }
        TreeMap<String, Json> attesters = new TreeMap<>();
        OF_ONE_SOURCE.forEach(type -> attesters.put(type, Json.array(List.of())));
        TreeMap<String, Json> document = new TreeMap<>(story.document().members());
        document.put("terms", json);
        document.put("opening", Json.text(opening.text()));
        document.put("starts", Json.text(opening.text()));
        document.put("parties", new Json.Obj(parties));
        document.put(
                "roles",
                Json.object()
                        .with("attesters", new Json.Obj(attesters))
                        .with("sources", Json.array(named))
                        .build());
        document.put(
                "term", Json.object().with("from", opening.start().toString()).build());
        Json.Obj offered = story.offers(new Json.Obj(document));
        if (!MemoryLedger.told(offered).equals("applied")) {
            throw new AssertionError(offered.toString());
        }
        for (String party : terms.parties()) {
            if (!party.equals(terms.hub())) {
                story.applies(story.accept(ledgerParty(party)));
            }
        }
    }

    /// All periods, one after the other, up to the first that cannot be closed.
    List<Closed> live() {
        List<Closed> closed = new ArrayList<>();
        for (Period period = opening; period.compareTo(last) <= 0; period = period.next()) {
            Json.Obj answer = close(period);
            if (MemoryLedger.told(answer).equals("lacking")) {
                closed.add(new Closed.Lacking(answer.object("values").items("codes")));
                return closed;
            }
            if (!MemoryLedger.told(answer).equals("applied")) {
                throw new AssertionError(answer.toString());
            }
            finish(period);
            closed.add(new Closed.With(statement(period)));
        }
        return closed;
    }

    /// Reports and declares what a period has, and asks for its close.
    private Json.Obj close(Period period) {
        story.moveTo(period.end().minusDays(1) + "T12:00:00Z");
        report(period);
        story.moveTo(period.end() + "T12:00:00Z");
        for (Source source : sources) {
            declare(source, period);
        }
        return story.submit(story.close(period.text()));
    }

    /// The first period up to the instruction that asks for its close.
    Story closing() {
        Json.Obj answer = close(opening);
        if (!MemoryLedger.told(answer).equals("applied")) {
            throw new AssertionError(answer.toString());
        }
        return story;
    }

    /// Takes the steps that are left of a close.
    private void finish(Period period) {
        while (story.ledger.json(Keys.agreement(Story.AGREEMENT)).has("closing")) {
            writtenInSteps.add(story.ledger.written);
            if (story.ledger.step(story.now().text(), Story.AGREEMENT, period.text())
                    instanceof Transactions.Failed failed) {
                throw new AssertionError(failed.message());
            }
        }
        writtenInSteps.add(story.ledger.written);
    }

    /// Events that refer to others come after them; else in any order, in transactions of one to three reports.
    private void report(Period period) {
        List<Planned> all = new ArrayList<>(planned.getOrDefault(period, List.of()));
        Collections.shuffle(all, random);
        List<List<Planned>> waves = List.of(
                all.stream().filter(one -> !one.event().has("refOf")).toList(),
                all.stream().filter(one -> one.event().has("refOf")).toList());
        for (List<Planned> wave : waves) {
            for (Source source : sources) {
                List<Planned> own = wave.stream()
                        .filter(one -> sourceOf(one).id().equals(source.id()))
                        .toList();
                for (int from = 0; from < own.size(); ) {
                    int until = Math.min(own.size(), from + 1 + random.nextInt(24));
                    transaction(source, own.subList(from, until));
                    from = until;
                }
            }
        }
    }

    private Source sourceOf(Planned one) {
        return OF_ONE_SOURCE.contains(one.event().text("type")) || one.id().hashCode() % 3 != 0
                ? sources.get(0)
                : sources.get(1);
    }

    /// Sends these events in up to three reports together; what is refused is left out and the rest is sent again.
    private void transaction(Source source, List<Planned> events) {
        List<List<Planned>> parts = new ArrayList<>();
        int size = Math.max(1, events.size() / (1 + random.nextInt(3)));
        for (int from = 0; from < events.size(); from += size) {
            parts.add(events.subList(from, Math.min(events.size(), from + size)));
        }
        while (!parts.isEmpty()) {
            parts = attempt(source, parts);
        }
    }

    /// Answers what is left of the reports that were refused; it is less each time.
    private List<List<Planned>> attempt(Source source, List<List<Planned>> parts) {
        List<Bytes> envelopes = new ArrayList<>();
        List<Json> hints = new ArrayList<>();
        List<List<Json.Obj>> events = new ArrayList<>();
        long first = source.last() + 1;
        long run = first;
        for (List<Planned> part : parts) {
            List<Json.Obj> reported = part.stream().map(this::onLedger).toList();
            List<Act.EventProof> proofs = proofs(reported, envelopes.size(), hints);
            envelopes.add(story.signed(
                    ledgerParty(source.owner()), new Act.Report(new SourceId(source.id()), first, reported, proofs)));
            events.add(reported);
            first += part.size();
        }
        List<Json.Obj> answers = submit(envelopes, hints);
        List<List<Planned>> rest = new ArrayList<>();
        boolean broken = false;
        for (int i = 0; i < parts.size(); i++) {
            String told = MemoryLedger.told(answers.get(i));
            if (told.equals("applied")) {
                take(source, parts.get(i), events.get(i), run);
            } else if (told.equals("events_refused")) {
                List<Planned> accepted = accepted(source, parts.get(i), events.get(i), answers.get(i));
                rest.addAll(accepted.isEmpty() ? List.of() : List.of(accepted));
                broken = true;
            } else if (told.equals("gap") && broken) {
                rest.add(parts.get(i));
            } else {
                throw new AssertionError(answers.get(i).toString());
            }
        }
        return rest;
    }

    private List<Json.Obj> submit(List<Bytes> envelopes, List<Json> hints) {
        Bytes argument = Json.object().with("hints", Json.array(hints)).build().canonical();
        return switch (story.ledger.attempt(story.now().text(), "north", argument, envelopes.toArray(Bytes[]::new))) {
            case Done done -> Told.answers(envelopes, done.response()).orElseThrow();
            case Transactions.Failed failed -> throw new AssertionError(failed.message());
        };
    }

    /// The event with the id that the ledger gave to its origin.
    private Json.Obj onLedger(Planned one) {
        TreeMap<String, Json> members = new TreeMap<>(one.event().members());
        one.event().findText("refOf").ifPresent(ref -> members.put("refOf", Json.text(ids.getOrDefault(ref, ref))));
        return new Json.Obj(members);
    }

    private List<Act.EventProof> proofs(List<Json.Obj> events, int item, List<Json> hints) {
        List<EventId> named = events.stream()
                .flatMap(event -> event.findText("refOf").stream())
                .flatMap(ref -> EventId.parse(ref).stream())
                .sorted()
                .distinct()
                .toList();
        List<Act.EventProof> proofs = new ArrayList<>();
        for (EventId id : named) {
            Reported report = sources.stream()
                    .filter(source -> source.id().equals(id.source().text()))
                    .flatMap(source -> source.reports().stream())
                    .filter(each -> each.first() <= id.number()
                            && id.number() < each.first() + each.events().size())
                    .findFirst()
                    .orElseThrow();
            int index = (int) (id.number() - report.first());
            if (report.run() != report.first()) {
                hints.add(Json.array(List.of(Json.whole(item), Json.whole(proofs.size()), Json.whole(report.run()))));
            }
            proofs.add(new Act.EventProof(
                    id, report.events().get(index), report.first(), Merkle.path(report.leaves(), index)));
        }
        return proofs;
    }

    private void take(Source source, List<Planned> part, List<Json.Obj> events, long run) {
        long first = source.last() + 1;
        source.reports().add(new Reported(first, run, events));
        for (int k = 0; k < events.size(); k++) {
            String id = new EventId(new SourceId(source.id()), first + k).text();
            ids.put(part.get(k).id(), id);
            Json.Obj event = withIdAndPeriod(events.get(k), id, part.get(k).period());
            booked.put(id, event);
            Event read = read(events.get(k));
            known.computeIfAbsent(source.id(), _ -> new ArrayList<>())
                    .add(new KnownEvent(
                            id,
                            read,
                            part.get(k).period().compareTo(opening) < 0
                                    ? opening
                                    : part.get(k).period(),
                            read.refOf().flatMap(this::origin)));
        }
    }

    private Optional<Event> origin(String id) {
        return known.values().stream()
                .flatMap(List::stream)
                .filter(event -> event.id().equals(id))
                .map(KnownEvent::event)
                .findFirst();
    }

    private static Event read(Json.Obj event) {
        return switch (EventReader.read(event)) {
            case EventReading.Formed(var formed) -> formed;
            case EventReading.Misformed(var at) -> throw new AssertionError(at + " of " + event);
        };
    }

    private static Json.Obj withIdAndPeriod(Json.Obj event, String id, Period period) {
        TreeMap<String, Json> members = new TreeMap<>(event.members());
        members.put("booked", Json.text(period.text()));
        members.put("id", Json.text(id));
        return new Json.Obj(members);
    }

    /// Those of a refused report that nothing was said about.
    private List<Planned> accepted(Source source, List<Planned> part, List<Json.Obj> events, Json.Obj answer) {
        SortedMap<Integer, List<String>> refused = new TreeMap<>();
        for (Json line : answer.object("values").items("lines")) {
            Json.Obj said = (Json.Obj) line;
            refused.computeIfAbsent((int) said.whole("line"), _ -> new ArrayList<>())
                    .add(said.text("code"));
        }
        refused.forEach((line, codes) -> {
            String id = new EventId(new SourceId(source.id()), 9_000_000_000L + refusals.size()).text();
            refusals.add(new Refusal(
                    withIdAndPeriod(events.get(line), id, part.get(line).period()), codes));
            changed.merge("refused", 1, Integer::sum);
        });
        List<Planned> rest = new ArrayList<>();
        for (int k = 0; k < part.size(); k++) {
            if (!refused.containsKey(k)) {
                rest.add(part.get(k));
            }
        }
        return rest;
    }

    private void declare(Source source, Period period) {
        List<KnownEvent> in = known.getOrDefault(source.id(), List.of()).stream()
                .filter(event -> event.booked().equals(period))
                .toList();
        Json body = Json.object()
                .with("count", in.size())
                .with("held", 0)
                .with("last", source.last())
                .with("period", period.text())
                .with("source", source.id())
                .with("totals", Totals.of(in).encode())
                .build();
        story.applies(story.signed(
                ledgerParty(source.owner()),
                ActKind.DECLARE,
                body.canonical().utf8().orElseThrow()));
    }

    /// What stands in the settlement and its lines, in the form of a statement of terms/1.
    private Json.Obj statement(Period period) {
        Json.Obj settlement = story.ledger.json(Keys.settlement(Story.AGREEMENT, period.text()));
        List<Json> lines = new ArrayList<>();
        for (int page = 1; story.ledger.state.containsKey(Keys.lines(Story.AGREEMENT, period.text(), page)); page++) {
            lines.addAll(story.ledger
                    .json(Keys.lines(Story.AGREEMENT, period.text(), page))
                    .items("lines"));
        }
        if (!settlement
                        .text("postings")
                        .equals(Merkle.root(lines.stream().map(Json::canonical).toList())
                                .hex())
                || settlement.whole("count") != lines.size()) {
            throw new AssertionError("the root is not that of the lines: " + settlement);
        }
        Json.Obj items = story.ledger
                .json(Keys.openItems(Story.AGREEMENT, period.text()))
                .object("items");
        settlement.object("payments").members().forEach((party, amount) -> {
            Json.Obj item = items.object(party);
            if (!item.get("computed").equals(amount)) {
                throw new AssertionError("the open item of " + party + " is not its payment: " + item);
            }
        });
        return Json.object()
                .with("balances", settlement.get("balances"))
                .with("lines", Json.array(lines))
                .with("payments", settlement.get("payments"))
                .with("period", period.text())
                .build();
    }

    MemoryLedger ledger() {
        return story.ledger;
    }

    /// By reason, how many events of the case were not reported, or not as they stand in it.
    SortedMap<String, Integer> changed() {
        return changed;
    }

    List<Refusal> refusals() {
        return refusals;
    }

    /// The type of the clause that a line names; a tier names its waterfall.
    String typeOf(String clause) {
        String id = clause.contains(".") ? clause.substring(0, clause.indexOf('.')) : clause;
        return json.items("clauses").stream()
                .map(each -> (Json.Obj) each)
                .filter(each -> each.text("id").equals(id))
                .findFirst()
                .orElseThrow()
                .text("type");
    }

    int reported() {
        return booked.size();
    }

    /// What the engine makes in one go of all that the ledger took in, and of these events besides.
    List<Json> settledAtOnce(Json.Obj... more) {
        List<Json> events = new ArrayList<>(booked.values());
        events.addAll(List.of(more));
        List<Json> periods = new ArrayList<>();
        for (Period period = opening; period.compareTo(last) <= 0; period = period.next()) {
            periods.add(Json.object().with("period", period.text()).build());
        }
        Json file = Json.object()
                .with("events", Json.array(events))
                .with("settlements", Json.array(periods))
                .with("terms", json)
                .build();
        return switch (CaseFile.settle(file)) {
            case CaseFile.Settled settled -> settled.encode().items();
            case CaseFile.TermsRefused _, CaseFile.NotACase _ -> throw new AssertionError("not a case: " + file);
        };
    }
}
