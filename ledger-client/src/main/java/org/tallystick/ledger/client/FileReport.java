package org.tallystick.ledger.client;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Booking;
import org.tallystick.agreement.rules.Life;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// Reports a whole file: looks at every line first, then cuts, signs and sends, and goes on where it was
/// interrupted.
///
/// Nothing is signed while a line is wrong. Each report is in the [Journal] before it is sent; after an
/// interruption the same bytes are sent again, so that no event is left out and none is there twice.
public final class FileReport {

    /// How long a report may still be applied. After that it is known that it never will be.
    static final Duration WINDOW = Duration.ofHours(1);
    /// How many reports are sent at once; as many again are made meanwhile.
    static final int IN_FLIGHT = 2;
    /// How often reports are handed over until they are given up as unanswered: what a courier holds already, it
    /// knows.
    private static final int HANDED_OVER = 4;
    /// How far the clocks of a ledger's members and of this machine may be apart.
    private static final Duration APART = Duration.ofMinutes(15);

    private final PartyId party;
    private final Envelope.Hand hand;
    private final Desk desk;
    private final Subject subject;
    private final Books books;
    private final SourceHistory history;

    FileReport(PartyId party, Envelope.Hand hand, Desk desk, Subject subject, Books books) {
        this.party = party;
        this.hand = hand;
        this.desk = desk;
        this.subject = subject;
        this.books = books;
        this.history = history(desk.courier(), subject);
    }

    private static SourceHistory history(StateReader state, Subject subject) {
        return new SourceHistory(state, subject.document().id(), subject.sourceId());
    }

    /// For whom is reported: a source of an agreement in its newest adopted version.
    public record Subject(Document document, Document.Source source) {
        SourceId sourceId() {
            return new SourceId(source.id());
        }
    }

    /// What is kept beside the keys.
    public record Books(Journal journal, References references) {}

    /// A file that can be read from its begin, again and again.
    public interface Opened {
        EventLines open() throws IOException;

        String name();

        /// Of the octets that were read so far, and of what they mean; at the end, of all.
        Hash hash();

        /// Of all octets, which are read for this, and of what they mean.
        Hash digest() throws IOException;
    }

    /// What came of it.
    public sealed interface Outcome {
        /// Everything is on the ledger.
        ///
        /// @param resumed how many of the events were there already
        record Reported(long events, long first, long last, long resumed) implements Outcome {}

        /// A report was not applied.
        ///
        /// @param reported how many events of the file are on the ledger
        /// @param unknown how many signed reports may still be applied, and until when
        record Stopped(long reported, Sent at, int unknown, LedgerTime until) implements Outcome {}

        /// Signed reports of an earlier interruption may still be applied; until they are or can no longer be,
        /// nothing may be signed in their place.
        record Undecided(long reported, int unknown, LedgerTime until) implements Outcome {}
    }

    /// Looks at every line of a file, and sends nothing. Lines that are on the ledger already are not judged again.
    ///
    /// Nobody need sign for this.
    public static Review review(Desk desk, Subject subject, Books books, Opened file)
            throws IOException, LedgerException {
        SourceHistory history = history(desk.courier(), subject);
        References references = books.references();
        references.catchUp(history);
        references.forgetDrafts();
        LocalDate latest = desk.time().latestDay();
        Optional<Journal.Work> begun = books.journal().work();
        if (begun.isPresent() && !begun.get().file().equals(file.digest())) {
            begun = Optional.empty();
        }
        long next = history.last() + 1;
        Reviewer reviewer = new Reviewer(
                desk.courier(),
                subject,
                references,
                history,
                intake(desk.courier(), subject, history, latest),
                begun.map(Journal.Work::first).orElse(next),
                begun.map(Journal.Work::confirmed).orElse(0L));
        try (EventLines lines = new ReadAhead(file.open())) {
            Optional<EventLine> line = lines.next();
            while (line.isPresent()) {
                reviewer.look(line.get());
                line = lines.next();
            }
        }
        return reviewer.review(file.hash());
    }

    private static Reviewer.Intake intake(StateReader state, Subject subject, SourceHistory history, LocalDate latest)
            throws LedgerException {
        String agreement = subject.document().id().text();
        Document document = subject.document();
        AgreementHead head = state.get(Keys.agreement(agreement))
                .map(AgreementHead::decode)
                .orElseGet(() -> AgreementHead.offered(document.version(), document.opening(), new LedgerTime(0)));
        Period unsettled = head.untouched();
        Period undeclared =
                history.head().map(SourceHead::open).orElse(subject.source().first());
        return new Reviewer.Intake(
                latest, Booking.later(undeclared, unsettled), unsettled, new Life(head, document, latest));
    }

