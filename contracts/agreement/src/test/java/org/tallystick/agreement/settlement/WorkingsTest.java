package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.settlement.naive.Case;
import org.tallystick.agreement.settlement.naive.Comparison;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

class WorkingsTest {

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    static LongStream someSeeds() {
        return seeds().limit(40);
    }

    static LongStream otherSeeds() {
        return seeds().skip(40);
    }

    static List<String> examples() {
        return Examples.NAMES;
    }

    /// A settlement with the workings of its lines.
    private record Worked(Terms terms, Statement statement, List<Working> workings) {}

    /// Settles period by period, and works every line out.
    private static List<Worked> worked(Json.Obj document, List<Json> events, Period first, Period last) {
        Terms terms = Documents.accepted(document);
        List<KnownEvent> known = Books.known(terms, events);
        List<Worked> worked = new ArrayList<>();
        History history = History.open(terms, first);
        for (Period period = first; period.compareTo(last) <= 0; period = period.next()) {
            History before = history;
            List<KnownEvent> booked = known.stream()
                    .filter(event -> event.booked().equals(before.next())
                            || (before.next().equals(first) && event.booked().compareTo(first) < 0))
                    .toList();
            Gathering gathering = new Gathering(terms, before, Integer.MAX_VALUE);
            booked.reversed().forEach(event -> gathering.add(List.of(event)));
            Gathered gathered = gathering.end();
            Outcome.Settled settled = (Outcome.Settled) Settlement.settle(terms, before, booked);
            assertThat(((Outcome.Settled) gathered.settle()).statement()).isEqualTo(settled.statement());
            Workings workings = gathered.workings(settled.statement());
            worked.add(new Worked(terms, settled.statement(), workings.all()));
            history = settled.after();
        }
        return worked;
    }

    private static List<Worked> worked(Case one) {
        return worked(one.terms(), one.events(), Period.ofText(one.first()), Period.ofText(one.last()));
    }

