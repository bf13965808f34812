package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.tallystick.acceptance.EmbeddedNetwork;
import org.tallystick.acceptance.Stand;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// Enrolls one party after the other through a gateway: instructions of which none waits for another, each in a
/// request of its own.
final class Enrolling {

    /// Callers who wait for their verdicts, more than the gateway needs to be busy.
    private static final int PATIENT = 400;
    /// The most that they can send in a second.
    private static final int MOST = 4_000;
    /// Callers who send at their times.
    private static final int IMPATIENT = 64;

    private static final Duration DRAIN = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final double NANOS_IN_A_SECOND = 1e9;

    private final Stand stand;
    private final EmbeddedNetwork network;
    private final LifeParties parties;
    private final String member;
    private final AtomicInteger number = new AtomicInteger();

    /// @param parties who know the member's registrar key
    Enrolling(Stand stand, EmbeddedNetwork network, LifeParties parties, String member) {
        this.stand = stand;
        this.network = network;
        this.parties = parties;
        this.member = member;
    }

    /// Many callers, each waiting for a verdict before it sends the next.
    Carried patiently(Duration time) throws IOException, LedgerException, InterruptedException, ExecutionException {
        return send(
                signed((int) (MOST * time.toSeconds()), "prefer: wait=30\r\n"), time, PATIENT, OptionalDouble.empty());
    }

    /// So many in a second, whatever becomes of them.
    Carried impatiently(Duration time, double rate)
            throws IOException, LedgerException, InterruptedException, ExecutionException {
        return send(signed((int) (rate * time.toSeconds()), ""), time, IMPATIENT, OptionalDouble.of(rate));
    }

    private List<byte[]> signed(int count, String headers) throws InterruptedException, ExecutionException {
        List<byte[]> requests = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger left = new AtomicInteger(count);
        GatewayBench.call(Runtime.getRuntime().availableProcessors(), () -> {
            LifeParties own = parties.others();
            while (left.getAndDecrement() > 0) {
                String name = member + "/p" + number.incrementAndGet();
                Act enroll = new Act.Enroll(
                        own.key(name).key(),
                        Purpose.ALL,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
                Bytes envelope = own.registry(0, name, enroll, name, member).envelope();
                boolean _ = requests.add(RawCaller.post(GatewayBench.PATH, GatewayBench.ONE, headers, envelope));
                own.forget(name);
            }
            return true;
        });
        return List.copyOf(requests);
    }

    private Carried send(List<byte[]> requests, Duration time, int callers, OptionalDouble rate)
            throws IOException, LedgerException, InterruptedException, ExecutionException {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        long apart = rate.isPresent() ? (long) (NANOS_IN_A_SECOND / rate.getAsDouble()) : 0;
        try (Ledger ledger = network.connect(member);
                AppliedWatch watch = AppliedWatch.begin(ledger)) {
            long begin = System.nanoTime();
            long end = begin + time.toNanos();
            GatewayBench.call(callers, () -> {
                try (RawCaller caller = new RawCaller(stand.gateway())) {
                    for (int n = next.getAndIncrement(); n < requests.size(); n = next.getAndIncrement()) {
                        long due = Math.max(begin + apart * n, System.nanoTime());
                        if (due >= end) {
                            break;
                        }
                        Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                        int status = caller.send(requests.get(n));
                        int _ = sent.incrementAndGet();
                        if (status >= 400) {
                            int _ = refused.incrementAndGet();
                        }
                    }
                }
                return true;
            });
            if (next.get() >= requests.size() && System.nanoTime() < end - LOOK.toNanos() && rate.isEmpty()) {
                throw new IllegalStateException("the callers had nothing more to send");
            }
            double seconds = time.toNanos() / NANOS_IN_A_SECOND;
            Carried carried =
                    new Carried(sent.get() / seconds, (double) refused.get() / sent.get(), watch.until(end) / seconds);
            drained();
            return carried;
        }
    }

    /// Waits until nothing is held any more.
    private void drained() throws IOException, InterruptedException {
        URI ready = stand.gateway().resolve("/health/ready");
        long end = System.nanoTime() + DRAIN.toNanos();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (System.nanoTime() < end) {
                String body = http.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString())
                        .body();
                if (JsonReader.readCanonical(Bytes.ofUtf8(body)) instanceof JsonReader.Value(Json.Obj said)
                        && said.whole("held") == 0) {
                    return;
                }
                Thread.sleep(LOOK);
            }
        }
        throw new IOException("after " + DRAIN + " the gateway still holds instructions");
    }
}
