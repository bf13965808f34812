package org.tallystick.ledger.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Mark;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.state.RunEvents;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// What the ledger would not take in is told before anything is signed, also where it depends on what the source has
/// reported and declared so far.
class ReviewTest {

    private static final LedgerTime AT = LedgerTime.of("2026-03-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-03-20T12:00:00Z");
    private static final Document DOCUMENT = document();
    private static final String AGREEMENT = DOCUMENT.id().text();
    private static final Json.Obj WAITING = object("""
            {"amount":100000,"attrs":{"flag-territory":true},"currency":"EUR","date":"2026-03-10","id":"A-1","type":"sale"}""");
    private static final int MOST = Mark.MAX_HOLDS;

    @TempDir
    Path folder = Path.of("");

    private final Snapshot state = new Snapshot();

    @Test
    void a_source_that_has_ended_takes_nothing_which_is_told_once() throws Exception {
        declared("old", "2026-03");

        Review review = review("old", List.of(sale("A-1", "2026-01-10"), sale("A-2", "2026-02-10")));

        assertThat(told(review)).containsExactly("1 source_ended");
        assertThat(review.faults().getFirst().sentence()).contains("old", "2026-02");
    }

    @Test
    void a_line_that_would_be_booked_behind_the_end_of_its_source_is_told() throws Exception {
        declared("old", "2026-02");

        Review review = review(
                "old",
                List.of(
                        sale("A-1", "2026-01-10"),
                        sale("A-2", "2026-02-28"),
                        sale("A-3", "2026-03-01"),
                        sale("A-4", "2026-03-02")));

        assertThat(told(review)).containsExactly("3 source_ended", "4 source_ended");
        assertThat(review.faults().getFirst().text()).contains("2026-03-01", "is booked in 2026-03");
    }

    /// It would be held, and never count.
    @Test
    void a_line_that_waits_is_told_too_if_its_source_will_have_ended() throws Exception {
        declared("old", "2026-02");

        Review review = review(
                "old",
                List.of(WAITING, sale("A-2", "2026-02-28"), refunds(1, "A-1").getFirst()));

        assertThat(told(review)).containsExactly("1 source_ended", "3 source_ended");
        assertThat(review.faults().getFirst().text()).contains("is booked in 2026-03 or later");
    }

    @Test
    void a_source_that_has_not_begun_takes_nothing_yet() throws Exception {
        Review review = review("new", List.of(sale("A-1", "2026-03-10")));
        Review begun = review("sales", List.of(sale("A-1", "2026-03-10")));

        assertThat(told(review)).containsExactly("1 source_not_begun");
        assertThat(review.faults().getFirst().sentence()).contains("2027-01-01");
        assertThat(told(begun)).isEmpty();
    }

    @Test
    void an_event_that_waits_holds_a_hundred_others_and_no_more() throws Exception {
        List<Json.Obj> lines = new ArrayList<>(List.of(WAITING));
        lines.addAll(refunds(MOST, "A-1"));

        Review full = review("waiting", lines);
        lines.addAll(refunds(2, "A-1"));
        Review above = review("waiting", lines);

        assertThat(told(full)).isEmpty();
        assertThat(told(above)).containsExactly((MOST + 2) + " too_many_held", (MOST + 3) + " too_many_held");
        assertThat(above.faults().getFirst().value()).isEqualTo("A-1");
    }

    /// Of those that it holds on the ledger, too.
    @Test
    void what_a_waiting_event_holds_on_the_ledger_is_counted() throws Exception {
        heldOnLedger(MOST - 1, true);

        Review full = review("waiting", refunds(1, "waiting/0000000001"));
        Review above = review("waiting", refunds(2, "waiting/0000000001"));

        assertThat(told(full)).isEmpty();
        assertThat(told(above)).containsExactly("2 too_many_held");
    }

    @Test
    void what_was_attested_holds_nothing_any_more() throws Exception {
        heldOnLedger(0, false);

        Review review = review("waiting", refunds(MOST + 1, "waiting/0000000001"));

        assertThat(told(review)).isEmpty();
    }

