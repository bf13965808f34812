package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;

/// Clauses that read what others made due: guarantees, advances, reserves, withholdings and waterfalls, by hand.
class EarningsTest {

    private static final String FEE = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales','rate':'1'},";
    private static final String GUARANTEE = "{'id':'g','type':'guarantee','from':'hub','to':'x','clauses':['f'],";
    private static final String RESERVE =
            "{'id':'r','type':'reserve','party':'x','clauses':['f'],'rate':'1/2','releaseAfter':2";
    private static final String ADVANCE = "{'id':'a','type':'advance','from':'hub','to':'x','clauses':['f']";

    @ParameterizedTest(name = "earned {0} of 100: {1}")
    @CsvSource({"99, 1", "100, 0", "101, 0"})
    void a_guarantee_pays_what_is_missing_to_the_last_unit(int earned, int missing) {
        List<String> lines =
                Books.january(FEE + GUARANTEE + "'window':'period','amount':100}", "s sale 2026-01-01 a=" + earned);

        assertThat(lines)
                .isEqualTo(
                        missing == 0
                                ? List.of("f hub>x " + earned)
                                : List.of("f hub>x " + earned, "g hub>x " + missing));
    }

    @Test
    void a_yearly_guarantee_is_tested_in_december_over_the_whole_year() {
        // November 300 and December 500 of a promised 1000: 200. January belongs to the next year: nothing yet.
        assertThat(Books.months(
                        FEE + GUARANTEE + "'window':'year','amount':1000}",
                        "a sale 2026-11-10 a=300\nb sale 2026-12-10 a=500\nc sale 2027-01-10 a=10",
                        "2026-11",
                        "2027-01"))
                .containsExactly(List.of("f hub>x 300"), List.of("f hub>x 500", "g hub>x 200"), List.of("f hub>x 10"));
    }

    @Test
    void a_guarantee_is_never_reopened_but_counts_what_is_known_when_it_is_tested() {
        // January is tested with 40: 60 are missing. The 50 of January that come in February change nothing of that.
        assertThat(Books.months(
                        FEE + GUARANTEE + "'window':'period','amount':100,'when':{'to':'2026-02-01'}}",
                        "a sale 2026-01-10 a=40\nb sale 2026-01-11 a=50 in=2026-02",
                        "2026-01",
                        "2026-02"))
                .containsExactly(List.of("f hub>x 40", "g hub>x 60"), List.of("f hub>x 50 for 2026-01"));
    }

    @Test
    void a_guarantee_per_unit_and_what_the_receiver_pays_itself() {
        // Promised 2.5 for each of 7 units: 17.5, so 18. Under the split y holds 30 and passes 20 on: got -20.
        String split = "{'id':'s','type':'split','holder':'y','of':'sales','shares':{'y':'1/3','x':'1/3','z':'1/3'}},";

        assertThat(Books.january(
                        split
                                + "{'id':'g','type':'guarantee','from':'hub','to':'y','clauses':['s'],'window':'period',"
                                + "'perUnit':{'of':'use','price':'2.5'}}",
                        "a sale 2026-01-10 a=30\nu usage 2026-01-10 q=7"))
                .containsExactly("g hub>y 38", "s y>x 10", "s y>z 10");
    }

    @Test
    void an_advance_waits_for_what_is_earned_and_is_never_repaid() {
        // 100 advanced. January earns 60: balance 40. February refunds 10: nothing. March earns 70: 40 are left.
        assertThat(Books.months(FEE + ADVANCE + "}", """
                p advance 2026-01-02 a=100 clause=a
                s sale 2026-01-10 a=60
                t refund 2026-02-10 a=10 cur=USD
                u sale 2026-03-10 a=70
                """, "2026-01", "2026-03"))
                .containsExactly(
                        List.of("a hub>x 100 advance", "a x>hub 60 recoup", "f hub>x 60"),
                        List.of("f x>hub 10"),
                        List.of("a x>hub 40 recoup", "f hub>x 70"));
    }

    @Test
    void a_late_advance_is_paid_when_it_is_booked_and_a_second_one_recoups_from_what_the_first_left() {
        // Of 100 earned the first advance takes 30; the second lists the first and sees 70, half of it: 35.
        assertThat(Books.months(
                        FEE
                                + ADVANCE
                                + "},{'id':'b','type':'advance','from':'hub','to':'x','clauses':['f','a'],'recoupRate':'1/2'}",
                        """
                        p advance 2026-01-02 a=30 clause=a in=2026-02
                        q advance 2026-02-02 a=90 clause=b
                        s sale 2026-02-10 a=100
                        """,
                        "2026-01",
                        "2026-02"))
                .containsExactly(
                        List.of(),
                        List.of(
                                "a hub>x 30 advance",
                                "a x>hub 30 recoup",
                                "b hub>x 90 advance",
                                "b x>hub 35 recoup",
                                "f hub>x 100"));
    }

