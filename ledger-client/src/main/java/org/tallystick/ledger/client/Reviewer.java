package org.tallystick.ledger.client;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Currencies;
import org.tallystick.agreement.rules.Booking;
import org.tallystick.agreement.rules.Life;
import org.tallystick.agreement.rules.LineChecks;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.state.Mark;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// Looks at every line of a file as the ledger would, and sends nothing.
final class Reviewer {

    /// What is wrong with these, is wrong with what they name.
    private static final List<String> OF_THE_NAMED = List.of("EVENT_REF", "too_many_held");

    private final Document document;
    private final Document.Source of;
    private final SourceId source;
    private final String ofTerms;
    private final LineChecks checks;
    private final LineSentences sentences;
    private final References references;
    private final NamedEvents named;
    private final Intake intake;
    private final SingleEvents singles;
    private final long before;
    private final long done;

    private final TreeMap<Review.Kind, Review.Sum> sums = new TreeMap<>();
    private final List<EventDraft> first = new ArrayList<>();
    private final List<LineFault> faults = new ArrayList<>();
    private final List<LineFault> warnings = new ArrayList<>();
    private long events;
    private long faultCount;
    private long warningCount;

    /// What the ledger takes in now.
    ///
    /// @param latest the last day an event may be dated
    /// @param open the first period in which sales can be booked, `unsettled` that for facts
    /// @param life when the agreement ends, and whether it is paused
    record Intake(LocalDate latest, Period open, Period unsettled, Life life) {}

    /// @param before the first number that events of this file have or get: what the ledger has below is not of
    /// this file
    /// @param done how many events of this file, from its begin, are on the ledger already
    Reviewer(
            StateReader state,
            FileReport.Subject subject,
            References references,
            SourceHistory history,
            Intake intake,
            long before,
            long done) {
        this.document = subject.document();
        this.of = subject.source();
        this.source = subject.sourceId();
        this.ofTerms = document.terms().currency();
        this.checks = LineChecks.of(intake.life(), subject.source());
        this.sentences = new LineSentences(intake.life(), subject.source());
        this.references = references;
        this.named = new NamedEvents(state, document, history, references, before);
        this.intake = intake;
        this.singles = new SingleEvents(state, document, source);
        this.before = before;
        this.done = done;
    }

    void look(EventLine line) throws IOException, LedgerException {
        switch (line) {
            case EventLine.Faulty(var fault) -> tell(fault);
            case EventLine.Given(var number, var event) -> look(number, event);
        }
    }

    /// @param file hash of what was looked at, to its end
    Review review(Hash file) throws LedgerException {
        singles.rest().forEach(this::tell);
        faults.sort(Comparator.comparing(LineFault::line));
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
        if (events == done + 1) {
            closed(line).ifPresent(this::tell);
        }
        EventDraft draft;
        Bytes spelled;
        try {
            draft = EventDraft.of(json);
            spelled = draft.json().canonical();
        } catch (IllegalArgumentException e) {
            fault(new LineFault(line, "", "", "EVENT_FORM", String.valueOf(e.getMessage())));
            return;
        }
        if (first.size() < Review.MOST_FIRST) {
            first.add(draft);
        }
        Json.Obj asked = draft.refOf().isEmpty() ? draft.json() : NamedEvents.naming(draft.json());
        switch (EventReader.read(asked)) {
            case EventReading.Misformed(var at) -> fault(misformed(line, draft, at));
            case EventReading.Formed(var event) -> look(new Looked(line, draft, spelled), event);
        }
    }

    /// Why the source takes nothing now; told once.
    private Optional<LineFault> closed(long line) {
        if (of.endsBefore(intake.open())) {
            return Optional.of(new LineFault(
                    line,
                    "",
                    "",
                    "source_ended",
                    "nothing is taken any more: source " + source + " has ended" + end()));
        }
        LocalDate begins = of.first().start();
        return begins.isAfter(intake.latest())
                ? Optional.of(new LineFault(
                        line,
                        "",
                        "",
                        "source_not_begun",
                        "nothing is taken yet: source " + source + " begins on " + begins))
                : Optional.empty();
    }

