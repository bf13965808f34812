package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.Subscription.Event;
import org.tallystick.gateway.store.BlockChange;
import org.tallystick.gateway.store.LogChange;
import org.tallystick.gateway.store.NewsFilter;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.stream.StreamLimits;
import org.tallystick.gateway.stream.Streams;

/// Streams alone, over a store with more in it than any connection holds.
final class StreamsTest {

    private static final String HOME = "north/hub/long";
    private static final int IN_BLOCK = 250;

    @TempDir
    Path folder = Path.of(".");

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> told = new ArrayList<>();
    private Optional<Store> opened = Optional.empty();
    private Optional<Streams> running = Optional.empty();
    private Optional<HttpServer> server = Optional.empty();

    @BeforeEach
    void open() throws Exception {
        Store store = Store.open(StoreKind.SQLITE.in(folder));
        opened = Optional.of(store);
        store.follow(FakeLedger.ID, false);
        Streams streams = new Streams(vertx, threads, store, FakeLedger.ID, false, StreamLimits.DEFAULT);
        running = Optional.of(streams);
        streams.start();
        server = Optional.of(vertx.createHttpServer()
                .requestHandler(request -> open(streams, request))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get());
    }

    private void open(Streams streams, HttpServerRequest request) {
        Position after = Optional.ofNullable(request.getHeader("last-event-id"))
                .flatMap(Position::parse)
                .orElse(Position.START);
        if (streams.open(vertx.getOrCreateContext(), "here", NewsFilter.ALL, after)
                instanceof Streams.Opened(var stream)) {
            var _ = stream.to(request.response());
        }
    }

    @AfterEach
    void close() throws Exception {
        running.orElseThrow().close();
        server.orElseThrow().close().toCompletionStage().toCompletableFuture().get();
        vertx.close().toCompletionStage().toCompletableFuture().get();
        threads.shutdownNow();
        opened.orElseThrow().close();
    }

    private int port() {
        return server.orElseThrow().actualPort();
    }

    /// A block of verdicts of about 2 KiB each.
    private void block(long number) throws Exception {
        List<BlockChange.Verdict> verdicts = new ArrayList<>();
        for (int item = 0; item < IN_BLOCK; item++) {
            Hash hash = Hash.of(Bytes.ofUtf8(number + "/" + item));
            Json.Obj answer = Json.object()
                    .with("code", "gap")
                    .with("hash", hash.hex())
                    .with("result", "refused")
                    .with(
                            "values",
                            Json.object().with("filler", "x".repeat(2_000)).build())
                    .build();
            Position at = new Position(number, 0, item);
            verdicts.add(new BlockChange.Verdict(hash, HOME, "north/hub", "id" + item, answer, at));
            told.add(at.text().orElseThrow());
        }
        Store store = opened.orElseThrow();
        boolean _ = store.apply(
                        new BlockChange(number, verdicts, List.of(), List.of(), List.of(), List.of(), LogChange.NONE))
                .get();
        running.orElseThrow().wake();
    }

    private List<String> read(Subscription one) {
        List<String> received = new ArrayList<>();
        Event _ = one.next();
        while (received.size() < told.size()) {
            received.add(one.next().id());
        }
        return received;
    }

    /// One takes nothing for a while, and makes nobody wait; then it gets all of it, in order.
    @Promise("P17")
    @Test
    void a_slow_reader_costs_the_others_nothing_and_misses_nothing() throws Exception {
        try (Subscription slow = Subscription.after(port(), "");
                Subscription fast = Subscription.after(port(), "")) {
            List<String> received = new ArrayList<>();
            Event _ = fast.next();
            // 20 MB: more than there is room for on any way from here to there.
            for (long number = 0; number < 40; number++) {
                block(number);
                while (received.size() < told.size()) {
                    received.add(fast.next().id());
                }
            }

            assertThat(received).isEqualTo(told);
            assertThat(read(slow)).isEqualTo(told);
        }
    }

    @Test
    void who_was_slow_is_told_what_comes_as_all_others_once_it_is_at_the_end() throws Exception {
        for (long number = 0; number < 4; number++) {
            block(number);
        }
        try (Subscription one = Subscription.after(port(), "")) {
            List<String> received = read(one);
            block(4);
            while (received.size() < told.size()) {
                received.add(one.next().id());
            }

            assertThat(received).isEqualTo(told);
        }
    }
}
