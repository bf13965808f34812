package org.tallystick.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.tallystick.gateway.configuration.Operation;
import org.tallystick.gateway.configuration.Stop;
import org.tallystick.ledger.cli.UntilStopped;

/// A gateway over a fake ledger in a process of its own, which stops as `tally gateway` does.
final class StandProcess {

    private StandProcess() {}

    /// @param arguments the store; how long a call of the ledger takes, in milliseconds; the notice of a stop and the
    ///     time for what is under way
    public static void main(String[] arguments) throws Exception {
        FakeLedger ledger = new FakeLedger(1, true);
        ledger.faults.latency = millis(arguments[1]);
        GatewaySettings settings = GatewaySettings.of("127.0.0.1", 0, Path.of(arguments[0]), ledger::connect)
                .withOperation(Operation.DEFAULT.withStop(new Stop(millis(arguments[2]), millis(arguments[3]))));
        try (UntilStopped until = new UntilStopped();
                Gateway.Running running = new Gateway(settings).start()) {
            System.out.println(running.port());
            until.await();
            running.leave();
        }
    }

    private static Duration millis(String text) {
        return Duration.ofMillis(Long.parseLong(text));
    }

    static Process start(Path store, int latency, int notice, int drain) throws Exception {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StandProcess.class.getName(),
                        store.toString(),
                        String.valueOf(latency),
                        String.valueOf(notice),
                        String.valueOf(drain)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
