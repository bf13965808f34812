package org.tallystick.agreement.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.settlement.CaseFile;
import org.tallystick.agreement.settlement.Examples;
import org.tallystick.agreement.settlement.naive.Case;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Pricing;
import org.tallystick.agreement.terms.Terms;

/// What imagined events come to: always what settlement says, and on both sides of each limit.
class SimulatorTest {

    private static final Period JANUARY = Period.ofText("2027-01");
    private static final SortedMap<String, Rational> NO_FIGURES = new TreeMap<>();
    private static final String TIERS =
            "{'id':'t','type':'fee','from':'hub','to':'x','of':'sales','tiers':{'mode':'%s','steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.5'}]}}";

    private static final SortedSet<String> FEATURES = org.tallystick.agreement.settlement.naive.Comparison.FEATURES;

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static Case drawn(long seed) {
        return Case.draw(seed, FEATURES);
    }

    private static Period period(String text) {
        return Period.ofText(text);
    }

    private static List<LimitStudy> studies(Terms terms) {
        return LimitStudy.of(terms, new Specimens(terms, List.of(), Wish.NONE), JANUARY, NO_FIGURES);
    }

    /// `PLACE VOLUME AMOUNT`: what a party gets at each place of a limit.
    private static List<String> rows(LimitStudy study, String party) {
        return study.rows().stream()
                .map(row -> row.place().text() + " "
                        + row.volume().map(Rational::toString).orElse("-") + " "
                        + switch (row.result()) {
                            case Result.Paid(var payouts) ->
                                payouts.of(party).net().toString();
                            case Result.Refused(var period, var codes) -> period + " " + codes;
                            case Result.Unreached _ -> "-";
                        })
                .toList();
    }

    /// A simulation is the settlement of the same events, and everything it says of accounts adds up.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void simulating_is_settling(long seed) {
        Case drawn = drawn(seed);
        Terms terms = Documents.accepted(drawn.terms());
        List<Json> settlements = Stream.iterate(period(drawn.first()), Period::next)
                .takeWhile(period -> period.compareTo(period(drawn.last())) <= 0)
                .<Json>map(period -> Json.object().with("period", period.text()).build())
                .toList();
        CaseFile.Settled settled = (CaseFile.Settled) CaseFile.settle(Json.object()
                .with("events", Json.array(drawn.events()))
                .with("settlements", Json.array(settlements))
                .with("terms", drawn.terms())
                .build());

        Simulated simulated = Simulated.of(terms, drawn.events(), period(drawn.first()), period(drawn.last()));

