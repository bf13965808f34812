package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What a process has used so far, by the system's own account.
record Usage(Duration cpu, long residentKib) {

    private static final String RESIDENT = "VmRSS:";

    /// @throws IOException if the system does not tell: the memory is read from `/proc`, so this needs Linux
    static Usage of(ProcessHandle process) throws IOException {
        Duration cpu = process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IOException("the system does not tell the CPU time of " + process.pid()));
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        long resident = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(RESIDENT))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow(() -> new IOException(status + " does not tell the memory"));
        return new Usage(cpu, resident);
    }

    Duration cpuSince(Usage before) {
        return cpu.minus(before.cpu);
    }
}
