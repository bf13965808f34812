package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;

/// Every example in the text of terms/1 about what is settled here, in the order of its sections.
class SpecExamplesTest {

    private static final String FEE = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales',";

    @ParameterizedTest(name = "7.2: lead 2026-03-01 and first {0} match: {1}")
    @CsvSource({"2026-03-31, true", "2026-04-01, false", "2026-03-01, true", "2026-02-28, false", "none, false"})
    void days_count_from_one_date_to_another(String first, boolean matches) {
        List<String> lines = Books.january(
                FEE + "'rate':'0.1','where':{'days':[{'from':'lead','to':'first','max':30}]}}",
                "s sale 2026-01-10 a=1000 lead=2026-03-01 first=" + first);

        assertThat(lines).isEqualTo(matches ? List.of("f hub>x 100") : List.of());
    }

    @ParameterizedTest(name = "5: sold on {1}, since {0}, within {2} months: {3}")
    @CsvSource({
        "2026-01-31, 2026-02-27, 1, true",
        "2026-01-31, 2026-02-28, 1, false",
        "2027-11-30, 2028-02-28, 3, true",
        "2027-11-30, 2028-02-29, 3, false",
        "2027-11-30, 2027-11-29, 3, false",
    })
    void months_end_on_the_last_day_of_shorter_months(String since, String sold, int months, boolean matches) {
        Json terms = Documents.of(
                FEE + "'rate':'0.1','where':{'monthsBefore':[{'since':'since','months':" + months + "}]}}");
        String month = sold.substring(0, 7);

        Statement statement = Books.statement(terms, "s sale " + sold + " a=1000 since=" + since, month, month);

        assertThat(Books.lines(statement)).isEqualTo(matches ? List.of("f hub>x 100") : List.of());
    }

    @Test
    void section_9_a_refund_has_the_rate_of_its_sale_by_date() {
        String clause = FEE + "'rate':{'by':'date','steps':[{'from':'2026-01-01','rate':'0.03'},"
                + "{'from':'2026-07-01','rate':'0.04'}]}}";

        List<List<String>> months = Books.months(clause, """
                a sale 2026-06-30 a=1000
                b sale 2026-07-01 a=1000
                r refund 2026-08-15 a=1000 ref=a
                """, "2026-06", "2026-08");

        assertThat(months).containsExactly(List.of("f hub>x 30"), List.of("f hub>x 40"), List.of("f x>hub 30"));
    }

    @Test
    void section_9_a_milestone_changes_the_rate_from_its_day_on() {
        String clause = FEE + "'rate':{'by':'fact','fact':'launch','before':'0.03','after':'0.04'}}";

        List<List<String>> months = Books.months(clause, """
                a sale 2026-06-30 a=1000
                m milestone 2026-07-01 name=launch
                b sale 2026-07-01 a=1000
                r refund 2026-08-15 a=1000 ref=a
                """, "2026-06", "2026-08");

        assertThat(months).containsExactly(List.of("f hub>x 30"), List.of("f hub>x 40"), List.of("f x>hub 30"));
    }

    @ParameterizedTest(name = "10: {0} gives {1} in January and {2} in February")
    @CsvSource({"marginal, 140, 16", "whole, 200, 16", "forward, 125, 28", "per-event, 125, 10", "lookback, 125, 28"})
    void tiers_differ_by_their_mode(String mode, int january, int february) {
        String clause = FEE + "'window':'year','tiers':{'mode':'" + mode
                + "','steps':[{'upTo':2000,'rate':'0.05'},{'rate':'0.08'}]}}";

        assertThat(tiers(clause)).containsExactly(List.of("f hub>x " + january), List.of("f hub>x " + february));
    }

    @Test
    void section_10_blended_averages_over_the_bands_of_another_measure() {
        String clause = FEE + "'window':'year','tiers':{'mode':'blended','measure':'units',"
                + "'steps':[{'upTo':4,'rate':'0.05'},{'rate':'0.08'}]}}";

        assertThat(tiers(clause)).containsExactly(List.of("f hub>x 140"), List.of("f hub>x 11"));
    }

    private static List<List<String>> tiers(String clause) {
        return Books.months(clause, """
                a sale 2026-01-10 a=1500 q=3
                b sale 2026-01-20 a=1000 q=2
                c sale 2026-02-10 a=600 q=1
                d refund 2026-02-20 a=400 q=1 ref=b
                """, "2026-01", "2026-02");
    }

    @Test
    void section_11_2_a_fee_is_rounded_once_a_period() {
        assertThat(Books.january(FEE + "'rate':'0.125'}", """
                s sale 2026-01-10 a=1203
                r refund 2026-01-20 a=200
                """)).containsExactly("f hub>x 125");
    }

