package org.tallystick.agreement.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.JsonReader.Profile;

/// The one spelling of a value: RFC 8785, and what is no longer that.
final class CanonicalTest {

    /// RFC 8785 section 3.2.4, the member `string`.
    @Test
    void a_string_has_the_octets_of_rfc_8785() {
        Json json = read("{\"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"}");

        assertThat(json.canonical())
                .isEqualTo(Bytes.ofHex("7b22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"));
    }

    /// RFC 8785 section 3.2.3: sorted by UTF-16 code units, so the emoji comes before the last of the Hebrew letters.
    @Test
    void members_are_sorted_as_in_rfc_8785() {
        Json json = read(
                "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}");

        assertThat(json.canonical().utf8())
                .contains("{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1,"b":[true,false,null,-7,""]} | good
            {"b":1,"a":2}                       | not_canonical at 2
            { }                                 | not_canonical at 1
            [1 ]                                | not_canonical at 2
            ["\\u0041"]                         | not_canonical at 2
            ["\\/"]                             | not_canonical at 2
            ["\\u000a"]                         | not_canonical at 3
            ["\\u001F"]                         | not_canonical at 7
            [9007199254740991]                  | good
            [9007199254740992]                  | number_form at 1
            [-0]                                | number_form at 1
            [1.0]                               | number_form at 1
            [1e0]                               | number_form at 1
            [01]                                | not_json at 2
            {"a":1,"a":1}                       | duplicate_member at 7
            {"a":1,"\\u0061":1}                 | duplicate_member at 7
            ["\\ud800"]                         | not_json at 1
            []x                                 | not_json at 2
            ["€",x]                             | not_json at 5
            ["😀",x]                       | not_json at 6
            {"é":1,"e":"€"}                     | not_canonical at 2
            {"e":1,"é":"€","é":2}               | duplicate_member at 15
            ["é","€€","😀"]                | good
            ["\\u00e9"]                         | not_canonical at 2
            """)
    void any_other_spelling_is_refused(String text, String answer) {
        String found = switch (JsonReader.readCanonical(Bytes.ofUtf8(text))) {
            case JsonReader.Value _ -> "good";
            case JsonReader.Fault(var code, var at) -> code + " at " + at;
        };

        assertThat(found).isEqualTo(answer);
    }

    /// Whatever else is wrong with it.
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"22ff22", "5b78ff5d", "ff", "5bc3285d", "22c3a922ff", "7b2261223a7822ff227d"})
    void what_is_no_text_is_no_json_from_its_first_octet_on(String hex) {
        assertThat(JsonReader.readCanonical(Bytes.ofHex(hex))).isEqualTo(new JsonReader.Fault("not_json", 0));
    }

    @Test
    void a_number_that_is_not_whole_has_no_canonical_form() {
        Json json = read("[0.5]");

        assertThatIllegalArgumentException().isThrownBy(json::canonical);
        assertThat(read("[1.50e2,5.0,-0,1e400]"))
                .hasToString("Arr[items=[Whole[value=150], Whole[value=5], Whole[value=0], Inexact[spelling=1e400]]]");
    }

    @Test
    void forty_levels_are_not_too_deep_and_forty_one_are() {
        assertThat(JsonReader.readCanonical(nested(40))).isInstanceOf(JsonReader.Value.class);
        assertThat(JsonReader.readCanonical(nested(41))).isEqualTo(new JsonReader.Fault("too_deep", 40));
    }

    /// What is written is read as the same value, and written the same way again.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_value_has_one_spelling(long seed) {
        Json value = any(new Random(seed), 5);

        Bytes spelled = value.canonical();

        assertThat(JsonReader.readCanonical(spelled)).isEqualTo(new JsonReader.Value(value));
    }

    /// Reading notices by itself what spelling the value again shows.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_is_not_the_one_spelling_is_noticed_while_reading(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            Bytes text = Bytes.ofUtf8(loosely(any(random, 4), random));

            boolean same = JsonReader.read(text, Profile.SIGNED) instanceof JsonReader.Value(var json)
                    && json.canonical().equals(text);

            assertThat(JsonReader.readCanonical(text) instanceof JsonReader.Value)
                    .as("%s", text.utf8())
                    .isEqualTo(same);
        }
    }

    /// However it was spelled, what is read has the one spelling of its value, which it may remember or not.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_was_read_is_spelled_as_what_was_made(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            Json value = any(random, 4);
            Bytes text = Bytes.ofUtf8(loosely(value, random));

            Json read = read(text.utf8().orElseThrow());

            assertThat(read).isEqualTo(value);
            assertThat(read.canonical()).isEqualTo(value.canonical());
            assertThat(Json.array(List.of(value, read)).canonical())
                    .isEqualTo(Json.array(List.of(value, value)).canonical());
        }
    }

    /// A spelling of a value that departs from the canonical one in few places, or in none.
    private static String loosely(Json value, Random random) {
        String space = random.nextInt(40) == 0 ? " " : "";
        return switch (value) {
            case Json.Text(var text)
            when random.nextInt(8) == 0 && !text.isEmpty() -> {
                String first = String.format("\"\\u%04x", (int) text.charAt(0));
                yield text.length() > 1 && Character.isSurrogate(text.charAt(0))
                        ? value.canonical().utf8().orElseThrow()
                        : first
                                + Json.text(text.substring(1))
                                        .canonical()
                                        .utf8()
                                        .orElseThrow()
                                        .substring(1);
            }
            case Json.Whole(var number) when random.nextInt(8) == 0 -> number + (random.nextBoolean() ? ".0" : "e0");
            case Json.Arr(var items) ->
                "[" + space + items.stream().map(item -> loosely(item, random)).collect(Collectors.joining(",")) + "]";
            case Json.Obj(var members) -> {
                List<String> all = new ArrayList<>();
                members.forEach((name, member) ->
                        all.add(loosely(Json.text(name), random) + ":" + space + loosely(member, random)));
                if (random.nextInt(8) == 0) {
                    Collections.shuffle(all, random);
                }
                yield "{" + String.join(",", all) + "}" + space;
            }
            default -> value.canonical().utf8().orElseThrow();
        };
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static Json any(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> Json.whole(random.nextLong(-Json.Whole.MAX, Json.Whole.MAX + 1));
            case 1 -> Json.bool(random.nextBoolean());
            case 2 -> new Json.Null();
            case 3 -> Json.text(word(random));
            case 4 ->
                Json.array(random.ints(random.nextInt(4))
                        .mapToObj(_ -> any(random, depth - 1))
                        .toList());
            default -> {
                var members = new TreeMap<String, Json>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    members.put(word(random), any(random, depth - 1));
                }
                yield new Json.Obj(members);
            }
        };
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x110000);
            word.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
        }
        return word.toString();
    }

    private static Bytes nested(int levels) {
        return Bytes.ofUtf8("[".repeat(levels) + "]".repeat(levels));
    }

    private static Json read(String text) {
        return switch (JsonReader.read(Bytes.ofUtf8(text), Profile.FILE)) {
            case JsonReader.Value(var json) -> json;
            case JsonReader.Fault fault -> throw new IllegalArgumentException(text + ": " + fault);
        };
    }
}
