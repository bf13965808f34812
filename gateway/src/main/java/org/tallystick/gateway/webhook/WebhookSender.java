package org.tallystick.gateway.webhook;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;

/// Sends one request, and reads so much of the answer and no more.
///
/// A name is resolved once for each request. All of its addresses are looked at, and the connection goes to one that
/// was: what the name means a moment later does not matter. No redirect is followed.
final class WebhookSender implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /// From resolving to the end of the answer.
    static final Duration ATTEMPT = Duration.ofSeconds(20);

    /// How long a connection is kept for the next request.
    private static final int KEPT_SECONDS = 15;

    private static final int CONNECTIONS = 200;
    /// Bytes of an answer's head, and of its body.
    private static final int HEAD = 8 * 1024;

    private static final int BODY = 64 * 1024;
    /// Characters of an answer that an operator is shown.
    private static final int SHOWN = 200;

    private static final int OK = 200;
    private static final int REDIRECTS = 300;
    private static final int ERRORS = 400;
    private static final int GONE = 410;

    /// What a name means.
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /// What came of it.
    ///
    /// @param answer for people
    record Outcome(Kind kind, String answer) {
        enum Kind {
            DELIVERED,
            /// It wants nothing more.
            GONE,
            FAILED
        }

        static Outcome failed(String answer) {
            return new Outcome(Kind.FAILED, answer);
        }
    }

    private final HttpClient http;
    private final Resolver resolver;
    private final boolean allowLoopback;
    private final Duration attempt;

    /// @param attempt how long one may take
    WebhookSender(Vertx vertx, Resolver resolver, boolean allowLoopback, Duration attempt) {
        this.attempt = attempt;
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) CONNECT.toMillis())
                        .setKeepAliveTimeout(KEPT_SECONDS)
                        .setMaxHeaderSize(HEAD)
                        .setDecompressionSupported(false)
                        .setVerifyHost(true),
                new PoolOptions().setHttp1MaxSize(1).setMaxWaitQueueSize(CONNECTIONS));
        this.resolver = resolver;
        this.allowLoopback = allowLoopback;
    }

    /// @param turn which of the addresses is taken, if there are several
    Outcome send(String url, Map<String, String> headers, Bytes body, int turn) throws InterruptedException {
        Optional<Target> target = Target.parse(url);
        if (target.isEmpty()) {
            return Outcome.failed("no URL that may be told: " + url);
        }
        try {
            InetAddress[] addresses = resolver.resolve(target.get().host());
            Optional<InetAddress> refused = Stream.of(addresses)
                    .filter(address -> !mayBeTold(target.get(), address))
                    .findFirst();
            if (refused.isPresent()) {
                return Outcome.failed("not told: " + refused.get().getHostAddress()
                        + (target.get().tls() ? " is not a public address" : " may not be told without TLS"));
            }
            if (addresses.length == 0) {
                return Outcome.failed("the name has no address");
            }
            return post(target.get(), addresses[turn % addresses.length], headers, body);
        } catch (UnknownHostException _) {
            return Outcome.failed("the name is not known: " + target.get().host());
        }
    }

    private boolean mayBeTold(Target target, InetAddress address) {
        return address.isLoopbackAddress() ? allowLoopback : target.tls() && PublicAddress.is(address);
    }

    private Outcome post(Target target, InetAddress address, Map<String, String> headers, Bytes body)
            throws InterruptedException {
        RequestOptions options = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, target.port())))
                .setMethod(HttpMethod.POST)
                .setSsl(target.tls())
                .setHost(target.host())
                .setPort(target.port())
                .setURI(target.path())
                .setFollowRedirects(false)
                .setHeaders(MultiMap.caseInsensitiveMultiMap().addAll(headers));
        AtomicReference<HttpClientRequest> open = new AtomicReference<>();
        Future<Outcome> answered = http.request(options).compose(request -> {
            open.set(request);
            return request.send(Buffer.buffer(body.toArray())).compose(response -> read(request, response));
        });
        try {
            return answered.toCompletionStage().toCompletableFuture().get(attempt.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return Outcome.failed(shown("no answer: " + e.getCause()));
        } catch (TimeoutException _) {
            return Outcome.failed("no answer in " + attempt.toMillis() + " ms");
        } finally {
            HttpClientRequest request = open.get();
            if (request != null && !answered.isComplete()) {
                var _ = request.reset();
            }
        }
    }

    private static Future<Outcome> read(HttpClientRequest request, HttpClientResponse response) {
        Promise<Outcome> read = Promise.promise();
        Buffer start = Buffer.buffer();
        int[] size = {0};
        var _ = response.handler(part -> {
            if (start.length() < SHOWN) {
                var _ = start.appendBuffer(part.slice(0, Math.min(part.length(), SHOWN - start.length())));
            }
            size[0] += part.length();
            if (size[0] > BODY) {
                // Its status is known, and the rest is of no use to anybody.
                boolean _ = read.tryComplete(outcome(response.statusCode(), start));
                var _ = request.reset();
            }
        });
        var _ = response.exceptionHandler(read::tryFail);
        var _ = response.endHandler(_ -> {
            boolean _ = read.tryComplete(outcome(response.statusCode(), start));
        });
        return read.future();
    }

    private static Outcome outcome(int status, Buffer start) {
        String answer =
                shown(status + " " + start.toString(StandardCharsets.UTF_8)).strip();
        if (status >= OK && status < REDIRECTS) {
            return new Outcome(Outcome.Kind.DELIVERED, answer);
        }
        if (status >= REDIRECTS && status < ERRORS) {
            return Outcome.failed(status + " no redirect is followed");
        }
        return status == GONE ? new Outcome(Outcome.Kind.GONE, answer) : Outcome.failed(answer);
    }

    /// On one line, and no longer than an operator reads.
    private static String shown(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.substring(0, Math.min(line.length(), SHOWN));
    }

    @Override
    public void close() {
        var _ = http.close();
    }
}