    @ParameterizedTest(name = "11.2: 1/3 of 100 in three months, window {0}: {1}, {2}, {3}")
    @CsvSource({"year, 33, 34, 33", "period, 33, 33, 33"})
    void rounding_is_cumulative_within_a_window(String window, int january, int february, int march) {
        List<List<String>> months =
                Books.months(FEE + "'rate':'1/3','window':'" + window + "'}", """
                a sale 2026-01-10 a=100
                b sale 2026-02-10 a=100
                c sale 2026-03-10 a=100
                """, "2026-01", "2026-03");

        assertThat(months)
                .containsExactly(
                        List.of("f hub>x " + january), List.of("f hub>x " + february), List.of("f hub>x " + march));
    }

    @Test
    void section_11_2_a_unit_may_cost_less_than_a_minor_unit() {
        assertThat(Books.january(
                        "{'id':'u','type':'unit','from':'hub','to':'x','of':'use','price':'0.7'}",
                        "u usage 2026-01-10 q=1234"))
                .containsExactly("u hub>x 864");
    }

    @Test
    void section_11_2_a_cap_may_follow_another_measure() {
        assertThat(Books.january(
                        "{'id':'f','type':'fee','from':'hub','to':'x','of':'costs','rate':'1',"
                                + "'cap':{'of':'sales','rate':'0.06'}}",
                        """
                        s sale 2026-01-10 a=12345
                        c cost 2026-01-10 a=900
                        """))
                .containsExactly("f hub>x 741");
    }

    @Test
    void section_11_2_a_yearly_cap_holds_for_the_year() {
        List<List<String>> months = Books.months(
                FEE + "'rate':'0.1','window':'year','cap':{'amount':500,'window':'year'}}", """
                        a sale 2026-01-10 a=4000
                        b sale 2026-02-10 a=3000
                        """, "2026-01", "2026-02");

        assertThat(months).containsExactly(List.of("f hub>x 400"), List.of("f hub>x 100"));
    }

    @Test
    void section_11_2_a_floor_replaces_a_negative_accrual() {
        assertThat(Books.january(FEE + "'rate':'0.1','floor':{'amount':50}}", """
                s sale 2026-01-10 a=300
                r refund 2026-01-20 a=900 cur=USD
                """))
                .containsExactly("f hub>x 50");
    }

    @Test
    void section_11_2_a_recorded_figure_multiplies_the_rate() {
        assertThat(Books.january(FEE + "'rate':'0.4','factor':{'kpi':'share'}}", """
                s sale 2026-01-10 a=1010
                k kpi 2026-01-31 kpi=share value=0.25
                """))
                .containsExactly("f hub>x 101");
    }

    @Test
    void section_11_3_each_event_is_rounded_and_limited_alone() {
        assertThat(Books.january(FEE + "'rate':'0.1','per':'event','floor':{'price':'15'}}", """
                a sale 2026-01-10 a=1000 q=5
                b sale 2026-01-11 a=300 q=4
                r refund 2026-01-20 a=150 q=2 ref=b
                """))
                .containsExactly("f hub>x 130");
    }

    @ParameterizedTest(name = "11.4: a sale of 1001, used {0}")
    @ValueSource(strings = {"x 1 : y 2", "not at all"})
    void a_share_may_follow_use(String used) {
        String events = "s sale 2026-01-10 a=1001\n"
                + (used.startsWith("x") ? "u usage 2026-01-11 q=1 who=x\nv usage 2026-01-12 q=2 who=y" : "");

        assertThat(Books.january(SPLIT, events))
                .isEqualTo(used.startsWith("x") ? List.of("s hub>x 250", "s hub>y 501") : List.of());
    }

    private static final String SPLIT = "{'id':'s','type':'split','holder':'hub','of':'sales','shares':{'hub':'1/4'},"
            + "'proRata':{'share':'3/4','by':'who','among':['x','y'],'of':'use','ifNone':'hub'}}";

    @Test
    void section_11_4_a_negative_pool_is_the_mirror_image() {
        assertThat(Books.january(SPLIT, """
                r refund 2026-01-10 a=1001 cur=USD
                u usage 2026-01-11 q=1 who=x
                v usage 2026-01-12 q=2 who=y
                """)).containsExactly("s x>hub 250", "s y>hub 501");
    }

    @Test
    void section_11_5_a_fixed_amount_stops_at_its_cap() {
        List<List<String>> months = Books.months(
                "{'id':'m','type':'fixed','from':'hub','to':'x','amount':700,'on':{'type':'milestone'},"
                        + "'cap':{'amount':1500,'window':'year'}}",
                """
                a milestone 2026-01-10 name=a
                b milestone 2026-01-11 name=b
                c milestone 2026-03-10 name=c
                d milestone 2026-05-10 name=d
                """,
                "2026-01",
                "2026-05");

        assertThat(months)
                .containsExactly(List.of("m hub>x 1400"), List.of(), List.of("m hub>x 100"), List.of(), List.of());
    }

