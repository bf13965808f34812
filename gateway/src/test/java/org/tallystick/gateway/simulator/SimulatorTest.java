package org.tallystick.gateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Many runs, each with a seed. One of them again, and heard: `-Dtest=SimulatorTest -Dsimulator.from=SEED
/// -Dsimulator.seeds=1 -Dsimulator.loud=true`.
@Tag("slow")
final class SimulatorTest {

    private static final long SEEDS = 500;
    private static final long MANY_FROM = 10_000;
    private static final long MANY = 100_000;
    private static final int AT_ONCE = 2;
    private static final Logger COURIER = Logger.getLogger("org.tallystick.gateway.courier");

    @BeforeEach
    void quiet() {
        if (!Boolean.getBoolean("simulator.loud")) {
            COURIER.setLevel(Level.OFF);
        }
    }

    @AfterEach
    void loud() {
        COURIER.setLevel(null);
    }

    @Test
    void every_acknowledged_instruction_comes_to_one_answer_whatever_happens() throws InterruptedException {
        runs(Long.getLong("simulator.from", 1), Long.getLong("simulator.seeds", SEEDS));
    }

    @Test
    void the_same_seed_is_the_same_run() throws InterruptedException {
        Supply supply = new Supply();
        SeededRun one = new SeededRun(supply, 7);
        SeededRun other = new SeededRun(supply, 7);

        one.run();
        other.run();

        assertThat(other.steps()).isEqualTo(one.steps());
        assertThat(other.transactions()).isEqualTo(one.transactions()).isNotEmpty();
    }

    @Tag("long")
    @Test
    void so_it_does_under_many_seeds() throws Exception {
        List<Callable<Seen>> parts = new ArrayList<>();
        for (int part = 0; part < AT_ONCE; part++) {
            long from = MANY_FROM + part * MANY / AT_ONCE;
            parts.add(() -> seen(from, MANY / AT_ONCE));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<Seen> part : threads.invokeAll(parts)) {
                judge(part.get());
            }
        }
    }

    /// What came about in some runs.
    private record Seen(Set<String> crashes, long fenced) {}

    private static void runs(long from, long seeds) throws InterruptedException {
        Seen seen = seen(from, seeds);
        if (seeds >= SEEDS) {
            judge(seen);
        }
    }

    private static Seen seen(long from, long seeds) throws InterruptedException {
        Supply supply = new Supply();
        Set<String> crashes = new TreeSet<>();
        long fenced = 0;
        for (long seed = from; seed < from + seeds; seed++) {
            SeededRun run = new SeededRun(supply, seed);
            try {
                run.run();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
            crashes.addAll(run.crashes());
            fenced += run.fenced();
        }
        return new Seen(crashes, fenced);
    }

    /// A point at which nobody was killed is a point that was not tried; so it is with takeovers.
    private static void judge(Seen seen) {
        assertThat(seen.crashes()).containsExactlyInAnyOrderElementsOf(MemoryStore.CRASHES);
        assertThat(seen.fenced()).isPositive();
    }
}
