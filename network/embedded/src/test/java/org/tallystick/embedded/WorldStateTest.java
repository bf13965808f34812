package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorldStateTest {
    private static final int KEYS = 6;

    private static WorldState.Key key(String name) {
        return new WorldState.Key.Public("ns", ByteString.copyFromUtf8(name));
    }

    private static WorldState.Write write(String name, String value, long index) {
        Optional<ByteString> bytes = value.isEmpty() ? Optional.empty() : Optional.of(ByteString.copyFromUtf8(value));
        return new WorldState.Write(key(name), bytes, index);
    }

    private static String value(WorldState.Snapshot snapshot, String name) {
        return snapshot.get(key(name))
                .map(found -> found.value().toStringUtf8())
                .orElse("");
    }

    @Test
    void a_value_has_the_place_of_the_transaction_that_wrote_it() {
        var state = new WorldState();
        state.apply(0, List.of());
        state.apply(1, List.of(write("k", "first", 0), write("k", "second", 3)));

        try (var snapshot = state.snapshot()) {
            var found = snapshot.get(key("k")).orElseThrow();
            assertThat(found.value().toStringUtf8()).isEqualTo("second");
            assertThat(found.version().getBlockNum()).isEqualTo(1);
            assertThat(found.version().getTxNum()).isEqualTo(3);
        }
        assertThat(state.version(key("k")).orElseThrow().getTxNum()).isEqualTo(3);
        assertThat(state.version(key("other"))).isEmpty();
    }

    /// Whatever is written and deleted meanwhile, a snapshot shows what was there when it was taken.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_snapshot_does_not_change(long seed) {
        var random = new Random(seed);
        var state = new WorldState();
        Map<String, String> now = new HashMap<>();
        var snapshots = new ArrayList<WorldState.Snapshot>();
        var expected = new ArrayList<Map<String, String>>();

        for (int block = 0; block < 40; block++) {
            var writes = new ArrayList<WorldState.Write>();
            for (int i = 0; i < random.nextInt(4); i++) {
                String name = "k" + random.nextInt(KEYS);
                String value = random.nextInt(3) == 0 ? "" : "v" + block + "." + i;
                writes.add(write(name, value, i));
                now.put(name, value);
            }
            state.apply(block, writes);
            if (random.nextBoolean()) {
                snapshots.add(state.snapshot());
                expected.add(Map.copyOf(now));
            }
            if (!snapshots.isEmpty() && random.nextInt(3) == 0) {
                int closed = random.nextInt(snapshots.size());
                snapshots.remove(closed).close();
                var _ = expected.remove(closed);
            }
            for (int i = 0; i < snapshots.size(); i++) {
                for (int k = 0; k < KEYS; k++) {
                    String name = "k" + k;
                    assertThat(value(snapshots.get(i), name))
                            .isEqualTo(expected.get(i).getOrDefault(name, ""));
                }
            }
        }
        snapshots.forEach(WorldState.Snapshot::close);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }
}
