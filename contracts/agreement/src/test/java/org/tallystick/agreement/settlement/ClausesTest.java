package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;

/// The types of clause that the other tests look at least, each at its boundaries, with numbers worked by hand. Fees
/// are
/// in [SettlementTest], guarantees, advances and waterfalls in [EarningsTest].
class ClausesTest {

    private static final String UNIT = "{'id':'u','type':'unit','from':'hub','to':'x',";
    private static final String FIXED = "{'id':'f','type':'fixed','from':'hub','to':'x',";
    private static final String KPI = "{'id':'k','type':'kpi','from':'hub','to':'x','of':'sales',";
    private static final String FEE = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales','rate':'1'},";

    private static List<String> lineOf(String beginning, int amount) {
        return amount == 0 ? List.of() : List.of(beginning + amount);
    }

    // Units.

    @Test
    void units_at_several_prices_are_rounded_once() {
        // 2.5 for each of 3 - 1 units of kind a is 5; 1/3 for each of 4 others is 4/3: together 6.33, so 6.
        assertThat(Books.january(
                        UNIT + "'of':'units','price':{'by':'attr','attr':'kind','table':{'a':'2.5','*':'1/3'}}}", """
                a sale 2026-01-01 a=0 q=3 kind=a
                b usage 2026-01-02 q=4
                c refund 2026-01-03 a=0 q=1 ref=a
                """))
                .containsExactly("u hub>x 6");
    }

    @ParameterizedTest(name = "{0} at a half each, {1}: {2}")
    @CsvSource({
        "1, half-up, 1", "1, half-even, 0", "1, down, 0", "1, up, 1",
        "3, half-up, 2", "3, half-even, 2", "3, down, 1", "3, up, 2",
        "2, half-up, 1", "2, half-even, 1", "2, down, 1", "2, up, 1"
    })
    void half_a_minor_unit_goes_where_the_mode_says(int units, String mode, int due) {
        assertThat(Books.january(
                        UNIT + "'of':'use','price':'1/2','round':'" + mode + "'}", "a usage 2026-01-01 q=" + units))
                .isEqualTo(lineOf("u hub>x ", due));
    }

    @ParameterizedTest(name = "{0} deals: {1}")
    @CsvSource({"0, 0", "1, 100", "2, 200", "3, 270"})
    void deals_have_one_price_up_to_the_limit_and_another_above_it(int deals, int due) {
        // 100 each up to 2 deals; from the third on 90 for all of them.
        StringBuilder events = new StringBuilder("u usage 2026-01-01 q=9\n");
        for (int i = 0; i < deals; i++) {
            events.append("s").append(i).append(" sale 2026-01-01 a=5\n");
        }

        assertThat(Books.january(
                        UNIT + "'of':'deals','tiers':{'mode':'whole','steps':[{'upTo':2,'rate':'100'},{'rate':'90'}]}}",
                        events.toString()))
                .isEqualTo(lineOf("u hub>x ", due));
    }

    // Splits.

    @ParameterizedTest(name = "per {0}: {1} and {2}")
    @CsvSource({"event, 66, 66", "period, 67, 66"})
    void odd_units_of_a_split_fall_event_by_event_or_once(String per, int x, int y) {
        // A third of 100 each: 34, 33, 33, the hub first; twice. A third of 200 each: 66.67, two units left: hub and x.
        assertThat(Books.january(
                        "{'id':'s','type':'split','holder':'hub','of':'sales','per':'" + per
                                + "','shares':{'hub':'1/3','x':'1/3','y':'1/3'}}",
                        "a sale 2026-01-01 a=100\nb sale 2026-01-02 a=100"))
                .containsExactly("s hub>x " + x, "s hub>y " + y);
    }

    @Test
    void a_negative_pool_of_a_split_comes_back_from_its_parties() {
        // -8 in thirds is -3, -3, -2, in the order of the parties; the hub's own part makes no line.
        assertThat(Books.january(
                        "{'id':'s','type':'split','holder':'hub','of':'sales','shares':{'y':'1/3','x':'1/3','hub':'1/3'}}",
                        "a refund 2026-01-01 a=8"))
                .containsExactly("s x>hub 3", "s y>hub 2");
    }

    @Test
    void use_below_zero_counts_as_none() {
        // x used 2 and took back 5, y used 1: all of the half that follows use is y's. 50.5 each; the unit left is the
        // hub's.
        assertThat(Books.january(
                        "{'id':'s','type':'split','holder':'hub','of':'sales','shares':{'hub':'1/2'},"
                                + "'proRata':{'share':'1/2','by':'who','among':['x','y'],'of':'units','ifNone':'z'}}",
                        """
                        a sale 2026-01-01 a=101 q=0
                        b usage 2026-01-02 q=2 who=x
                        c refund 2026-01-03 a=0 q=5 who=x
                        d usage 2026-01-04 q=1 who=y
                        """))
                .containsExactly("s hub>y 50");
    }

