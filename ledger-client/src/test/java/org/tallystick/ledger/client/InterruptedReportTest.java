package org.tallystick.ledger.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.state.RunEvents;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// A report that was interrupted goes on: whatever became of what was signed, each event is on the ledger once.
class InterruptedReportTest {

    private static final int SEEDS = 200;
    private static final int ROUNDS = 200;
    private static final int EVENTS = 60;
    private static final int MONTHS = 24;
    private static final LedgerTime AT = LedgerTime.of("2026-03-01T00:00:00Z");
    private static final Period JANUARY = Period.parse("2026-01").orElseThrow();
    private static final SourceId SALES = new SourceId("sales");
    private static final PartyId VENDOR = new PartyId("north/vendor");
    private static final Envelope.Hand HAND =
            new Envelope.Hand(VENDOR, SigningKey.generate(Algorithm.ED25519, new Random(1)));
    private static final Document DOCUMENT = document();
    private static final FileReport.Subject SUBJECT =
            new FileReport.Subject(DOCUMENT, DOCUMENT.source("sales").orElseThrow());

    @TempDir
    Path folder = Path.of("");

    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private final Lossy ledger = new Lossy();

    @Test
    void what_arrived_although_its_answer_was_lost_is_not_sent_a_second_time() throws Exception {
        Listed file = new Listed("a.csv", EVENTS);
        ledger.fates = List.of(Fate.ANSWERED, Fate.ARRIVES_UNANSWERED);
        assertThatThrownBy(() -> send(file)).isInstanceOf(LedgerException.Unavailable.class);
        ledger.fates = List.of(Fate.ANSWERED);

        FileReport.Outcome outcome = send(file);

        assertThat(outcome).isInstanceOfSatisfying(FileReport.Outcome.Reported.class, reported -> {
            assertThat(reported.resumed()).isPositive();
            assertThat(reported.first()).isEqualTo(1);
            assertThat(reported.last()).isEqualTo(EVENTS);
        });
        assertThat(ledger.references()).isEqualTo(file.references());
    }

    @Test
    void what_may_still_be_applied_keeps_others_from_taking_its_numbers() throws Exception {
        Listed file = new Listed("a.csv", 10);
        ledger.releases = false;
        ledger.fates = List.of(Fate.HELD);
        FileReport.Outcome stopped = send(file);
        FileReport.Outcome undecided = send(file);
        now = now.plus(FileReport.WINDOW).plus(Duration.ofMinutes(20));
        ledger.releases = true;
        ledger.fates = List.of(Fate.ANSWERED);

        FileReport.Outcome reported = send(file);

        assertThat(stopped).isInstanceOf(FileReport.Outcome.Stopped.class);
        assertThat(undecided).isInstanceOfSatisfying(FileReport.Outcome.Undecided.class, still -> {
            assertThat(still.unknown()).isEqualTo(1);
            assertThat(still.until().text()).isEqualTo("2026-03-01T01:10:00Z");
        });
        assertThat(reported)
                .isInstanceOfSatisfying(
                        FileReport.Outcome.Reported.class,
                        anew -> assertThat(anew.resumed()).isZero());
        assertThat(ledger.references()).isEqualTo(file.references());
    }

    @Test
    void what_was_refused_is_signed_anew() throws Exception {
        Listed file = new Listed("a.csv", 10);
        ledger.fates = List.of(Fate.REFUSED);
        FileReport.Outcome stopped = send(file);
        ledger.fates = List.of(Fate.ANSWERED);

        FileReport.Outcome reported = send(file);

        assertThat(stopped)
                .isInstanceOfSatisfying(
                        FileReport.Outcome.Stopped.class,
                        at -> assertThat(at.reported()).isZero());
        assertThat(reported).isInstanceOf(FileReport.Outcome.Reported.class);
        assertThat(ledger.references()).isEqualTo(file.references());
    }

    @Test
    void another_file_waits_until_the_first_is_at_its_end_or_given_up() throws Exception {
        Listed first = new Listed("a.csv", 10);
        Listed second = new Listed("b.csv", 7);
        ledger.fates = List.of(Fate.REFUSED);
        FileReport.Outcome _ = send(first);
        ledger.fates = List.of(Fate.ANSWERED);

        assertThatThrownBy(() -> send(second)).hasMessageContaining("a.csv");
        assertThat(send(first)).isInstanceOf(FileReport.Outcome.Reported.class);
        assertThat(send(second)).isInstanceOf(FileReport.Outcome.Reported.class);

        assertThat(ledger.references()).hasSize(17).endsWith("b.csv-7");
    }

