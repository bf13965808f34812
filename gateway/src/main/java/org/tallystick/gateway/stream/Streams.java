package org.tallystick.gateway.stream;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.NewsFilter;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;

/// All who follow the ledger through this gateway, so many and no more.
///
/// A position is the ledger's, so it means the same at every instance. Idle readers cost a connection each: they share
/// one timer and one [Tail].
public final class Streams implements AutoCloseable {

    private final Vertx vertx;
    private final Executor threads;
    private final Hash ledger;
    private final boolean trial;
    private final StreamLimits limits;
    private final Tail tail;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> callers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /// @param threads where calls wait
    public Streams(Vertx vertx, Executor threads, Store store, Hash ledger, boolean trial, StreamLimits limits) {
        this.vertx = vertx;
        this.threads = threads;
        this.ledger = ledger;
        this.trial = trial;
        this.limits = limits;
        this.tail = new Tail(store, trial);
    }

    public void start() throws StoreException, InterruptedException {
        tail.start();
        long _ = vertx.setPeriodic(limits.heartbeat().toMillis(), _ -> open.forEach(EventStream::beat));
    }

    /// A block is stored.
    public void wake() {
        tail.wake();
    }

    /// The newest position that was told to all.
    public Position newest() {
        return tail.end();
    }

    /// What comes of asking for a stream.
    public sealed interface Opening {}

    /// To be sent, or dropped.
    public record Opened(EventStream stream) implements Opening {}

    /// @param ofCaller whether it is this caller who has as many as it may
    public record NoRoom(boolean ofCaller) implements Opening {}

    /// @param context of the caller's connection
    /// @param caller its address
    /// @param after what it has already
    public Opening open(Context context, String caller, NewsFilter filter, Position after) {
        if (callers.merge(caller, 1, Integer::sum) > limits.ofCaller()) {
            release(caller);
            return new NoRoom(true);
        }
        if (all.incrementAndGet() > limits.all() || closed) {
            int _ = all.decrementAndGet();
            release(caller);
            return new NoRoom(false);
        }
        EventStream stream = new EventStream(this, context, filter, after, () -> {
            int _ = all.decrementAndGet();
            release(caller);
        });
        boolean _ = open.add(stream);
        if (closed) {
            stream.end();
        }
        return new Opened(stream);
    }

    private void release(String caller) {
        callers.computeIfPresent(caller, (_, count) -> count == 1 ? null : count - 1);
    }

    /// A page for who asks again and again.
    ///
    /// @param next where to go on
    public record Poll(List<Json> news, Position next) {
        public Poll {
            news = List.copyOf(news);
        }
    }

    /// What there is after a position, without waiting. It calls the store.
    public Poll poll(NewsFilter filter, Position after) throws StoreException, InterruptedException {
        Position next = after;
        for (int pages = 0; pages < StreamLimits.PAGES; pages++) {
            Page page = tail.read(next);
            List<Line> wanted = page.wanted(next, filter);
            next = page.to();
            if (page.isEmpty() || !wanted.isEmpty()) {
                return poll(wanted, next);
            }
        }
        return poll(List.of(), next);
    }

    /// What comes after a position, once something does or the time is over.
    ///
    /// @param context of the caller's connection
    /// @return done at once with nothing if there is something after it already
    public Future<Poll> next(Context context, NewsFilter filter, Position after, Duration longest) {
        Waiter waiter = new Waiter(context, filter, after);
        if (!tail.join(after, waiter)) {
            return Future.succeededFuture(poll(List.of(), after));
        }
        long timer = vertx.setTimer(Math.max(1, longest.toMillis()), _ -> waiter.end());
        return waiter.polled.future().onComplete(_ -> {
            tail.leave(waiter);
            boolean _ = vertx.cancelTimer(timer);
        });
    }

    private static Poll poll(List<Line> lines, Position next) {
        return new Poll(lines.stream().<Json>map(Line::json).toList(), next);
    }

    /// Somebody who waits for the next page.
    private static final class Waiter implements Tail.Reader {
        private final Context context;
        private final NewsFilter filter;
        private final Promise<Poll> polled = Promise.promise();
        private volatile Position next;

        Waiter(Context context, NewsFilter filter, Position after) {
            this.context = context;
            this.filter = filter;
            this.next = after;
        }

        @Override
        public void offer(Page page) {
            List<Line> wanted = page.wanted(next, filter);
            next = page.to().isAfter(next) ? page.to() : next;
            if (!wanted.isEmpty()) {
                Poll poll = poll(wanted, next);
                context.runOnContext(_ -> {
                    boolean _ = polled.tryComplete(poll);
                });
            }
        }

        void end() {
            boolean _ = polled.tryComplete(poll(List.of(), next));
        }
    }

    Tail tail() {
        return tail;
    }

    Future<Page> read(Position after) {
        Promise<Page> read = Promise.promise();
        try {
            threads.execute(() -> {
                try {
                    read.complete(tail.read(after));
                } catch (StoreException | InterruptedException | RuntimeException e) {
                    read.fail(e);
                }
            });
        } catch (RejectedExecutionException e) {
            read.fail(e);
        }
        return read.future();
    }

    void later(Runnable work) {
        long _ = vertx.setTimer(StreamLimits.AGAIN.toMillis(), _ -> work.run());
    }

    void left(EventStream stream) {
        boolean _ = open.remove(stream);
    }

    /// Says where a reader begins.
    Buffer hello(Position position) {
        Json.Obj data = Json.object()
                .with("ledger", ledger.hex())
                .withText("newest", newest().text())
                .with("trial", trial)
                .build();
        return Buffer.buffer("retry: " + StreamLimits.RETRY.toMillis() + "\n")
                .appendBuffer(Line.event("position", position, data));
    }

    /// Ends all streams, each after what it was told last.
    @Override
    public void close() {
        closed = true;
        tail.close();
        open.forEach(EventStream::end);
    }
}