        assertThat(simulated.statements()).isEqualTo(Simulated.of(settled).statements());
        assertThat(simulated.refused()).isEqualTo(Simulated.of(settled).refused());
        BigInteger zero = BigInteger.ZERO;
        Payouts total = simulated.total();
        assertThat(total.list().stream().map(Payout::net).reduce(zero, BigInteger::add))
                .isZero();
        assertThat(total.list().stream().map(Payout::paid).reduce(zero, BigInteger::add))
                .isZero();
        for (Payout payout : total.list()) {
            if (terms.hasParty(payout.account()) && !payout.account().equals(terms.hub())) {
                assertThat(payout.paid().add(payout.carried())).isEqualTo(payout.net());
            }
        }
    }

    /// Every limit of generated terms has its three rows, one unit apart, and each row adds up to nothing.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void every_limit_has_three_rows(long seed) {
        Case drawn = drawn(seed);
        Terms terms = Documents.accepted(drawn.terms());
        long limits = terms.clauses().stream()
                .map(Clause::priced)
                .flatMap(Optional::stream)
                .filter(pricing -> pricing.charge() instanceof Pricing.Tiered)
                .mapToLong(pricing ->
                        ((Pricing.Tiered) pricing.charge()).tiers().steps().size() - 1)
                .sum();

        List<LimitStudy> studies = LimitStudy.of(
                terms, new Specimens(terms, drawn.events(), Wish.NONE), period(drawn.first()), NO_FIGURES);

        assertThat(studies).hasSize((int) limits);
        for (LimitStudy study : studies) {
            assertThat(study.rows().stream().map(LimitStudy.Row::place))
                    .containsExactly(LimitStudy.Place.BELOW, LimitStudy.Place.AT, LimitStudy.Place.ABOVE);
            List<Rational> volumes =
                    study.rows().stream().flatMap(row -> row.volume().stream()).toList();
            for (int i = 1; i < volumes.size(); i++) {
                assertThat(volumes.get(i).minus(volumes.get(i - 1)))
                        .isEqualTo(study.limit().unit());
            }
            for (LimitStudy.Row row : study.rows()) {
                if (row.result() instanceof Result.Paid(var payouts)) {
                    assertThat(payouts.list().stream().map(Payout::net).reduce(BigInteger.ZERO, BigInteger::add))
                            .isZero();
                }
            }
        }
    }

    /// 10% up to 1,000, 50% above. Marginal: 99.9, 100, 100.5. Whole and per-event: 99.9, 100, 500.5. Forward has the
    /// volume twice, the second priced by the first: 199.8, 200 (1,000 is not yet above), 100.1 + 500.5. Lookback
    /// prices the
    /// second month by the first: 99.9, 100, 500.5.
    @ParameterizedTest(name = "{0}: {1}, {2}, {3}")
    @CsvSource({
        "marginal, 100, 100, 101",
        "whole, 100, 100, 501",
        "per-event, 100, 100, 501",
        "forward, 200, 200, 601",
        "lookback, 100, 100, 501"
    })
    void both_sides_of_a_limit_are_settled_in_each_mode(String mode, String below, String at, String above) {
        Terms terms = Documents.accepted(TIERS.formatted(mode));

        List<LimitStudy> studies = studies(terms);

        assertThat(studies).hasSize(1);
        assertThat(rows(studies.getFirst(), "x"))
                .containsExactly("below 999 " + below, "at 1000 " + at, "above 1001 " + above);
        assertThat(rows(studies.getFirst(), "hub"))
                .containsExactly("below 999 -" + below, "at 1000 -" + at, "above 1001 -" + above);
    }

    /// Units decide, amounts are priced: at USD 1.00 a unit 3 units are 300 at 10%, 4 are 400 at 10%, 5 are 500 at
    /// (4 * 10% + 50%) / 5 = 18%.
    @Test
    void a_blended_limit_is_counted_in_the_measure_that_decides() {
        Terms terms = Documents.accepted(
                "{'id':'b','type':'fee','from':'hub','to':'x','of':'sales','tiers':{'mode':'blended','measure':'units','steps':[{'upTo':4,'rate':'0.1'},{'rate':'0.5'}]}}");

        LimitStudy study = studies(terms).getFirst();

        assertThat(rows(study, "x")).containsExactly("below 3 30", "at 4 40", "above 5 90");
        assertThat(study.specimen().flatMap(Specimen::price)).contains(Rational.whole(100));
    }

    /// Usage decides what sales of USD 10,000.00 are priced at: 10% up to 100 units, then 50%.
    @Test
    void what_is_priced_comes_beside_what_decides_where_one_event_cannot_be_both() {
        Terms terms = Documents.accepted(
                "{'id':'w','type':'fee','from':'hub','to':'x','of':'sales','tiers':{'mode':'whole','measure':'use','steps':[{'upTo':100,'rate':'0.1'},{'rate':'0.5'}]}}");

        LimitStudy study = studies(terms).getFirst();

        assertThat(rows(study, "x")).containsExactly("below 99 100000", "at 100 100000", "above 101 500000");
        assertThat(study.companion().map(Specimen::type).map(type -> type.text()))
                .contains("sale");
    }

    /// Net is the sale less 10% of it: 1,000 - 100 = 900 is the limit, 1,001 - 100 = 901 is above. The fee prices net.
    @Test
    void a_measure_that_deducts_a_clause_is_brought_to_its_limit() {
        Terms terms = Documents.accepted(Documents.withMeasures(
                Documents.of(
                        "{'id':'f','type':'fee','from':'hub','to':'y','of':'sales','rate':'0.1'},{'id':'n','type':'fee','from':'hub','to':'x','of':'net','tiers':{'mode':'whole','steps':[{'upTo':900,'rate':'0.1'},{'rate':'0.5'}]}}"),
                "'net':{'plus':[{'type':'sale'}],'lessClauses':['f']}"));

        assertThat(rows(studies(terms).getFirst(), "x"))
                .containsExactly("below 999 90", "at 1000 90", "above 1001 451");
    }

    @Test
    void a_limit_between_whole_units_is_approached_in_parts_of_a_unit() {
        Terms terms = Documents.accepted(
                "{'id':'u','type':'unit','from':'hub','to':'x','of':'use','tiers':{'mode':'marginal','steps':[{'upTo':'2.5','rate':'10'},{'rate':'2'}]}}");

        assertThat(rows(studies(terms).getFirst(), "x")).containsExactly("below 2 20", "at 5/2 25", "above 3 26");
    }

    @Test
    void below_a_limit_of_nothing_there_is_nothing_to_imagine() {
        Terms terms = Documents.accepted(
                "{'id':'z','type':'fee','from':'hub','to':'x','of':'sales','tiers':{'mode':'whole','steps':[{'upTo':0,'rate':'0.1'},{'rate':'0.5'}]}}");

        assertThat(rows(studies(terms).getFirst(), "x")).containsExactly("below - -", "at 0 0", "above 1 1");
    }

    @Test
    void a_figure_that_is_missing_refuses_the_row_and_one_that_is_given_prices_it() {
        Terms terms = Documents.accepted(TIERS.formatted("whole")
                + ",{'id':'k','type':'fee','from':'hub','to':'y','of':'sales','rate':'0.1','factor':{'kpi':'q'}}");

        LimitStudy without = studies(terms).getFirst();
        LimitStudy with = LimitStudy.of(
                        terms,
                        new Specimens(terms, List.of(), Wish.NONE),
                        JANUARY,
                        new TreeMap<>(Map.of("q", Rational.whole(2))))
                .getFirst();

        assertThat(rows(without, "y")).allMatch(row -> row.endsWith("2027-01 [FIGURE_MISSING]"));
        assertThat(rows(with, "y")).containsExactly("below 999 200", "at 1000 200", "above 1001 200");
    }

    @Test
    void an_event_is_imagined_that_all_filters_let_through() {
        Terms terms = Documents.accepted(
                Documents.withMeasures(
                        Documents.of(
                                "{'id':'c','type':'fee','from':'hub','to':'x','of':'m','rate':'0.5','where':{'attrs':{'tier':{'gte':3},'kind':['b','c']},'days':[{'from':'lead','to':'date','max':30}]},'when':{'from':'2028-03-15'}}"),
                        "'m':{'plus':[{'type':['refund','sale'],'attrs':{'kind':['a','b'],'tier':{'lt':9}},'monthsBefore':[{'since':'start','months':12}]}]}"));
        Clause clause = terms.clauses().getFirst();
        Specimens specimens = new Specimens(terms, List.of(), Wish.NONE);

        Specimen specimen = specimens.of(clause, JANUARY).orElseThrow();
        Period period = specimen.periodFrom(JANUARY);
        Simulated simulated =
                Simulated.of(terms, specimen.events("one", period, Rational.whole(800), 1), period, period);

        assertThat(period).isEqualTo(period("2028-03"));
        assertThat(specimen.attrs()).containsEntry("kind", Json.text("b")).containsEntry("tier", Json.whole(8));
        assertThat(specimen.dated()).containsEntry("lead", 0L).containsEntry("start", 0L);
        assertThat(simulated.total().of("x").net()).isEqualTo(400);
    }

    @Test
    void no_event_is_imagined_where_filters_contradict_each_other() {
        Terms terms = Documents.accepted(
                "{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.5','where':{'type':'cost'}}");

        Specimens specimens = new Specimens(terms, List.of(), Wish.NONE);

        assertThat(specimens.of(terms.clauses().getFirst(), JANUARY)).isEmpty();
    }

    @Test
    void imagined_events_are_like_those_of_the_case_unless_wished_otherwise() {
        Terms terms = Documents.accepted("{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.5'}");
        List<Json> given = List.of(
                Documents.json(
                        "{'id':'1','type':'sale','date':'2026-05-04','amount':1000,'currency':'USD','quantity':4,'attrs':{'product':'sw','lead':'2026-05-01'}}"));
        Wish wish = new Wish(Optional.empty(), new TreeMap<>(Map.of("product", Json.text("hw"))), Optional.empty());

        Specimen like = new Specimens(terms, given, Wish.NONE)
                .of(terms.clauses().getFirst(), JANUARY)
                .orElseThrow();
        Specimen wished = new Specimens(terms, given, wish)
                .of(terms.clauses().getFirst(), JANUARY)
                .orElseThrow();

        assertThat(like.price()).contains(Rational.whole(250));
        assertThat(like.attrs()).containsExactlyEntriesOf(new TreeMap<>(Map.of("product", Json.text("sw"))));
        assertThat(like.dated()).containsEntry("lead", -3L);
        assertThat(wished.attrs()).containsEntry("product", Json.text("hw"));
    }

    @Test
    void a_rate_that_looks_at_a_fact_is_given_one() {
        Terms terms = Documents.accepted(
                "{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':{'by':'attr','attr':'p','table':{'b':{'by':'event','attr':'r','min':'0.2','max':'0.4'}}}}");

        Specimen specimen = new Specimens(terms, List.of(), Wish.NONE)
                .of(terms.clauses().getFirst(), JANUARY)
                .orElseThrow();

        assertThat(specimen.attrs()).containsEntry("p", Json.text("b")).containsEntry("r", Json.text("1/5"));
    }

    /// An advance of 1,000; 10% of 4,000 a month is recouped whole: 400, 400, 200.
    @ParameterizedTest(name = "until {0}: {1} left, recouped in {2}")
    @CsvSource({"2027-02, 200, ''", "2027-03, 0, 2027-03", "2027-06, 0, 2027-03"})
    void the_period_in_which_an_advance_is_recouped_is_named(String last, long left, String recoupedIn) {
        Terms terms = Documents.accepted(
                "{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'},{'id':'a','type':'advance','from':'hub','to':'x','clauses':['c']}");
        Scenario scenario = new Scenario(
                terms,
                new Specimens(terms, List.of(), Wish.NONE)
                        .of(terms.clauses().getFirst(), JANUARY)
                        .orElseThrow(),
                Stream.iterate(JANUARY, Period::next)
                        .takeWhile(period -> period.compareTo(period(last)) <= 0)
                        .toList(),
                1,
                NO_FIGURES,
                new TreeMap<>(Map.of("a", BigInteger.valueOf(1000))));

        Advance advance = scenario.simulated(Rational.whole(4000)).advances().getFirst();

        assertThat(advance.paid()).isEqualTo(1000);
        assertThat(advance.left()).isEqualTo(left);
        assertThat(advance.recoupedIn().map(Period::text).orElse("")).isEqualTo(recoupedIn);
    }

    @Test
    void an_advance_that_nobody_paid_is_not_recouped() {
        Terms terms = Documents.accepted(
                "{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'},{'id':'a','type':'advance','from':'hub','to':'x','clauses':['c']}");

        Advance advance =
                Simulated.of(terms, List.of(), JANUARY, JANUARY).advances().getFirst();

        assertThat(advance.paid()).isZero();
        assertThat(advance.recoupedIn()).isEmpty();
    }

    /// 10% until 2027, 12% from then on. Last year's sale of 1,000 happens again in 2027: 100 under the old terms,
    /// which
    /// do not end, 120 under the amended.
    @Test
    void old_and_amended_terms_settle_the_same_events_where_the_amended_begin() {
        Json.Obj old = Documents.of("{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'}");
        List<Json> events = List.of(
                Documents.json(
                        "{'id':'1','type':'sale','date':'2026-02-03','amount':1000,'currency':'USD','attrs':{'lead':'2026-01-31'}}"));
        Terms amended = amended(
                old,
                "{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1','when':{'to':'2027-01-01'}},{'id':'d','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.12','when':{'from':'2027-01-01'}}");

        Comparison sides = Comparison.of(
                Documents.accepted(old), amended, JANUARY, events, List.of(period("2026-02"), period("2026-03")));

        assertThat(sides.years()).isEqualTo(1);
        assertThat(sides.findings()).isEmpty();
        assertThat(sides.rows().stream().map(row -> row.period().text())).containsExactly("2027-02", "2027-03");
        assertThat(sides.total().get(1).old()).isEqualTo(100);
        assertThat(sides.total().get(1).amended()).isEqualTo(120);
        assertThat(sides.total().get(1).change()).isEqualTo(20);
        assertThat(sides.rows().stream()
                        .map(row -> row.differences().get(1).change())
                        .reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(20);
    }

    @Test
    void an_amendment_that_restates_is_compared_and_its_findings_are_said() {
        Json.Obj old = Documents.of("{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'}");
        Terms amended = amended(old, "{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.12'}");

        Comparison sides = Comparison.of(Documents.accepted(old), amended, JANUARY, List.of(), List.of(JANUARY));

        assertThat(sides.years()).isZero();
        assertThat(sides.findings())
                .isNotEmpty()
                .allMatch(finding -> finding.code().equals("AMENDMENT_RESTATES"));
    }

    private static Terms amended(Json.Obj old, String clauses) {
        String hash = Documents.accepted(old).hash().hex();
        Json.Obj successor =
                Documents.with(Documents.with(Documents.of(clauses), "version", "2"), "supersedes", "'" + hash + "'");
        return Documents.accepted(successor);
    }

    /// Moved by as few whole years as it takes, everything that is a day, and nothing else.
    @ParameterizedTest(name = "{0} to {1}: {2} years")
    @CsvSource({
        "2026-01, 2026-01, 0",
        "2026-01, 2025-07, 0",
        "2026-01, 2026-02, 1",
        "2026-12, 2027-01, 1",
        "2024-02, 2027-02, 3"
    })
    void events_move_by_whole_years(String first, String from, int years) {
        assertThat(Moved.years(period(first), period(from))).isEqualTo(years);
        List<Json> moved = new Moved(years)
                .events(List.of(
                        Documents.json(
                                "{'id':'2024-02-29','type':'sale','date':'2024-02-29','booked':'2024-03','attrs':{'lead':'2024-02-01','n':7}}"),
                        Json.text("2024-02-29")));

        Json.Obj event = (Json.Obj) moved.getFirst();
        int year = 2024 + years;
        assertThat(event.text("date")).isEqualTo(year + (years == 0 ? "-02-29" : "-02-28"));
        assertThat(event.text("booked")).isEqualTo(year + "-03");
        assertThat(event.object("attrs").text("lead")).isEqualTo(year + "-02-01");
        assertThat(event.text("id")).isEqualTo("2024-02-29");
        assertThat(moved.getLast()).isEqualTo(Json.text("2024-02-29"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"01-channel-reseller", "04-si-service-delivery", "09a-rounding-per-event", "12-rounding-modes"})
    void a_public_example_is_swept_and_each_point_adds_up(String name) {
        Json.Obj file = Examples.read(name);
        Terms terms = Documents.accepted(file.get("terms"));
        Specimens specimens = new Specimens(terms, file.items("events"), Wish.NONE);
        Clause clause = specimens.moving().orElseThrow();
        Period first = period(((Json.Obj) file.items("settlements").getFirst()).text("period"));
        Scenario scenario = new Scenario(
                terms, specimens.of(clause, first).orElseThrow(), List.of(first), 1, NO_FIGURES, new TreeMap<>());

        Sweep sweep = Sweep.of(scenario, Range.showing(scenario, clause));

        assertThat(sweep.payouts()).hasSize(sweep.points().size()).hasSizeGreaterThan(10);
        assertThat(sweep.payouts())
                .allMatch(payouts -> payouts.list().stream()
                                .map(Payout::net)
                                .reduce(BigInteger.ZERO, BigInteger::add)
                                .signum()
                        == 0);
        assertThat(sweep.largest()).isPositive();
        assertThat(sweep.encode())
                .isEqualTo(Sweep.of(scenario, Range.showing(scenario, clause)).encode());
    }

    @Test
    void a_sweep_has_both_sides_of_a_limit_between_its_steps() {
        Terms terms = Documents.accepted(TIERS.formatted("whole"));
        Scenario scenario = new Scenario(
                terms,
                new Specimens(terms, List.of(), Wish.NONE)
                        .of(terms.clauses().getFirst(), JANUARY)
                        .orElseThrow(),
                List.of(JANUARY),
                1,
                NO_FIGURES,
                new TreeMap<>());

        Sweep sweep = Sweep.of(scenario, new Range(Rational.ZERO, Rational.whole(1600), Rational.whole(600)));

        assertThat(sweep.points().stream().map(point -> point.volume().toString()))
                .containsExactly("0", "600", "1000", "1001", "1200", "1600");
        assertThat(sweep.payouts().stream().map(payouts -> payouts.of("x").net().toString()))
                .containsExactly("0", "60", "100", "501", "600", "800");
        assertThat(sweep.marks()).hasSize(1);
    }

    @ParameterizedTest(name = "{0} to {1} by {2}")
    @CsvSource({"0, 10, 5, 3", "0, 10, 4, 4", "7, 7, 1, 1", "1/2, 3, 1/2, 6", "0, 3, 7, 2"})
    void a_range_has_both_ends_and_knows_how_many_volumes_it_has(String from, String to, String step, int count) {
        Range range = new Range(
                Rational.parse(from).orElseThrow(),
                Rational.parse(to).orElseThrow(),
                Rational.parse(step).orElseThrow());

        assertThat(range.count()).isEqualTo(count);
        assertThat(range.volumes()).hasSize(count);
        assertThat(range.volumes().getFirst()).isEqualTo(range.from());
        assertThat(range.volumes().getLast()).isEqualTo(range.to());
    }

    @Test
    void a_range_that_goes_nowhere_is_a_mistake() {
        assertThatThrownBy(() -> new Range(Rational.ONE, Rational.ZERO, Rational.ONE))
                .hasMessage("no range: 1 to 0 in steps of 1");
        assertThatThrownBy(() -> new Range(Rational.ZERO, Rational.ONE, Rational.ZERO))
                .hasMessageContaining("in steps of 0");
    }

    @Test
    void events_that_are_at_fault_are_named() {
        Terms terms = Documents.accepted("{'id':'c','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'}");
        List<Json> events = List.of(
                Documents.json("{'id':'good','type':'sale','date':'2027-01-05','amount':1,'currency':'USD'}"),
                Documents.json("{'id':'early','type':'sale','date':'2026-12-31','amount':1,'currency':'USD'}"),
                Documents.json("{'id':'lost','type':'refund','date':'2027-01-05','amount':1,'refOf':'none'}"),
                Documents.json("{'id':'yen','type':'sale','date':'2027-01-05','amount':1,'currency':'JPY'}"),
                Documents.json("{'type':'sale'}"));

        List<EventFinding> findings = EventFinding.of(terms, JANUARY, events);

        assertThat(findings)
                .containsExactly(
                        new EventFinding("early", "EVENT_PERIOD"),
                        new EventFinding("lost", "EVENT_REF"),
                        new EventFinding("yen", "FX_MISSING"),
                        new EventFinding("number 5", "EVENT_FORM"));
        assertThat(new TreeSet<>(findings.stream().map(EventFinding::code).toList()))
                .containsAll(Simulated.of(terms, events, JANUARY, JANUARY)
                        .refused()
                        .orElseThrow()
                        .codes());
    }
}
