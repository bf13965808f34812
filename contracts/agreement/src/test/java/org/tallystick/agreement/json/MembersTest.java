package org.tallystick.agreement.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;

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
        Members.Reading reading = new Members.Reading();
        int count = random.nextInt(40);
        for (int i = 0; i < count; i++) {
            String name = inOrder ? "%03d".formatted(i) : String.valueOf(random.nextInt(60));
            assertThat(reading.has(name)).isEqualTo(expected.containsKey(name));
            if (!reading.has(name)) {
                reading.put(name, Json.whole(i));
                expected.put(name, Json.whole(i));
            }
        }

        Members members = reading.read(null);

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

    @Test
    void members_never_change() {
        Members members = Members.of(new TreeMap<>(java.util.Map.of("a", Json.whole(1))));

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
