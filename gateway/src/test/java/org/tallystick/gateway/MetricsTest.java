package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.configuration.Address;
import org.tallystick.gateway.configuration.Operation;
import org.tallystick.gateway.http.ReadyLimits;

/// What `/metrics` shows, and what `/health/ready` says when something lacks.
class MetricsTest {

    private static final Pattern NAME = Pattern.compile("\\b(tallystick|jvm|process|system)_[a-z_]+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    @TempDir
    Path folder = Path.of(".");

    private Stand stand(long seed) {
        return Stand.at(
                folder,
                seed,
                settings -> settings.withOperation(Operation.DEFAULT.withMetrics(new Address("127.0.0.1", 0))));
    }

    private static HttpResponse<String> ask(Stand stand, String method, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stand.metricsPort() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String metrics(Stand stand) throws Exception {
        return ask(stand, "GET", "/metrics").body();
    }

    private static double value(String text, String sample) {
        return text.lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElse(-1);
    }

    /// Everything that has happened at a gateway once: taken in, repeated, refused, applied, a broken write not.
    private static void use(Stand stand) {
        Partners.Deal deal = stand.agreed("measured");
        Bytes report = deal.report("s0", 1, 1);
        stand.applied(report);
        assertThat(stand.post(report).status()).isEqualTo(200);
        assertThat(stand.post(Bytes.ofUtf8("{}")).status()).isEqualTo(400);
    }

    @Test
    void each_metric_of_the_dashboard_is_shown_by_a_gateway_that_was_used() throws Exception {
        JsonNode dashboard = new JsonMapper()
                .readTree(Path.of("../docs/grafana-gateway.json").toFile());
        Set<String> asked = dashboard.findValuesAsText("expr").stream()
                .flatMap(expression -> NAME.matcher(expression).results())
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
        try (Stand stand = stand(1).enrolled()) {
            use(stand);
            // A collector that never paused has no pauses to show.
            System.gc();

            eventually(() -> names(stand).containsAll(asked));
            Set<String> ours = names(stand);
            ours.removeIf(name -> !name.startsWith("tallystick_") || name.endsWith("_max"));

            assertThat(asked).hasSizeGreaterThan(20);
            assertThat(ours)
                    .as("each is on the dashboard")
                    .allMatch(name -> asked.stream().anyMatch(one -> stem(one).equals(stem(name))));
        }
    }

    private static String stem(String name) {
        return name.replaceAll("_(bucket|count|sum)$", "");
    }

    private static Set<String> names(Stand stand) {
        try {
            return metrics(stand)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.replaceAll("[{ ].*", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_happened_is_counted() throws Exception {
        try (Stand stand = stand(2).enrolled()) {
            use(stand);

            String text = metrics(stand);

            assertThat(value(text, "tallystick_intake_taken_total")).isEqualTo(6);
            assertThat(value(text, "tallystick_intake_repeated_total")).isEqualTo(1);
            assertThat(value(text, "tallystick_intake_refused_total{code=\"envelope_form\"}"))
                    .isEqualTo(1);
            assertThat(value(text, "tallystick_verdict_seconds_count")).isEqualTo(6);
            assertThat(value(text, "tallystick_batch_instructions_sum")).isGreaterThanOrEqualTo(6);
            assertThat(value(text, "tallystick_transactions_total{code=\"VALID\"}"))
                    .isGreaterThanOrEqualTo(5);
            assertThat(value(text, "tallystick_stage_seconds_count{code=\"ok\",stage=\"broadcast\"}"))
                    .isGreaterThanOrEqualTo(5);
            assertThat(value(text, "tallystick_held_instructions")).isZero();
            assertThat(value(text, "tallystick_ready")).isEqualTo(1);
            assertThat(value(text, "tallystick_block")).isGreaterThanOrEqualTo(4);
            assertThat(value(text, "tallystick_log_leaves")).isGreaterThanOrEqualTo(6);
        }
    }

    @Test
    void no_label_has_a_value_that_a_caller_chose() throws Exception {
        try (Stand stand = stand(3).enrolled()) {
            use(stand);
            for (int n = 0; n < 50; n++) {
                Stand.Reply _ = stand.post(Bytes.ofUtf8("{\"chosen" + n + "\":1}"));
                Stand.Reply _ = stand.get("/v1/agreements/north/hub/chosen" + n);
            }

            String text = metrics(stand);

            Set<String> values = LABEL.matcher(text)
                    .results()
                    .filter(label ->
                            !label.group(1).equals("le") && !label.group(1).equals("id"))
                    .map(label -> label.group(2))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(text).doesNotContain("chosen").doesNotContain("measured").doesNotContain("north/");
            assertThat(values).hasSizeLessThan(60);
        }
    }

    @Test
    void metrics_are_at_their_own_address_alone() throws Exception {
        try (Stand stand = stand(4)) {
            assertThat(stand.get("/metrics").status()).isEqualTo(404);
            assertThat(ask(stand, "GET", "/v1/agreements").statusCode()).isEqualTo(404);
            assertThat(ask(stand, "POST", "/metrics").statusCode()).isEqualTo(405);
            assertThat(ask(stand, "GET", "/metrics").headers().firstValue("content-type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
        }
    }

    @Test
    void who_is_not_ready_says_why() throws IOException {
        Operation strict = Operation.DEFAULT.withReady(new ReadyLimits(0, Duration.ofSeconds(1)));
        try (Stand stand =
                Stand.at(folder, 5, settings -> settings.withOperation(strict)).enrolled()) {
            Partners.Deal deal = stand.agreed("waits");
            eventually(() -> stand.get("/health/ready").status() == 200);
            stand.ledger.faults.unavailable = true;
            assertThat(stand.post(deal.report("s0", 1, 1)).status()).isEqualTo(202);

            eventually(() -> reasons(stand).containsAll(List.of("peer", "oldest")));
            Json.Obj told = stand.get("/health/ready").body();
            stand.ledger.faults.unavailable = false;

            assertThat(told.bool("ready")).isFalse();
            assertThat(told.object("unfinished").whole("unanswered")).isEqualTo(1);
            assertThat(told.object("limits").whole("behind")).isZero();
            eventually(() -> stand.get("/health/ready").status() == 200);
            assertThat(reasons(stand)).isEmpty();
        }
    }

    private static List<String> reasons(Stand stand) {
        return stand.get("/health/ready").body().items("reasons").stream()
                .map(one -> ((Json.Text) one).value())
                .toList();
    }
}