    /// Sends a file that was found good, or the rest of it.
    ///
    /// @param file the one that was reviewed
    /// @throws IllegalArgumentException if the review found faults, or the journal is about another file
    /// @throws LedgerException if it is not known what became of a report; then this may be called again
    public Outcome send(Review review, Opened file) throws IOException, LedgerException, EventRefersNowhere {
        if (!review.good()) {
            throw new IllegalArgumentException(review.faultCount() + " faults");
        }
        Journal journal = books.journal();
        Optional<Journal.Work> begun = journal.work();
        if (begun.isPresent() && !begun.get().file().equals(review.file())) {
            throw new IllegalArgumentException(
                    "the journal is about " + begun.get().name());
        }
        Optional<Outcome.Undecided> undecided = settle();
        if (undecided.isPresent()) {
            return undecided.get();
        }
        long next = history.last() + 1;
        Journal.Work work =
                begun.isPresent() ? journal.work().orElseThrow() : journal.begin(review.file(), file.name(), next);
        books.references().catchUp(history);
        Optional<Outcome> stopped = new Sending(work, next).run(file);
        if (stopped.isPresent()) {
            return stopped.get();
        }
        long last = history.last();
        journal.finish(work, review.events(), last);
        return new Outcome.Reported(review.events(), work.first(), last, work.confirmed());
    }

    /// Finds out what became of the reports that an interruption left; nothing if that is known of each. Behind the
    /// first of which it is not known, none is asked for: that one may still arrive, and those after it then.
    ///
    /// @throws IOException also if events of the file stand behind numbers that others took: then it is given up
    public Optional<Outcome.Undecided> settle() throws IOException, LedgerException {
        Journal journal = books.journal();
        List<Journal.Pending> open = new ArrayList<>();
        LedgerTime until = new LedgerTime(0);
        List<Journal.Pending> never = new ArrayList<>();
        for (Journal.Pending pending : journal.pending()) {
            Signed signed = read(pending);
            LedgerTime end = signed.payload().until().plus(APART);
            Fate fate = open.isEmpty() ? fate(pending, signed, end) : Fate.UNKNOWN;
            switch (fate) {
                case ON_LEDGER -> {
                    if (!never.isEmpty()) {
                        journal.giveUp();
                        throw new IOException("numbers " + pending.first() + " to "
                                + (pending.first() + pending.count() - 1) + " of " + subject.sourceId()
                                + " have events of this file, and events before those have no number:"
                                + " report what is missing in a file of its own");
                    }
                    journal.confirm(List.of(pending));
                }
                case NEVER -> never.add(pending);
                case UNKNOWN -> {
                    open.add(pending);
                    until = end.compareTo(until) > 0 ? end : until;
                }
            }
        }
        if (open.isEmpty()) {
            journal.drop(never);
        }
        long reported = journal.work().map(Journal.Work::confirmed).orElse(0L);
        return open.isEmpty() ? Optional.empty() : Optional.of(new Outcome.Undecided(reported, open.size(), until));
    }

    private enum Fate {
        ON_LEDGER,
        NEVER,
        UNKNOWN
    }

    private Fate fate(Journal.Pending pending, Signed signed, LedgerTime end) throws LedgerException {
        if (isOnLedger(pending, signed)) {
            return Fate.ON_LEDGER;
        }
        return desk.time().compareTo(end) > 0 ? Fate.NEVER : sendAgain(signed);
    }

    /// The same bytes once more: they have the same verdict, or get their first.
    private Fate sendAgain(Signed signed) throws LedgerException {
        return switch (desk.carry(List.of(signed)).getFirst().answer()) {
            case Answer.Applied _ -> Fate.ON_LEDGER;
            case Answer.Refused refused ->
                refused.verdict() || refused.code().equals(Code.TAKEN.text()) ? Fate.NEVER : Fate.UNKNOWN;
            case Answer.Waiting _, Answer.Received(), Answer.Unsent() -> Fate.UNKNOWN;
        };
    }

    /// Whether the run that took these numbers has this instruction.
    private boolean isOnLedger(Journal.Pending pending, Signed signed) throws LedgerException {
        Optional<Run> run = pending.first() <= history.last() ? history.run(pending.first()) : Optional.empty();
        return run.flatMap(found -> found.report(pending.first()))
                .filter(report -> report.id().equals(signed.payload().id().text()))
                .isPresent();
    }

    private static Signed read(Journal.Pending pending) {
        return switch (Signed.read(pending.envelope())) {
            case Signed signed -> signed;
            case Answered(var no) -> throw new IllegalStateException("a kept report cannot be read: " + no);
        };
    }

    /// One file on its way.
    private final class Sending {
        private final Journal.Work work;
        private final Reporting reporting;
        private final List<Made> batch = new ArrayList<>();
        private @Nullable Flight flight;
        /// Reports that are on the ledger and that the books do not know of yet.
        private List<Made> landed = List.of();
        /// The first report goes alone: what keeps all from being applied is then known before there are more to
        /// wait for.
        private int together = 1;

        Sending(Journal.Work work, long next) {
            this.work = work;
            this.reporting = new Reporting(
                    desk.courier(),
                    subject.document().id(),
                    subject.sourceId(),
                    subject.document().terms(),
                    history,
                    this::find,
                    next,
                    Reporting.most(subject.document(), subject.source()),
                    2 * IN_FLIGHT);
        }

        private Optional<EventId> find(String reference) throws LedgerException {
            try {
                return books.references()
                        .find(reference, Long.MAX_VALUE)
                        .map(number -> new EventId(subject.sourceId(), number));
            } catch (IOException e) {
                throw new LedgerException.Unavailable("the index of references: " + e.getMessage(), e);
            }
        }

