package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/// Answers the requests of one route. A failed future with a [Refusal] is an answer too.
@FunctionalInterface
interface Responder {
    Future<Answer> to(RoutingContext request);
}
