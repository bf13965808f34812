package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// The worst that a document within the limits can ask for: it is refused, or settled within the bound below.
class HostileTermsTest {

    /// Far above what is measured (about a second), far below what anything that is not linear would take.
    private static final Duration BOUND = Duration.ofSeconds(60);

    /// A rational of 40 characters with a denominator like no other.
    private static String fraction(Random random) {
        BigInteger denominator = new BigInteger(122, random).setBit(121).setBit(0);
        return "1/" + denominator;
    }

    @Test
    void rates_whose_common_denominator_has_seventy_thousand_digits_are_added_exactly() {
        Random random = new Random(1);
        List<String> rows = new ArrayList<>();
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 1_900; i++) {
            rows.add("'" + i + "':'" + fraction(random) + "'");
            events.add("e" + i + " sale 2026-01-01 a=999999999999999999999999999999 k=" + i);
        }
        String clause = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales','rate':{'by':'attr','attr':'k',"
                + "'table':{" + String.join(",", rows) + "}}}";

        Statement statement = assertTimeout(
                BOUND, () -> Books.statement(Documents.of(clause), String.join("\n", events), "2026-01", "2026-01"));

        assertThat(statement.lines()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void clauses_that_multiply_each_other_make_numbers_of_ten_thousand_digits() {
        String rate = "9".repeat(40);
        List<String> clauses = new ArrayList<>();
        List<String> measures = new ArrayList<>();
        clauses.add("{'id':'c0','type':'fee','from':'hub','to':'x','of':'sales','rate':'" + rate + "'}");
        for (int i = 1; i < 250; i++) {
            measures.add("'m" + i + "':{'plusClauses':['c" + (i - 1) + "']}");
            clauses.add(
                    "{'id':'c" + i + "','type':'fee','from':'hub','to':'x','of':'m" + i + "','rate':'" + rate + "'}");
        }
        Json terms = Documents.withMeasures(Documents.of(String.join(",", clauses)), String.join(",", measures));

        Statement statement =
                assertTimeout(BOUND, () -> Books.statement(terms, "s sale 2026-01-01 a=1", "2026-01", "2026-01"));

        assertThat(statement.payments().getOrDefault("x", BigInteger.ZERO).toString())
                .hasSize(10_000);
        assertThat(statement.lines().getFirst().amount()).isEqualTo(new BigInteger(rate));
    }

    @Test
    void a_thousand_overlapping_filters_cost_an_event_one_look_each() {
        String filters = IntStream.range(0, 100)
                .mapToObj(i -> "{'type':'sale','attrs':{'kind':'k" + i + "'}}")
                .collect(Collectors.joining(","));
        List<String> measures = new ArrayList<>();
        List<String> clauses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            measures.add("'m" + i + "':{'plus':[" + filters + "]}");
        }
        for (int i = 0; i < 400; i++) {
            clauses.add("{'id':'c" + i + "','type':'fee','from':'hub','to':'x','of':'m" + i % 10 + "','rate':'1'}");
        }
        Json terms = Documents.withMeasures(Documents.of(String.join(",", clauses)), String.join(",", measures));
        String events = IntStream.range(0, 2_000)
                .mapToObj(i -> "e" + i + " sale 2026-01-01 a=1 kind=k" + i % 200)
                .collect(Collectors.joining("\n"));

        Statement statement = assertTimeout(BOUND, () -> Books.statement(terms, events, "2026-01", "2026-01"));

        // Of two hundred kinds, a hundred are counted, ten times each.
        assertThat(statement.lines())
                .hasSize(400)
                .allMatch(line -> line.amount().equals(BigInteger.valueOf(1_000)));
    }

    @Test
    void measures_that_refer_to_each_other_in_a_circle_are_refused() {
        Json terms = Documents.withMeasures(
                Documents.of("{'id':'a','type':'fee','from':'hub','to':'x','of':'m','rate':'1'},"
                        + "{'id':'b','type':'fee','from':'hub','to':'x','of':'n','rate':'1'}"),
                "'m':{'plusClauses':['b']},'n':{'plusClauses':['a']}");

        assertThat(TermsReader.read(terms))
                .isInstanceOfSatisfying(
                        TermsReading.Refused.class,
                        refused -> assertThat(refused.findings())
                                .anyMatch(finding -> finding.code().equals("FORWARD_REFERENCE")));
    }

    @ParameterizedTest(name = "{0} of {1} by {2} in {3}")
    @CsvSource({
        "f hub>x 9007199254740991, 9007199254740991, 1, 2026-01",
        "f hub>x 9007199254740992, 9007199254740992, 1, 2026-01",
        "f hub>x 999999999999999999999999999999, 999999999999999999999999999999, 1, 1000-01",
        "f hub>x 1, 1, 1, 9999-12",
        "f hub>x 1, 1, 0.99999999999999999999999999999999999999, 2028-02",
    })
    void numbers_at_their_limits_are_computed_exactly(String line, String amount, String rate, String month) {
        String day = month.equals("2028-02") ? "29" : "01";

        Statement statement = Books.statement(
                Documents.of("{'id':'f','type':'fee','from':'hub','to':'x','of':'sales','rate':'" + rate + "'}"),
                "s sale " + month + "-" + day + " a=" + amount,
                month,
                month);

        assertThat(Books.lines(statement)).containsExactly(line);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "s sale 2026-01-01 a=1000000000000000000000000000000",
        "s sale 2026-02-29 a=1",
        "s sale 0999-12-31 a=1",
        "s sale 10000-01-01 a=1",
        "s sale 2026-01-01 a=1 q=0.123456789012345678901234567890123456789",
    })
    void one_past_a_limit_has_no_form(String event) {
        assertThat(Books.refused(
                        Documents.of("{'id':'f','type':'fee','from':'hub','to':'x','of':'sales','rate':'1'}"),
                        event,
                        "2026-01",
                        "2026-01"))
                .containsExactly("EVENT_FORM");
    }
}