    private String end() {
        return of.last().map(last -> " with " + last.text()).orElse("");
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

    /// A line that is an event.
    ///
    /// @param spelled its octets, without what it names
    private record Looked(long line, EventDraft draft, Bytes spelled) {}

    private void look(Looked looked, Event event) throws IOException, LedgerException {
        long line = looked.line();
        EventDraft draft = looked.draft();
        Review.Kind kind = new Review.Kind(event.type(), event.currency().orElse(""));
        sums.merge(
                kind,
                Review.Sum.NONE.plus(event.amount().orElse(BigInteger.ZERO)),
                (sum, more) -> sum.plus(more.amount()));
        if (event.date().isAfter(intake.latest())) {
            fault(new LineFault(
                    line,
                    "date",
                    event.date().toString(),
                    "event_future",
                    "is after " + intake.latest() + ", the last day that is today anywhere on earth"));
        }
        Optional<NamedEvents.Named> origin = Optional.empty();
        if (draft.refOf().isPresent()) {
            origin = named.find(draft.refOf().get());
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
        TreeSet<String> codes = new TreeSet<>(checks.faults(event, origin.map(NamedEvents.Named::event)));
        if (draft.refOf().isPresent() && origin.isEmpty()) {
            codes.remove("EVENT_REF");
        }
        if (draft.refOf().flatMap(EventId::parse).filter(this::isNotice).isPresent()) {
            codes.add("EVENT_REF");
        }
        Optional<Period> booked = booked(line, event, origin);
        if (origin.isPresent() && origin.get().booked().isEmpty() && !holdsOneMore(origin.get())) {
            codes.add("too_many_held");
        }
        for (String code : codes) {
            String refOf = OF_THE_NAMED.contains(code) ? draft.refOf().orElse("") : "";
            fault(new LineFault(line, refOf.isEmpty() ? "" : "refOf", refOf, code, sentences.of(code, event)));
        }
        if (origin.isPresent() && codes.isEmpty()) {
            takeBack(line, draft, event, origin.get());
        }
        if (booked.isPresent()
                && codes.isEmpty()
                && events > done
                && draft.refOf().isPresent() == origin.isPresent()) {
            KnownEvent known = new KnownEvent(
                    new EventId(source, before + events - 1).text(),
                    event,
                    booked.get(),
                    origin.map(NamedEvents.Named::event));
            singles.add(line, known).forEach(this::tell);
        }
        if (draft.reference().isPresent()) {
            remember(draft.reference().get(), looked, booked);
        }
    }

    /// Where the ledger will book a line; nothing if it will hold it.
    private Optional<Period> booked(long line, Event event, Optional<NamedEvents.Named> origin) {
        boolean held = document.waits(of, event.type(), event.attrs())
                || origin.filter(named -> named.booked().isEmpty()).isPresent();
        Period own = Booking.of(document.terms(), event, intake.open(), intake.unsettled());
        Period period = origin.flatMap(NamedEvents.Named::booked)
                .map(least -> Booking.later(own, least))
                .orElse(own);
        if (Booking.isTooLate(of, event, period) && !of.endsBefore(intake.open())) {
            fault(new LineFault(
                    line,
                    "date",
                    event.date().toString(),
                    "source_ended",
                    "is booked in " + period.text() + (held ? " or later" : "") + ", and source " + source
                            + " has ended" + end()));
        }
        return held ? Optional.empty() : Optional.of(period);
    }

    private boolean isNotice(EventId id) {
        return document.source(id.source().text())
                .filter(Document.Source::notices)
                .isPresent();
    }

    private boolean holdsOneMore(NamedEvents.Named held) throws IOException {
        return held.holds() + references.holding(held.key()) <= Mark.MAX_HOLDS;
    }

    /// More may be taken back than was sold; it is worth a look.
    private void takeBack(long line, EventDraft draft, Event event, NamedEvents.Named origin) throws IOException {
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

    private void remember(String reference, Looked looked, Optional<Period> booked) throws IOException {
        Optional<References.Draft> twice = references.remember(reference, looked.line(), looked.spelled(), booked);
        Optional<Long> reported = references.find(reference, before);
        if (twice.isPresent()) {
            warn(new LineFault(
                    looked.line(),
                    "id",
                    reference,
                    "reference_twice",
                    "is also that of line " + twice.get().line()));
        } else if (reported.isPresent()) {
            warn(new LineFault(
                    looked.line(),
                    "id",
                    reference,
                    "reference_reported",
                    "was reported before, as " + new EventId(source, reported.get()).text()));
        }
    }
}
