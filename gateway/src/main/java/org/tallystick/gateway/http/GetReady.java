package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.http.Readiness.Now;
import org.tallystick.gateway.http.Readiness.Reason;
import org.tallystick.gateway.store.Store.Unfinished;

/// `GET /health/ready`: whether instructions can be taken and verdicts read now.
final class GetReady implements Responder {

    private final Readiness readiness;

    GetReady(Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return readiness.now().map(GetReady::answer);
    }

    private static Answer answer(Now now) {
        Json.Builder told = Json.object()
                .with("block", now.block())
                .with("held", now.held())
                .with(
                        "limits",
                        Json.object()
                                .with("behind", now.limits().blocks())
                                .with("oldestSeconds", now.limits().oldest().toSeconds())
                                .build())
                .with("log", now.log())
                .with("peer", !now.lacks(Reason.PEER))
                .with("projection", !now.lacks(Reason.PEER) && !now.lacks(Reason.BLOCKS))
                .with("ready", now.ready())
                .with(
                        "reasons",
                        Json.texts(now.reasons().stream().map(Reason::text).toList()))
                .with("receipts", now.signs() ? "given" : "no key")
                .with("stopping", now.lacks(Reason.STOPPING))
                .with("store", !now.lacks(Reason.STORE))
                .with("unfinished", now.unfinished().map(held -> unfinished(now, held)));
        now.behind().ifPresent(blocks -> {
            Json.Builder _ = told.with("behind", blocks);
        });
        return Answer.of(now.ready() ? 200 : 503, told);
    }

    private static Json.Obj unfinished(Now now, Unfinished held) {
        return Json.object()
                .with("instructions", held.all())
                .with("oldestSeconds", now.oldest().toSeconds())
                .with("unanswered", held.unanswered())
                .build();
    }
}
