package org.tallystick.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.gateway.http.Contract.Operation;

/// Takes the body of a request in: so large, within a time, so many at once, and of all together so many bytes.
///
/// What is counted together are the bytes that came, not those announced: who announces much and sends nothing takes no
/// room from others. They count until the request is answered, since a body is taken apart into several times its size.
final class Bodies {

    private static final String BODY = "body";

    /// Before what the contract says of a route.
    static final int FIRST = -1;

    private final Vertx vertx;
    private final HttpLimits limits;
    private final AtomicInteger arriving = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Bodies(Vertx vertx, HttpLimits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    /// What was sent, once it is here.
    static Bytes of(RoutingContext request) {
        return Bytes.copyOf(Objects.requireNonNull(request.<Buffer>get(BODY)).getBytes());
    }

    /// @param check of the head, before anything of the body is taken
    /// @param most bytes
    void on(Router router, Operation operation, Handler<RoutingContext> check, int most) {
        var _ = router.post(operation.route()).order(FIRST).handler(check).handler(request -> begin(request, most));
    }

    private void begin(RoutingContext request, int most) {
        if (arriving.incrementAndGet() > limits.bodies()) {
            int _ = arriving.decrementAndGet();
            request.fail(new Refusal(Problem.of(Trouble.GATEWAY_FULL)));
            return;
        }
        new Arrival(request, most).begin();
    }

    /// One body on its way. Everything happens on the event loop of its connection.
    private final class Arrival {

        private final RoutingContext request;
        private final int most;
        private final long timer;
        private Buffer body = Buffer.buffer();
        private long counted;
        private boolean over;

        Arrival(RoutingContext request, int most) {
            this.request = request;
            this.most = most;
            // It has to be there in time, however slowly its octets trickle.
            this.timer = vertx.setTimer(limits.bodyTime().toMillis(), _ -> refuse(Trouble.BODY_TOO_SLOW));
        }

        void begin() {
            int _ = request.addEndHandler(_ -> forget());
            HttpServerRequest http = request.request();
            var _ = http.handler(this::take).endHandler(_ -> end());
            if (announced(http).filter(length -> length > most).isPresent()) {
                refuse(Trouble.BODY_TOO_LARGE);
            }
        }

        private void take(Buffer piece) {
            if (over) {
                return;
            }
            counted += piece.length();
            if (bytes.addAndGet(piece.length()) > limits.arriving()) {
                refuse(Trouble.GATEWAY_FULL);
            } else if (counted > most) {
                refuse(Trouble.BODY_TOO_LARGE);
            } else {
                body = body.appendBuffer(piece);
            }
        }

        private void end() {
            if (!over) {
                over = true;
                boolean _ = vertx.cancelTimer(timer);
                request.put(BODY, body);
                request.next();
            }
        }

        private void refuse(Trouble trouble) {
            if (!over) {
                over = true;
                body = Buffer.buffer();
                boolean _ = vertx.cancelTimer(timer);
                request.fail(new Refusal(Problem.of(trouble)));
            }
        }

        /// The request is answered, or its sender is gone.
        private void forget() {
            over = true;
            boolean _ = vertx.cancelTimer(timer);
            int _ = arriving.decrementAndGet();
            long _ = bytes.addAndGet(-counted);
        }

        private static Optional<Long> announced(HttpServerRequest http) {
            try {
                return Optional.ofNullable(http.getHeader("content-length")).map(Long::parseLong);
            } catch (NumberFormatException _) {
                return Optional.empty();
            }
        }
    }
}
