package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.tallystick.gateway.store.LogStore;
import org.tallystick.gateway.store.StoreException;

/// `GET /log/checkpoint` and `GET /log/cosigned`: a checkpoint that this member's log signed.
final class GetCheckpoint implements Responder {

    private final Executor threads;
    private final Source source;

    @FunctionalInterface
    interface Source {
        Optional<LogStore.Published> checkpoint() throws StoreException, InterruptedException;
    }

    GetCheckpoint(Executor threads, Source source) {
        this.threads = threads;
        this.source = source;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return LogAnswers.on(
                threads,
                () -> source.checkpoint()
                        .map(found -> Answer.of(
                                Answer.TEXT, new Answer.Octets(found.note().octets(), false)))
                        .orElseThrow(LogAnswers::nothing));
    }
}
