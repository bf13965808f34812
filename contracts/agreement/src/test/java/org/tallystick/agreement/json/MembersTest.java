package org.tallystick.agreement.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.bytes.Bytes;

/// Members of an object are those of a sorted map, however they were read.
final class MembersTest {

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void members_read_in_any_order_are_those_of_a_sorted_map(long seed) {
        Random random = new Random(seed);
        boolean inOrder = random.nextBoolean();
        TreeMap<String, Json> expected = new TreeMap<>();
        List<String> text = new ArrayList<>();
        int count = random.nextInt(40);
        for (int i = 0; i < count; i++) {
            String name = inOrder ? "%03d".formatted(i) : String.valueOf(random.nextInt(60));
            if (expected.putIfAbsent(name, Json.whole(i)) == null) {
                text.add("\"" + name + "\":" + i);
            } else {
                assertThat(read(text, "\"" + name + "\":{}"))
                        .isEqualTo(new JsonReader.Fault(
                                "duplicate_member", String.join(",", text).length() + 2));
            }
        }

        SortedMap<String, Json> members = read(text) instanceof JsonReader.Value(Json.Obj object)
                ? object.members()
                : new TreeMap<>(Map.of("no", new Json.Null()));

        assertThat(members).isEqualTo(expected).hasSameHashCodeAs(expected);
        assertThat(expected).isEqualTo(members);
        assertThat(members.keySet()).containsExactlyElementsOf(expected.keySet());
        assertThat(members).hasSize(expected.size());
        for (int number = 0; number < 60; number++) {
            String name = String.valueOf(number);
            assertThat(members.get(name)).isEqualTo(expected.get(name));
            assertThat(members.headMap(name)).isEqualTo(expected.headMap(name));
            assertThat(members.tailMap(name)).isEqualTo(expected.tailMap(name));
        }
        TreeMap<String, Json> seen = new TreeMap<>();
        members.forEach(seen::put);
        assertThat(seen).isEqualTo(expected);
        if (!expected.isEmpty()) {
            assertThat(members.firstKey()).isEqualTo(expected.firstKey());
            assertThat(members.lastKey()).isEqualTo(expected.lastKey());
        }
    }

    private static JsonReader.Reading read(List<String> members, String... more) {
        List<String> all = new ArrayList<>(members);
        all.addAll(List.of(more));
        return JsonReader.read(Bytes.ofUtf8("{" + String.join(",", all) + "}"), JsonReader.Profile.SIGNED);
    }

    /// What was read twice is one object in memory, and still each says its own.
    @Test
    void like_objects_in_an_array_are_read_like_others() {
        String text =
                "[{\"a\":\"x\",\"b\":\"EUR\"},{\"a\":\"y\",\"b\":\"EUR\"},{\"a\":\"x\",\"c\":\"a\"},{\"d\":\"x\",\"e\":\"EUS\"}]";

        JsonReader.Reading reading = JsonReader.readCanonical(Bytes.ofUtf8(text));

        assertThat(reading)
                .isEqualTo(new JsonReader.Value(Json.array(List.of(
                        Json.object().with("a", "x").with("b", "EUR").build(),
                        Json.object().with("a", "y").with("b", "EUR").build(),
                        Json.object().with("a", "x").with("c", "a").build(),
                        Json.object().with("d", "x").with("e", "EUS").build()))));
        assertThat(((JsonReader.Value) reading).json().canonical()).isEqualTo(Bytes.ofUtf8(text));
    }

    @Test
    void members_never_change() {
        Members members = Members.of(new TreeMap<>(Map.of("a", Json.whole(1))));

        assertThatThrownBy(() -> members.put("b", Json.whole(2))).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> members.remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> members.entrySet().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> members.headMap("b").put("a", Json.whole(3)))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(members.get("a")).isEqualTo(Json.whole(1));
    }

    @Test
    void of_no_members_there_is_no_first() {
        Members none = Members.of(new TreeMap<>());

        assertThatThrownBy(none::firstKey).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(none::lastKey).isInstanceOf(NoSuchElementException.class);
    }
}
