package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.GatewayException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A ledger that is killed while it writes loses nothing that it acknowledged.
@Tag("slow")
class KillTest {
    private static final int KILLS = 5;
    private static final int CLIENTS = 16;
    private static final int COMMITS_BEFORE_KILL = 50;
    private static final long SEED = 20_260_701;

    private record Running(Process process, BufferedReader output) implements AutoCloseable {
        static Running start(Path folder) throws IOException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            // It lives for seconds.
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            LedgerProcess.class.getName(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Running(process, process.inputReader());
        }

        void awaitReady() throws IOException {
            String line = output.readLine();
            assertThat(line).startsWith("ready");
            System.out.println(line);
        }

        /// SIGKILL.
        void kill() {
            Process _ = process.destroyForcibly().onExit().join();
        }

        @Override
        public void close() {
            kill();
        }
    }

    /// How a value is kept and asked for.
    private enum Kind {
        PUBLIC {
            @Override
            String keep(Client client, String key, String value) throws GatewayException, CommitException {
                return client.submit("put", key, value);
            }

            @Override
            String ask(Client client, String key) throws GatewayException {
                return client.evaluate("get", key);
            }
        },
        PRIVATE {
            @Override
            String keep(Client client, String key, String value) throws GatewayException, CommitException {
                byte[] _ = vault(client)
                        .newProposal("keep")
                        .addArguments("home", key)
                        .putTransient("value", value)
                        .build()
                        .endorse()
                        .submit();
                return value;
            }

            @Override
            String ask(Client client, String key) throws GatewayException {
                return Client.text(vault(client).evaluateTransaction("show", "home", key));
            }

            private static Contract vault(Client client) {
                return client.network().getContract(VaultChaincode.NAME);
            }
        };

        abstract String keep(Client client, String key, String value) throws GatewayException, CommitException;

        abstract String ask(Client client, String key) throws GatewayException;
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Kind.class)
    @Timeout(180)
    void what_was_acknowledged_survives_being_killed_at_any_moment(Kind kind, @TempDir Path folder) throws Exception {
        var random = new Random(SEED);
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        var files = new LedgerFiles(folder);

        for (int round = 0; round < KILLS; round++) {
            try (var running = Running.start(folder);
                    var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                running.awaitReady();
                ManagedChannel connection = Client.connect(files.address("AcmeMSP"));
                checkAll(kind, acknowledged, Client.overTcp(files, "AcmeMSP", connection));
                List<Future<?>> submitting = submitUntilItEnds(kind, executor, files, connection, round, acknowledged);
                awaitSize(acknowledged, (round + 1) * COMMITS_BEFORE_KILL);
                Thread.sleep(random.nextInt(300));
                running.kill();
                for (Future<?> each : submitting) {
                    each.get();
                }
                connection.shutdownNow();
            }
        }

        try (var running = Running.start(folder)) {
            running.awaitReady();
            ManagedChannel connection = Client.connect(files.address("AcmeMSP"));
            checkAll(kind, acknowledged, Client.overTcp(files, "AcmeMSP", connection));
            connection.shutdownNow();
        }
    }

    private static List<Future<?>> submitUntilItEnds(
            Kind kind,
            ExecutorService executor,
            LedgerFiles files,
            ManagedChannel connection,
            int round,
            Map<String, String> acknowledged) {
        var submitting = new ArrayList<Future<?>>();
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            submitting.add(executor.submit(() -> {
                Client client = Client.overTcp(files, "AcmeMSP", connection);
                try {
                    for (int submit = 0; ; submit++) {
                        String key = round + "." + number + "." + submit;
                        acknowledged.put(key, kind.keep(client, key, "value " + key));
                    }
                } catch (GatewayException | CommitException e) {
                    return; // the ledger is gone
                }
            }));
        }
        return submitting;
    }

    private static void awaitSize(Map<String, String> acknowledged, int size) throws InterruptedException {
        while (acknowledged.size() < size) {
            Thread.sleep(5);
        }
    }

    private static void checkAll(Kind kind, Map<String, String> acknowledged, Client client) throws GatewayException {
        for (var entry : acknowledged.entrySet()) {
            assertThat(kind.ask(client, entry.getKey())).isEqualTo(entry.getValue());
        }
    }
}
