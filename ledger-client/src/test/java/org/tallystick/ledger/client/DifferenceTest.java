package org.tallystick.ledger.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// What differs between two versions is said where a reader looks for it.
class DifferenceTest {

    private static Json.Obj object(String text) {
        return (Json.Obj) ((JsonReader.Value) JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE)).json();
    }

    private static Difference of(String before, String after) {
        return Difference.of(object(before), "same\n", object(after), "same\n");
    }

    @Test
    void the_english_is_compared_line_by_line_with_two_lines_around() {
        String before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";
        String after = before.replace("three", "3").replace("ten", "10");

        Difference difference = Difference.of(object("{}"), before, object("{}"), after);

        assertThat(difference.text())
                .containsExactly(
                        " one", " two", "-three", "+3", " four", " five", "...", " eight", " nine", "-ten", "+10");
        assertThat(difference.rest()).isEmpty();
    }

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1}                                  | {"a":2}                                  | /a 1 2
            {}                                       | {"days":{"grace":5}}                     | /days - {"grace":5}
            {"days":{"close":1,"grace":5}}           | {"days":{"close":1}}                     | /days/grace 5 -
            {"m":["a","b"]}                          | {"m":["a"]}                              | /m ["a","b"] ["a"]
            {"s":[{"id":"a","n":1},{"id":"b"}]}      | {"s":[{"id":"x"},{"id":"a","n":2},{"id":"b"}]} | /s/1/n 1 2; /s/0 - {"id":"x"}
            {"s":[{"id":"a"},{"id":"b"}]}            | {"s":[{"id":"b"}]}                       | /s/0 {"id":"a"} -
            {"s":[{"id":"a"},{"id":"b"}]}            | {"s":[{"id":"b"},{"id":"a"}]}            | /s [{"id":"a"},{"id":"b"}] [{"id":"b"},{"id":"a"}]
            {"g":{"seats":[{"party":"x","seat":"s"}]}} | {"g":{"seats":[{"party":"y","seat":"s"}]}} | /g/seats/0/party "x" "y"
            {"a/b":1}                                | {}                                       | /a~1b 1 -
            {"terms":{"x":1}}                        | {"terms":{"x":2}}                        | /terms/x 1 2
            """)
    void the_rest_is_compared_member_by_member_and_elements_by_their_name(String before, String after, String said) {
        StringBuilder text = new StringBuilder();
        for (Difference.Change change : of(before, after).rest()) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(change.at())
                    .append(' ')
                    .append(change.before().map(DifferenceTest::spelled).orElse("-"))
                    .append(' ')
                    .append(change.after().map(DifferenceTest::spelled).orElse("-"));
        }

        assertThat(text).hasToString(said);
    }

    private static String spelled(Json value) {
        return value.canonical().utf8().orElseThrow();
    }

    @Test
    void nothing_in_the_terms_is_hidden_behind_what_the_english_says_of_them() {
        Difference shown =
                Difference.of(object("{\"terms\":{\"x\":1}}"), "a\n", object("{\"terms\":{\"x\":2}}"), "b\n");

        assertThat(shown.text()).containsExactly("-a", "+b");
        assertThat(shown.rest()).extracting(Difference.Change::at).containsExactly("/terms/x");
    }

    @Test
    void what_only_starts_at_another_time_changes_nothing() {
        assertThat(of("{\"number\":1,\"starts\":\"2026-01\"}", "{\"number\":2,\"starts\":\"2026-02\"}"))
                .satisfies(difference -> assertThat(difference.changesNothing()).isTrue())
                .satisfies(difference -> assertThat(difference.isNone()).isFalse());
        assertThat(of("{\"starts\":1}", "{\"days\":1,\"starts\":2}").changesNothing())
                .isFalse();
    }

    @Test
    void the_same_has_no_difference() {
        assertThat(of("{\"a\":[{\"id\":\"x\"}]}", "{\"a\":[{\"id\":\"x\"}]}").isNone())
                .isTrue();
    }
}
