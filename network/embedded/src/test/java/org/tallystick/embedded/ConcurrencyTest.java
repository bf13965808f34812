package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {
    private static final int CLIENTS = 64;
    private static final int SUBMITS = 5;
    private static final List<String> MEMBERS = List.of("AcmeMSP", "BlueMSP", "CoralMSP");

    @TempDir
    private Path folder;

    private EmbeddedLedger start() throws Exception {
        return EmbeddedLedger.start(
                EmbeddedLedger.Settings.of(folder, MEMBERS, List.of(NotebookChaincode.definition())));
    }

    @Test
    void what_sixty_four_clients_were_told_is_there_after_a_restart() throws Exception {
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        var appended = new AtomicInteger();
        try (var ledger = start();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<Client>();
            MEMBERS.forEach(member -> clients.add(Client.inProcess(ledger, member)));
            var done = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                done.add(executor.submit(() -> {
                    Client client = clients.get(number % clients.size());
                    for (int submit = 0; submit < SUBMITS; submit++) {
                        String key = number + "." + submit;
                        acknowledged.put(key, client.submit("put", key, "value " + key));
                    }
                    try {
                        client.commits("append", "hot", "x");
                        int _ = appended.incrementAndGet();
                    } catch (CommitException e) {
                        assertThat(e.getCode()).isEqualTo(TxValidationCode.MVCC_READ_CONFLICT);
                    }
                    return null;
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }

        assertThat(acknowledged).hasSize(CLIENTS * SUBMITS);
        assertThat(appended).hasPositiveValue();
        try (var ledger = start()) {
            var acme = Client.inProcess(ledger, "AcmeMSP");
            for (var entry : acknowledged.entrySet()) {
                assertThat(acme.evaluate("get", entry.getKey())).isEqualTo(entry.getValue());
            }
            assertThat(acme.evaluate("get", "hot")).hasSize(appended.get());
        }
    }

    @Test
    void a_slow_invocation_holds_up_neither_others_nor_commits() throws Exception {
        try (var ledger = start();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var acme = Client.inProcess(ledger, "AcmeMSP");
            acme.commits("put", "warm", "1");
            Instant begin = Instant.now();
            var slow = new ArrayList<Future<String>>();
            for (int i = 0; i < 8; i++) {
                slow.add(executor.submit(() -> acme.evaluate("sleep", "1500")));
            }

            acme.commits("put", "meanwhile", "1");
            assertThat(acme.evaluate("get", "meanwhile")).isEqualTo("1");
            assertThat(slow).noneMatch(Future::isDone);

            for (Future<String> each : slow) {
                assertThat(each.get()).isEqualTo("slept");
            }
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(6));
        }
    }
}
