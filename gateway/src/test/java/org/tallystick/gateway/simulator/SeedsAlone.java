package org.tallystick.gateway.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Runs in processes of their own, in each of which all threads share one carrier: to go from one to the other costs
/// less then.
final class SeedsAlone {

    private static final int AT_ONCE = 2;
    private static final String CRASHES = "crashes ";
    private static final String FENCED = "fenced ";

    private SeedsAlone() {}

    /// @throws AssertionError with what a process printed, if something is wrong
    static SeededRuns of(long from, long seeds) throws IOException, InterruptedException {
        List<Process> parts = new ArrayList<>();
        try {
            for (int part = 0; part < AT_ONCE; part++) {
                long begin = from + part * seeds / AT_ONCE;
                parts.add(begin(begin, from + (part + 1) * seeds / AT_ONCE - begin));
            }
            Set<String> crashes = new TreeSet<>();
            long fenced = 0;
            for (Process part : parts) {
                SeededRuns runs = end(part);
                crashes.addAll(runs.crashes());
                fenced += runs.fenced();
            }
            return new SeededRuns(crashes, fenced);
        } finally {
            parts.forEach(Process::destroyForcibly);
        }
    }

    private static Process begin(long from, long seeds) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        SeedsAlone.class.getName(),
                        String.valueOf(from),
                        String.valueOf(seeds))
                .redirectErrorStream(true)
                .start();
    }

    private static SeededRuns end(Process process) throws InterruptedException {
        String printed;
        try {
            printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (process.waitFor() != 0) {
            throw new AssertionError(printed);
        }
        List<String> crashes = Arrays.asList(told(printed, CRASHES).split(",", -1));
        return new SeededRuns(new TreeSet<>(crashes), Long.parseLong(told(printed, FENCED)));
    }

    private static String told(String printed, String what) {
        return printed.lines()
                .filter(line -> line.startsWith(what))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing of " + what + "in: " + printed))
                .substring(what.length());
    }

    static void main(String[] range) throws InterruptedException {
        Logger.getLogger("").setLevel(Level.OFF);
        SeededRuns runs = SeededRuns.of(Long.parseLong(range[0]), Long.parseLong(range[1]));
        System.out.println(CRASHES + String.join(",", runs.crashes()));
        System.out.println(FENCED + runs.fenced());
    }
}
