package org.tallystick.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Many runs, each with a seed.
@Tag("slow")
final class SimulationTest {

    private static final long SEEDS = 500;
    private static final Logger COURIER = Logger.getLogger("org.tallystick.gateway.courier");

    @BeforeEach
    void quiet() {
        if (!Boolean.getBoolean("simulation.loud")) {
            COURIER.setLevel(Level.OFF);
        }
    }

    @AfterEach
    void loud() {
        COURIER.setLevel(null);
    }

    @Test
    void every_acknowledged_instruction_comes_to_one_answer_whatever_happens() throws InterruptedException {
        runs(Long.getLong("simulation.from", 1), Long.getLong("simulation.seeds", SEEDS));
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

    private static void runs(long from, long seeds) throws InterruptedException {
        Supply supply = new Supply();
        Set<String> crashes = new TreeSet<>();
        int fenced = 0;
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
        System.out.println("fenced " + fenced);
        assertThat(fenced).isPositive();
        // A point at which nobody was killed is a point that was not tried.
        assertThat(crashes).containsExactlyInAnyOrderElementsOf(MemoryStore.CRASHES);
    }
}
