package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.log.TransparencyLog;
import org.tallystick.gateway.store.Store;
import org.tallystick.ledger.LedgerException;

/// `GET /health/ready`: whether instructions can be taken and verdicts read now.
final class GetReady implements Responder {

    /// How many blocks the projection may be behind its peer.
    private static final long MAX_LAG = 20;

    private static final Duration LONGEST = Duration.ofSeconds(3);

    private final Courier courier;
    private final Store store;
    private final LedgerReading ledger;
    private final Executor threads;
    private final BooleanSupplier stopping;
    private final TransparencyLog log;

    GetReady(
            Courier courier,
            Store store,
            LedgerReading ledger,
            Executor threads,
            BooleanSupplier stopping,
            TransparencyLog log) {
        this.courier = courier;
        this.store = store;
        this.ledger = ledger;
        this.threads = threads;
        this.stopping = stopping;
        this.log = log;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        Future<Boolean> writable = Waiting.on(threads, () -> store.writable(LONGEST));
        Future<Long> height = Waiting.on(threads, () -> {
                    try {
                        return ledger.height();
                    } catch (LedgerException _) {
                        return -1L;
                    }
                })
                .timeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(-1L);
        Future<Json.Obj> standing = Waiting.on(threads, log::standing)
                .timeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(Json.Obj.EMPTY);
        Future<Boolean> signs = Waiting.on(threads, () -> log.signer().isPresent())
                .timeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(false);
        return Future.all(writable, height, standing, signs)
                .map(_ -> answer(writable.result(), height.result(), standing.result(), signs.result()));
    }

    private Answer answer(boolean writable, long height, Json.Obj standing, boolean signs) {
        long position = courier.position();
        boolean caughtUp = height >= 0 && courier.following() && height - 1 - position <= MAX_LAG;
        boolean ready = !stopping.getAsBoolean() && writable && caughtUp;
        return Answer.of(
                ready ? 200 : 503,
                Json.object()
                        .with("block", position)
                        .with("held", courier.held())
                        .with("log", standing)
                        .with("peer", height >= 0)
                        .with("projection", caughtUp)
                        .with("ready", ready)
                        .with("receipts", signs ? "given" : "no key")
                        .with("stopping", stopping.getAsBoolean())
                        .with("store", writable));
    }
}
