package org.tallystick.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;

/// The HTTP server with every limit stated.
public final class Front {

    private Front() {}

    public static HttpServerOptions options(HttpLimits limits) {
        return new HttpServerOptions()
                .setMaxInitialLineLength(limits.line())
                .setMaxHeaderSize(limits.head())
                .setIdleTimeout(Math.toIntExact(limits.idle().toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(false)
                .setCompressionSupported(false)
                .setDecompressionSupported(false);
    }

    public static HttpServer server(Vertx vertx, HttpServerOptions options, HttpLimits limits, Router router) {
        Connections connections = new Connections(vertx, limits);
        return connections.guard(vertx.createHttpServer(options)).requestHandler(request -> {
            connections.asked(request);
            router.handle(request);
        });
    }
}