    private static List<Worked> months(String clauses, String events, String last) {
        return worked(Documents.of(clauses), Books.events(events), Period.ofText("2026-01"), Period.ofText(last));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("someSeeds")
    void every_line_is_worked_out_to_the_amount_that_the_engine_posted(long seed) {
        assertWorkedOut(worked(Case.settled(seed, Comparison.FEATURES)));
    }

    /// The rest of the two hundred: to draw a case takes longer than to work it out.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("otherSeeds")
    @Tag("slow")
    void every_line_of_all_others_is_worked_out_as_well(long seed) {
        assertWorkedOut(worked(Case.settled(seed, Comparison.FEATURES)));
    }

    private static void assertWorkedOut(List<Worked> all) {
        assertThat(all).allSatisfy(one -> {
            assertThat(one.workings()).hasSameSizeAs(one.statement().lines());
            assertThat(one.workings())
                    .allSatisfy(working -> assertThat(working.holds())
                            .as("%s %s by %s", one.statement().period(), Books.line(working.line()), texts(working))
                            .isTrue());
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void every_line_of_the_public_examples_is_worked_out(String example) {
        Json.Obj file = Examples.read(example);
        List<Json> settlements = file.items("settlements");

        List<Worked> all = worked(
                file.object("terms"),
                file.items("events"),
                Period.ofText(((Json.Obj) settlements.getFirst()).text("period")),
                Period.ofText(((Json.Obj) settlements.getLast()).text("period")));

        assertThat(all)
                .allSatisfy(one -> assertThat(one.workings()).isNotEmpty().allMatch(Working::holds));
    }

    /// Else the law above would hold for want of lines of some kind.
    @Test
    @Tag("census")
    @Tag("slow")
    void the_cases_drawn_have_lines_of_every_kind() {
        SortedSet<String> kinds = new TreeSet<>();
        SortedSet<String> steps = new TreeSet<>();

        for (long seed : seeds().toArray()) {
            for (Worked one : worked(Case.settled(seed, Comparison.FEATURES))) {
                one.workings().forEach(working -> {
                    String id = working.line().clause().split("\\.", 2)[0];
                    String type = one.terms().clauses().stream()
                            .filter(clause -> clause.id().equals(id))
                            .map(clause -> clause.type())
                            .findFirst()
                            .orElse("dispute");
                    kinds.add(type
                            + working.line().kind().map(kind -> " " + kind).orElse("")
                            + (working.line().adjusts().isPresent() ? " late" : ""));
                    working.steps().forEach(step -> steps.add(step.kind().text()));
                });
            }
        }

        assertThat(kinds)
                .contains(
                        "advance advance",
                        "advance recoup",
                        "dispute hold",
                        "fee",
                        "fee late",
                        "fixed",
                        "fund",
                        "fund claim",
                        "fund late",
                        "guarantee",
                        "kpi",
                        "reserve hold",
                        "reserve release",
                        "split",
                        "split late",
                        "unit",
                        "waterfall",
                        "withholding");
        assertThat(steps)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Working.Kind.values()).map(Working.Kind::text).toList());
    }

    @Test
    void a_line_that_was_posted_otherwise_does_not_hold() {
        Json.Obj document = Documents.of("{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.125'}");
        Terms terms = Documents.accepted(document);
        List<KnownEvent> booked = Books.known(terms, Books.events("s sale 2026-01-10 a=1203"));
        History opening = History.open(terms, Period.ofText("2026-01"));
        Statement settled = ((Outcome.Settled) Settlement.settle(terms, opening, booked)).statement();
        Line line = settled.lines().getFirst();
        Line other = new Line(
                line.clause(), line.from(), line.to(), line.amount().add(BigInteger.ONE), line.kind(), line.adjusts());

        Workings workings = Books.workings(terms, opening, booked, settled, 10);

        assertThat(workings.of(line, 0).holds()).isTrue();
        assertThat(workings.of(other, 0).holds()).isFalse();
        assertThat(workings.of(new Line("none", "hub", "x", BigInteger.ONE, line.kind(), line.adjusts()), 0)
                        .holds())
                .isFalse();
    }

    @Test
    void the_settlement_of_another_period_is_not_worked_out() {
        Json.Obj document = Documents.of("{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.125'}");
        Terms terms = Documents.accepted(document);
        History opening = History.open(terms, Period.ofText("2026-01"));
        Outcome.Settled january = (Outcome.Settled) Settlement.settle(terms, opening, List.of());

        assertThatThrownBy(() -> Books.workings(terms, january.after(), List.of(), january.statement(), 10))
                .hasMessage("the settlement of 2026-01 is not that of 2026-02, which comes next");
    }

    /// The example of terms/1 section 10.
    @Test
    void tiers_are_shown_band_by_band_with_what_was_due_before() {
        String tiers = "{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','window':'year',"
                + "'tiers':{'mode':'marginal','steps':[{'upTo':2000,'rate':'0.05'},{'rate':'0.08'}]}}";
        String events = """
                a sale 2026-01-10 a=1500
                b sale 2026-01-20 a=1000
                c sale 2026-02-10 a=600
                d refund 2026-02-20 a=400 ref=b
                """;

        Working february = months(tiers, events, "2026-02").getLast().workings().getFirst();

        assertThat(texts(february))
                .containsExactly(
                        "total sales 2026-01 = 2500",
                        "total sales 2026-02 = 200",
                        "sum sales = 2700",
                        "band 2000 1/20 of 2000 = 100",
                        "band 2/25 of 700 = 56",
                        "sum = 156",
                        "before 2026-01 = 140",
                        "due x 2026-02 = 16",
                        "posting = 16");
        assertThat(february.events().first().stream()
                        .map(counted -> counted.event().id() + " " + counted.figure() + " " + counted.value()))
                .containsExactly("c sales 600", "d sales -400");
        assertThat(february.events().count()).isEqualTo(2);
    }

    /// The example of terms/1 section 12.3.
    @Test
    void an_adjustment_is_what_is_due_now_less_what_was_posted_before() {
        String fee = "{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'}";
        String events = "a sale 2026-01-10 a=1004\nb sale 2026-01-11 a=42 in=2026-02\n";

        Working february = months(fee, events, "2026-02").getLast().workings().getFirst();

        assertThat(texts(february))
                .containsExactly(
                        "total sales 2026-01 = 1046",
                        "rated sales 1/10 of 1046 = 523/5",
                        "rounded half-up = 105",
                        "due x 2026-01 = 105",
                        "posted 2026-01 = 100",
                        "open 2026-01 = 5",
                        "posting = 5");
        assertThat(february.events().first()).hasSize(1);
    }

    @Test
    void steps_and_counted_events_are_written_with_what_they_have_and_exact_fractions() {
        Working january = months(
                        "{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':{'by':'date','steps':["
                                + "{'from':'2026-01-01','rate':'1/3'}]}}",
                        "a sale 2026-01-10 a=100\n",
                        "2026-01")
                .getLast()
                .workings()
                .getFirst();

        assertThat(january.steps().stream().map(Working.Step::encode).toList())
                .containsExactly(
                        (Json.Obj) Documents.json("{'name':'sales','of':100,'ofUnit':'money','rate':'1/3',"
                                + "'result':'100/3','step':'rated','unit':'money'}"),
                        (Json.Obj) Documents.json("{'name':'half-up','result':33,'step':'rounded','unit':'money'}"),
                        (Json.Obj) Documents.json(
                                "{'name':'x','period':'2026-01','result':33,'step':'due','unit':'money'}"),
                        (Json.Obj) Documents.json("{'result':33,'step':'posting','unit':'money'}"));
        assertThat(january.events().first().stream()
                        .map(CountedEvents.Counted::encode)
                        .toList())
                .containsExactly((Json.Obj)
                        Documents.json("{'event':'a','figure':'sales','rate':'1/3','unit':'money','value':100}"));
    }

    @Test
    void events_above_the_limit_are_counted_and_not_named() {
        Json.Obj document = Documents.of("{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'}");
        Terms terms = Documents.accepted(document);
        List<KnownEvent> booked = Books.known(
                terms, Books.events("c sale 2026-01-12 a=30\na sale 2026-01-10 a=10\nb sale 2026-01-11 a=20\n"));
        History opening = History.open(terms, Period.ofText("2026-01"));
        Statement settled = ((Outcome.Settled) Settlement.settle(terms, opening, booked)).statement();

        CountedEvents events = Books.workings(terms, opening, booked, settled, 2)
                .all()
                .getFirst()
                .events();

        assertThat(events.first()).extracting(counted -> counted.event().id()).containsExactly("a", "b");
        assertThat(events.count()).isEqualTo(3);
        assertThat(events.more()).isEqualTo(1);
    }

    @Test
    void an_event_at_fault_refuses_what_is_gathered() {
        Terms terms = Documents.accepted("{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'}");
        History opening = History.open(terms, Period.ofText("2026-01"));
        Gathering gathering = new Gathering(terms, opening, 1);
        gathering.add(Books.known(terms, Books.events("a sale 2026-01-10 a=10\nb refund 2026-01-11 a=1 ref=none\n")));

        assertThat(gathering.end().settle()).isEqualTo(new Outcome.Refused(new TreeSet<>(List.of("EVENT_REF"))));
    }

    private static List<String> texts(Working working) {
        return working.steps().stream().map(WorkingsTest::text).toList();
    }

    private static String text(Working.Step step) {
        return step.kind().text()
                + (step.name().isEmpty() ? "" : " " + step.name())
                + step.period().map(period -> " " + period.text()).orElse("")
                + step.rate().map(rate -> " " + rate).orElse("")
                + step.of()
                        .filter(_ -> step.rate().isPresent())
                        .map(of -> " of " + of.value())
                        .orElse("")
                + " = " + step.result().value();
    }

    /// What a measure counts adds up to the total that the steps begin with.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_events_of_a_fee_at_one_rate_add_up_to_the_total_of_its_period(long seed) {
        String fee = "{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.5'}";
        StringBuilder events = new StringBuilder();
        for (int i = 0; i <= seed % 7; i++) {
            events.append("s%d sale 2026-01-1%d a=%d\n".formatted(i, i, 1 + (seed * 31 + i * 17L) % 500));
        }

        Working january =
                months(fee, events.toString(), "2026-01").getFirst().workings().getFirst();
        Rational counted = Rational.sum(january.events().first().stream()
                .map(CountedEvents.Counted::value)
                .toList());

        assertThat(january.steps().getFirst().kind()).isEqualTo(Working.Kind.TOTAL);
        assertThat(counted).isEqualTo(january.steps().getFirst().result().value());
    }
}
