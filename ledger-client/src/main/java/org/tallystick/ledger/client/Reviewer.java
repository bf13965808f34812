package org.tallystick.ledger.client;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Currencies;
import org.tallystick.agreement.rules.LineChecks;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.ledger.LedgerException;

/// Looks at every line of a file as the ledger would, and sends nothing.
final class Reviewer {

    /// Stands for an id that is known when the event is numbered.
    private static final Json SOME_ID = Json.text("x/0000000001");

    private final StateReader state;
    private final AgreementId agreement;
    private final SourceId source;
    private final String ofTerms;
    private final LineChecks checks;
    private final LineSentences sentences;
    private final References references;
    private final SourceHistory history;
    private final Map<SourceId, SourceHistory> others = new HashMap<>();
    private final LocalDate latest;
    private final long before;
    private final long done;

    private final TreeMap<Review.Kind, Review.Sum> sums = new TreeMap<>();
    private final List<EventDraft> first = new ArrayList<>();
    private final List<LineFault> faults = new ArrayList<>();
    private final List<LineFault> warnings = new ArrayList<>();
    private long events;
    private long faultCount;
    private long warningCount;

    /// @param latest the last day an event may be dated
    /// @param before the first number that events of this file have or get: what the ledger has below is not of
    /// this file
    /// @param done how many events of this file, from its begin, are on the ledger already
    Reviewer(
            StateReader state,
            FileReport.Subject subject,
            References references,
            SourceHistory history,
            LocalDate latest,
            long before,
            long done) {
        Document document = subject.document();
        this.state = state;
        this.agreement = document.id();
        this.source = subject.sourceId();
        this.ofTerms = document.terms().currency();
        this.checks = LineChecks.of(document, subject.source());
        this.sentences = new LineSentences(document, subject.source());
        this.references = references;
        this.history = history;
        this.latest = latest;
        this.before = before;
        this.done = done;
    }

    void look(EventLine line) throws IOException, LedgerException {
        switch (line) {
            case EventLine.Faulty(var fault) -> tell(fault);
            case EventLine.Given(var number, var event) -> look(number, event);
        }
    }

    Review review(Hash file) {
        return new Review(file, events, sums, first, faults, faultCount, warnings, warningCount);
    }

    /// A fault of the event that is looked at; what is on the ledger already has none any more.
    private void fault(LineFault fault) {
        if (events > done) {
            tell(fault);
        }
    }

    private void tell(LineFault fault) {
        faultCount++;
        if (faults.size() < Review.MOST_FAULTS) {
            faults.add(fault);
        }
    }

    private void warn(LineFault warning) {
        warningCount++;
        if (warnings.size() < Review.MOST_FAULTS) {
            warnings.add(warning);
        }
    }

    private void look(long line, Json.Obj json) throws IOException, LedgerException {
        events++;
        EventDraft draft;
        try {
            Bytes _ = json.canonical();
            draft = EventDraft.of(json);
        } catch (IllegalArgumentException e) {
            fault(new LineFault(line, "", "", "EVENT_FORM", String.valueOf(e.getMessage())));
            return;
        }
        if (first.size() < Review.MOST_FIRST) {
            first.add(draft);
        }
        Json.Obj asked = draft.refOf().isEmpty() ? draft.json() : with(draft.json(), SOME_ID);
        switch (EventReader.read(asked)) {
            case EventReading.Misformed(var at) -> fault(misformed(line, draft, at));
            case EventReading.Formed(var event) -> look(line, draft, event);
        }
    }

    private static Json.Obj with(Json.Obj event, Json refOf) {
        TreeMap<String, Json> members = new TreeMap<>(event.members());
        members.put("refOf", refOf);
        return new Json.Obj(members);
    }

    private static LineFault misformed(long line, EventDraft draft, String at) {
        String column = at.isEmpty() ? "" : at.substring(1).replace('/', '.');
        Optional<Json> value = draft.json().find(column);
        String sentence =
                value.isPresent() ? "has not the form of terms/1 section 6" : "is missing, unknown or of another form";
        return new LineFault(line, column, value.map(Reviewer::shown).orElse(""), "EVENT_FORM", sentence);
    }

    private static String shown(Json value) {
        return value instanceof Json.Text(var text)
                ? text
                : value.canonical().utf8().orElseThrow();
    }

