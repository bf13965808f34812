package org.tallystick.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.gateway.configuration.Operation;
import org.tallystick.gateway.traces.TraceSettings;

/// Traces, as a collector receives them from a gateway.
class TracesTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";

    @TempDir
    Path folder = Path.of(".");

    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final HttpServer collector;

    TracesTest() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void begin() {
        var _ = collector.createContext("/v1/traces", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void end() {
        collector.stop(0);
    }

    private Stand stand(int perThousand) {
        URI endpoint = URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces");
        return Stand.at(
                folder,
                1,
                settings ->
                        settings.withOperation(Operation.DEFAULT.withTraces(new TraceSettings(endpoint, perThousand))));
    }

    private static void send(Stand stand, Bytes envelope, String traceparent) {
        assertThat(stand.send(
                                "POST",
                                "/v1/instructions",
                                "application/jose+json",
                                envelope.toArray(),
                                "traceparent",
                                traceparent)
                        .status())
                .isEqualTo(202);
        stand.haveOneVerdict(envelope);
    }

    /// All that the collector has, an octet for each character.
    private String all() {
        return String.join("", received);
    }

    private static String octets(String hex) {
        return new String(HexFormat.of().parseHex(hex), ISO_8859_1);
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    @Test
    void all_stages_from_the_request_to_the_block_are_in_the_callers_trace() {
        try (Stand stand = stand(1_000).enrolled()) {
            Bytes report = stand.agreed("traced").report("s0", 1, 1);

            send(stand, report, "00-" + TRACE + "-" + SPAN + "-01");
            // Each span has its trace, and the one of the request its parent.
            eventually(() -> count(all(), octets(TRACE)) >= 5);

            assertThat(all())
                    .contains("tallystick-gateway", "intake", "store", "endorse", "broadcast", "block")
                    .contains(octets(SPAN))
                    .contains(Partners.read(report).instruction().hex());
        }
    }

    @Test
    void what_is_no_trace_is_passed_over_and_who_would_not_be_traced_is_not() {
        try (Stand stand = stand(1_000).enrolled()) {
            Partners.Deal deal = stand.agreed("untraced");
            Bytes hidden = deal.report("s1", 1, 1);
            Bytes shown = deal.report("s0", 1, 1);

            send(stand, hidden, "00-" + TRACE + "-" + SPAN + "-00");
            send(stand, shown, "no trace at all");
            eventually(() -> all().contains(Partners.read(shown).instruction().hex()));

            assertThat(all()).doesNotContain(octets(TRACE));
            assertThat(all()).doesNotContain(Partners.read(hidden).instruction().hex());
        }
    }

    @Test
    void a_caller_cannot_have_more_traced_than_the_operator_would() {
        try (Stand stand = stand(0).enrolled()) {
            send(stand, stand.agreed("none").report("s0", 1, 1), "00-" + TRACE + "-" + SPAN + "-01");
        }

        assertThat(received).isEmpty();
    }
}
