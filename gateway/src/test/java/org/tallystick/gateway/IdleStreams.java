package org.tallystick.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.tallystick.gateway.http.HttpLimits;
import org.tallystick.gateway.stream.StreamLimits;

/// A gateway in a process of its own, with as little memory as its caller gives it. It says its port; each line that it
/// is given makes it put an agreement on its ledger, and say how many megabytes it needs then.
final class IdleStreams {

    private IdleStreams() {}

    public static void main(String[] arguments) throws IOException {
        StreamLimits limits = new StreamLimits(2_000, 2_000, Duration.ofSeconds(1));
        try (Stand stand = Stand.at(
                        Path.of(arguments[0]), 1, settings -> settings.withHttp(HttpLimits.DEFAULT.withStreams(limits)))
                .enrolled()) {
            System.out.println(stand.port());
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Partners.Deal _ = stand.agreed(line);
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                System.out.println((runtime.totalMemory() - runtime.freeMemory()) >> 20);
            }
        }
    }
}
