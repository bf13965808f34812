package org.tallystick.gateway.stream;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import org.tallystick.gateway.store.NewsFilter;
import org.tallystick.gateway.store.Position;

/// One reader of `text/event-stream`. It holds nothing but what waits in its connection: what a slow reader has no room
/// for is read from the store again once it has.
///
/// All of it happens on the event loop of its connection.
public final class EventStream implements Tail.Reader {

    private enum Stage {
        /// A page is being read from the store.
        READING,
        /// All is told, and what comes is offered.
        AT_END,
        /// What was told has not been taken yet.
        FULL,
        ENDED
    }

    private final Streams streams;
    private final Context context;
    private final Runnable place;
    private final NewsFilter filter;
    private final Promise<Void> ended = Promise.promise();
    private Optional<HttpServerResponse> taker = Optional.empty();
    private Position position;
    private Position told;
    private Stage stage = Stage.READING;

    /// @param place given back when it ends
    EventStream(Streams streams, Context context, NewsFilter filter, Position position, Runnable place) {
        this.streams = streams;
        this.context = context;
        this.filter = filter;
        this.position = position;
        this.told = position;
        this.place = place;
    }

    /// Tells where the reader is, then all that comes, until either side ends it.
    public Future<Void> to(HttpServerResponse response) {
        context.runOnContext(_ -> begin(response));
        return ended.future();
    }

    /// Nobody is there any more.
    public void drop() {
        context.runOnContext(_ -> gone());
    }

    private void begin(HttpServerResponse response) {
        if (stage == Stage.ENDED) {
            var _ = response.end();
            return;
        }
        taker = Optional.of(response);
        HttpServerResponse _ = response.setChunked(true)
                .setWriteQueueMaxSize(StreamLimits.QUEUE)
                .closeHandler(_ -> gone());
        if (response.closed()) {
            gone();
            return;
        }
        write(streams.hello(position));
        goOn();
    }

    private void goOn() {
        if (streams.tail().join(position, this)) {
            stage = Stage.AT_END;
            return;
        }
        stage = Stage.READING;
        var _ = streams.read(position)
                .onComplete(read -> context.runOnContext(_ -> {
                    if (stage != Stage.READING) {
                        return;
                    }
                    if (read.failed() || read.result().isEmpty()) {
                        streams.later(() -> context.runOnContext(_ -> again(Stage.READING)));
                    } else if (told(read.result())) {
                        goOn();
                    }
                }));
    }

    private void again(Stage expected) {
        if (stage == expected) {
            goOn();
        }
    }

    @Override
    public void offer(Page page) {
        context.runOnContext(_ -> {
            if (stage == Stage.AT_END && !told(page)) {
                streams.tail().leave(this);
            }
        });
    }

    /// @return false if not all of it found room
    private boolean told(Page page) {
        for (Line line : page.wanted(position, filter)) {
            if (isFull()) {
                stage = Stage.FULL;
                return false;
            }
            write(line.event());
            position = line.at();
            told = position;
        }
        position = page.to().isAfter(position) ? page.to() : position;
        return true;
    }

    private boolean isFull() {
        return taker.map(response -> {
                    boolean full = response.writeQueueFull();
                    if (full) {
                        HttpServerResponse _ = response.drainHandler(_ -> again(Stage.FULL));
                    }
                    return full;
                })
                .orElse(true);
    }

    private void write(Buffer buffer) {
        taker.ifPresent(response -> {
            var _ = response.write(buffer);
        });
    }

    /// A sign of life, which says how far the reader is if only unwanted things came.
    void beat() {
        context.runOnContext(_ -> {
            boolean live = stage == Stage.AT_END || stage == Stage.READING;
            if (live && taker.isPresent() && !isFull()) {
                String id = position.equals(told)
                        ? ""
                        : position.text().map(text -> "id: " + text + "\n").orElse("");
                told = position;
                write(Buffer.buffer(":\n" + id + "\n"));
            }
        });
    }

    /// Ends it after what was told.
    void end() {
        context.runOnContext(_ -> {
            Optional<HttpServerResponse> response = taker.filter(_ -> stage != Stage.ENDED);
            gone();
            response.ifPresent(one -> {
                var _ = one.end();
            });
        });
    }

    private void gone() {
        if (stage != Stage.ENDED) {
            stage = Stage.ENDED;
            streams.tail().leave(this);
            streams.left(this);
            place.run();
            ended.complete();
        }
    }
}
