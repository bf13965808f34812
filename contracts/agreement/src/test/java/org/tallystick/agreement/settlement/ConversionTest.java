package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.json.Json;

/// Foreign currencies: which fixing, where it is rounded, and what a late one restates.
class ConversionTest {

    private static final String FEE = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales',";

    private static List<List<String>> months(Json terms, String events, String first, String last) {
        return Books.settle(terms, Books.events(events), first, last).outcomes().stream()
                .map(outcome -> switch (outcome) {
                    case Outcome.Settled(var statement, var _) -> Books.lines(statement);
                    case Outcome.Refused(var codes) -> List.of(codes.toString());
                })
                .toList();
    }

    private static Json daily(String clauses) {
        return SpecExamplesTest.converting(clauses, "transaction", "original");
    }

    @ParameterizedTest(name = "a fixing of {0} for a sale of 2026-01-10: {1}")
    @CsvSource({
        "2026-01-10, f hub>x 200",
        "2026-01-03, f hub>x 200",
        "2026-01-02, [FX_MISSING]",
        "2026-01-11, [FX_MISSING]",
    })
    void a_daily_fixing_lies_at_most_seven_days_back(String day, String said) {
        assertThat(months(
                        daily(FEE + "'rate':'1'}"),
                        "x fx " + day + " pair=EUR/USD rate=2\ns sale 2026-01-10 a=100 cur=EUR",
                        "2026-01",
                        "2026-01"))
                .containsExactly(List.of(said));
    }

    @Test
    void a_fixing_before_the_opening_serves_the_first_days() {
        assertThat(months(
                        daily(FEE + "'rate':'1'}"),
                        "x fx 2025-12-30 pair=EUR/USD rate=2\ns sale 2026-01-02 a=100 cur=EUR",
                        "2026-01",
                        "2026-01"))
                .containsExactly(List.of("f hub>x 200"));
    }

    @Test
    void of_two_fixings_of_a_day_the_later_id_counts_and_no_pair_is_turned_round() {
        assertThat(months(daily(FEE + "'rate':'1'}"), """
                y fx 2026-01-10 pair=EUR/USD rate=3
                x fx 2026-01-10 pair=EUR/USD rate=2
                z fx 2026-01-10 pair=USD/EUR rate=9
                s sale 2026-01-10 a=100 cur=EUR
                """, "2026-01", "2026-01"))
                .containsExactly(List.of("f hub>x 300"));
    }

    @ParameterizedTest(name = "refunds at {0}: {1}")
    @CsvSource({"original, f x>hub 100", "refund-date, f x>hub 150"})
    void a_refund_has_the_fixing_the_terms_name(String refunds, String said) {
        // Sold at 2, refunded at 3.
        assertThat(months(
                        SpecExamplesTest.converting(FEE + "'rate':'1'}", "period-end", refunds),
                        """
                        x fx 2026-01-31 pair=EUR/USD rate=2
                        s sale 2026-01-10 a=100 cur=EUR
                        y fx 2026-02-28 pair=EUR/USD rate=3
                        r refund 2026-02-10 a=50 ref=s
                        """,
                        "2026-01",
                        "2026-02"))
                .containsExactly(List.of("f hub>x 200"), List.of(said));
    }

    @Test
    void a_late_fixing_restates_folded_sums_and_single_events_alike() {
        // At 1.5, 33 and 33: the sum 66 is 99; one by one 49.5, so 50 and 50. At 1.7 later: 112.2 is 112; 56.1 is 56
        // each.
        String each = "{'id':'e','type':'fee','from':'hub','to':'y','of':'sales','rate':'1','per':'event'}";

        assertThat(months(
                        SpecExamplesTest.converting(FEE + "'rate':'1'}," + each, "period-end", "original"),
                        """
                        s sale 2026-01-10 a=33 cur=EUR
                        t sale 2026-01-11 a=33 cur=EUR
                        x fx 2026-01-20 pair=EUR/USD rate=1.5
                        y fx 2026-01-21 pair=EUR/USD rate=1.7 in=2026-02
                        """,
                        "2026-01",
                        "2026-02"))
                .containsExactly(
                        List.of("e hub>y 100", "f hub>x 99"),
                        List.of("e hub>y 12 for 2026-01", "f hub>x 13 for 2026-01"));
    }

