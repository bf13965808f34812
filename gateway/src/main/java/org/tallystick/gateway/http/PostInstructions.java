package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.courier.Capacity;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.store.Taken;

/// `POST /v1/instructions`: takes signed instructions in. What is answered 202 is on the disk and will get its verdict.
///
/// Only the shape is checked here. Each item is answered for itself; all that are well formed are taken, or none.
final class PostInstructions implements Responder {

    static final String ONE = "application/jose+json";

    private final Courier courier;
    private final Executor threads;
    private final BooleanSupplier stopping;

    PostInstructions(Courier courier, Executor threads, BooleanSupplier stopping) {
        this.courier = courier;
        this.threads = threads;
        this.stopping = stopping;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        if (stopping.getAsBoolean()) {
            return Future.failedFuture(new Refusal(Problem.of(Trouble.STOPPING)));
        }
        Buffer buffer = request.body().buffer();
        Bytes body = buffer == null ? Bytes.EMPTY : Bytes.copyOf(buffer.getBytes());
        boolean one = MediaType.of(request.request()).equals(ONE);
        return Waiting.on(threads, () -> one ? one(body) : many(body));
    }

    /// An envelope that is well formed, or why it is not.
    private sealed interface Item {}

    private record Good(Signed signed) implements Item {}

    private record Bad(Problem problem) implements Item {}

    private static Item item(Bytes envelope) {
        return switch (Signed.read(envelope)) {
            case Signed signed -> new Good(signed);
            case Answered(var no) -> new Bad(Problem.of(no));
        };
    }

    private Answer one(Bytes body) throws Refusal, InterruptedException {
        return switch (item(body)) {
            case Bad(var problem) -> problem.toAnswer();
            case Good(var signed) -> {
                Taken taken = take(List.of(signed)).getFirst();
                yield Answer.of(
                        taken.fresh() ? 202 : 200,
                        Json.object()
                                .with(
                                        "instructions",
                                        Json.array(List.of(
                                                Standings.of(taken.standing()).build()))));
            }
        };
    }

    private Answer many(Bytes body) throws Refusal, InterruptedException {
        List<Item> items = items(body);
        List<Signed> good = new ArrayList<>();
        for (Item item : items) {
            if (item instanceof Good(var signed)) {
                good.add(signed);
            }
        }
        List<Taken> taken = new ArrayList<>(take(good));
        List<Json> answers = new ArrayList<>();
        for (Item item : items) {
            answers.add(
                    switch (item) {
                        case Good _ ->
                            Standings.of(taken.removeFirst().standing()).build();
                        case Bad(var problem) -> problem.toItem();
                    });
        }
        return Answer.of(202, Json.object().with("instructions", Json.array(answers)));
    }

    private static List<Item> items(Bytes body) throws Refusal {
        if (!(JsonReader.read(body, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Arr(var texts)))
                || texts.isEmpty()
                || texts.size() > HttpLimits.ENVELOPES) {
            throw new Refusal(Problem.of(Trouble.BODY_FORM));
        }
        List<Item> items = new ArrayList<>();
        for (Json text : texts) {
            items.add(
                    text instanceof Json.Text(var envelope)
                            ? item(Bytes.ofUtf8(envelope))
                            : new Bad(Problem.of(Trouble.ENVELOPE_NOT_TEXT)));
        }
        return items;
    }

    private List<Taken> take(List<Signed> good) throws Refusal, InterruptedException {
        if (good.isEmpty()) {
            return List.of();
        }
        try {
            return switch (courier.take(good)) {
                case Courier.Accepted(var all) -> all;
                case Courier.NoRoom(var room) -> throw new Refusal(Problem.of(full(room)));
            };
        } catch (StoreException _) {
            throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
        }
    }

    private static Trouble full(Capacity.Room room) {
        return switch (room) {
            case HOME_FULL -> Trouble.HOME_FULL;
            case GATEWAY_FULL -> Trouble.GATEWAY_FULL;
            case ENOUGH -> throw new IllegalStateException("there was room");
        };
    }
}
