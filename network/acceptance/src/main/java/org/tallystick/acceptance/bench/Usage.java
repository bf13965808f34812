package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What a process has used so far, by the system's own account.
///
/// @param peakKib the most memory that it has had
record Usage(Duration cpu, long residentKib, long peakKib) {

    private static final String RESIDENT = "VmRSS:";
    private static final String PEAK = "VmHWM:";

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