    // Fixed amounts.

    @ParameterizedTest(name = "{0} of 700, at most 1400: {1}")
    @CsvSource({"0, 0", "1, 700", "2, 1400", "3, 1400"})
    void a_fixed_amount_reaches_its_cap_and_stops(int milestones, int due) {
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < milestones; i++) {
            events.append("m").append(i).append(" milestone 2026-01-01 name=live\n");
        }

        assertThat(Books.january(
                        FIXED + "'amount':700,'on':{'type':'milestone'},'cap':{'amount':1400}}", events.toString()))
                .isEqualTo(lineOf("f hub>x ", due));
    }

    @Test
    void a_fixed_amount_is_due_for_events_whose_day_is_in_force() {
        assertThat(Books.months(
                        FIXED + "'amount':5,'on':{'type':'sale'},'when':{'from':'2026-01-31','to':'2026-02-01'}}",
                        "a sale 2026-01-30 a=1\nb sale 2026-01-31 a=1\nc sale 2026-02-01 a=1",
                        "2026-01",
                        "2026-02"))
                .containsExactly(List.of("f hub>x 5"), List.of());
    }

    @Test
    void a_late_milestone_uses_up_the_cap_of_those_after_it() {
        // At most 1000 a year. January 700, February the other 300. A second one of January comes late: January is
        // 1000 then, and nothing is left for February.
        assertThat(Books.months(
                        FIXED + "'amount':700,'on':{'type':'milestone'},'cap':{'amount':1000,'window':'year'}}",
                        """
                a milestone 2026-01-10 name=a
                b milestone 2026-02-10 name=b
                c milestone 2026-01-20 name=c in=2026-03
                """,
                        "2026-01",
                        "2026-03"))
                .containsExactly(
                        List.of("f hub>x 700"),
                        List.of("f hub>x 300"),
                        List.of("f hub>x 300 for 2026-01", "f x>hub 300 for 2026-02"));
    }

    // Percentages by recorded figures.

    @ParameterizedTest(name = "figure {0}: {1} of 1000")
    @CsvSource({"4, 100", "3.99, 50", "2, 50", "1.99, 0", "-5, 0"})
    void a_figure_is_of_the_first_step_that_it_reaches(String figure, int due) {
        assertThat(Books.january(
                        KPI + "'table':[{'kpi':'csat','steps':[{'gte':'4','rate':'0.1'},{'gte':'2','rate':'0.05'}]}]}",
                        "a sale 2026-01-01 a=1000\nb kpi 2026-01-31 kpi=csat value=" + figure))
                .isEqualTo(lineOf("k hub>x ", due));
    }

    @ParameterizedTest(name = "figures {0} and {1}: {2}")
    @CsvSource({"1, 1, hub>x 150", "0, 0, x>hub 50", "1, 0, ''"})
    void a_collar_bounds_the_sum_of_the_tables(String first, String second, String line) {
        // Each table gives 10% or -10%: 20% is held at 15%, -20% at -5%, and 0 is nothing.
        String steps = "'steps':[{'gte':'1','rate':'0.1'},{'gte':'0','rate':'-0.1'}]}";

        assertThat(Books.january(
                        KPI + "'table':[{'kpi':'p'," + steps + ",{'kpi':'q'," + steps
                                + "],'collar':{'min':'-0.05','max':'0.15'}}",
                        "a sale 2026-01-01 a=1000\nb kpi 2026-01-02 kpi=p value=" + first
                                + "\nc kpi 2026-01-02 kpi=q value=" + second))
                .isEqualTo(line.isEmpty() ? List.of() : List.of("k " + line));
    }

    @Test
    void the_last_figure_of_the_period_counts_and_no_other() {
        // January: 5 and then 1, so nothing, whatever February says. February: 10% of -500.
        assertThat(Books.months(
                        KPI + "'table':[{'kpi':'csat','steps':[{'gte':'4','rate':'0.1'}]}]}",
                        """
                        a sale 2026-01-01 a=1000
                        b kpi 2026-01-10 kpi=csat value=5
                        c kpi 2026-01-20 kpi=csat value=1
                        d kpi 2026-02-01 kpi=csat value=4
                        e refund 2026-02-02 a=500 ref=a
                        """,
                        "2026-01",
                        "2026-02"))
                .containsExactly(List.of(), List.of("k x>hub 50"));
    }

    // Funds.

    private static final String CLAIMS = "'claims':{'on':{'type':'mdf-claim'},'reimburse':'1','to':'y'}}";

    @ParameterizedTest(name = "claimed {0} of 100: {1}")
    @CsvSource({"99, 99", "100, 100", "101, 100"})
    void a_claim_gets_no_more_than_there_is(int claimed, int paid) {
        assertThat(Books.january(
                        "{'id':'m','type':'fund','from':'hub','of':'sales','rate':'0.1'," + CLAIMS,
                        "a sale 2026-01-01 a=1000\nb mdf-claim 2026-01-02 a=" + claimed))
                .containsExactly("m fund:m>y " + paid + " claim", "m hub>fund:m 100");
    }

    @Test
    void a_fund_may_have_tiers_and_a_cap_for_the_year() {
        // 10% up to 1000, 50% above: 100 for 1000; 100 + 500 = 600 for 2000, but at most 300 a year.
        assertThat(Books.months(
                        "{'id':'m','type':'fund','from':'hub','of':'sales','window':'year','cap':{'amount':300,'window':'year'},"
                                + "'tiers':{'mode':'marginal','steps':[{'upTo':1000,'rate':'0.1'},{'rate':'0.5'}]},"
                                + CLAIMS,
                        "a sale 2026-01-01 a=1000\nb sale 2026-02-01 a=1000\nc sale 2026-03-01 a=1000",
                        "2026-01",
                        "2026-03"))
                .containsExactly(List.of("m hub>fund:m 100"), List.of("m hub>fund:m 200"), List.of());
    }

    // Reserves, withholdings and advances.

    @ParameterizedTest(name = "half of {0} is held: {1}")
    @CsvSource({"0, 0", "1, 1", "2, 1", "3, 2"})
    void half_a_minor_unit_is_held_whole(int earned, int held) {
        List<String> lines = Books.january(
                FEE + "{'id':'r','type':'reserve','party':'x','clauses':['f'],'rate':'1/2','releaseAfter':1}",
                "a sale 2026-01-01 a=" + earned);

        assertThat(lines.stream().filter(line -> line.startsWith("r")).toList())
                .isEqualTo(held == 0 ? List.of() : List.of("r x>reserve:x " + held + " hold"));
    }

    @Test
    void two_reserves_of_a_party_share_its_account_and_keep_their_own_balances() {
        Json terms = Documents.of(FEE
                + "{'id':'q','type':'reserve','party':'x','clauses':['f'],'rate':'0.1','releaseAfter':1},"
                + "{'id':'r','type':'reserve','party':'x','clauses':['f'],'rate':'0.2','releaseAfter':2}");
        String events = "a sale 2026-01-01 a=100";

        Statement january = Books.statement(terms, events, "2026-01", "2026-01");
        Statement february = Books.statement(terms, events, "2026-01", "2026-02");

        assertThat(Books.lines(january))
                .containsExactly("f hub>x 100", "q x>reserve:x 10 hold", "r x>reserve:x 20 hold");
        assertThat(january.encode().object("balances").get("reserve")).isEqualTo(Documents.json("{'q':10,'r':20}"));
        assertThat(Books.lines(february)).containsExactly("q reserve:x>x 10 release");
        assertThat(february.encode().object("balances").get("reserve")).isEqualTo(Documents.json("{'r':20}"));
    }

    @Test
    void what_is_withheld_looks_at_what_is_left_after_holds_and_recoupments() {
        // 100 earned; half is held, so 50 are left; an advance of 30 is paid and recouped, which is 0: 15% of 50 is
        // 7.5.
        assertThat(Books.january(
                        FEE
                                + "{'id':'v','type':'advance','from':'hub','to':'x','clauses':['f']},"
                                + "{'id':'r','type':'reserve','party':'x','clauses':['f'],'rate':'1/2','releaseAfter':1},"
                                + "{'id':'w','type':'withholding','party':'x','authority':'z','clauses':['f','v','r'],"
                                + "'rate':'0.15'}",
                        "a sale 2026-01-01 a=100\nb advance 2026-01-02 a=30 clause=v"))
                .containsExactly(
                        "f hub>x 100", "r x>reserve:x 50 hold", "v hub>x 30 advance", "v x>hub 30 recoup", "w x>z 8");
    }

    @ParameterizedTest(name = "half of {0} for an advance of 10: {1}")
    @CsvSource({"18, 9", "19, 10", "20, 10", "21, 10"})
    void an_advance_recoups_up_to_its_balance(int earned, int recouped) {
        // Half of 19 is 9.5, which rounds to 10, exactly what is open; half of 21 would be 11.
        assertThat(Books.january(
                        FEE + "{'id':'v','type':'advance','from':'hub','to':'x','clauses':['f'],'recoupRate':'1/2'}",
                        "a sale 2026-01-01 a=" + earned + "\nb advance 2026-01-02 a=10 clause=v"))
                .containsExactly("f hub>x " + earned, "v hub>x 10 advance", "v x>hub " + recouped + " recoup");
    }
}
