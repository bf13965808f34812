package org.tallystick.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// So many connections at once, and none that holds its place without asking anything.
///
/// An idle timeout is no guard: every octet begins it anew. Here the whole head of the next request has to arrive in
/// time.
final class Connections {

    private final Vertx vertx;
    private final HttpLimits limits;
    private final Map<HttpConnection, Long> timers = new ConcurrentHashMap<>();

    Connections(Vertx vertx, HttpLimits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    HttpServer guard(HttpServer server) {
        return server.connectionHandler(this::opened);
    }

    private void opened(HttpConnection connection) {
        if (timers.size() >= limits.connections()) {
            var _ = connection.close();
            return;
        }
        waitForHead(connection);
        var _ = connection.closeHandler(_ -> cancel(timers.remove(connection)));
    }

    /// The head of a request is here; the next one may take as long again from the end of the answer on.
    void asked(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        if (timers.containsKey(connection)) {
            cancel(timers.put(connection, -1L));
            var _ = request.response().endHandler(_ -> {
                if (timers.containsKey(connection)) {
                    waitForHead(connection);
                }
            });
        }
    }

    private void waitForHead(HttpConnection connection) {
        long timer = vertx.setTimer(limits.headTime().toMillis(), _ -> {
            var _ = connection.close();
        });
        cancel(timers.put(connection, timer));
    }

    private void cancel(@org.jspecify.annotations.Nullable Long timer) {
        if (timer != null && timer >= 0) {
            boolean _ = vertx.cancelTimer(timer);
        }
    }
}
