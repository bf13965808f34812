package org.tallystick.gateway.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.NewsFilter;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.stream.Streams;

/// `GET /v1/stream`: what the ledger brings, as it comes, from a position on. As `text/event-stream` for who asks for
/// that, else a page in JSON, for which one may wait.
final class GetStream implements Responder {

    static final String EVENTS = "text/event-stream";

    private static final String LAST = "last-event-id";
    private static final String AFTER = "after";
    private static final String NEWEST = "newest";

    private final Streams streams;
    private final Executor threads;
    private final Vertx vertx;
    private final Patience patience;

    GetStream(Streams streams, Executor threads, Vertx vertx, Patience patience) {
        this.streams = streams;
        this.threads = threads;
        this.vertx = vertx;
        this.patience = patience;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        Context context = vertx.getOrCreateContext();
        boolean events = request.request().headers().getAll("accept").stream().anyMatch(type -> type.contains(EVENTS));
        return Waiting.on(threads, () -> new Question(context, filter(request), after(request)))
                .compose(question -> events ? opened(request, question) : polled(request, question));
    }

    private record Question(Context context, NewsFilter filter, Position after) {}

    private static NewsFilter filter(RoutingContext request) throws Refusal {
        return new NewsFilter(
                Parameters.set(request, "agreement", NewsFilter::isHome, NewsFilter.MOST),
                Parameters.set(request, "party", NewsFilter::isParty, NewsFilter.MOST));
    }

    /// The header is of who was here before, and has gone on since the address was written.
    private Position after(RoutingContext request) throws Refusal {
        Optional<String> last =
                request.request().headers().getAll(LAST).stream().findFirst();
        if (last.isPresent()) {
            return Parameters.position(last.get(), LAST);
        }
        return Parameters.query(request, AFTER).filter(NEWEST::equals).isPresent()
                ? streams.newest()
                : Parameters.after(request);
    }

    private Future<Answer> opened(RoutingContext request, Question question) {
        String caller = String.valueOf(request.request().remoteAddress().hostAddress());
        return Future.succeededFuture(
                switch (streams.open(question.context(), caller, question.filter(), question.after())) {
                    case Streams.Opened(var stream) ->
                        new Answer(200, EVENTS, new Answer.Live(stream), Map.of("x-accel-buffering", "no"));
                    case Streams.NoRoom(var ofCaller) ->
                        Problem.of(ofCaller ? Trouble.STREAMS_OF_CALLER_FULL : Trouble.STREAMS_FULL)
                                .toAnswer();
                });
    }

    private Future<Answer> polled(RoutingContext request, Question question) {
        Patience.Wish wish = Patience.Wish.preferred(request);
        Optional<Patience.Place> place = patience.place(wish);
        return place.isEmpty()
                ? read(question).map(this::answer)
                : until(question, wish.end())
                        .map(poll -> wish.told(answer(poll)))
                        .onComplete(_ -> place.get().close());
    }

    private Future<Streams.Poll> read(Question question) {
        return Waiting.on(threads, () -> {
            try {
                return streams.poll(question.filter(), question.after());
            } catch (StoreException _) {
                throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
            }
        });
    }

    /// @param end as `System.nanoTime` counts
    private Future<Streams.Poll> until(Question question, long end) {
        return read(question).compose(poll -> {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (!poll.news().isEmpty() || !left.isPositive()) {
                return Future.succeededFuture(poll);
            }
            Question rest = new Question(question.context(), question.filter(), poll.next());
            return streams.next(rest.context(), rest.filter(), rest.after(), left)
                    .compose(next -> {
                        boolean behind = next.news().isEmpty() && System.nanoTime() < end;
                        return behind
                                ? until(new Question(rest.context(), rest.filter(), next.next()), end)
                                : Future.succeededFuture(next);
                    });
        });
    }

    private Answer answer(Streams.Poll poll) {
        List<Json> news = poll.news();
        return Answer.of(
                200,
                Json.object()
                        .with("news", new Json.Arr(news))
                        .withText("newest", streams.newest().text())
                        .withText("next", poll.next().text()));
    }
}