    @Test
    void section_11_6_a_figure_that_is_not_recorded_adds_nothing() {
        assertThat(Books.january(
                        "{'id':'k','type':'kpi','from':'hub','to':'x','of':'sales','table':["
                                + "{'kpi':'csat','steps':[{'gte':'90','rate':'0.015'}]},"
                                + "{'kpi':'delay','steps':[{'gte':'0','rate':'-0.01'}]}]}",
                        """
                        s sale 2026-01-10 a=40010
                        k kpi 2026-01-31 kpi=csat value=92
                        """))
                .containsExactly("k hub>x 600");
    }

    @Test
    void section_11_10_a_claim_gets_what_the_fund_has() {
        Statement statement = Books.statement(
                Documents.of("{'id':'m','type':'fund','from':'hub','of':'sales','rate':'0.02',"
                        + "'claims':{'on':{'type':'mdf-claim'},'reimburse':'0.5','to':'x'}}"),
                """
                s sale 2026-01-10 a=30000
                c mdf-claim 2026-01-11 a=1500
                """,
                "2026-01",
                "2026-01");

        assertThat(Books.lines(statement)).containsExactly("m fund:m>x 600 claim", "m hub>fund:m 600");
        assertThat(statement.balances()).isEmpty();
    }

    @Test
    void section_12_3_a_late_sale_adjusts_its_own_month() {
        List<List<String>> months = Books.months(FEE + "'rate':'0.1'}", """
                a sale 2026-01-10 a=1004
                b sale 2026-01-20 a=42 in=2026-02
                """, "2026-01", "2026-02");

        assertThat(months).containsExactly(List.of("f hub>x 100"), List.of("f hub>x 5 for 2026-01"));
    }

    @Test
    void section_13_2_exactly_the_minimum_is_paid() {
        Json terms = Documents.with(Documents.of(FEE + "'rate':'1'}"), "settlement", "{'minimumPayout':{'x':1000}}");
        String events = "a sale 2026-01-10 a=999\nb sale 2026-02-10 a=1";

        Statement january = Books.statement(terms, events, "2026-01", "2026-01");
        Statement february = Books.statement(terms, events, "2026-01", "2026-02");

        assertThat(january.encode().get("payments")).isEqualTo(Documents.json("{'x':0,'y':0,'z':0}"));
        assertThat(january.encode().get("balances")).isEqualTo(Documents.json("{'carried':{'x':999}}"));
        assertThat(february.encode().get("payments")).isEqualTo(Documents.json("{'x':1000,'y':0,'z':0}"));
        assertThat(february.balances()).isEmpty();
    }

    @ParameterizedTest(name = "8: {0} of {1} at {2} in {3} is {4}")
    @CsvSource({"1250, KWD, 3.25, USD, 406", "67, EUR, 1.05, USD, 70"})
    void amounts_are_converted_from_minor_to_minor_units(
            int amount, String currency, String rate, String terms, int converted) {
        Json document = converting(FEE + "'rate':'1'}", "transaction", "original");

        Statement statement = Books.statement(
                document,
                "x fx 2026-01-09 pair=%s/%s rate=%s\ns sale 2026-01-10 a=%d cur=%s"
                        .formatted(currency, terms, rate, amount, currency),
                "2026-01",
                "2026-01");

        assertThat(Books.lines(statement)).containsExactly("f hub>x " + converted);
    }

    @Test
    void section_8_two_sales_of_one_rate_are_one_group() {
        Json document = converting(FEE + "'rate':'1'}", "period-end", "original");

        Statement statement = Books.statement(document, """
                s sale 2026-01-10 a=33 cur=EUR
                t sale 2026-01-11 a=34 cur=EUR
                x fx 2026-01-20 pair=EUR/USD rate=1.05
                """, "2026-01", "2026-01");

        assertThat(Books.lines(statement)).containsExactly("f hub>x 70");
    }

    static Json.Obj converting(String clauses, String fixing, String refunds) {
        return Documents.with(
                Documents.of(clauses), "settlement", "{'fx':{'fixing':'" + fixing + "','refunds':'" + refunds + "'}}");
    }

    private static final String ALL = FEE + "'rate':'1'},";

