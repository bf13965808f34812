package org.tallystick.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.courier.Capacity;
import org.tallystick.gateway.http.HttpLimits;
import org.tallystick.gateway.stream.StreamLimits;

/// Whatever is sent: a clear answer below 500, and the gateway goes on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputTest {

    private static final String ONE = "application/jose+json";
    private static final String MANY = "application/json";
    private static final String LINES = "application/x-ndjson";

    private static final HttpLimits TIGHT = new HttpLimits(
            1024 * 1024,
            4096,
            4096,
            Duration.ofMillis(800),
            Duration.ofMillis(500),
            50,
            50,
            50,
            Duration.ofSeconds(60),
            1,
            Duration.ofSeconds(60),
            1024,
            16L * 1024 * 1024,
            Duration.ofSeconds(60),
            StreamLimits.DEFAULT);

    /// Static, or it would not be there yet when all begins.
    @TempDir
    static Path folder = Path.of(".");

    private @Nullable Stand opened;
    private Bytes good = Bytes.EMPTY;

    @BeforeAll
    void begin() {
        opened = Stand.at(folder, 1, settings -> settings.withHttp(TIGHT)).enrolled();
        good = stand().agreed("bad").report("s0", 1, 1);
    }

    @AfterAll
    void end() {
        stand().close();
    }

    private Stand stand() {
        return Objects.requireNonNull(opened);
    }

    private void isProblem(Stand.Reply reply) {
        assertThat(reply.status()).as(reply.text()).isBetween(400, 499);
        assertThat(reply.type()).isEqualTo("application/problem+json");
        assertThat(reply.body().text("type")).isEqualTo("urn:tallystick:problem:" + reply.code());
        assertThat(reply.body().whole("status")).isEqualTo(reply.status());
        assertThat(reply.body().text("detail")).isNotBlank();
        assertThat(reply.body().bool("trial")).isTrue();
        assertThat(stand().get("/health/live").status()).isEqualTo(200);
    }

    private Stand.Reply post(String type, String body) {
        return stand().send("POST", "/v1/instructions", type, body.getBytes(UTF_8));
    }

    @ParameterizedTest(name = "one envelope: {0}")
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}",
                "[]",
                "null",
                "true",
                "0",
                "1e999",
                "-",
                "\"\"",
                "\"",
                "{\"payload\":\"\"}",
                "{\"payload\":\"\",\"signatures\":[]}",
                "{\"payload\":\"\",\"payload\":\"\",\"signatures\":[]}",
                "{\"payload\":1,\"signatures\":[]}",
                "{\"payload\":\"=\",\"signatures\":[{\"protected\":\"\",\"signature\":\"\"}]}",
                "{\"payload\":\"e30\",\"signatures\":[{\"protected\":\"e30\",\"signature\":\"AA\"}]}",
                "{\"payload\":\"e30\",\"signatures\":[{\"header\":{},\"protected\":\"e30\",\"signature\":\"AA\"}]}",
                "{\"signatures\":[],\"payload\":\"\"}",
                "{ \"payload\":\"\",\"signatures\":[]}",
                "{\"payload\":\"\\ud800\",\"signatures\":[]}",
                "eyJhbGciOiJub25lIn0.e30.",
                "<xml/>",
                "payload=e30&signatures=",
                "\u0000",
                "\uFEFF{}",
            })
    void a_body_that_is_no_envelope_is_refused(String body) {
        isProblem(post(ONE, body));
    }

    @ParameterizedTest(name = "many: {0}")
    @ValueSource(strings = {"", "{}", "[]", "null", "\"x\"", "[", "[\"a\",]", "[\"a\"]]", "[1e5", "[\"\\ud800\"]"})
    void a_body_that_is_no_array_of_envelopes_is_refused(String body) {
        isProblem(post(MANY, body));
    }

    @ParameterizedTest(name = "{0} deep")
    @ValueSource(ints = {41, 1_000, 100_000})
    void deep_nesting_is_refused(int depth) {
        isProblem(post(ONE, "[".repeat(depth)));
        isProblem(post(MANY, "[".repeat(depth)));
        isProblem(post(ONE, "[".repeat(depth) + "]".repeat(depth)));
    }

    @Test
    void octets_that_are_no_utf8_are_refused() {
        byte[] octets = {'"', (byte) 0xc3, (byte) 0x28, '"'};

        isProblem(stand().send("POST", "/v1/instructions", ONE, octets));
        isProblem(stand().send("POST", "/v1/instructions", MANY, octets));
    }

    @Promise("P14")
    @Test
    void members_of_an_array_that_are_no_strings_are_answered_for_themselves() {
        String text = "[1,null,{},[],true,\"\",\"{}\"," + spelled(good.utf8().orElseThrow()) + "]";

        Stand.Reply reply = post(MANY, text);

        assertThat(reply.status()).isEqualTo(202);
        List<Json.Obj> items = reply.instructions();
        assertThat(items.subList(0, 7)).allMatch(item -> item.has("code") && item.whole("status") < 500);
        assertThat(items.getLast().has("state")).isTrue();
    }

    private static String spelled(String text) {
        return Json.text(text).canonical().utf8().orElseThrow();
    }

    @Test
    void more_envelopes_than_a_request_may_have_are_refused() {
        isProblem(post(MANY, "[" + "\"\",".repeat(5_000) + "\"\"]"));
        isProblem(post(LINES, "\n".repeat(5_001)));
        assertThat(post(MANY, "[" + "\"\",".repeat(4_999) + "\"\"]").instructions())
                .hasSize(5_000);
        assertThat(post(LINES, "\n".repeat(5_000)).instructions()).hasSize(5_000);
    }

    @Test
    void an_envelope_above_its_limit_is_too_large() {
        Stand.Reply reply = post(ONE, "\"" + "x".repeat(400_000) + "\"");

        isProblem(reply);
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.code()).isEqualTo("too_large");
    }

    @Test
    void a_body_above_the_limit_is_too_large() {
        Stand.Reply reply = post(MANY, "x".repeat(1024 * 1024 + 1));

        isProblem(reply);
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.code()).isEqualTo("body_too_large");
    }

    @ParameterizedTest(name = "content type {0}")
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/jose",
                "*/*",
                "nonsense"
            })
    void another_content_type_is_refused(String type) {
        Stand.Reply reply = post(type, "{}");

        isProblem(reply);
        assertThat(reply.status()).isEqualTo(415);
    }

    @Test
    void a_content_type_may_have_parameters() {
        assertThat(stand().send("POST", "/v1/instructions", ONE + "; charset=utf-8", good.toArray())
                        .status())
                .isIn(200, 202);
    }

    @Test
    void without_a_content_type_a_body_is_refused() {
        assertThat(post("", "{}").status()).isEqualTo(415);
    }

    @ParameterizedTest(name = "{1}: GET {0}")
    @CsvSource(delimiter = '|', textBlock = """
                    /v1/instructions/north/hub/nonsense                                | parameter_wrong
                    /v1/instructions/north/HUB/01KGAKCD80ZM37JDWZZ22NS4J8              | parameter_wrong
                    /v1/instructions/-/-/01KGAKCD80ZM37JDWZZ22NS4J8                    | parameter_wrong
                    /v1/instructions/north/hub/01KGAKCD80ZM37JDWZZ22NS4J8              | instruction_not_found
                    /v1/instructions/north/-/01KGAKCD80ZM37JDWZZ22NS4J8                | instruction_not_found
                    /v1/instructions/north/hub/01KGAKCD80ZM37JDWZZ22NS4J8?instruction=1 | parameter_wrong
                    /v1/instructions/north/hub/01KGAKCD80ZM37JDWZZ22NS4J8?agreement=a&agreement=b | parameter_wrong
                    /v1/instructions/north/hub/%00                                     | parameter_wrong
                    /v1/instructions/north/hub/%2e%2e                                  | not_found
                    /v1/agreements/north/hub/none                                      | agreement_not_found
                    /v1/agreements/north/hub/NONE                                      | parameter_wrong
                    /v1/agreements/north/hub/none/settlements/2026-01                  | settlement_not_found
                    /v1/agreements/north/hub/none/settlements/yesterday                | parameter_wrong
                    /v1/agreements/north/hub/none/statements/2026-01                   | parameter_wrong
                    /v1/agreements/north/hub/none/statements/2026-01?party=ana         | settlement_not_found
                    /v1/agreements/north/hub/none/statements/2026-01?party=%0a         | parameter_wrong
                    /v1/agreements?after=nonsense                                      | parameter_wrong
                    /v1/agreements?after=%25%7D                                        | request_wrong
                    /v1/state                                                          | parameter_wrong
                    /v1/state?key=                                                     | parameter_wrong
                    /v1/state?key=%00                                                  | parameter_wrong
                    /v1/nothing                                                        | not_found
                    /                                                                  | not_found
                    /log/add-checkpoint                                                | method_unknown
                    """)
    void an_address_that_means_nothing_is_answered_with_a_problem(String path, String code) {
        Stand.Reply reply = stand().get(path);

        isProblem(reply);
        assertThat(reply.code()).isEqualTo(code);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "NONSENSE"})
    void another_method_is_refused(String method) {
        assertThat(stand().send(method, "/v1/net", "", new byte[0]).status()).isBetween(400, 499);
    }

    /// Sends these texts with a pause after each, and tells what came back until the connection was closed.
    private String raw(Duration pause, String... texts) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), stand().port())) {
            socket.setSoTimeout(5_000);
            OutputStream out = socket.getOutputStream();
            try {
                for (String text : texts) {
                    out.write(text.getBytes(UTF_8));
                    out.flush();
                    Thread.sleep(pause);
                }
            } catch (IOException closed) {
                assertThat(closed).isNotNull();
            }
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            return "closed: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_body_that_trickles_is_cut() {
        String head = "POST /v1/instructions HTTP/1.1\r\nhost: x\r\ncontent-type: " + ONE
                + "\r\ncontent-length: 1000\r\n\r\n";
        String[] texts = new String[20];
        Arrays.fill(texts, "x");
        texts[0] = head;
        long begun = System.nanoTime();

        String answer = raw(Duration.ofMillis(60), texts);

        assertThat(answer).containsAnyOf("408", "closed:").doesNotContain(" 500 ");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void a_head_that_trickles_is_cut() {
        String[] texts = new String[20];
        Arrays.fill(texts, "x");
        texts[0] = "GET /v1/net HTTP/1.1\r\nhost: x\r\nx: ";
        long begun = System.nanoTime();

        String answer = raw(Duration.ofMillis(80), texts);

        assertThat(answer).doesNotContain(" 200 ").doesNotContain(" 500 ");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void who_connects_and_says_nothing_is_cut() {
        assertThat(raw(Duration.ZERO)).isEmpty();
    }

    @ParameterizedTest(name = "no http: {0}")
    @ValueSource(
            strings = {
                "NONSENSE\r\n\r\n",
                "GET /v1/instructions/north/hub/%zz HTTP/1.1\r\nhost: x\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "POST /v1/instructions HTTP/1.1\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n",
                "\u0016\u0003\u0001\u0002",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            })
    void what_is_no_http_is_refused_or_cut(String text) {
        String answer = raw(Duration.ofMillis(20), text);

        // Vert.x itself answers 501 to a version of HTTP that it does not know.
        assertThat(answer).doesNotContain(" 200 ").doesNotContain(" 500 ").doesNotContain(" 503 ");
        assertThat(stand().get("/health/live").status()).isEqualTo(200);
    }

    @Test
    void long_lines_and_large_heads_are_refused() {
        assertThat(raw(Duration.ofMillis(20), "GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nhost: x\r\n\r\n"))
                .contains(" 414 ");
        assertThat(raw(
                        Duration.ofMillis(20),
                        "GET /v1/net HTTP/1.1\r\nhost: x\r\nx: " + "x".repeat(10_000) + "\r\n\r\n"))
                .contains(" 431 ");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void an_envelope_with_any_change_is_never_a_mistake_of_ours(long seed) {
        Random random = new Random(seed);
        for (int n = 0; n < 60; n++) {
            byte[] changed = good.toArray();
            for (int i = 0; i <= random.nextInt(3); i++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextBoolean() ? changed.length : random.nextInt(changed.length);

            Stand.Reply reply =
                    stand().send("POST", "/v1/instructions", ONE, Arrays.copyOf(changed, Math.max(1, length)));

            assertThat(reply.status()).as(reply.text()).isLessThan(500);
        }
    }

    @Promise("P30")
    @Test
    void a_full_gateway_says_when_to_come_again(@TempDir Path own) {
        Capacity.Limits limits = new Capacity.Limits(8, 1_000_000, 5);
        try (Stand small =
                Stand.at(own, 9, settings -> settings.withCapacity(limits)).enrolled()) {
            Partners.Deal one = small.agreed("one");
            Partners.Deal two = small.agreed("two");
            small.ledger.faults.unavailable = true;
            List<Bytes> held = new ArrayList<>();
            for (int n = 1; n <= 5; n++) {
                held.add(one.report("s0", n, 1));
                assertThat(small.post(held.getLast()).status()).isEqualTo(202);
            }

            Stand.Reply home = small.post(one.report("s0", 6, 1));
            for (int n = 1; n <= 3; n++) {
                held.add(two.report("s0", n, 1));
                assertThat(small.post(held.getLast()).status()).isEqualTo(202);
            }
            Stand.Reply all = small.post(two.report("s0", 4, 1));

            assertThat(home.status()).isEqualTo(429);
            assertThat(home.code()).isEqualTo("home_full");
            assertThat(home.retryAfter()).isNotEmpty();
            assertThat(all.status()).isEqualTo(503);
            assertThat(all.code()).isEqualTo("gateway_full");
            assertThat(all.retryAfter()).isNotEmpty();
            assertThat(small.post(held.getFirst()).status()).isIn(200, 503);
            small.ledger.faults.unavailable = false;
            small.haveOneVerdict(held.toArray(Bytes[]::new));
            eventually(() -> small.post(one.report("s0", 6, 1)).status() == 202);
        }
    }
}
