package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.Read;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.courier.Capacity;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.store.Standing;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.store.Taken;
import org.tallystick.gateway.watch.Watch;
import org.tallystick.ledger.log.ReceiptItem;

/// `POST /v1/instructions`: takes signed instructions in. What is answered 202 is on the disk and will get its verdict.
///
/// Each item is answered for itself; all that are well formed and well signed are taken, or none.
final class PostInstructions implements Responder {

    private final Courier courier;
    private final Store store;
    private final Executor threads;
    private final SignatureCheck signatures;
    private final Receipts receipts;
    private final Patience patience;
    private final BooleanSupplier stopping;
    private final Watch watch;

    PostInstructions(
            Courier courier,
            Store store,
            Executor threads,
            SignatureCheck signatures,
            Receipts receipts,
            Patience patience,
            BooleanSupplier stopping,
            Watch watch) {
        this.courier = courier;
        this.store = store;
        this.threads = threads;
        this.signatures = signatures;
        this.receipts = receipts;
        this.patience = patience;
        this.stopping = stopping;
        this.watch = watch;
    }

    /// Refuses what it could not read, before anything of it is taken.
    static void checkType(RoutingContext request) {
        boolean known = Envelopes.ofType(MediaType.of(request.request())).isPresent();
        if (!known || request.request().headers().contains("content-encoding")) {
            request.fail(new Refusal(Problem.of(Trouble.MEDIA_TYPE_UNKNOWN)));
            return;
        }
        request.next();
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        if (stopping.getAsBoolean()) {
            return Future.failedFuture(new Refusal(Problem.of(Trouble.STOPPING)));
        }
        Bytes body = Bodies.of(request);
        Envelopes form = Envelopes.ofType(MediaType.of(request.request())).orElseThrow();
        Patience.Wish wish = Patience.Wish.preferred(request);
        Optional<String> traceparent = Optional.ofNullable(request.request().getHeader("traceparent"));
        return Waiting.on(threads, () -> answer(form, body, wish, traceparent));
    }

    /// What became of one envelope.
    private sealed interface Item {}

    /// @param taken when it was handed over
    /// @param standing now
    private record Held(Taken taken, Standing standing) implements Item {
        boolean waits() {
            return taken.fresh() && !standing.state().isFinal();
        }

        /// Whether something was promised of it when it was handed over.
        boolean promised() {
            return !taken.standing().state().isFinal();
        }
    }

    private record NotTaken(Problem problem) implements Item {}

    private Answer answer(Envelopes form, Bytes body, Patience.Wish wish, Optional<String> traceparent)
            throws Exception {
        List<Item> items = items(form, body, traceparent);
        List<Taken> promised = new ArrayList<>();
        for (Item item : items) {
            if (item instanceof Held held && held.promised()) {
                promised.add(held.taken());
            }
        }
        Optional<Receipts.Signed> receipt = receipts.of(promised);
        Optional<Patience.Place> place = patience.place(wish);
        if (place.isPresent()) {
            try (Patience.Place _ = place.get()) {
                items = awaited(items, wish.end());
            }
        }
        Answer answer = form == Envelopes.ONE ? ofOne(items, receipt) : ofAll(items, receipt);
        return place.isPresent() ? wish.told(answer) : answer;
    }

    private List<Item> items(Envelopes form, Bytes body, Optional<String> traceparent)
            throws Refusal, InterruptedException {
        try (Watch.Step step = watch.request(traceparent)) {
            try {
                return items(form.in(body));
            } catch (Refusal e) {
                step.failed(e.problem().code());
                throw e;
            }
        }
    }

