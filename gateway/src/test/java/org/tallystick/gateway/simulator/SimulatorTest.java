package org.tallystick.gateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.Promise;

/// Many runs, each with a seed. One of them again, and heard: `-Dtest=SimulatorTest -Dsimulator.from=SEED
/// -Dsimulator.seeds=1 -Dsimulator.loud=true`.
@Tag("slow")
final class SimulatorTest {

    private static final long SEEDS = 500;
    private static final long MANY_FROM = 10_000;
    private static final long MANY = 100_000;
    private static final boolean LOUD = Boolean.getBoolean("simulator.loud");
    private static final Logger COURIER = Logger.getLogger("org.tallystick.gateway.courier");

    @BeforeEach
    void quiet() {
        if (!LOUD) {
            COURIER.setLevel(Level.OFF);
        }
    }

    @AfterEach
    void loud() {
        COURIER.setLevel(null);
    }

    @Promise({"P1", "P2", "P4", "P11", "P13", "P14"})
    @Test
    void every_acknowledged_instruction_comes_to_one_answer_whatever_happens() throws Exception {
        long from = Long.getLong("simulator.from", 1);
        long seeds = Long.getLong("simulator.seeds", SEEDS);
        SeededRuns runs = LOUD ? SeededRuns.of(from, seeds) : SeedsAlone.of(from, seeds);
        if (seeds >= SEEDS) {
            judge(runs);
        }
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
    @Promise({"P1", "P2", "P4", "P11", "P13", "P14"})
    @Test
    void so_it_does_under_many_seeds() throws Exception {
        judge(SeedsAlone.of(MANY_FROM, MANY));
    }

    /// A point at which nobody was killed is a point that was not tried; so it is with takeovers.
    private static void judge(SeededRuns runs) {
        assertThat(runs.crashes()).containsExactlyInAnyOrderElementsOf(MemoryStore.CRASHES);
        assertThat(runs.fenced()).isPositive();
    }
}
