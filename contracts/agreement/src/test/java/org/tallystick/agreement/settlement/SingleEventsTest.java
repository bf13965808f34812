package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// Clauses that price or divide each event by itself, with numbers worked by hand.
class SingleEventsTest {

    private static final String FEE = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales',";

    /// 10% up to 1000, 50% above.
    private static String tiers(String mode) {
        return "'tiers':{'mode':'" + mode + "','steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.5'}]}";
    }

    @ParameterizedTest(name = "{0}: {1} in February")
    @CsvSource({"period, 10", "year, 50", "life, 50"})
    void forward_tiers_start_again_with_each_window(String window, int february) {
        // January 1500 at 10%. In February 100: at 10% if the total starts again, at 50% after 1500.
        assertThat(Books.months(FEE + tiers("forward") + ",'window':'" + window + "'}", """
                a sale 2026-01-10 a=1500
                b sale 2026-02-10 a=100
                """, "2026-01", "2026-02"))
                .containsExactly(List.of("f hub>x 150"), List.of("f hub>x " + february));
    }

    @Test
    void a_total_that_starts_again_with_the_year_does_so_in_january() {
        // December 1500 at 10%; January starts at 0: 100 at 10%, not at 50%.
        assertThat(Books.months(FEE + tiers("forward") + ",'window':'year'}", """
                a sale 2026-12-10 a=1500
                b sale 2027-01-10 a=100
                """, "2026-12", "2027-01"))
                .containsExactly(List.of("f hub>x 150"), List.of("f hub>x 10"));
    }

    @ParameterizedTest(name = "{0}: {1} in January, {2} in February")
    @CsvSource(delimiter = '|', textBlock = """
            # forward: 1500 at 10%, 1000 after 1500 at 50%. February: -400 of the second at 50%, 100 at 10%, after -400.
            forward   | f hub>x 650  | f x>hub 190
            # per event: 1500 at 50%, 1000 at 10%. February: -400 at 10%, 100 at 10%.
            per-event | f hub>x 850  | f x>hub 30
            # lookback: both at 10%. February: -400 at the 10% of January, 100 at 50%, since January had 2500.
            lookback  | f hub>x 250  | f hub>x 10
            """)
    void a_refund_is_priced_as_its_sale_was(String mode, String january, String february) {
        assertThat(Books.months(FEE + tiers(mode) + "}", """
                a sale 2026-01-10 a=1500
                b sale 2026-01-11 a=1000
                c refund 2026-02-10 a=400 ref=b
                d sale 2026-02-11 a=100
                """, "2026-01", "2026-02"))
                .containsExactly(List.of(january), List.of(february));
    }