    /// Programs like to write numbers of invoices as numbers; then nobody could name them.
    @Test
    void a_reference_that_is_no_text_is_told() throws Exception {
        Review review = review("sales", List.of(object("""
                {"amount":100,"currency":"EUR","date":"2026-03-10","id":17,"type":"sale"}""")));

        assertThat(told(review)).containsExactly("1 EVENT_FORM");
        assertThat(review.faults().getFirst().sentence()).contains("\"id\" that is no text");
    }

    @Test
    void events_that_a_clause_keeps_one_by_one_are_told_once_there_are_too_many() throws Exception {
        Document three = keeping(3);
        List<Json.Obj> lines = new ArrayList<>(sales(3, "2026-02-10"));

        Review full = review(three, "sales", lines);
        lines.addAll(sales(2, "2026-03-10"));
        Review above = review(three, "sales", lines);

        assertThat(told(full)).isEmpty();
        assertThat(told(above)).containsExactly("4 single_events_full");
        assertThat(above.faults().getFirst().sentence())
                .isEqualTo("clause c takes no more than 3 single events of sales from 2026-01 on");
    }

    @Test
    void what_the_ledger_keeps_already_is_counted_and_what_waits_is_not() throws Exception {
        Document three = keeping(3);
        state.values.put(
                Keys.singles(AGREEMENT, "sales", "c", "2026-01"),
                Json.object().with("count", 2).build());

        Review other = review(three, "waiting", sales(3, "2026-03-10"));
        Review full = review(three, "sales", List.of(WAITING, sale("A-2", "2026-03-10"), WAITING));
        Review above = review(three, "sales", List.of(WAITING, sale("A-2", "2026-03-10"), sale("A-3", "2026-03-10")));

        assertThat(told(other)).isEmpty();
        assertThat(told(full)).isEmpty();
        assertThat(told(above)).containsExactly("3 single_events_full");
    }

    /// However many lines are counted at once, and in the order of the lines.
    @ParameterizedTest(name = "of 1300 the first {0} are taken")
    @ValueSource(ints = {499, 500, 501, 999, 1299})
    void in_a_long_file_the_line_is_told_with_which_there_are_too_many(int most) throws Exception {
        List<Json.Obj> lines = new ArrayList<>(sales(1_300, "2026-03-10"));
        lines.set(1_298, sale("A-0", "2026-13-10"));

        Review review = review(keeping(most), "sales", lines);
        Review folded = review("sales", lines);

        assertThat(told(review))
                .isEqualTo(
                        most < 1_298
                                ? List.of((most + 1) + " single_events_full", "1299 EVENT_FORM")
                                : List.of("1299 EVENT_FORM"));
        assertThat(told(folded)).containsExactly("1299 EVENT_FORM");
    }

    private static List<Json.Obj> sales(int count, String date) {
        return IntStream.range(0, count)
                .mapToObj(n -> sale(date + "-" + n, date))
                .toList();
    }

    /// The same agreement with a price that depends on the events before, of which so many are kept a year.
    private static Document keeping(int most) {
        return document("""
                {"singleEvents":%d}""".formatted(most), """
                "window":"year","tiers":{"mode":"forward","steps":[{"upTo":1000,"rate":"1/8"},{"rate":"1/4"}]}""");
    }

    /// A sale under number 1, and as many refunds of it.
    private void heldOnLedger(int holds, boolean held) {
        List<Json> events = new ArrayList<>(List.of(EventDraft.of(WAITING).json()));
        events.addAll(refunds(holds, "waiting/0000000001"));
        int count = events.size();
        Period march = period("2026-03");
        Run run = new Run(1, AT, 0, march, march, List.of(Run.Report.of(1, "id", events)));
        TreeSet<Integer> waited =
                new TreeSet<>(IntStream.range(0, count).boxed().toList());
        EventId sale = EventId.parse("waiting/0000000001").orElseThrow();
        TreeSet<EventId> all = new TreeSet<>(IntStream.range(1, count)
                .mapToObj(k -> new EventId(new SourceId("waiting"), k + 1))
                .toList());
        Mark mark = held
                ? new Mark(new TreeSet<>(), new TreeSet<>(), Optional.empty(), true, all, Optional.empty())
                : Mark.NONE.released(march);
        state.values.put(Keys.run(AGREEMENT, "waiting", 1), run.encode());
        state.values.put(
                Keys.events(AGREEMENT, "waiting", 1),
                new RunEvents(events, waited, new TreeMap<>(), new TreeMap<>()).encode());
        state.values.put(
                Keys.source(AGREEMENT, "waiting"),
                new SourceHead(AT, held ? count : 0, count, 1, march, Optional.empty()).encode());
        state.values.put(Keys.mark(AGREEMENT, sale), mark.encode());
    }