    @Test
    void each_hold_is_released_after_its_periods_and_none_in_a_loss() {
        // Holds 51 (50.5), 0 (loss), 5; after two months 51 comes back. The balance is what is held.
        Json terms = Documents.of(FEE + RESERVE + ",'when':{'to':'2026-04-01'}}");
        String events = """
                a sale 2026-01-10 a=101
                b refund 2026-02-10 a=7 cur=USD
                c sale 2026-03-10 a=10
                d sale 2026-04-10 a=100
                """;

        assertThat(Books.lines(Books.statement(terms, events, "2026-01", "2026-01")))
                .containsExactly("f hub>x 101", "r x>reserve:x 51 hold");
        assertThat(Books.lines(Books.statement(terms, events, "2026-01", "2026-02")))
                .containsExactly("f x>hub 7");
        Statement march = Books.statement(terms, events, "2026-01", "2026-03");
        assertThat(Books.lines(march))
                .containsExactly("f hub>x 10", "r reserve:x>x 51 release", "r x>reserve:x 5 hold");
        assertThat(march.encode().object("balances").get("reserve")).isEqualTo(Documents.json("{'r':5}"));
        assertThat(Books.lines(Books.statement(terms, events, "2026-01", "2026-04")))
                .containsExactly("f hub>x 100");
    }

    @ParameterizedTest(name = "15% of {0} from February on: {1} in {2}")
    @CsvSource({"110, 17, 2026-02", "109, 16, 2026-02", "110, 0, 2026-01", "-110, 0, 2026-02"})
    void a_withholding_takes_its_part_of_gains_only(int earned, int withheld, String month) {
        String event =
                earned < 0 ? "s refund " + month + "-10 cur=USD a=" + -earned : "s sale " + month + "-10 a=" + earned;

        List<String> lines = Books.lines(Books.statement(
                Documents.of(FEE
                        + "{'id':'w','type':'withholding','party':'x','authority':'z','clauses':['f'],'rate':'0.15',"
                        + "'when':{'from':'2026-02-01'}}"),
                event,
                "2026-01",
                month));

        assertThat(lines.stream().filter(line -> line.startsWith("w")).toList())
                .isEqualTo(withheld == 0 ? List.of() : List.of("w x>z " + withheld));
    }

    private static final String WATERFALL =
            "{'id':'w','type':'waterfall','holder':'hub','of':'net','investors':['x','y'],"
                    + "'preferredRate':'0.1','dayCount':'actual/365','compounding':'none','tiers':[";

    private static Json waterfall(String tiers) {
        return Documents.withMeasures(
                Documents.of(WATERFALL + tiers + "]}"), "'net':{'plus':[{'type':'sale'}],'minus':[{'type':'refund'}]}");
    }

    @Test
    void a_negative_distribution_reduces_later_ones() {
        // January -100, February 60, March 50: only the last has something left, 10. The holder's half makes no line.
        String events = """
                a refund 2026-01-10 a=100 cur=USD
                b sale 2026-02-10 a=60
                c sale 2026-03-10 a=50
                """;
        Json terms = waterfall("{'id':'s','kind':'split','shares':{'hub':'1/2','x':'1/2'}}");

        assertThat(Books.lines(Books.statement(terms, events, "2026-01", "2026-02")))
                .isEmpty();
        assertThat(Books.lines(Books.statement(terms, events, "2026-01", "2026-03")))
                .containsExactly("w.s hub>x 5");
    }

    @Test
    void late_capital_accrues_from_its_own_day() {
        // 36500 at 10% a year is 10 a day. Paid in on 30 January, booked in February: 30 days to 1 March, 300.
        // Then it comes back as far as the money lasts: 1000 - 300 = 700, and 35800 stay in.
        Statement february = Books.statement(
                waterfall("{'id':'p','kind':'preferred'},{'id':'c','kind':'return-of-capital'},"
                        + "{'id':'s','kind':'split','shares':{'x':'1'}}"),
                """
                k capital 2026-01-30 a=36500 party=x in=2026-02
                b sale 2026-02-10 a=1000
                """,
                "2026-01",
                "2026-02");

        assertThat(Books.lines(february)).containsExactly("w.c hub>x 700", "w.p hub>x 300");
        assertThat(february.encode().get("balances")).isEqualTo(Documents.json("{'capital':{'x':35800}}"));
    }

    @Test
    void late_costs_are_recovered_when_they_are_known_and_never_reopened() {
        // January 100 of cash and 30 of costs: 30, 70. In February 20 more of January's costs, cash 50: 20, 30.
        String events = """
                a sale 2026-01-10 a=100
                b cost 2026-01-10 a=30
                c cost 2026-01-11 a=20 in=2026-02
                d sale 2026-02-10 a=50
                """;
        Json terms = waterfall("{'id':'r','kind':'recover','party':'z','of':'costs'},"
                + "{'id':'s','kind':'split','shares':{'x':'1'}}");

        assertThat(Books.lines(Books.statement(terms, events, "2026-01", "2026-01")))
                .containsExactly("w.r hub>z 30", "w.s hub>x 70");
        assertThat(Books.lines(Books.statement(terms, events, "2026-01", "2026-02")))
                .containsExactly("w.r hub>z 20", "w.s hub>x 30");
    }

    @Test
    void a_listed_waterfall_stands_for_all_its_tiers() {
        // x gets 100 under the tier w.s; a reserve of half of it holds 50.
        Json terms = Documents.withMeasures(
                Documents.of(WATERFALL + "{'id':'s','kind':'split','shares':{'x':'1'}}]},"
                        + "{'id':'r','type':'reserve','party':'x','clauses':['w'],'rate':'1/2','releaseAfter':1}"),
                "'net':{'plus':[{'type':'sale'}]}");

        assertThat(Books.lines(Books.statement(terms, "a sale 2026-01-10 a=100", "2026-01", "2026-01")))
                .containsExactly("r x>reserve:x 50 hold", "w.s hub>x 100");
    }
}