    /// Two machines report one source: the second takes the numbers of a report of the first that was lost, and a later
    /// one of the first arrives behind them.
    @Test
    void what_arrived_behind_numbers_that_another_took_is_told_and_the_file_given_up() throws Exception {
        Listed file = new Listed("a.csv", 4 * Reporting.PERIODS);
        Listed other = new Listed("b.csv", Reporting.PERIODS);
        ledger.releases = false;
        ledger.fates = Stream.concat(
                        Stream.of(Fate.ANSWERED, Fate.ANSWERED),
                        Stream.generate(() -> Fate.HELD).limit(ROUNDS))
                .toList();
        FileReport.Outcome stopped = send(file);
        ledger.fates = List.of(Fate.ANSWERED);
        FileReport.Outcome taken = send(other, folder.resolve("elsewhere"));
        ledger.releases = true;

        assertThat(stopped)
                .isInstanceOfSatisfying(
                        FileReport.Outcome.Stopped.class,
                        at -> assertThat(at.unknown()).isEqualTo(2));
        assertThat(taken).isInstanceOf(FileReport.Outcome.Reported.class);
        assertThatThrownBy(() -> send(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("numbers 13 to 16 of sales have events of this file");

        try (Journal journal = Journal.open(folder.resolve("journal"))) {
            assertThat(journal.work()).isEmpty();
            assertThat(journal.pending()).isEmpty();
        }
        assertThat(ledger.references()).hasSize(4 * Reporting.PERIODS);
        assertThat(ledger.references()).contains("b.csv-1", "a.csv-13").doesNotContain("a.csv-9");
    }

    @Test
    void a_file_is_given_up_only_when_none_of_its_reports_can_arrive_any_more() throws Exception {
        Listed first = new Listed("a.csv", 10);
        Listed second = new Listed("b.csv", 7);
        ledger.releases = false;
        ledger.fates = List.of(Fate.HELD);
        FileReport.Outcome _ = send(first);

        assertThat(givesUp()).isFalse();
        now = now.plus(FileReport.WINDOW).plus(Duration.ofMinutes(20));
        assertThat(givesUp()).isTrue();

        ledger.fates = List.of(Fate.ANSWERED);
        assertThat(send(second)).isInstanceOf(FileReport.Outcome.Reported.class);
        assertThat(ledger.references()).isEqualTo(second.references());
    }

    private boolean givesUp() throws IOException, LedgerException {
        try (Journal journal = Journal.open(folder.resolve("journal"));
                References references = References.open(folder.resolve("references"))) {
            Optional<FileReport.Outcome.Undecided> undecided =
                    report(new FileReport.Books(journal, references)).settle();
            return journal.abandon() && undecided.isEmpty();
        }
    }

    /// Otherwise nobody could find out what became of its reports.
    @Test
    void lines_that_are_on_the_ledger_are_not_judged_again() throws Exception {
        Listed file = new Listed("a.csv", 10);
        ledger.fates = List.of(Fate.ANSWERED, Fate.ARRIVES_UNANSWERED);
        assertThatThrownBy(() -> send(file)).isInstanceOf(LedgerException.Unavailable.class);
        ledger.fates = List.of(Fate.ANSWERED);
        Instant wrong = now;
        now = Instant.parse("2024-02-01T00:00:00Z");

        List<Long> judged = review(file).faults().stream().map(LineFault::line).toList();

        now = wrong;
        assertThat(judged).isNotEmpty().allMatch(line -> line > 1 + 2 * Reporting.PERIODS);
        assertThat(send(file)).isInstanceOf(FileReport.Outcome.Reported.class);
        assertThat(ledger.references()).isEqualTo(file.references());
    }

    private Review review(Listed file) throws IOException, LedgerException {
        try (Journal journal = Journal.open(folder.resolve("journal"));
                References references = References.open(folder.resolve("references"))) {
            FileReport.Books books = new FileReport.Books(journal, references);
            Optional<FileReport.Outcome.Undecided> undecided = report(books).settle();
            assertThat(undecided).isEmpty();
            return FileReport.review(desk(), SUBJECT, books, file);
        }
    }

    @Test
    void two_at_once_would_sign_the_same_numbers_so_the_second_is_kept_out() throws Exception {
        Path path = folder.resolve("journal");

        try (Journal _ = Journal.open(path)) {
            assertThatThrownBy(() -> Journal.open(path))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another tally is working with it");
        }

        Journal.open(path).close();
    }

    /// However often the ledger loses reports, their answers or both: no event is missing and none is there twice.
    @Tag("slow")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void each_event_is_on_the_ledger_once_whatever_is_lost(long seed) throws Exception {
        Random random = new Random(seed);
        Listed file = new Listed("a.csv", 1 + random.nextInt(EVENTS));
        Optional<FileReport.Outcome> reported = Optional.empty();

        for (int round = 0; round < ROUNDS && reported.isEmpty(); round++) {
            int calm = random.nextInt(4);
            ledger.fates = IntStream.range(0, 12)
                    .mapToObj(_ -> random.nextInt(4) < calm ? Fate.ANSWERED : Fate.values()[random.nextInt(4)])
                    .toList();
            try {
                reported = Optional.of(send(file)).filter(FileReport.Outcome.Reported.class::isInstance);
            } catch (LedgerException.Unavailable _) {
                // As a courier that lost its way says; the next round goes on.
            }
            now = now.plus(Duration.ofMinutes(random.nextInt(60)));
        }

        assertThat(reported).isPresent();
        assertThat(ledger.references()).isEqualTo(file.references());
    }

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    private FileReport.Outcome send(Listed file) throws IOException, LedgerException, EventRefersNowhere {
        return send(file, folder);
    }

    /// @param home where the books of this machine are
    private FileReport.Outcome send(Listed file, Path home) throws IOException, LedgerException, EventRefersNowhere {
        try (Journal journal = Journal.open(home.resolve("journal"));
                References references = References.open(home.resolve("references"))) {
            FileReport.Books books = new FileReport.Books(journal, references);
            return report(books).send(FileReport.review(desk(), SUBJECT, books, file), file);
        }
    }

    private FileReport report(FileReport.Books books) {
        return new FileReport(VENDOR, HAND, desk(), SUBJECT, books);
    }

    private Desk desk() {
        return new Desk(ledger, () -> now, FileReport.WINDOW, Duration.ofSeconds(1));
    }

    private static Document document() {
        Json.Obj json = object("""
                {"agreement":"1","governance":{"kind":"unanimous"},"home":{"kind":"public"},"id":"north/vendor/channel",
                 "number":1,"opening":"2024-01","parties":{"shop":"east/shop","vendor":"north/vendor"},
                 "roles":{"sources":[{"first":"2024-01","id":"sales","owner":"vendor","types":["refund","sale"]}]},
                 "starts":"2024-01","term":{"from":"2024-01-01","until":"2027-01-01"},
                 "terms":{"terms":"1","id":"T1","title":"Commission","hub":"vendor","currency":"EUR",
                   "calendar":{"frequency":"month"},"parties":[{"id":"vendor"},{"id":"shop"}],
                   "measures":{"net":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]}},
                   "clauses":[{"id":"c","type":"fee","from":"vendor","to":"shop","of":"net","rate":"1/8"}],
                   "settlement":{"negative":"carry"}}}""");
        if (DocumentReader.read(json) instanceof DocumentReading.Accepted(var document)) {
            return document;
        }
        throw new IllegalStateException("no document");
    }

    private static Json.Obj object(String json) {
        if (JsonReader.read(Bytes.ofUtf8(json), JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj value)) {
            return value;
        }
        throw new IllegalArgumentException(json);
    }

    /// A file of sales, each a month after the one before, so that four make a report.
    private record Listed(String name, int count) implements FileReport.Opened {

        List<String> references() {
            return IntStream.rangeClosed(1, count).mapToObj(k -> name + "-" + k).toList();
        }

        @Override
        public EventLines open() {
            Iterator<String> left = references().iterator();
            return new EventLines() {
                private long line = 1;

                @Override
                public Optional<EventLine> next() {
                    line++;
                    return left.hasNext() ? Optional.of(sale(line, left.next())) : Optional.empty();
                }

                @Override
                public void close() {}
            };
        }

        private static EventLine sale(long line, String reference) {
            YearMonth month = YearMonth.of(2024, 1).plusMonths(line % MONTHS);
            return new EventLine.Given(
                    line,
                    object("{\"amount\":100,\"currency\":\"EUR\",\"date\":\"" + month + "-15\",\"id\":\"" + reference
                            + "\",\"type\":\"sale\"}"));
        }

        @Override
        public Hash hash() {
            return Hash.of(Bytes.ofUtf8(name));
        }

        @Override
        public Hash digest() {
            return hash();
        }
    }

    /// What happens to a report on its way.
    private enum Fate {
        /// It arrives, and so does its answer.
        ANSWERED,
        /// It arrives, and the courier fails before it answers.
        ARRIVES_UNANSWERED,
        /// The courier fails with it in its hands.
        LOST,
        /// The courier has it, and the ledger does not have it yet.
        HELD,
        REFUSED
    }

    /// A ledger of one source, and a courier that loses reports and answers. Whatever it has ever had in its hands
    /// may arrive later, while its window lasts.
    private final class Lossy implements Courier {

        private final Snapshot state = new Snapshot();
        private final TreeSet<Hash> refused = new TreeSet<>();
        private final List<Signed> held = new ArrayList<>();
        List<Fate> fates = List.of(Fate.ANSWERED);
        /// Whether what was held goes to the ledger with what comes next.
        boolean releases = true;
        private int sent;

        /// The reporter's references of all events, in the order of their numbers.
        List<String> references() throws LedgerException {
            SourceHistory history = history();
            List<String> references = new ArrayList<>();
            for (Run run : history.runs().reversed()) {
                for (Json event : history.events(run.first()).events()) {
                    references.add(EventDraft.reference((Json.Obj) event).orElseThrow());
                }
            }
            return references;
        }

        private SourceHistory history() {
            return new SourceHistory(state, DOCUMENT.id(), SALES);
        }

        @Override
        public List<Sent> send(List<Signed> instructions, Duration longest) throws LedgerException {
            for (Signed late : releases ? List.copyOf(held) : List.<Signed>of()) {
                Answer _ = decide(late);
            }
            List<Sent> all = new ArrayList<>();
            for (Signed signed : instructions) {
                Fate fate = fates.get(sent++ % fates.size());
                if (fate == Fate.LOST) {
                    throw new LedgerException.Unavailable("lost", null);
                }
                Answer answer = switch (fate) {
                    case ANSWERED, ARRIVES_UNANSWERED -> decide(signed);
                    case HELD -> {
                        held.add(signed);
                        yield new Answer.Received();
                    }
                    case REFUSED -> refuse(signed);
                    case LOST -> throw new IllegalStateException();
                };
                if (fate == Fate.ARRIVES_UNANSWERED) {
                    throw new LedgerException.Unavailable("the answer is lost", null);
                }
                all.add(new Sent(signed.payload(), answer));
            }
            return all;
        }

        private Answer refuse(Signed signed) {
            boolean _ = refused.add(signed.instruction());
            return new Answer.Refused("source_ended", Json.Obj.EMPTY, true, Optional.empty());
        }

        /// As the ledger would: the same bytes have the same verdict, numbers are taken once, and none is left out.
        private Answer decide(Signed signed) throws LedgerException {
            SourceHistory history = history();
            Act.Report report = (Act.Report)
                    Act.of(signed.payload().kind(), signed.payload().body());
            Optional<Run> run = report.first() <= history.last() ? history.run(report.first()) : Optional.empty();
            if (run.flatMap(found -> found.report(report.first()))
                    .filter(found -> found.id().equals(signed.payload().id().text()))
                    .isPresent()) {
                return new Answer.Applied(List.of(), AT, true, Optional.empty(), Optional.empty());
            }
            if (refused.contains(signed.instruction())) {
                return refuse(signed);
            }
            if (now.getEpochSecond() > signed.payload().until().seconds()) {
                return new Answer.Refused("expired", Json.Obj.EMPTY, false, Optional.empty());
            }
            if (report.first() > history.last() + 1) {
                return new Answer.Waiting("gap", Json.Obj.EMPTY);
            }
            if (report.first() <= history.last()) {
                return refuse(signed);
            }
            store(signed, report, history.head().map(SourceHead::lastRun).orElse(0L));
            return new Answer.Applied(List.of(), AT, false, Optional.empty(), Optional.empty());
        }

        private void store(Signed signed, Act.Report report, long previous) {
            String agreement = DOCUMENT.id().text();
            List<Json> events = List.copyOf(report.events());
            Run.Report one = Run.Report.of(report.first(), signed.payload().id().text(), events);
            Run run = new Run(report.first(), AT, previous, JANUARY, JANUARY, List.of(one));
            state.values.put(Keys.run(agreement, "sales", run.first()), run.encode());
            state.values.put(
                    Keys.events(agreement, "sales", run.first()),
                    new RunEvents(events, new TreeSet<>(), new TreeMap<>(), new TreeMap<>()).encode());
            state.values.put(
                    Keys.source(agreement, "sales"),
                    new SourceHead(AT, 0, run.last(), run.first(), JANUARY, Optional.empty()).encode());
        }

        @Override
        public Net net() {
            return state.net();
        }

        @Override
        public SortedMap<String, Json.Obj> get(List<String> keys) {
            return state.get(keys);
        }

        @Override
        public Optional<Answer> status(Owner party, Optional<AgreementId> agreement, Ulid id, Duration longest) {
            return Optional.empty();
        }

        @Override
        public List<AgreementId> agreements() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
