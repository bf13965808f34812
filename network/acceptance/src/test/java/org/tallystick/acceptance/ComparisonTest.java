package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// A comparison finds what differs, and only that.
final class ComparisonTest {

    private static final String ONE = """
            {"code":"VALID","reads":[{"key":"net","written":"before"}],
             "response":{"items":[{"effects":[{"kind":"settlement"}],"result":"applied","verdict":"1"},
                                  {"result":"refused","verdict":"1"}]},
             "writes":[{"key":"agr/a","value":{"amount":1}}]}""";

    private static Json.Obj json(String text) {
        if (JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new AssertionError(text);
    }

    private static Recording played(String scenario, String... transactions) {
        return new Recording(
                scenario,
                List.of(transactions).stream().map(ComparisonTest::json).toList());
    }

    private static List<String> differences(Recording one, Recording other) {
        return Comparison.of("another", List.of(one), List.of(other)).differences();
    }

    @Test
    void the_same_transactions_are_equal_and_are_counted() {
        Recording recording = played("a story", ONE, ONE);

        Comparison comparison = Comparison.of("another", List.of(recording), List.of(recording));

        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.table())
                .containsPattern(" 2 +2 +2 +2 +2 +2 +yes +a story\n")
                .contains("on another", Names.RULES);
    }

    @ParameterizedTest(name = "{1} instead of {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    "VALID"     | "MVCC_READ_CONFLICT" | /code is "VALID" and "MVCC_READ_CONFLICT"
                    "before"    | "never"              | /reads/0/written is "before" and "never"
                    "refused"   | "applied"            | /response/items/1/result is "refused" and "applied"
                    "amount":1  | "amount":2           | /writes/0/value/amount is 1 and 2
                    "amount":1  | "units":1            | /writes/0/value/amount is 1 and null
                    "agr/a"     | "agr/b"              | /writes/0/key is "agr/a" and "agr/b"
                    """)
    void a_value_that_differs_is_told_with_its_place_and_both_values(String one, String other, String told) {
        String changed = ONE.replace(one, other);

        assertThat(changed).isNotEqualTo(ONE);
        assertThat(differences(played("a story", ONE, ONE), played("a story", ONE, changed)))
                .containsExactly("a story: transaction 2" + told);
    }

    @Test
    void a_transaction_more_and_a_scenario_that_was_not_played_on_both_are_differences() {
        assertThat(differences(played("a story", ONE), played("a story", ONE, ONE)))
                .containsExactly("a story: 1 transactions and 2");
        assertThat(differences(played("a story", ONE), played("another story", ONE)))
                .containsExactly("a story: played on one of them only", "another story: played on one of them only");
        assertThat(Comparison.of("another", List.of(played("a story", ONE)), List.of())
                        .table())
                .contains("NO     a story: played on one of them only");
    }

    @Test
    void a_scenario_of_fabric_alone_is_no_difference_and_is_listed_with_its_reason() {
        Comparison comparison = Comparison.of("fabric", List.of(), List.of(played(FabricOnly.REMOVAL + "()", ONE)));

        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.table())
                .contains("On fabric alone: " + FabricOnly.REMOVAL, "the members of an embedded ledger are those");
        assertThat(Comparison.of("fabric", List.of(played(FabricOnly.REMOVAL, ONE)), List.of())
                        .differences())
                .hasSize(1);
        assertThat(FabricOnly.reason("a story")).isEqualTo(Optional.empty());
    }

    @Test
    void what_differs_from_run_to_run_has_names_that_keep_what_is_the_same() {
        String id = "01KBZ0000000000000000000AB";
        String other = "01KBZ0000000000000000000AC";
        String hash = "0123456789abcdef".repeat(4);
        String thumb = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
        Names names = new Names();

        assertThat(names.in("once/20261126/north/a/shop/north/a/" + other))
                .isEqualTo("once/day/north/a/shop/north/a/id-1");
        assertThat(names.in(id)).isEqualTo("id-2");
        assertThat(names.in("key/north/a/" + thumb)).isEqualTo("key/north/a/bytes-1");
        assertThat(names.in("doc/north/a/shop/" + hash)).isEqualTo("doc/north/a/shop/hash-1");
        assertThat(names.in(json("{\"a\":[\"" + other + "\",\"2026-11-26T12:00:00Z\",7],\"" + hash + "\":true}")))
                .isEqualTo(json("{\"a\":[\"id-1\",\"time\",7],\"hash-1\":true}"));
        assertThat(names.in("2026-01-31 north/platform/creators 1/8"))
                .isEqualTo("2026-01-31 north/platform/creators 1/8");
        assertThat(Names.blank("key/" + thumb + "/" + hash)).isEqualTo("key/bytes/hash");
    }
}