        /// A report that was signed, with its events.
        private record Made(Act.Report report, Journal.Pending pending, Signed signed) {}

        private record Flight(List<Made> reports, Future<List<Sent>> answers) {}

        /// @return why it stopped, if it did
        Optional<Outcome> run(Opened file) throws IOException, LedgerException, EventRefersNowhere {
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                    EventLines lines = new ReadAhead(file.open())) {
                long skip = work.confirmed();
                Optional<EventLine> line = lines.next();
                while (line.isPresent()) {
                    EventLine.Given given = given(line.get());
                    if (skip > 0) {
                        skip--;
                    } else {
                        Optional<Act.Report> full = reporting.add(given.line(), EventDraft.of(given.event()));
                        Optional<Outcome> stopped = full.isEmpty() ? Optional.empty() : made(full.get(), executor);
                        if (stopped.isPresent()) {
                            return stopped;
                        }
                    }
                    line = lines.next();
                }
                if (!file.hash().equals(work.file())) {
                    throw new IOException("the file was changed while it was reported; what was sent is on the ledger");
                }
                Optional<Act.Report> rest = reporting.rest();
                if (rest.isPresent()) {
                    batch.add(sign(rest.get()));
                }
                Optional<Outcome> stopped = land();
                if (stopped.isEmpty() && !batch.isEmpty()) {
                    start(executor);
                    stopped = land();
                }
                if (stopped.isEmpty()) {
                    books.journal().confirm(pending(landed));
                    remember(landed);
                }
                return stopped;
            }
        }

        private static EventLine.Given given(EventLine line) throws IOException {
            return switch (line) {
                case EventLine.Given given -> given;
                case EventLine.Faulty(var fault) ->
                    throw new IOException("the file was changed while it was reported: " + fault.text());
            };
        }

        private Optional<Outcome> made(Act.Report report, ExecutorService executor)
                throws IOException, LedgerException {
            batch.add(sign(report));
            if (batch.size() < together) {
                return Optional.empty();
            }
            Optional<Outcome> stopped = land();
            if (stopped.isEmpty()) {
                start(executor);
            }
            return stopped;
        }

        private Made sign(Act.Report report) throws LedgerException {
            Payload.Scope scope =
                    Payload.Scope.of(subject.document().id(), subject.document().version());
            Payload payload = desk.payload(party, report.kind(), Optional.of(scope), report.body());
            Signed signed = desk.sign(payload, hand);
            Bytes envelope = signed.envelope();
            return new Made(
                    report, new Journal.Pending(report.first(), report.events().size(), envelope), signed);
        }

        /// What landed is brought to the books while the next is on its way.
        private void start(ExecutorService executor) throws IOException {
            List<Made> reports = List.copyOf(batch);
            batch.clear();
            books.journal().send(pending(landed), pending(reports));
            List<Signed> signed = reports.stream().map(Made::signed).toList();
            flight = new Flight(reports, executor.submit(() -> carry(signed)));
            remember(landed);
            landed = List.of();
        }

        private static List<Journal.Pending> pending(List<Made> reports) {
            return reports.stream().map(Made::pending).toList();
        }

        private List<Sent> carry(List<Signed> signed) throws LedgerException {
            List<Sent> answers = desk.carry(signed);
            for (int times = 1; times < HANDED_OVER && hasOpen(answers); times++) {
                answers = desk.carry(signed);
            }
            return answers;
        }

        private static boolean hasOpen(List<Sent> answers) {
            return answers.stream().anyMatch(sent -> sent.answer() instanceof Answer.Received);
        }

        /// Waits for what was sent; if all of it is on the ledger, it has landed.
        private Optional<Outcome> land() throws IOException, LedgerException {
            Flight landing = flight;
            if (landing == null) {
                return Optional.empty();
            }
            flight = null;
            List<Sent> answers = answers(landing);
            int applied = 0;
            while (applied < answers.size() && answers.get(applied).applied()) {
                applied++;
            }
            if (applied == answers.size()) {
                landed = landing.reports();
                together = IN_FLIGHT;
                return Optional.empty();
            }
            List<Made> good = landing.reports().subList(0, applied);
            books.journal().confirm(pending(good));
            remember(good);
            long reported = books.journal().work().orElseThrow().confirmed();
            Sent at = answers.get(applied);
            int unknown = landing.reports().size() - applied;
            return Optional.of(new Outcome.Stopped(
                    reported, at, unknown, at.payload().until().plus(APART)));
        }

        private void remember(List<Made> reports) throws IOException {
            for (Made made : reports) {
                Act.Report report = made.report();
                TreeMap<String, Json> origins = new TreeMap<>();
                report.proofs().forEach(proof -> origins.put(proof.id().text(), proof.event()));
                books.references().add(subject.sourceId(), report.first(), report.events(), origins);
            }
            books.references().keep();
        }

        private List<Sent> answers(Flight landing) throws LedgerException {
            try {
                return landing.answers().get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LedgerException.Unavailable("interrupted while reports were sent", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof LedgerException failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }
}