    private void declared(String source, String open) {
        state.values.put(
                Keys.source(AGREEMENT, source), new SourceHead(AT, 0, 0, 0, period(open), Optional.empty()).encode());
    }

    private static Period period(String text) {
        return Period.parse(text).orElseThrow();
    }

    private static Json.Obj sale(String reference, String date) {
        return object("""
                {"amount":100000,"currency":"EUR","date":"%s","id":"%s","type":"sale"}""".formatted(date, reference));
    }

    private static List<Json.Obj> refunds(int count, String of) {
        Json.Obj refund = object("""
                {"amount":1,"currency":"EUR","date":"2026-03-11","refOf":"%s","type":"refund"}""".formatted(of));
        return Stream.generate(() -> refund).limit(count).toList();
    }

    private static List<String> told(Review review) {
        return review.faults().stream()
                .map(fault -> fault.line() + " " + fault.code())
                .toList();
    }

    private Review review(String source, List<Json.Obj> events) throws IOException, LedgerException {
        return review(DOCUMENT, source, events);
    }

    private Review review(Document document, String source, List<Json.Obj> events) throws IOException, LedgerException {
        Desk desk = new Desk(state, () -> NOW, FileReport.WINDOW, Duration.ofSeconds(1));
        FileReport.Subject subject =
                new FileReport.Subject(document, document.source(source).orElseThrow());
        try (Journal journal = Journal.open(folder.resolve(source + ".journal"));
                References references = References.open(folder.resolve(source + ".references"))) {
            return FileReport.review(desk, subject, new FileReport.Books(journal, references), new Listed(events));
        }
    }

    private record Listed(List<Json.Obj> events) implements FileReport.Opened {
        @Override
        public EventLines open() {
            Iterator<Json.Obj> left = events.iterator();
            return new EventLines() {
                private long line;

                @Override
                public Optional<EventLine> next() {
                    line++;
                    return left.hasNext() ? Optional.of(new EventLine.Given(line, left.next())) : Optional.empty();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public String name() {
            return "listed";
        }

        @Override
        public Hash hash() {
            return Hash.ZERO;
        }

        @Override
        public Hash digest() {
            return Hash.ZERO;
        }
    }

    private static Json.Obj object(String json) {
        if (JsonReader.read(Bytes.ofUtf8(json), JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj value)) {
            return value;
        }
        throw new IllegalArgumentException(json);
    }

    private static Document document() {
        return document("{}", "\"rate\":\"1/8\"");
    }

    private static Document document(String limits, String price) {
        Json.Obj json = object("""
                {"agreement":"1","governance":{"kind":"unanimous"},"home":{"kind":"public"},"id":"north/vendor/channel",
                 "limits":%s,"number":1,"opening":"2026-01","parties":{"shop":"east/shop","vendor":"north/vendor"},
                 "roles":{"held":{"territory":"hold"},"sources":[
                   {"first":"2027-01","id":"new","owner":"shop","types":["refund","sale"]},
                   {"first":"2026-01","id":"old","last":"2026-02","owner":"shop","types":["refund","sale"]},
                   {"first":"2026-01","id":"sales","owner":"shop","types":["refund","sale"]},
                   {"first":"2026-01","id":"waiting","owner":"shop","types":["refund","sale"]}]},
                 "starts":"2026-01","term":{"from":"2026-01-01","until":"2028-01-01"},
                 "terms":{"terms":"1","id":"T1","title":"Commission","hub":"vendor","currency":"EUR",
                   "calendar":{"frequency":"month"},"parties":[{"id":"vendor"},{"id":"shop"}],
                   "measures":{"net":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]}},
                   "clauses":[{"id":"c","type":"fee","from":"vendor","to":"shop","of":"net",%s}],
                   "settlement":{"negative":"carry"}}}""".formatted(limits, price));
        if (DocumentReader.read(json) instanceof DocumentReading.Accepted(var document)) {
            return document;
        }
        throw new IllegalStateException("no document");
    }
}