    private List<Item> items(List<Optional<Bytes>> envelopes) throws Refusal, InterruptedException {
        List<Read> read = Signed.readAll(
                envelopes.stream().map(envelope -> envelope.orElse(Bytes.EMPTY)).toList());
        List<Signed> formed = read.stream()
                .filter(Signed.class::isInstance)
                .map(Signed.class::cast)
                .toList();
        List<Optional<No>> faults = signatures.faults(formed);
        List<Signed> good = new ArrayList<>();
        for (int i = 0; i < formed.size(); i++) {
            if (faults.get(i).isEmpty()) {
                good.add(formed.get(i));
            }
        }
        Iterator<Optional<No>> fault = faults.iterator();
        Iterator<Taken> taken = take(good).iterator();
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < read.size(); i++) {
            boolean isText = envelopes.get(i).isPresent();
            items.add(
                    switch (read.get(i)) {
                        case Signed _ ->
                            fault.next()
                                    .<Item>map(no -> new NotTaken(Problem.of(no)))
                                    .orElseGet(() -> held(taken.next()));
                        case Answered(var no) ->
                            new NotTaken(isText ? Problem.of(no) : Problem.of(Trouble.ENVELOPE_NOT_TEXT));
                    });
        }
        for (Item item : items) {
            if (item instanceof NotTaken(var problem)) {
                watch.refused(problem.code(), 1);
            }
        }
        return items;
    }

    private static Held held(Taken taken) {
        return new Held(taken, taken.standing());
    }

    /// As they stand when all are answered for good, or the time is over.
    private List<Item> awaited(List<Item> items, long end) throws Exception {
        List<Item> awaited = new ArrayList<>();
        for (Item item : items) {
            awaited.add(item instanceof Held held && held.waits() ? awaited(held, end) : item);
        }
        return awaited;
    }

    private Item awaited(Held held, long end) throws Exception {
        Standing before = held.standing();
        return patience.until(
                before.party(),
                before.id(),
                end,
                () -> new Held(held.taken(), store.find(before.instruction()).orElse(before)),
                now -> !now.waits());
    }

    private static Answer ofOne(List<Item> items, Optional<Receipts.Signed> receipt) {
        return switch (items.getFirst()) {
            case NotTaken(var problem) -> problem.toAnswer();
            case Held held -> ofAll(items, receipt).with("location", Optional.of(Standings.location(held.standing())));
        };
    }

    private static Answer ofAll(List<Item> items, Optional<Receipts.Signed> receipt) {
        Iterator<ReceiptItem> promises =
                receipt.map(Receipts.Signed::items).orElse(List.of()).iterator();
        List<Json> answers = new ArrayList<>();
        for (Item item : items) {
            answers.add(
                    switch (item) {
                        case Held held
                        when held.promised() && promises.hasNext() ->
                            told(held)
                                    .with("receipt", promises.next().encode().build())
                                    .build();
                        case Held held -> told(held).build();
                        case NotTaken(var problem) -> problem.toItem();
                    });
        }
        boolean under = items.stream().anyMatch(item -> item instanceof Held held && held.waits());
        return Answer.of(
                under ? 202 : 200,
                Json.object()
                        .with("instructions", Json.array(answers))
                        .withText("receipt", receipt.map(Receipts.Signed::note)));
    }

    private static Json.Builder told(Held held) {
        return Standings.of(held.standing()).with("location", Standings.location(held.standing()));
    }

    private List<Taken> take(List<Signed> good) throws Refusal, InterruptedException {
        if (good.isEmpty()) {
            return List.of();
        }
        try {
            return switch (courier.take(good)) {
                case Courier.Accepted(var all) -> all;
                case Courier.NoRoom(var room) ->
                    throw refused(stopping.getAsBoolean() ? Trouble.STOPPING : full(room), good);
            };
        } catch (StoreException _) {
            throw refused(Trouble.STORE_UNAVAILABLE, good);
        }
    }

    private Refusal refused(Trouble trouble, List<Signed> all) {
        watch.refused(trouble.code(), all.size());
        return new Refusal(Problem.of(trouble));
    }

    private static Trouble full(Capacity.Room room) {
        return switch (room) {
            case HOME_FULL -> Trouble.HOME_FULL;
            case GATEWAY_FULL -> Trouble.GATEWAY_FULL;
            case ENOUGH -> throw new IllegalStateException("there was room");
        };
    }
}