    @Test
    void a_period_without_its_fixing_waits_until_one_is_booked_there() {
        String sale = "s sale 2026-01-10 a=100 cur=EUR\n";

        assertThat(months(daily(FEE + "'rate':'1'}"), sale, "2026-01", "2026-02"))
                .containsExactly(List.of("[FX_MISSING]"), List.of("[FX_MISSING]"));
        assertThat(months(
                        daily(FEE + "'rate':'1'}"), sale + "x fx 2026-01-09 pair=EUR/USD rate=2", "2026-01", "2026-02"))
                .containsExactly(List.of("f hub>x 200"), List.of());
    }

    @Test
    void what_cancels_needs_its_fixing_all_the_same() {
        assertThat(months(
                        daily(FEE + "'rate':'1'}"),
                        "s sale 2026-01-10 a=100 cur=EUR\nr refund 2026-01-10 a=100 cur=EUR",
                        "2026-01",
                        "2026-01"))
                .containsExactly(List.of("[FX_MISSING]"));
    }

    @Test
    void days_with_equal_fixings_are_one_group_and_others_are_not() {
        // 33 and 34 at 1.05 are 70.35, so 70; 33 at 1.05 and 34 at 1.06 are 34.65 and 36.04, so 35 + 36 = 71.
        String sales = "s sale 2026-01-10 a=33 cur=EUR\nt sale 2026-01-20 a=34 cur=EUR\n";
        String fixings = "x fx 2026-01-10 pair=EUR/USD rate=1.05\ny fx 2026-01-20 pair=EUR/USD rate=";

        assertThat(months(daily(FEE + "'rate':'1'}"), sales + fixings + "1.050", "2026-01", "2026-01"))
                .containsExactly(List.of("f hub>x 70"));
        assertThat(months(daily(FEE + "'rate':'1'}"), sales + fixings + "1.06", "2026-01", "2026-01"))
                .containsExactly(List.of("f hub>x 71"));
    }

    @Test
    void tiers_that_price_single_events_convert_them_one_by_one() {
        // At 1.5: 33 is 49.5, so 50. forward, 10% up to 50, 50% above: a at 10%, b after exactly 50 at 10%, c after 100
        // at
        // 50%: 5 + 5 + 25 = 35.
        assertThat(months(
                        daily(FEE + "'tiers':{'mode':'forward','steps':[{'upTo':50,'rate':'0.1'},{'rate':'0.5'}]}}"),
                        """
                        x fx 2026-01-10 pair=EUR/USD rate=1.5
                        a sale 2026-01-10 a=33 cur=EUR
                        b sale 2026-01-11 a=33 cur=EUR
                        c sale 2026-01-12 a=33 cur=EUR
                        """,
                        "2026-01",
                        "2026-01"))
                .containsExactly(List.of("f hub>x 35"));
    }

    @Test
    void a_claim_is_paid_at_the_fixing_known_when_it_is_booked() {
        // The fund has 100; half of 33 EUR at 1.5: 49.5 is 50, half of it 25.
        assertThat(months(
                        daily("{'id':'m','type':'fund','from':'hub','of':'sales','rate':'1',"
                                + "'claims':{'on':{'type':'mdf-claim'},'reimburse':'1/2','to':'x'}}"),
                        """
                        x fx 2026-01-10 pair=EUR/USD rate=1.5
                        s sale 2026-01-10 a=100
                        c mdf-claim 2026-01-11 a=33 cur=EUR
                        """,
                        "2026-01",
                        "2026-01"))
                .containsExactly(List.of("m fund:m>x 25 claim", "m hub>fund:m 100"));
    }
}
