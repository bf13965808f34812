package org.tallystick.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes the body of a request in: of a media type that we know, so large, within a time, and so many at once.
final class Bodies {

    private static final String TIMER = "body timer";

    private final Vertx vertx;
    private final HttpLimits limits;
    private final AtomicInteger arriving = new AtomicInteger();

    Bodies(Vertx vertx, HttpLimits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    /// Envelopes, in the two forms that they are sent in.
    void envelopes(Router router, HttpMethod method, String path) {
        Route _ = router.route(method, path).handler(Bodies::mediaType);
        on(router, method, path, limits.body());
    }

    /// A route for each step: Vert.x wants a body handler first in its own.
    ///
    /// @param most bytes
    void on(Router router, HttpMethod method, String path, int most) {
        for (Handler<RoutingContext> step : List.<Handler<RoutingContext>>of(
                this::begin, BodyHandler.create(false).setBodyLimit(most), this::arrived)) {
            Route _ = router.route(method, path).handler(step);
        }
    }

    private static void mediaType(RoutingContext request) {
        boolean known = List.of(PostInstructions.ONE, Answer.JSON).contains(MediaType.of(request.request()));
        if (!known || request.request().headers().contains("content-encoding")) {
            request.fail(new Refusal(Problem.of(Trouble.MEDIA_TYPE_UNKNOWN)));
            return;
        }
        request.next();
    }

    /// The body has to be there in time, however slowly its octets trickle.
    private void begin(RoutingContext request) {
        if (arriving.incrementAndGet() > limits.bodies()) {
            int _ = arriving.decrementAndGet();
            request.fail(new Refusal(Problem.of(Trouble.GATEWAY_FULL)));
            return;
        }
        int _ = request.addEndHandler(_ -> arriving.decrementAndGet());
        long timer = vertx.setTimer(
                limits.bodyTime().toMillis(), _ -> request.fail(new Refusal(Problem.of(Trouble.BODY_TOO_SLOW))));
        request.put(TIMER, timer);
        int _ = request.addEndHandler(_ -> cancel(request));
        request.next();
    }

    private void arrived(RoutingContext request) {
        cancel(request);
        request.next();
    }

    private void cancel(RoutingContext request) {
        Long timer = request.get(TIMER);
        if (timer != null) {
            boolean _ = vertx.cancelTimer(timer);
        }
    }
}