    @Test
    void a_refund_of_a_part_has_the_rate_of_the_whole_sale() {
        // 1500 at 50% is 750; 400 of it at 50%, though 400 alone would be at 10%: 200.
        assertThat(Books.january(FEE + tiers("per-event") + "}", """
                a sale 2026-01-10 a=1500
                b refund 2026-01-11 a=400 ref=a
                """)).containsExactly("f hub>x 550");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        // -400 at its own 10%; then 1500: forward after -400 at 10%, per event at 50%, lookback at 10%.
        "forward, 110",
        "per-event, 710",
        "lookback, 110"
    })
    void a_refund_that_comes_before_its_sale_in_event_order_is_priced_by_itself(String mode, int due) {
        assertThat(Books.january(FEE + tiers(mode) + "}", """
                b sale 2026-01-10 a=1500
                a refund 2026-01-10 a=400 ref=b
                """)).containsExactly("f hub>x " + due);
    }

    @Test
    void a_refund_whose_origin_the_measure_does_not_count_is_priced_by_itself() {
        // The cost of 1500 is no sale. The refund counts, with its own 400: 10%.
        assertThat(Books.january(FEE + tiers("per-event") + "}", """
                a cost 2026-01-10 a=1500
                b refund 2026-01-11 a=400 ref=a
                """)).containsExactly("f x>hub 40");
    }

    @Test
    void a_refund_whose_origin_the_clause_does_not_select_is_priced_by_itself() {
        // The clause looks at refunds alone. So the 400 are at 10%, and not at the 50% of the sale of 1500.
        assertThat(Books.january(FEE + tiers("per-event") + ",'where':{'type':'refund'}}", """
                a sale 2026-01-10 a=1500
                b refund 2026-01-11 a=400 ref=a
                """))
                .containsExactly("f x>hub 40");
    }

    @Test
    void an_event_that_the_clause_does_not_select_moves_no_total() {
        // The first 1500 are not of kind a: the 1000 that are start at 0, at 10%.
        assertThat(Books.january(FEE + tiers("forward") + ",'where':{'attrs':{'kind':'a'}}}", """
                a sale 2026-01-10 a=1500 kind=b
                b sale 2026-01-11 a=1000 kind=a
                """))
                .containsExactly("f hub>x 100");
    }

    private static String unit(String mode) {
        return "{'id':'u','type':'unit','from':'hub','to':'x','of':'units','tiers':{'mode':'" + mode
                + "','steps':[{'upTo':1,'rate':'30'},{'rate':'10'}]}}";
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        // 1/2 at 30 is 15; 3/2 after 1/2 at 30 is 45; 1 after 2 at 10 is 10.
        "forward, 70",
        // 1/2 at 30 is 15; 3/2 at 10 is 15; 1 at 30 is 30.
        "per-event, 60"
    })
    void parts_of_a_unit_are_priced_exactly(String mode, int due) {
        assertThat(Books.january(unit(mode), """
                a usage 2026-01-10 q=1/2
                b usage 2026-01-11 q=1.5
                c usage 2026-01-12 q=1
                """)).containsExactly("u hub>x " + due);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"forward", "per-event", "lookback"})
    void an_event_without_its_quantity_refuses_the_settlement(String mode) {
        Json terms = Documents.of(unit(mode));

        assertThat(Books.refused(terms, "s sale 2026-01-10 a=5", "2026-01", "2026-01"))
                .containsExactly("FIGURE_MISSING");
        assertThat(Books.refused(
                        terms,
                        "s sale 2026-01-10 a=5 q=1\nr refund 2026-01-11 a=5 ref=s\nt refund 2026-01-12 a=0 q=1 ref=s",
                        "2026-01",
                        "2026-01"))
                .containsExactly("FIGURE_MISSING");
        assertThat(Books.refused(
                        terms, "s sale 2026-01-10 a=5\nt refund 2026-01-11 a=0 q=1 ref=s", "2026-01", "2026-01"))
                .containsExactly("FIGURE_MISSING");
    }

    @Test
    void look_back_misses_only_what_the_period_before_lacks() {
        // The size of January is asked for in February, to price what is sold then.
        String clause =
                FEE + "'tiers':{'mode':'lookback','measure':'units','steps':[{'upTo':3,'rate':'0.1'},{'rate':'0.5'}]}}";

        assertThat(Books.months(clause, "a sale 2026-01-10 a=100\nb sale 2026-03-10 a=100 q=1", "2026-01", "2026-03"))
                .containsExactly(List.of("f hub>x 10"), List.of(), List.of("f hub>x 10"));
        assertThat(Books.months(clause, "a sale 2026-01-10 a=100\nb sale 2026-02-10 a=100 q=1", "2026-01", "2026-02"))
                .containsExactly(List.of("f hub>x 10"), List.of("[FIGURE_MISSING]"));
    }

    @Test
    void look_back_converts_each_event_and_the_period_before() {
        // January: 1000 at 1.1 are 1100, at 10%: 110. February: 100 at 1.2 are 120, at 50% after 1100: 60.
        Json terms = SpecExamplesTest.converting(FEE + tiers("lookback") + "}", "period-end", "original");
        String events = """
                a sale 2026-01-10 a=1000 cur=EUR
                x fx 2026-01-31 pair=EUR/USD rate=1.1
                b sale 2026-02-10 a=100 cur=EUR
                y fx 2026-02-28 pair=EUR/USD rate=1.2
                """;

        assertThat(Books.lines(Books.statement(terms, events, "2026-01", "2026-01")))
                .containsExactly("f hub>x 110");
        assertThat(Books.lines(Books.statement(terms, events, "2026-01", "2026-02")))
                .containsExactly("f hub>x 60");
    }

    private static final String SPLIT = "{'id':'s','type':'split','holder':'hub','of':'sales','per':'event',";

    @Test
    void a_split_divides_what_an_event_is_worth_after_conversion() {
        // 100 at 1.1 are 110: 36.67 and 73.33, so 37 and 73. Unconverted, x would have 67.
        Json terms =
                SpecExamplesTest.converting(SPLIT + "'shares':{'hub':'1/3','x':'2/3'}}", "transaction", "original");

        assertThat(Books.lines(Books.statement(
                        terms,
                        "x fx 2026-01-10 pair=EUR/USD rate=1.1\na sale 2026-01-10 a=100 cur=EUR",
                        "2026-01",
                        "2026-01")))
                .containsExactly("s hub>x 73");
    }

    @Test
    void the_fixing_of_an_event_that_is_not_selected_is_not_missed() {
        Json terms = SpecExamplesTest.converting(
                SPLIT + "'shares':{'hub':'0','x':'1'},'where':{'attrs':{'kind':'a'}}}", "transaction", "original");

        assertThat(Books.lines(Books.statement(
                        terms,
                        "a sale 2026-01-10 a=100 cur=EUR kind=b\nb sale 2026-01-10 a=7 kind=a",
                        "2026-01",
                        "2026-01")))
                .containsExactly("s hub>x 7");
    }

    @Test
    void each_event_is_rounded_at_the_rate_of_before_or_after_the_fact() {
        // 105 at 10% is 10.5, so 11; 108 at 20% is 21.6, so 22. The day itself is after: 3 at 20% is 0.6, so 1.
        assertThat(Books.january(
                        FEE + "'rate':{'by':'fact','fact':'launch','before':'0.1','after':'0.2'},'per':'event'}", """
                        a sale 2026-01-10 a=105
                        m milestone 2026-01-15 name=launch
                        b sale 2026-01-15 a=3
                        c sale 2026-01-20 a=108
                        """))
                .containsExactly("f hub>x 34");
    }

    /// One clause of every type, of which four keep events: two for a window that does not start with the period.
    private static final String EVERY_TYPE = String.join(
            ",",
            FEE + tiers("forward") + ",'window':'year'}",
            "{'id':'u','type':'unit','from':'hub','to':'x','of':'units'," + tiers("forward") + ",'window':'life'}",
            "{'id':'m','type':'fund','from':'hub','of':'sales'," + tiers("forward")
                    + ",'claims':{'on':{'type':'mdf-claim'},'reimburse':'1','to':'y'}}",
            SPLIT + "'shares':{'hub':'0'},'proRata':{'share':'1','by':'who','among':['x'],'of':'use','ifNone':'hub'}}",
            "{'id':'t','type':'split','holder':'hub','of':'sales','per':'event','shares':{'hub':'1/2','x':'1/2'}}",
            "{'id':'k','type':'kpi','from':'hub','to':'x','of':'sales',"
                    + "'table':[{'kpi':'q','steps':[{'gte':'0','rate':'0.1'}]}]}",
            "{'id':'o','type':'fixed','from':'hub','to':'x','amount':1,'on':{'type':'milestone'}}",
            "{'id':'g','type':'guarantee','from':'hub','to':'x','clauses':['f'],'window':'period','amount':1}",
            "{'id':'a','type':'advance','from':'hub','to':'x','clauses':['f']}",
            "{'id':'r','type':'reserve','party':'x','clauses':['f'],'rate':'0.1','releaseAfter':1}",
            "{'id':'h','type':'withholding','party':'x','authority':'z','clauses':['f'],'rate':'0.1'}",
            "{'id':'w','type':'waterfall','holder':'hub','of':'costs','investors':['x','y'],'preferredRate':'0.05',"
                    + "'dayCount':'actual/365','compounding':'none',"
                    + "'tiers':[{'id':'pref','kind':'preferred'},{'id':'rest','kind':'split','shares':{'x':'1'}}]}");

    @Test
    void events_that_a_clause_must_keep_count_for_the_window_that_it_adds_up_over() {
        Terms terms = Documents.accepted(EVERY_TYPE);
        Folding folding = new Folding(terms, Period.ofText("2026-11"));

        SortedMap<Folding.Kept, Long> counts = folding.kept(folding.fold(Books.known(terms, Books.events("""
                a sale 2026-11-10 a=1 q=1
                b sale 2026-12-10 a=2 q=1
                c sale 2027-01-10 a=3 q=1
                d sale 2027-01-11 a=4 q=1
                e milestone 2027-01-12 name=live
                """))));

        assertThat(counts.entrySet().stream()
                        .map(kept ->
                                kept.getKey().clause() + " " + kept.getKey().window() + ": " + kept.getValue())
                        .toList())
                .containsExactly(
                        "f 2026-11: 2",
                        "f 2027-01: 2",
                        "m 2026-11: 1",
                        "m 2026-12: 1",
                        "m 2027-01: 2",
                        "s 2026-11: 1",
                        "s 2026-12: 1",
                        "s 2027-01: 2",
                        "u 2026-11: 4");
    }
}
