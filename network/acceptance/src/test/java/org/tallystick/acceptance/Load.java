package org.tallystick.acceptance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Signed;

/// Parties that report without a pause, each under each agreement by itself: some at once, some in the wrong
/// order, some twice. Whoever gets no answer sends the same again until it has one, and remembers what was
/// acknowledged.
final class Load implements AutoCloseable {

    private static final int WINDOW = 5;
    private static final int MOST_EVENTS = 4;
    private static final int MOST_AT_ONCE = 3;
    private static final double REPEATED = 0.2;
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final Partnership partnership;
    private final Supplier<URI> gateway;
    private final long seed;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConcurrentHashMap<Hash, Reported> acknowledged = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> reporters = new ArrayList<>();
    private final AtomicInteger sentAway = new AtomicInteger();
    private volatile boolean over;

    /// @param gateway where it listens now
    Load(Partnership partnership, Supplier<URI> gateway, long seed) {
        this.partnership = partnership;
        this.gateway = gateway;
        this.seed = seed;
    }

    /// A report and where it belongs.
    record Reported(AgreementId agreement, SourceId source, Signed signed, long first, int count) {}

    void begin(List<AgreementId> agreements) {
        for (AgreementId agreement : agreements) {
            for (PartyId party : Partnership.PARTIES) {
                Random random = new Random(seed + reporters.size());
                reporters.add(threads.submit(() -> {
                    report(agreement, party, random);
                    return true;
                }));
            }
        }
    }

    int acknowledged() {
        return acknowledged.size();
    }

    /// How often the gateway said that it takes nothing now.
    int sentAway() {
        return sentAway.get();
    }

    List<Reported> all() {
        return List.copyOf(acknowledged.values());
    }

    /// Lets everybody finish what they began: the numbers of a source then have no gap.
    void end() throws InterruptedException, ExecutionException {
        over = true;
        for (Future<?> reporter : reporters) {
            Object _ = reporter.get();
        }
    }

    private void report(AgreementId agreement, PartyId party, Random random) throws InterruptedException {
        List<SourceId> sources = Partnership.sources(party);
        long[] next = new long[sources.size()];
        while (!over) {
            int which = random.nextInt(sources.size());
            List<Reported> window = new ArrayList<>();
            for (int n = 0; n < WINDOW; n++) {
                int count = 1 + random.nextInt(MOST_EVENTS);
                long first = next[which] + 1;
                Bytes envelope = partnership.report(agreement, party, sources.get(which), first, count);
                window.add(new Reported(agreement, sources.get(which), Partnership.read(envelope), first, count));
                next[which] += count;
            }
            Collections.shuffle(window, random);
            while (!window.isEmpty()) {
                List<Reported> some = window.subList(0, Math.min(window.size(), 1 + random.nextInt(MOST_AT_ONCE)));
                acknowledge(some);
                if (random.nextDouble() < REPEATED) {
                    acknowledge(some);
                }
                some.clear();
                Thread.sleep(random.nextInt(120));
            }
        }
    }

    private void acknowledge(List<Reported> some) throws InterruptedException {
        while (!isAcknowledged(some)) {
            Thread.sleep(AGAIN);
        }
        some.forEach(one -> acknowledged.put(one.signed().instruction(), one));
    }

    /// Whether the gateway said so. That it is gone, or busy, says nothing; anything else must not be.
    private boolean isAcknowledged(List<Reported> some) throws InterruptedException {
        Json texts = Json.texts(some.stream()
                .map(one -> one.signed().envelope().utf8().orElseThrow())
                .toList());
        HttpRequest request = HttpRequest.newBuilder(gateway.get().resolve("/v1/instructions"))
                .timeout(LONGEST_ANSWER)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(texts.canonical().toArray()))
                .build();
        HttpResponse<String> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException _) {
            return false;
        }
        return switch (response.statusCode()) {
            case 200, 202 -> {
                if (!allTaken(response.body(), some.size())) {
                    throw new IllegalStateException("a good report was not taken: " + response.body());
                }
                yield true;
            }
            case 429, 503 -> {
                int _ = sentAway.incrementAndGet();
                yield false;
            }
            default -> throw new IllegalStateException(response.statusCode() + " " + response.body());
        };
    }

    private static boolean allTaken(String body, int count) {
        return JsonReader.readCanonical(Bytes.ofUtf8(body)) instanceof JsonReader.Value(Json.Obj object)
                && object.items("instructions").size() == count
                && object.items("instructions").stream()
                        .allMatch(item -> ((Json.Obj) item)
                                .findText("state")
                                .filter(state -> !state.equals("refused"))
                                .isPresent());
    }

    @Override
    public void close() {
        over = true;
        var _ = threads.shutdownNow();
        http.close();
    }
}
