package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import org.tallystick.agreement.json.Json;

/// `GET /health/live`: the process answers.
final class GetLive implements Responder {
    @Override
    public Future<Answer> to(RoutingContext request) {
        return Future.succeededFuture(Answer.of(200, Json.object().with("live", true)));
    }
}
