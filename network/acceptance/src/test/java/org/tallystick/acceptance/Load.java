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
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.client.Position;
import org.tallystick.ledger.log.ReceiptFile;
import org.tallystick.ledger.log.ReceiptItem;

/// Parties that report without a pause, each under each agreement by itself: some at once, some in the wrong
/// order, some twice. Whoever gets no answer sends the same again until it has one, and remembers what was
/// acknowledged. Somebody else asks for what was sent, again and again. All that they see is in a [History].
final class Load implements AutoCloseable {

    private static final int WINDOW = 5;
    private static final int MOST_EVENTS = 4;
    private static final int MOST_AT_ONCE = 3;
    private static final double REPEATED = 0.2;
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);
    private static final Duration AGAIN = Duration.ofMillis(100);
    /// Between two questions.
    private static final Duration LOOK = Duration.ofMillis(15);
    /// Who asks is curious about the newest ones.
    private static final int NEWEST = 40;

    private final Partnership partnership;
    private final Supplier<URI> gateway;
    private final long seed;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConcurrentHashMap<Hash, Reported> acknowledged = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> reporters = new ArrayList<>();
    private final AtomicInteger sentAway = new AtomicInteger();
    private final AtomicInteger receipts = new AtomicInteger();
    private final History history = new History();
    private final List<Reported> sent = new CopyOnWriteArrayList<>();
    private int longestPauseMillis = 120;
    private Optional<Predicate<ReceiptFile>> check = Optional.empty();
    private volatile boolean over;

    /// @param gateway where it listens now
    Load(Partnership partnership, Supplier<URI> gateway, long seed) {
        this.partnership = partnership;
        this.gateway = gateway;
        this.seed = seed;
    }

    /// A report and where it belongs.
    record Reported(AgreementId agreement, SourceId source, Signed signed, long first, int count) {}

    /// Reports at longer intervals, to leave the machine to others.
    void gently() {
        longestPauseMillis = 400;
    }

    /// Takes no receipt that is not good.
    void checking(Predicate<ReceiptFile> good) {
        check = Optional.of(good);
    }

    void begin(List<AgreementId> agreements) {
        Random curiosity = new Random(~seed);
        reporters.add(threads.submit(() -> {
            look(curiosity);
            return true;
        }));
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

    /// What all who send and ask have seen.
    History history() {
        return history;
    }

    /// How many receipts were given and were good.
    int receipts() {
        return receipts.get();
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
                Thread.sleep(random.nextInt(longestPauseMillis));
            }
        }
    }

    private void look(Random random) throws InterruptedException {
        while (!over) {
            int all = sent.size();
            if (all > 0) {
                int newest = Math.min(all, NEWEST);
                look(sent.get(random.nextBoolean() ? all - 1 - random.nextInt(newest) : random.nextInt(all)));
            }
            Thread.sleep(LOOK);
        }
    }

    /// Looks at all that was sent, once more.
    void lookAtAll() throws InterruptedException {
        for (Reported one : sent) {
            look(one);
        }
    }

    private void look(Reported one) throws InterruptedException {
        Payload payload = one.signed().payload();
        Hash instruction = one.signed().instruction();
        String path = "/v1/instructions/" + payload.party().text() + "/"
                + payload.id().text() + "?instruction=" + instruction.hex();
        HttpRequest request = HttpRequest.newBuilder(gateway.get().resolve(path))
                .timeout(LONGEST_ANSWER)
                .build();
        long began = System.nanoTime();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            long ended = System.nanoTime();
            switch (response.statusCode()) {
                case 200 -> history.sees(instruction, began, ended, told(read(response.body())));
                case 404 -> history.sees(instruction, began, ended, new History.Absent());
                case 503 -> {
                    // It says nothing of it now.
                }
                default -> throw new IllegalStateException(response.statusCode() + " " + response.body());
            }
        } catch (IOException _) {
            // Nothing was seen.
        }
    }

    private static History.Told told(Json.Obj said) {
        return new History.Told(
                said.text("state"),
                said.has("answer") ? Optional.of(said.object("answer")) : Optional.empty(),
                said.has("position") ? Optional.of(Position.decode(said.object("position"))) : Optional.empty());
    }

    private void acknowledge(List<Reported> some) throws InterruptedException {
        some.forEach(one -> history.sends(one.signed().instruction()));
        sent.addAll(some.stream()
                .filter(one -> !acknowledged.containsKey(one.signed().instruction()))
                .toList());
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
        long began = System.nanoTime();
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException _) {
            return false;
        }
        long ended = System.nanoTime();
        return switch (response.statusCode()) {
            case 200, 202 -> {
                Json.Obj said = read(response.body());
                List<Json.Obj> items = said.items("instructions").stream()
                        .map(Json.Obj.class::cast)
                        .toList();
                if (!allTaken(items, some.size())) {
                    throw new IllegalStateException("a good report was not taken: " + said);
                }
                for (int n = 0; n < items.size(); n++) {
                    history.acknowledged(some.get(n).signed().instruction(), began, ended, told(items.get(n)));
                }
                said.findText("receipt").ifPresent(note -> keep(note, items));
                yield true;
            }
            case 429, 503 -> {
                int _ = sentAway.incrementAndGet();
                yield false;
            }
            default -> throw new IllegalStateException(response.statusCode() + " " + response.body());
        };
    }

    private void keep(String note, List<Json.Obj> said) {
        List<ReceiptItem> items = said.stream()
                .filter(item -> item.has("receipt"))
                .map(item -> ReceiptItem.decode(new Hash(item.text("instruction")), item.object("receipt")))
                .toList();
        ReceiptFile receipt = new ReceiptFile(Bytes.ofUtf8(note), items);
        if (check.isPresent() && !check.get().test(receipt)) {
            throw new IllegalStateException("a receipt that does not hold: " + note + items);
        }
        int _ = receipts.incrementAndGet();
        for (ReceiptItem item : items) {
            ReceiptItem.Leaf leaf = item.leaf();
            history.promised(leaf.instruction(), new History.Promised(leaf.received(), leaf.promised()));
        }
    }

    private static Json.Obj read(String body) {
        if (JsonReader.readCanonical(Bytes.ofUtf8(body)) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IllegalStateException("no object: " + body);
    }

    private static boolean allTaken(List<Json.Obj> items, int count) {
        return items.size() == count
                && items.stream()
                        .allMatch(item -> item.findText("state")
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
