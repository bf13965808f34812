package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.ledger.cli.UntilStopped;

/// A gateway that is told to stop, as a process of its own and under load.
@Timeout(120)
final class StopTest {

    @TempDir
    Path folder = Path.of(".");

    private final Partners partners = new Partners(1);
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process process(int latency, int notice, int drain) throws Exception {
        Process process = StandProcess.start(folder.resolve("store.db"), latency, notice, drain);
        processes.add(process);
        return process;
    }

    private static int port(Process process) throws Exception {
        return Integer.parseInt(process.inputReader().readLine());
    }

    private static Stand.Reply get(int port, String path) {
        return Stand.send(port, "GET", path, "", new byte[0]);
    }

    private static Stand.Reply post(int port, Bytes envelope, String... headers) {
        return Stand.send(port, "POST", "/v1/instructions", "application/jose+json", envelope.toArray(), headers);
    }

    private Partners.Deal deal(int port) {
        for (Bytes first :
                List.of(partners.registrar(), partners.enroll(Partners.HUB), partners.enroll(Partners.ANA))) {
            assertThat(post(port, first, "prefer", "wait=30").status()).isEqualTo(200);
        }
        Partners.Deal deal = partners.deal("stops");
        assertThat(post(port, deal.offer(), "prefer", "wait=30").status()).isEqualTo(200);
        assertThat(post(port, deal.accept(), "prefer", "wait=30").status()).isEqualTo(200);
        return deal;
    }

    @Promise("P28")
    @Test
    void it_says_that_it_is_not_ready_then_takes_nothing_more_and_loses_nothing_that_it_acknowledged()
            throws Exception {
        Process process = process(20, 1_500, 3_000);
        int port = port(process);
        Partners.Deal deal = deal(port);
        Queue<Hash> acknowledged = new ConcurrentLinkedQueue<>();
        Queue<Stand.Reply> refused = new ConcurrentLinkedQueue<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 8; caller++) {
                String source = "s" + caller;
                callers.execute(() -> {
                    for (int n = 1; process.isAlive(); n++) {
                        Bytes report = deal.report(source, n, 1);
                        try {
                            Stand.Reply reply = post(port, report);
                            if (reply.status() == 202) {
                                acknowledged.add(Partners.read(report).instruction());
                            } else {
                                refused.add(reply);
                            }
                        } catch (UncheckedIOException _) {
                            // It does not listen any more.
                            return;
                        }
                    }
                });
            }
            eventually(() -> acknowledged.size() > 50);

            long told = System.nanoTime();
            process.destroy();
            eventually(() -> get(port, "/health/ready").status() == 503);
            int before = acknowledged.size();
            assertThat(refused).isEmpty();
            eventually(() -> !refused.isEmpty());

            assertThat(acknowledged)
                    .as("taken while it said that it was not ready")
                    .hasSizeGreaterThan(before);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(UntilStopped.LONGEST);
        }
        assertThat(process.exitValue()).isEqualTo(128 + 15);
        assertThat(refused).allSatisfy(reply -> {
            assertThat(reply.code()).isEqualTo("stopping");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.retryAfter()).isNotEmpty();
        });
        try (Store store = Store.open(StoreAddress.file(folder.resolve("store.db")))) {
            for (Hash instruction : acknowledged) {
                assertThat(store.find(instruction)).as(instruction.hex()).isPresent();
            }
        }
    }

    @Promise("P28")
    @Test
    void who_waits_is_answered_before_it_ends() throws Exception {
        Process process = process(2_000, 0, 100);
        int port = port(process);
        Bytes first = partners.registrar();
        CompletableFuture<Stand.Reply> waiting =
                CompletableFuture.supplyAsync(() -> post(port, first, "prefer", "wait=30"));
        eventually(() -> get(port, "/health/ready").body().whole("held") == 1);

        process.destroy();

        Stand.Reply reply = waiting.get(20, TimeUnit.SECONDS);
        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.header("preference-applied")).isEqualTo("wait=30");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Promise("P28")
    @Test
    void a_second_signal_ends_it_at_once() throws Exception {
        Process process = process(0, 9_000, 9_000);
        int port = port(process);
        process.destroy();
        eventually(() -> get(port, "/health/ready").status() == 503);

        long told = System.nanoTime();
        process.destroy();

        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(Duration.ofSeconds(5));
        assertThat(process.exitValue()).isEqualTo(128 + 15);
    }
}
