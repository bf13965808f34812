package org.tallystick.acceptance.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// How fast terms are settled, and in how much memory: has JMH run [TermsBenchmarks] and holds what it measured against
/// the goals.
///
/// Usage: TermsBench ROOT [--json]. Prints a table, or an array. Exit code 1 if a goal is missed. What JMH itself
/// prints lies in `target/bench-terms.txt`.
public final class TermsBench {

    private static final int WARMUPS = 3;
    private static final int ITERATIONS = 5;

    /// Enough for a million events at hand. The collector has no threads of its own, so that its work is counted too.
    private static final String[] HEAP = {"-XX:+UseSerialGC", "-Xms3g", "-Xmx3g"};

    private static final String SMALL = "-Xmx64m";
    private static final String[] SMALL_HEAP = {"-XX:+UseSerialGC", SMALL};

    private final Path log;
    private final List<Measurement> measured = new ArrayList<>();

    private TermsBench(Path log) {
        this.log = log;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> rest = new ArrayList<>(List.of(arguments));
        boolean json = rest.remove("--json");
        if (rest.size() != 1) {
            System.err.println("bench: error: the root of the repository is missing");
            System.err.println("bench: hint: ./scripts/bench --help");
            System.exit(2);
        }
        Path log = Files.createDirectories(Path.of(rest.getFirst(), "target")).resolve("bench-terms.txt");
        TermsBench bench = new TermsBench(log);
        bench.run();
        List<Measurement> measured = bench.measured;
        System.out.println(json ? Measurement.json(measured) : Measurement.table(measured));
        System.exit(measured.stream().allMatch(Measurement::holds) ? 0 : 1);
    }

    private void run() throws Exception {
        Files.deleteIfExists(log);
        Collection<RunResult> results = new Runner(options("(fold|prices|read|single)$")
                        .mode(Mode.AverageTime)
                        .warmupIterations(WARMUPS)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(ITERATIONS)
                        .measurementTime(TimeValue.seconds(1))
                        .jvmArgsAppend(HEAP)
                        .build())
                .run();
        double many = seconds(results, "fold", TermsBenchmarks.MANY);
        double few = seconds(results, "fold", TermsBenchmarks.FEW);
        rate("fold.parsed", TermsBenchmarks.MANY / many, 2_000_000);
        rate("fold.json", TermsBenchmarks.TEXTS / seconds(results, "read", ""), 400_000);
        milliseconds("prices.thousand", seconds(results, "prices", TermsBenchmarks.FEW));
        milliseconds("prices.million", seconds(results, "prices", TermsBenchmarks.MANY));
        double exponent = Math.log(many / few) / Math.log((double) TermsBenchmarks.MANY / TermsBenchmarks.FEW);
        measured.add(Measurement.atMost("terms.exponent", exponent, "of the number of events", 1.05));
        for (SingleClause single : SingleClause.values()) {
            rate("single." + single.text(), TermsBenchmarks.MANY / seconds(results, "single", single.name()), 500_000);
        }
        measured.add(Measurement.atLeast(
                "terms.stream.64m", streams() ? TermsBenchmarks.MANY : 0, "events", TermsBenchmarks.MANY));
    }

    /// One thread in a Java of its own.
    private ChainedOptionsBuilder options(String benchmarks) {
        return new OptionsBuilder()
                .include(TermsBenchmarks.class.getName() + "\\." + benchmarks)
                .threads(1)
                .forks(1)
                .shouldFailOnError(true)
                .output(log.toString());
    }

    /// Whether a million events go through a Java that has little memory.
    private boolean streams() {
        try {
            return !new Runner(options("stream$")
                            .mode(Mode.SingleShotTime)
                            .measurementIterations(1)
                            .warmupIterations(0)
                            .jvmArgsAppend(SMALL_HEAP)
                            .build())
                    .run()
                    .isEmpty();
        } catch (RunnerException e) {
            System.err.println("bench: error: " + e.getMessage() + " (see " + log + ")");
            return false;
        }
    }

    /// The mean time of one run, with its parameter if it has one.
    private static double seconds(Collection<RunResult> results, String benchmark, Object parameter) {
        return results.stream()
                .filter(result -> result.getParams().getBenchmark().endsWith("." + benchmark))
                .filter(result -> result.getParams().getParamsKeys().stream()
                        .allMatch(key -> result.getParams().getParam(key).equals(parameter.toString())))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("JMH did not measure " + benchmark + " " + parameter))
                .getPrimaryResult()
                .getScore();
    }

    private void rate(String name, double events, double goal) {
        measured.add(Measurement.atLeast("terms." + name, events, "events/s", goal));
    }

    private void milliseconds(String name, double seconds) {
        measured.add(Measurement.atMost("terms." + name, seconds * 1_000, "ms", 10));
    }
}
