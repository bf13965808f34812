package org.tallystick.agreement.terms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;

/// Documents that are made to be slow: refused, or reviewed within [#BOUND] even on a busy machine.
class HostileTermsTest {

    /// Each takes well below a second on an idle core; without care the worst takes hours.
    private static final Duration BOUND = Duration.ofSeconds(20);

    private static TermsReview review(Json document) {
        return assertTimeoutPreemptively(BOUND, () -> TermsReader.review(document));
    }

    private static String many(int size, String item) {
        return IntStream.range(0, size).mapToObj(item::formatted).collect(Collectors.joining(","));
    }

    /// Odd numbers of 34 digits, which have next to nothing in common: the sum has a hundred thousand digits.
    private static String fraction(int i) {
        return "1/"
                + BigInteger.TEN.pow(33).add(BigInteger.valueOf(2L * i * i + 1)).toString();
    }

    @Test
    void thousands_of_shares_whose_sum_has_a_hundred_thousand_digits() {
        String shares = IntStream.range(0, 3_500)
                .mapToObj(i -> "'p" + i + "':'" + fraction(i) + "'")
                .collect(Collectors.joining(","));
        Json document = Documents.of("{'id':'s','type':'split','holder':'p0','of':'sales','shares':{" + shares + "}}");

        TermsReview review = review(document);

        assertThat(review.faults())
                .contains(new Finding("SHARES_NOT_ONE", "/clauses/0/shares", "shares add up to less than 1, not to 1"));
    }

    @Test
    void five_hundred_fees_on_one_measure_each_in_force_a_day_longer() {
        String fees = IntStream.range(0, 500)
                .mapToObj(i ->
                        "{'id':'f%d','type':'fee','from':'hub','to':'x','of':'sales','rate':'%s','when':{'from':'%s'}}"
                                .formatted(
                                        i, fraction(i), LocalDate.of(2026, 1, 1).plusDays(i)))
                .collect(Collectors.joining(","));

        TermsReview review = review(Documents.of(fees));

        assertThat(review.holds()).isTrue();
        assertThat(review.warnings())
                .filteredOn(warning -> warning.code().equals("OVERLAP"))
                .hasSize(499);
    }

    @Test
    void a_thousand_filters_that_all_match_the_same_events() {
        String filters = many(100, "{'type':['sale','sale'],'attrs':{'a%d':{'gte':1}}}");
        String measures = IntStream.range(0, 10)
                .mapToObj(i -> "'m" + i + "':{'plus':[" + filters + "]}")
                .collect(Collectors.joining(","));
        Json document = Documents.withMeasures(
                Documents.of("{'id':'f','type':'fee','from':'hub','to':'x','of':'m0','rate':'1'}"), measures);

        assertThat(review(document).holds()).isTrue();
    }

    @Test
    void measures_that_refer_to_each_other_in_a_circle() {
        Json document = Documents.withMeasures(
                Documents.of("{'id':'a','type':'fee','from':'hub','to':'x','of':'b','rate':'1'},"
                        + "{'id':'b','type':'fee','from':'hub','to':'x','of':'a','rate':'1'}"),
                "'a':{'plusClauses':['a']},'b':{'plusClauses':['b']}");

        assertThat(review(document).faults()).extracting(Finding::code).containsOnly("FORWARD_REFERENCE");
    }

    @ParameterizedTest
    @ValueSource(ints = {33, 399, 401, 100_000})
    void nesting_of_any_depth_is_too_large(int depth) {
        String text = "{\"terms\":\"1\",\"deep\":" + "[".repeat(depth) + "]".repeat(depth) + "}";

        TermsReading reading = assertTimeoutPreemptively(BOUND, () -> TermsReader.read(Bytes.ofUtf8(text)));

        assertThat(reading).isInstanceOf(TermsReading.Refused.class);
        assertThat(((TermsReading.Refused) reading).codes()).containsExactly("TOO_LARGE");
    }

    @Test
    void a_number_of_two_hundred_thousand_digits_is_too_large() {
        Json document = Documents.with(
                Documents.of("{'id':'f','type':'fee','from':'hub','to':'x','of':'sales','rate':'1'}"),
                "version",
                "9".repeat(200_000));

        assertThat(review(document).faults()).extracting(Finding::code).isEqualTo(List.of("TOO_LARGE"));
    }

    @Test
    void a_table_of_two_thousand_rows_is_read_and_one_more_is_not() {
        String fee = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales','rate':"
                + "{'by':'attr','attr':'a','table':{%s}}}";

        assertThat(review(Documents.of(fee.formatted(many(2_000, "'r%d':'0'")))).faults())
                .isEmpty();
        assertThat(review(Documents.of(fee.formatted(many(2_001, "'r%d':'0'")))).faults())
                .extracting(Finding::sentence)
                .containsExactly("has 2001 rows in one rate table, more than 2000");
    }
}
