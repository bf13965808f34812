package org.tallystick.gateway.metrics;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;
import org.tallystick.gateway.http.Readiness;

/// `/metrics`, on an address of its own: partners have no business there.
public final class MetricsServer {

    private static final String PATH = "/metrics";
    /// As Prometheus names its format.
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final int MAX_HEAD = 8 * 1024;
    private static final int IDLE_SECONDS = 60;
    /// Questions at once: each looks at the store and asks the peer.
    private static final int MAX_QUESTIONS = 4;

    private final Metrics metrics;
    private final Readiness readiness;
    private final AtomicInteger questions = new AtomicInteger();

    private MetricsServer(Metrics metrics, Readiness readiness) {
        this.metrics = metrics;
        this.readiness = readiness;
    }

    public static Future<HttpServer> listen(Vertx vertx, String host, int port, Metrics metrics, Readiness readiness) {
        MetricsServer server = new MetricsServer(metrics, readiness);
        return vertx.createHttpServer(new HttpServerOptions()
                        .setHost(host)
                        .setPort(port)
                        .setMaxHeaderSize(MAX_HEAD)
                        .setIdleTimeout(IDLE_SECONDS))
                .requestHandler(server::answer)
                .listen();
    }

    private void answer(HttpServerRequest request) {
        if (!PATH.equals(request.path())) {
            end(request, 404);
        } else if (!HttpMethod.GET.equals(request.method())) {
            end(request, 405);
        } else if (questions.incrementAndGet() > MAX_QUESTIONS) {
            int _ = questions.decrementAndGet();
            end(request, 503);
        } else {
            var _ = readiness
                    .now()
                    .map(metrics::text)
                    .compose(text -> request.response()
                            .putHeader("content-type", TYPE)
                            .putHeader("cache-control", "no-store")
                            .end(text))
                    .onFailure(_ -> end(request, 500))
                    .onComplete(_ -> questions.decrementAndGet());
        }
    }

    private static void end(HttpServerRequest request, int status) {
        if (!request.response().ended() && !request.response().closed()) {
            var _ = request.response().setStatusCode(status).end();
        }
    }
}
