package org.tallystick.gateway.simulator;

import java.util.Set;
import java.util.TreeSet;

/// Runs under one seed after the other, and what came about in them.
///
/// @param crashes at which writes gateways were killed
/// @param fenced how often an instance was told that another carries on
record SeededRuns(Set<String> crashes, long fenced) {

    SeededRuns {
        crashes = Set.copyOf(crashes);
    }

    /// @throws AssertionError with the seed, at the first run in which something is wrong
    static SeededRuns of(long from, long seeds) throws InterruptedException {
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
        return new SeededRuns(crashes, fenced);
    }
}