    private void look(long line, EventDraft draft, Event event) throws IOException, LedgerException {
        Review.Kind kind = new Review.Kind(event.type(), event.currency().orElse(""));
        sums.merge(
                kind,
                Review.Sum.NONE.plus(event.amount().orElse(BigInteger.ZERO)),
                (sum, more) -> sum.plus(more.amount()));
        if (event.date().isAfter(latest)) {
            fault(new LineFault(
                    line,
                    "date",
                    event.date().toString(),
                    "event_future",
                    "is after " + latest + ", the last day that is today anywhere on earth"));
        }
        Optional<Origin> origin = Optional.empty();
        if (draft.refOf().isPresent()) {
            origin = origin(draft.refOf().get());
            if (origin.isEmpty()) {
                fault(new LineFault(
                        line,
                        "refOf",
                        draft.refOf().get(),
                        "origin_unknown",
                        "is neither the reference of an earlier line nor of an event of source " + source
                                + ", nor an id on the ledger"));
            }
        }
        TreeSet<String> codes = new TreeSet<>(checks.faults(event, origin.map(Origin::event)));
        if (draft.refOf().isPresent() && origin.isEmpty()) {
            codes.remove("EVENT_REF");
        }
        for (String code : codes) {
            String of = code.equals("EVENT_REF") ? draft.refOf().orElse("") : "";
            fault(new LineFault(line, of.isEmpty() ? "" : "refOf", of, code, sentences.of(code, event)));
        }
        if (origin.isPresent() && codes.isEmpty()) {
            takeBack(line, draft, event, origin.get());
        }
        if (draft.reference().isPresent()) {
            remember(line, draft.reference().get(), draft.json());
        }
    }

    /// An event that a line names.
    ///
    /// @param key what stands for it: the ledger's id or, where it has none yet, its line
    private record Origin(String key, Event event) {}

    /// More may be taken back than was sold; it is worth a look.
    private void takeBack(long line, EventDraft draft, Event event, Origin origin) throws IOException {
        Optional<BigInteger> sold = origin.event().amount();
        if (event.amount().isEmpty() || sold.isEmpty()) {
            return;
        }
        BigInteger all =
                references.taking(origin.key(), event.amount().get()).add(references.taken(origin.key(), before));
        if (all.compareTo(sold.get()) > 0) {
            String currency = origin.event().currency().orElse(ofTerms);
            warn(new LineFault(
                    line,
                    "refOf",
                    draft.refOf().orElse(""),
                    "refund_exceeds",
                    "with this line " + major(all, currency) + " of " + major(sold.get(), currency) + " " + currency
                            + " are taken back by source " + source));
        }
    }

    private static String major(BigInteger units, String currency) {
        return new BigDecimal(units, Currencies.exponent(currency).orElse(0)).toPlainString();
    }

    private void remember(long line, String reference, Json.Obj event) throws IOException {
        Optional<References.Draft> twice = references.remember(reference, line, event);
        Optional<Long> reported = references.find(reference, before);
        if (twice.isPresent()) {
            warn(new LineFault(
                    line,
                    "id",
                    reference,
                    "reference_twice",
                    "is also that of line " + twice.get().line()));
        } else if (reported.isPresent()) {
            warn(new LineFault(
                    line,
                    "id",
                    reference,
                    "reference_reported",
                    "was reported before, as " + new EventId(source, reported.get()).text()));
        }
    }

    /// The event that a line names: by the ledger's id, by the reference of an earlier line, or by that of one
    /// reported.
    private Optional<Origin> origin(String refOf) throws IOException, LedgerException {
        Optional<EventId> id = EventId.parse(refOf);
        if (id.isEmpty()) {
            Optional<References.Draft> draft = references.draft(refOf);
            if (draft.isPresent()) {
                String key = "line " + draft.get().line();
                return formed(draft.get().event()).map(event -> new Origin(key, event));
            }
            id = references.find(refOf, before).map(number -> new EventId(source, number));
        }
        if (id.isEmpty()) {
            return Optional.empty();
        }
        String key = id.get().text();
        return reported(id.get()).map(event -> new Origin(key, event));
    }

    private Optional<Event> reported(EventId id) throws LedgerException {
        SourceHistory of = id.source().equals(source)
                ? history
                : others.computeIfAbsent(id.source(), other -> new SourceHistory(state, agreement, other));
        Optional<Json.Obj> event = of.event(id.number());
        return event.isEmpty() ? Optional.empty() : formed(event.get());
    }

    private static Optional<Event> formed(Json.Obj json) {
        Json.Obj asked = json.has("refOf") ? with(json, SOME_ID) : json;
        return EventReader.read(asked) instanceof EventReading.Formed(var event)
                ? Optional.of(event)
                : Optional.empty();
    }
}
