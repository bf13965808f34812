package org.tallystick.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.tallystick.gateway.Stand.eventually;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.gateway.configuration.Address;
import org.tallystick.gateway.configuration.Operation;
import org.tallystick.gateway.logging.Logging;
import org.tallystick.gateway.store.StoreAddress;

/// P26: secrets are never in logs, in problems or in metrics, whatever happens, at the greatest detail and more.
class SecretsTest {

    private static final String BEARER = "canary-bearer-7d1f";
    private static final String COOKIE = "canary-cookie-7d1f";
    private static final String BODY = "canary-body-7d1f";
    private static final String PASSWORD = "canary-password-7d1f";

    @TempDir
    Path folder = Path.of(".");

    /// All that is logged while it is open, in both forms; of this program everything, of libraries what is of note.
    private static final class Log extends Handler implements AutoCloseable {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final List<Formatter> forms = Stream.of(Logging.Form.values())
                .map(form -> new Logging(form, Logging.Detail.DEBUG).formatter())
                .toList();
        private final Logger all = Logger.getLogger("");
        private final Logger ours = Logger.getLogger("org.tallystick");

        Log() {
            setLevel(Level.ALL);
            all.addHandler(this);
            ours.setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord event) {
            forms.forEach(form -> lines.add(form.format(event)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            all.removeHandler(this);
            ours.setLevel(null);
        }

        String text() {
            return String.join("", lines);
        }
    }

    private static String get(int port, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static Json.Obj json(Bytes text) {
        return (Json.Obj) ((JsonReader.Value) JsonReader.readCanonical(text)).json();
    }

    /// Signatures and payload of an envelope, as they stand in it.
    private static List<String> parts(Bytes envelope) {
        Json.Obj read = json(envelope);
        List<String> parts = new ArrayList<>(List.of(read.text("payload")));
        read.items("signatures").forEach(one -> parts.add(((Json.Obj) one).text("signature")));
        return parts;
    }

    private static List<String> privateKeys(Path keys) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(keys)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".pem")).toList()) {
                Files.readString(file)
                        .lines()
                        .filter(line -> !line.startsWith("-----"))
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    @Test
    void no_secret_is_logged_answered_or_measured() throws Exception {
        List<String> secrets = new ArrayList<>(List.of(BEARER, COOKIE, BODY));
        List<String> told = new ArrayList<>();
        try (Log log = new Log();
                Trio trio = Trio.at(folder, 1)) {
            trio.start(
                    "north",
                    UnaryOperator.identity(),
                    settings -> settings.withOperation(Operation.DEFAULT.withMetrics(new Address("127.0.0.1", 0))));
            secrets.addAll(privateKeys(folder.resolve("north-keys")));
            Stand stand = trio.stand("north").enrolled();
            Partners.Deal deal = stand.agreed("secret");
            stand.ledger.faults.conflicts = 1;
            stand.ledger.faults.lostReplies = 1;
            stand.ledger.faults.refusedBroadcasts = 1;

            Bytes report = deal.report("s0", 1, 1);
            Bytes forged = Bytes.ofUtf8(report.utf8().orElseThrow().replaceAll("(\"signature\":\"..)..", "$1AA"));
            for (Bytes one : List.of(report, forged, Bytes.ofUtf8("{\"" + BODY + "\":1}"), Bytes.ofUtf8(BODY))) {
                told.add(send(stand, "POST", "/v1/instructions", one));
            }
            secrets.addAll(parts(report));
            secrets.addAll(parts(forged));
            stand.haveOneVerdict(report);
            stand.ledger.faults.unavailable = true;
            Bytes late = deal.report("s1", 1, 1);
            secrets.addAll(parts(late));
            told.add(send(stand, "POST", "/v1/instructions", late));
            told.add(send(stand, "GET", "/v1/agreements/north/hub/secret", Bytes.EMPTY));
            eventually(() -> log.text().contains("postponed"));
            stand.ledger.faults.unavailable = false;
            told.add(send(stand, "DELETE", "/v1/instructions", Bytes.EMPTY));
            told.add(send(stand, "GET", "/v1/agreements/%7b" + "x", Bytes.EMPTY));
            told.add(send(stand, "GET", "/nowhere", Bytes.EMPTY));
            stand.haveOneVerdict(late);
            String metrics = get(stand.metricsPort(), "/metrics");
            trio.kill("north");

            assertThat(log.text()).contains("takes no such envelope").contains("is invalid");
            assertThat(metrics).contains("tallystick_intake_refused_total");
            assertThat(told).hasSize(9).anyMatch(text -> text.contains("signature_wrong"));
            for (String secret : secrets) {
                assertThat(secret).hasSizeGreaterThan(10);
                assertThat(log.text()).doesNotContain(secret);
                assertThat(metrics).doesNotContain(secret);
                assertThat(told).noneMatch(text -> text.contains(secret));
            }
        }
    }

    private static String send(Stand stand, String method, String path, Bytes body) {
        return stand.send(
                        method,
                        path,
                        body.size() == 0 ? "" : "application/jose+json",
                        body.toArray(),
                        "authorization",
                        "Bearer " + BEARER,
                        "cookie",
                        "session=" + COOKIE)
                .text();
    }

    @Test
    void the_password_of_a_store_that_cannot_be_reached_is_told_to_nobody() {
        StoreAddress store = ((StoreAddress.Good) StoreAddress.parse("postgresql://north@127.0.0.1:1/store"))
                .address()
                .withPassword(PASSWORD);
        GatewaySettings settings = GatewaySettings.of("127.0.0.1", 0, store, new FakeLedger(1, true)::connect);
        try (Log log = new Log()) {
            Throwable failure = catchThrowable(() -> new Gateway(settings).start());

            assertThat(failure).isInstanceOf(GatewayException.class);
            assertThat(settings.toString() + failure + log.text())
                    .contains("127.0.0.1:1")
                    .doesNotContain(PASSWORD);
        }
    }

    @Test
    void a_line_of_json_is_one_line_whatever_is_in_it() {
        LogRecord event = new LogRecord(Level.INFO, "first\nsecond \"quoted\" \ud800");
        event.setLoggerName("here");
        event.setThrown(new IllegalStateException("third\nfourth"));

        String json =
                new Logging(Logging.Form.JSON, Logging.Detail.INFO).formatter().format(event);
        String text =
                new Logging(Logging.Form.TEXT, Logging.Detail.INFO).formatter().format(event);

        assertThat(json.lines()).hasSize(1);
        Json.Obj read = json(Bytes.copyOf(json.strip().getBytes(UTF_8)));
        assertThat(read.text("message")).isEqualTo("first\nsecond \"quoted\" ?");
        assertThat(read.text("error")).contains("third\nfourth").contains("SecretsTest");
        assertThat(read.text("level")).isEqualTo("info");
        assertThat(text.lines().findFirst().orElseThrow()).endsWith("INFO here: first second \"quoted\" \ud800");
    }
}