    @Test
    void section_11_7_a_guarantee_tops_up_whatever_was_earned() {
        List<List<String>> months = Books.months(
                ALL
                        + "{'id':'g','type':'guarantee','from':'hub','to':'x','clauses':['f'],'window':'period','amount':5000}",
                """
                a sale 2026-01-10 a=3210
                b sale 2026-02-10 a=6000
                c refund 2026-03-10 a=100 cur=USD
                """,
                "2026-01",
                "2026-03");

        assertThat(months)
                .containsExactly(
                        List.of("f hub>x 3210", "g hub>x 1790"),
                        List.of("f hub>x 6000"),
                        List.of("f x>hub 100", "g hub>x 5100"));
    }

    @Test
    void section_11_8_half_of_a_royalty_goes_to_the_advance() {
        Statement statement = Books.statement(
                Documents.of(
                        ALL + "{'id':'a','type':'advance','from':'hub','to':'x','clauses':['f'],'recoupRate':'1/2'}"),
                """
                p advance 2026-01-01 a=10000 clause=a
                s sale 2026-01-10 a=7001
                """,
                "2026-01",
                "2026-01");

        assertThat(Books.lines(statement))
                .containsExactly("a hub>x 10000 advance", "a x>hub 3501 recoup", "f hub>x 7001");
        assertThat(statement.encode().get("balances")).isEqualTo(Documents.json("{'advance':{'a':6499}}"));
        assertThat(statement.payments().get("x")).isEqualTo(BigInteger.valueOf(13500));
    }

    @Test
    void section_11_9_a_waterfall_pays_in_its_order() {
        Json terms = Documents.with(
                Documents.with(
                        Documents.withMeasures(
                                Documents.of(
                                        "{'id':'w','type':'waterfall','holder':'hub','of':'cash','investors':['x','y'],"
                                                + "'preferredRate':'0.073','dayCount':'actual/365','compounding':'none','tiers':["
                                                + "{'id':'cost','kind':'recover','party':'z','of':'costs'},"
                                                + "{'id':'pref','kind':'preferred'},"
                                                + "{'id':'roc','kind':'return-of-capital'},"
                                                + "{'id':'up','kind':'catch-up','party':'m','target':'1/5'},"
                                                + "{'id':'rest','kind':'split','shares':{'m':'0.5','x':'0.3','y':'0.2'}}]}"),
                                "'cash':{'plus':[{'type':'sale'}]}"),
                        "calendar",
                        "{'frequency':'quarter'}"),
                "parties",
                "[{'id':'hub'},{'id':'m'},{'id':'x'},{'id':'y'},{'id':'z'}]");

        List<List<String>> quarters = Books.settle(terms, Books.events("""
                                p capital 2027-01-01 a=55000 party=x
                                q capital 2027-01-01 a=45000 party=y
                                c cost 2027-02-01 a=3000
                                s sale 2027-02-01 a=50000
                                t sale 2027-05-01 a=70000
                                """), "2027-Q1", "2027-Q2").outcomes().stream()
                .map(outcome -> Books.lines(((Outcome.Settled) outcome).statement()))
                .toList();

        assertThat(quarters)
                .containsExactly(
                        List.of(
                                "w.cost hub>z 3000",
                                "w.pref hub>x 990",
                                "w.pref hub>y 810",
                                "w.roc hub>x 24860",
                                "w.roc hub>y 20340"),
                        List.of(
                                "w.pref hub>x 548",
                                "w.pref hub>y 449",
                                "w.rest hub>m 6752",
                                "w.rest hub>x 4051",
                                "w.rest hub>y 2701",
                                "w.roc hub>x 30140",
                                "w.roc hub>y 24660",
                                "w.up hub>m 699"));
    }

    @Test
    void section_11_11_what_is_held_is_released_whole() {
        List<List<String>> months = Books.months(
                ALL + "{'id':'r','type':'reserve','party':'x','clauses':['f'],'rate':'0.1','releaseAfter':1}",
                """
                        a sale 2026-01-10 a=2005
                        b refund 2026-02-10 a=300 cur=USD
                        """,
                "2026-01",
                "2026-02");

        assertThat(months)
                .containsExactly(
                        List.of("f hub>x 2005", "r x>reserve:x 201 hold"),
                        List.of("f x>hub 300", "r reserve:x>x 201 release"));
    }

    @Test
    void section_11_12_what_is_withheld_follows_what_is_left() {
        assertThat(Books.january(
                        ALL
                                + "{'id':'r','type':'reserve','party':'x','clauses':['f'],'rate':'0.1','releaseAfter':1},"
                                + "{'id':'w','type':'withholding','party':'x','authority':'y','clauses':['f','r'],'rate':'0.15'}",
                        "s sale 2026-01-10 a=2005"))
                .containsExactly("f hub>x 2005", "r x>reserve:x 201 hold", "w x>y 271");
    }
}
