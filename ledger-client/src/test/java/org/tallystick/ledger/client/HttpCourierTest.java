package org.tallystick.ledger.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.ledger.LedgerException;

/// The client's half of the HTTP contract, against a gateway that answers from a list.
class HttpCourierTest {

    private static final MemberId NORTH = new MemberId("north");
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final String APPLIED = """
            {"state":"applied","position":{"block":3,"transaction":1,"item":2},
             "answer":{"effects":[],"hash":"x","result":"applied","t":"2026-01-01T00:00:00Z","verdict":"1"}}""";

    private record Reply(int status, String body) {}

    private final Deque<Reply> replies = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server = unstarted();
    private HttpCourier courier = new HttpCourier(URI.create("http://127.0.0.1"));

    @BeforeEach
    void start() {
        server.createContext("/", this::answer);
        server.start();
        courier = new HttpCourier(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    private static HttpServer unstarted() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        courier.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("content-type") + " " + body);
        Reply reply = replies.removeFirst();
        byte[] bytes = reply.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(reply.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void an_instruction_is_handed_over_as_it_is_and_asked_for_until_it_is_decided() throws Exception {
        replies.add(new Reply(202, "{\"instructions\":[{\"state\":\"received\"}]}"));
        replies.add(new Reply(200, "{\"state\":\"received\"}"));
        replies.add(new Reply(200, APPLIED));
        Signed instruction = instruction(1);

        Sent sent = courier.send(List.of(instruction), SHORT).getFirst();

        assertThat(sent.answer())
                .isInstanceOfSatisfying(
                        Answer.Applied.class,
                        applied -> assertThat(applied.position()).contains(new Position(3, 1, 2)));
        assertThat(asked.getFirst())
                .isEqualTo("POST /v1/instructions application/jose+json "
                        + instruction.envelope().utf8().orElseThrow());
        assertThat(asked.get(1))
                .startsWith(
                        "GET /v1/instructions/north/-/" + instruction.payload().id() + "?")
                .as("another instruction may have the same id, and its answer is not this one's")
                .contains("instruction=" + instruction.instruction().hex());
    }

    @Test
    void several_travel_as_strings_and_each_has_its_own_answer() throws Exception {
        replies.add(new Reply(202, """
                {"instructions":[{"state":"received"},
                 {"type":"about:blank","status":422,"code":"signature_wrong","values":{"index":0}}]}"""));
        replies.add(new Reply(200, APPLIED));

        List<Sent> sent = courier.send(List.of(instruction(1), instruction(2)), SHORT);

        assertThat(asked.getFirst()).startsWith("POST /v1/instructions application/x-ndjson {\"payload\"");
        assertThat(sent.get(0).applied()).isTrue();
        assertThat(sent.get(1).answer()).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo("signature_wrong");
            assertThat(refused.verdict()).isFalse();
        });
    }

    @ParameterizedTest(name = "a close that is {0}")
    @ValueSource(strings = {"open", "under_way", "settled", "in a state that only newer gateways know"})
    void how_far_a_close_is_comes_with_its_status(String state) throws Exception {
        String close =
                "{\"count\":5,\"done\":2,\"hash\":\"%s\",\"parts\":7,\"state\":\"%s\"}".formatted(Hash.ZERO, state);
        replies.add(new Reply(200, APPLIED.replaceFirst("\\{", "{\"close\":" + close + ",")));
        Payload payload = instruction(1).payload();

        Answer answer = courier.status(payload.party(), Optional.empty(), payload.id(), SHORT)
                .orElseThrow();

        assertThat(((Answer.Applied) answer).close())
                .isEqualTo(
                        switch (state) {
                            case "open" -> Optional.of(new CloseProgress.Open());
                            case "under_way" -> Optional.of(new CloseProgress.UnderWay(2, 7));
                            case "settled" -> Optional.of(new CloseProgress.Settled(Hash.ZERO, 5));
                            default -> Optional.empty();
                        });
    }

    @Test
    void a_problem_with_a_code_of_the_ledger_is_an_answer() throws Exception {
        replies.add(new Reply(422, "{\"title\":\"no\",\"status\":422,\"code\":\"not_json\",\"values\":{\"at\":3}}"));

        assertThat(courier.send(List.of(instruction(1)), SHORT).getFirst().answer())
                .isInstanceOf(Answer.Refused.class);
    }

    @Test
    void what_is_waiting_is_answered_so_when_the_time_is_over() throws Exception {
        String waiting =
                "{\"state\":\"waiting\",\"answer\":{\"code\":\"gap\",\"result\":\"waiting\",\"values\":{\"last\":0}}}";
        replies.add(new Reply(202, "{\"instructions\":[{\"state\":\"received\"}]}"));
        replies.add(new Reply(200, waiting));
        replies.add(new Reply(200, waiting));
        replies.add(new Reply(200, waiting));

        Sent sent =
                courier.send(List.of(instruction(1)), Duration.ofMillis(900)).getFirst();

        assertThat(sent.answer())
                .isInstanceOfSatisfying(
                        Answer.Waiting.class,
                        answer -> assertThat(answer.code()).isEqualTo("gap"));
    }

    @Test
    void a_gateway_that_is_busy_or_absent_gives_no_answer() {
        replies.add(new Reply(503, "{\"title\":\"too busy\",\"status\":503,\"code\":\"busy\"}"));
        assertThatThrownBy(() -> courier.send(List.of(instruction(1)), SHORT))
                .isInstanceOf(LedgerException.Unavailable.class)
                .hasMessageContaining("too busy");

        replies.add(new Reply(400, "not json"));
        assertThatThrownBy(() -> courier.net()).isInstanceOf(LedgerException.Refused.class);

        server.stop(0);
        assertThatThrownBy(() -> courier.net()).isInstanceOf(LedgerException.Unavailable.class);
    }

    @Test
    void what_the_gateway_does_not_know_is_nothing() throws Exception {
        replies.add(new Reply(404, "{\"status\":404}"));

        assertThat(courier.status(
                        NORTH, Optional.empty(), instruction(1).payload().id(), Duration.ZERO))
                .isEmpty();
    }

    @Test
    void state_and_agreements_are_read_by_name() throws Exception {
        replies.add(new Reply(200, "{\"values\":{\"agr/a/b/c\":{\"state\":\"active\"}}}"));
        replies.add(new Reply(200, "{\"agreements\":[\"a/b/c\",\"a/b/d\"]}"));
        replies.add(new Reply(200, "{\"agreements\":[]}"));

        assertThat(courier.get(List.of("agr/a/b/c", "pty/a/b"))).containsOnlyKeys("agr/a/b/c");
        assertThat(courier.agreements()).hasSize(2);
        assertThat(asked.getLast()).startsWith("GET /v1/agreements?after=a%2Fb%2Fd ");
        assertThat(asked.getFirst()).startsWith("GET /v1/state?key=agr%2Fa%2Fb%2Fc&key=pty%2Fa%2Fb ");
    }

    private static Signed instruction(long offset) {
        SigningKey key = SigningKey.generate(Algorithm.ES256, new Random(offset));
        LedgerTime from = LedgerTime.of("2026-01-01T00:00:00Z");
        Payload payload = Payload.of(
                Hash.ZERO,
                NORTH,
                Ulid.of(from.seconds() * 1000, Bytes.copyOf(new byte[10])),
                from,
                from.plus(Duration.ofDays(1)),
                Optional.empty(),
                new Act.TrialClock(offset));
        return (Signed) Signed.read(Envelope.sign(payload, new Envelope.Hand(NORTH, key)));
    }
}
