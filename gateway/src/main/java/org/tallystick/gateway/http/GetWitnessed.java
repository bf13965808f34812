package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Executor;
import org.tallystick.gateway.log.TransparencyLog;

/// `GET /log/{origin}/checkpoint`: what this member's witness cosigned last of a log (C2SP tlog-witness).
final class GetWitnessed implements Responder {

    private final TransparencyLog log;
    private final Executor threads;

    GetWitnessed(TransparencyLog log, Executor threads) {
        this.log = log;
        this.threads = threads;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        String origin = String.valueOf(request.pathParam("origin"));
        return LogAnswers.on(
                threads,
                () -> log.witnessed(origin)
                        .map(note -> Answer.of(Answer.TEXT, new Answer.Octets(note.octets(), false)))
                        .orElseThrow(LogAnswers::nothing));
    }
}
