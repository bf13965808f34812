package org.tallystick.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.store.StoreAddress;

/// A gateway with a fake ledger behind it and a caller in front, which can be killed and started again on
/// its store.
final class Stand implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final FakeLedger ledger;
    final Partners partners;
    private GatewaySettings settings;
    private Gateway.Running running;

    Stand(FakeLedger ledger, Partners partners, GatewaySettings settings, Gateway.Running running) {
        this.ledger = ledger;
        this.partners = partners;
        this.settings = settings;
        this.running = running;
    }

    static Stand at(Path folder, long seed) {
        return at(folder, seed, UnaryOperator.identity());
    }

    static Stand at(Path folder, long seed, UnaryOperator<GatewaySettings> settings) {
        return at(StoreKind.SQLITE.in(folder), seed, settings);
    }

    static Stand at(StoreAddress store, long seed) {
        return at(store, seed, UnaryOperator.identity());
    }

    static Stand at(StoreAddress store, long seed, UnaryOperator<GatewaySettings> settings) {
        FakeLedger ledger = new FakeLedger(seed, true);
        GatewaySettings usual =
                GatewaySettings.of("127.0.0.1", 0, store, ledger::connect).withPatience(Duration.ofMillis(100));
        GatewaySettings all = settings.apply(usual);
        return new Stand(ledger, new Partners(seed), all, begin(all));
    }

    static Gateway.Running begin(GatewaySettings settings) {
        try {
            return new Gateway(settings).start();
        } catch (GatewayException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Kills the gateway, as far as that can be done within one process.
    void kill() {
        try {
            running.abandonForTests();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void restart() {
        kill();
        start();
    }

    void start() {
        running = begin(settings);
    }

    /// Kills it and starts it with other settings.
    void restart(UnaryOperator<GatewaySettings> change) {
        settings = change.apply(settings);
        restart();
    }

    void stop() {
        running.close();
    }

    int port() {
        return running.port();
    }

    int metricsPort() {
        return running.metricsPort().orElseThrow();
    }

    /// Enrolls both partners.
    Stand enrolled() {
        applied(partners.registrar());
        applied(partners.enroll(Partners.HUB), partners.enroll(Partners.ANA));
        return this;
    }

    /// An agreement that both have signed.
    Partners.Deal agreed(String label) {
        return agreed(partners.deal(label));
    }

    Partners.Deal agreed(Partners.Deal deal) {
        applied(deal.offer());
        applied(deal.accept());
        return deal;
    }

    /// Sends these and waits until all are applied.
    void applied(Bytes... envelopes) {
        assertThat(postAll(List.of(envelopes)).status()).isEqualTo(202);
        for (Bytes envelope : envelopes) {
            Reply reply = await(envelope);
            assertThat(reply.body().text("state")).as(reply.toString()).isEqualTo("applied");
        }
    }

    record Reply(int status, String type, String retryAfter, String text, HttpHeaders headers) {
        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        Json.Obj body() {
            if (JsonReader.readCanonical(Bytes.ofUtf8(text)) instanceof JsonReader.Value(Json.Obj object)) {
                return object;
            }
            throw new IllegalStateException(status + " " + type + ": " + text);
        }

        String code() {
            return body().text("code");
        }

        List<Json.Obj> instructions() {
            return body().items("instructions").stream()
                    .map(Json.Obj.class::cast)
                    .toList();
        }
    }

    Reply post(Bytes envelope) {
        return send("POST", "/v1/instructions", "application/jose+json", envelope.toArray());
    }

    Reply postAll(List<Bytes> envelopes) {
        List<String> texts =
                envelopes.stream().map(one -> one.utf8().orElseThrow()).toList();
        return send(
                "POST",
                "/v1/instructions",
                "application/json",
                Json.texts(texts).canonical().toArray());
    }

    Reply get(String path) {
        return send("GET", path, "", new byte[0]);
    }

    Reply send(String method, String path, String type, byte[] body, String... headers) {
        return send(port(), method, path, type, body, headers);
    }

    /// @param headers names and values in turn
    static Reply send(int port, String method, String path, String type, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (!type.isEmpty()) {
            request.header("content-type", type);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            ContractCheck.check(response, response.body().getBytes(UTF_8));
            return new Reply(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    response.headers().firstValue("retry-after").orElse(""),
                    response.body(),
                    response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String path(Bytes envelope) {
        Signed signed = Partners.read(envelope);
        String party = signed.payload().party().text();
        return "/v1/instructions/" + party + (party.indexOf('/') < 0 ? "/-" : "") + "/"
                + signed.payload().id().text();
    }

    /// The address of exactly this instruction.
    static String location(Bytes envelope) {
        return path(envelope) + "?instruction=" + Partners.read(envelope).instruction();
    }

    Reply status(Bytes envelope) {
        return get(path(envelope));
    }

    /// The final answer, for which a busy machine may need some time.
    Reply await(Bytes envelope) {
        Reply reply = await(port(), path(envelope));
        return reply.status() == 200 && !reply.body().has("position") ? await(port(), path(envelope)) : reply;
    }

    /// The final answer at some gateway.
    static Reply await(int port, String path) {
        return send(port, "GET", path, "", new byte[0], "prefer", "wait=30");
    }

    String state(Bytes envelope) {
        return status(envelope).body().text("state");
    }

    String code(Bytes envelope) {
        return status(envelope).body().object("answer").text("code");
    }

    /// Each of these has exactly one verdict on the ledger, and the gateway tells that one.
    void haveOneVerdict(Bytes... envelopes) {
        for (Bytes envelope : envelopes) {
            Json.Obj told = await(envelope).body();
            var verdicts = ledger.verdicts();
            String hash = Partners.read(envelope).instruction().hex();
            List<Json.Obj> all = verdicts.getOrDefault(hash, List.of());
            assertThat(all).as(told.toString()).hasSize(1);
            assertThat(told.object("answer")).isEqualTo(all.getFirst());
            assertThat(told.has("position")).isTrue();
        }
    }

    static void eventually(BooleanSupplier holds) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("this should have come true in time")
                    .isLessThan(end);
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    static byte[] repeat(byte octet, int times) {
        byte[] all = new byte[times];
        Arrays.fill(all, octet);
        return all;
    }

    @Override
    public void close() {
        running.close();
    }
}
