package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What a process has used so far, by the system's own account.
///
/// @param peakKib the most memory that it has had
record Usage(Duration cpu, long residentKib, long peakKib) {

    private static final String RESIDENT = "VmRSS:";
    private static final String PEAK = "VmHWM:";

    /// How the names of the compiling threads begin.
    private static final List<String> COMPILERS = List.of("C1 Compiler", "C2 Compiler");
    /// Where a thread's `stat` has its CPU, counted from the member behind its name.
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;
    /// In which Linux counts it.
    private static final Duration TICK = Duration.ofMillis(10);

    /// @throws IOException if the system does not tell: the memory is read from `/proc`, so this needs Linux
    static Usage of(ProcessHandle process) throws IOException {
        return find(process)
                .orElseThrow(() -> new IOException("the system does not tell what " + process.pid()
                        + " uses; that is read from /proc, of processes that run"));
    }

    /// Nothing once it has ended.
    static Optional<Usage> find(ProcessHandle process) throws IOException {
        Optional<Duration> cpu = process.info().totalCpuDuration();
        List<String> status = status(process);
        OptionalLong resident = kib(status, RESIDENT);
        OptionalLong peak = kib(status, PEAK);
        return cpu.isEmpty() || resident.isEmpty() || peak.isEmpty()
                ? Optional.empty()
                : Optional.of(new Usage(cpu.get(), resident.getAsLong(), peak.getAsLong()));
    }

    /// What the threads of a Java machine have used that compile what it runs.
    static Duration compiling(ProcessHandle process) throws IOException {
        Duration used = Duration.ZERO;
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                String name = Files.readString(thread.resolve("comm"));
                if (COMPILERS.stream().anyMatch(name::startsWith)) {
                    String stat = Files.readString(thread.resolve("stat"));
                    List<String> fields =
                            List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
                    long ticks = Long.parseLong(fields.get(USER_TIME)) + Long.parseLong(fields.get(SYSTEM_TIME));
                    used = used.plus(TICK.multipliedBy(ticks));
                }
            }
        }
        return used;
    }

    /// Empty once the process has ended, which it may do while its file is read.
    private static List<String> status(ProcessHandle process) throws IOException {
        Path file = Path.of("/proc", Long.toString(process.pid()), "status");
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            }
            return List.of();
        }
    }

    private static OptionalLong kib(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    Duration cpuSince(Usage before) {
        return cpu.minus(before.cpu);
    }
}
