package org.tallystick.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.Subscription.Event;
import org.tallystick.gateway.http.HttpLimits;
import org.tallystick.gateway.stream.StreamLimits;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.GatewayClient;
import org.tallystick.ledger.client.News;
import org.tallystick.ledger.client.Position;
import org.tallystick.ledger.client.StreamReader;

/// What the ledger brings is told to each reader once, in the order of the ledger, whatever happens to either side.
final class StreamTest {

    @TempDir
    Path folder = Path.of(".");

    private static UnaryOperator<GatewaySettings> streams(int all, int ofCaller, Duration heartbeat) {
        return settings ->
                settings.withHttp(HttpLimits.DEFAULT.withStreams(new StreamLimits(all, ofCaller, heartbeat)));
    }

    /// Positions of all verdicts, straight from the blocks.
    static List<String> positions(FakeLedger ledger) {
        List<String> positions = new ArrayList<>();
        ledger.blocks()
                .forEach(block -> block.transactions().stream()
                        .filter(transaction ->
                                transaction.valid() && transaction.function().equals("submit"))
                        .forEach(transaction -> {
                            List<Json.Obj> answers = transaction.answers();
                            for (int item = 0; item < answers.size(); item++) {
                                if (answers.get(item).has("verdict")
                                        && !answers.get(item).has("repeat")) {
                                    positions.add(block.number() + "/" + transaction.index() + "/" + item);
                                }
                            }
                        }));
        return positions;
    }

    private static void reports(Stand stand, Partners.Deal deal, int count) {
        for (int n = 1; n <= count; n++) {
            stand.applied(deal.report("s" + n % 3, 1 + (n - 1) / 3, 1));
        }
    }

    private static URI gateway(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static StreamReader reader(Stand stand) {
        return new StreamReader(List.of(gateway(stand.port())), News.Filter.ALL, Optional.empty());
    }

    @Test
    void each_verdict_is_told_once_in_the_order_of_the_ledger_as_the_contract_says() {
        try (Stand stand = Stand.at(folder, 1).enrolled();
                Subscription early = Subscription.after(stand.port(), "")) {
            Event hello = early.next();
            Partners.Deal deal = stand.agreed("told");
            stand.applied(deal.report("s0", 1, 1));
            Bytes taken = deal.report("s0", 1, 2);
            assertThat(stand.post(taken).status()).isEqualTo(202);
            assertThat(stand.await(taken).body().text("state")).isEqualTo("refused");

            List<String> known = positions(stand.ledger);
            try (Subscription late = Subscription.after(stand.port(), "")) {
                assertThat(late.next().json().text("newest")).isEqualTo(known.getLast());
                for (String position : known) {
                    Event event = early.next();
                    assertThat(event.id()).isEqualTo(position);
                    assertThat(event.type()).isEqualTo(event.json().text("state"));
                    ContractCheck.holds("News", event.data().getBytes(UTF_8));
                    assertThat(late.next()).isEqualTo(event);
                }
            }
            assertThat(hello.type()).isEqualTo("position");
            assertThat(hello.json().text("ledger")).isEqualTo(FakeLedger.ID.hex());
            assertThat(early.headers()).containsEntry("content-type", "text/event-stream");
        }
    }

    @Test
    void a_period_that_the_last_step_of_a_close_settled_is_told_with_its_agreement() throws Exception {
        try (Stand stand = Stand.at(folder, 2).enrolled();
                GatewayClient client = new GatewayClient(gateway(stand.port()))) {
            Partners.Deal deal = stand.agreed(stand.partners.wideDeal("wide"));
            CrashTest.declared(stand, deal);
            stand.applied(deal.close());
            eventually(() -> stand.get("/v1/agreements/" + deal.id() + "/settlements/" + deal.period())
                            .status()
                    == 200);

            News last = client.getStream(News.Filter.under(List.of(deal.id())), Optional.empty(), Duration.ZERO)
                    .news()
                    .getLast();

            assertThat(last.asked()).isEmpty();
            assertThat(last.agreement()).contains(deal.id());
            assertThat(last.answer())
                    .isInstanceOfSatisfying(
                            Answer.Applied.class,
                            applied -> assertThat(applied.effects())
                                    .anyMatch(effect -> effect.text("kind").equals("settlement")));
        }
    }

    /// Whoever is cut off after each event, and goes on from its position, gets what the ledger has.
    @Promise("P17")
    @Test
    void disconnected_at_every_event_nothing_is_lost_and_nothing_told_twice() {
        try (Stand stand = Stand.at(folder, 3).enrolled()) {
            reports(stand, stand.agreed("cut"), 12);
            List<String> known = positions(stand.ledger);
            List<String> received = new ArrayList<>();

            while (received.size() < known.size()) {
                try (Subscription one =
                        Subscription.after(stand.port(), received.isEmpty() ? "" : received.getLast())) {
                    Event _ = one.next();
                    received.add(one.next().id());
                }
            }

            assertThat(received).isEqualTo(known);
        }
    }

    /// The gateway is killed after each event; whoever follows gets what the ledger has, on either store.
    @Promise("P17")
    @Tag("slow")
    @ParameterizedTest(name = "{0}")
    @EnumSource(StoreKind.class)
    void restarted_at_every_event_nothing_is_lost_and_nothing_told_twice(StoreKind kind) {
        try (Stand stand = Stand.at(kind.in(folder), 4).enrolled()) {
            Partners.Deal deal = stand.agreed("killed");
            List<String> received = new ArrayList<>();

            for (int n = 1; n <= 8; n++) {
                Bytes report = deal.report("s0", n, 1);
                assertThat(stand.post(report).status()).isEqualTo(202);
                try (Subscription one =
                        Subscription.after(stand.port(), received.isEmpty() ? "" : received.getLast())) {
                    Event _ = one.next();
                    received.add(one.next().id());
                }
                stand.restart();
            }
            eventually(() -> positions(stand.ledger).size() >= received.size());
            List<String> known = positions(stand.ledger);
            try (Subscription one = Subscription.after(stand.port(), received.getLast())) {
                Event _ = one.next();
                while (received.size() < known.size()) {
                    received.add(one.next().id());
                }
            }

            assertThat(received).isEqualTo(known);
        }
    }

    /// Two gateways of a member on one PostgreSQL; when one is killed, whoever follows goes on at the other.
    @Promise("P17")
    @Tag("slow")
    @Test
    void a_reader_goes_on_at_another_gateway_when_its_own_dies() throws Exception {
        try (Stand first = Stand.at(StoreKind.POSTGRESQL.in(folder), 5, settings -> settings.withInstance("first"))
                        .enrolled();
                Gateway.Running second = Stand.begin(
                        GatewaySettings.of("127.0.0.1", 0, StoreKind.POSTGRESQL.in(folder), first.ledger::connect)
                                .withPatience(Duration.ofMillis(100))
                                .withInstance("second"));
                StreamReader reader = new StreamReader(
                        List.of(gateway(first.port()), gateway(second.port())), News.Filter.ALL, Optional.empty())) {
            Partners.Deal deal = first.agreed("shared");
            List<String> received = new ArrayList<>();
            while (received.size() < positions(first.ledger).size()) {
                reader.next().forEach(news -> received.add(news.at().toString()));
            }

            first.kill();
            for (int n = 1; n <= 5; n++) {
                Bytes report = deal.report("s0", n, 1);
                assertThat(Stand.send(
                                        second.port(),
                                        "POST",
                                        "/v1/instructions",
                                        "application/jose+json",
                                        report.toArray())
                                .status())
                        .isEqualTo(202);
                reader.next().forEach(news -> received.add(news.at().toString()));
            }
            while (received.size() < positions(first.ledger).size()) {
                reader.next().forEach(news -> received.add(news.at().toString()));
            }

            assertThat(received).isEqualTo(positions(first.ledger));
            first.start();
        }
    }

    /// Two who read at their own pace while verdicts come.
    @Promise("P17")
    @Test
    void two_consumers_get_the_same_while_verdicts_come() throws Exception {
        try (Stand stand = Stand.at(folder, 6).enrolled();
                StreamReader one = reader(stand);
                StreamReader two = reader(stand);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Partners.Deal deal = stand.agreed("two");
            int expected = positions(stand.ledger).size() + 30;
            var first = CompletableFuture.supplyAsync(() -> all(one, expected, Duration.ZERO), threads);
            var second = CompletableFuture.supplyAsync(() -> all(two, expected, Duration.ofMillis(20)), threads);

            reports(stand, deal, 30);

            assertThat(first.join()).isEqualTo(positions(stand.ledger));
            assertThat(second.join()).isEqualTo(positions(stand.ledger));
        }
    }

    private static List<String> all(StreamReader reader, int count, Duration pause) {
        List<String> received = new ArrayList<>();
        try {
            while (received.size() < count) {
                reader.next().forEach(news -> received.add(news.at().toString()));
                Thread.sleep(pause);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return received;
    }

    @Test
    void what_is_not_wanted_moves_the_position_and_is_not_told() throws Exception {
        try (Stand stand =
                Stand.at(folder, 7, streams(10, 10, Duration.ofMillis(100))).enrolled()) {
            Partners.Deal wanted = stand.agreed("wanted");
            Partners.Deal other = stand.agreed("other");
            String path = "/v1/stream?agreement=" + wanted.id() + "&party=" + Partners.ANA;
            try (Subscription one = new Subscription(stand.port(), path);
                    GatewayClient client = new GatewayClient(gateway(stand.port()))) {
                Event _ = one.next();
                assertThat(one.next().json().text("party")).isEqualTo(Partners.ANA.text());
                String before = positions(stand.ledger).getLast();
                assertThat(one.moved()).isEqualTo(before);
                stand.applied(other.report("s0", 1, 1));

                assertThat(one.moved()).isEqualTo(positions(stand.ledger).getLast());

                News.Page page = client.getStream(
                        new News.Filter(List.of(other.id()), true, List.of(Partners.MEMBER)),
                        Optional.empty(),
                        Duration.ZERO);
                assertThat(page.news())
                        .singleElement()
                        .satisfies(news -> assertThat(news.agreement()).isEmpty());
                assertThat(page.next()).isEqualTo(page.newest());
            }
        }
    }

    @Test
    void who_polls_waits_for_what_comes_and_no_longer_than_it_wants() throws Exception {
        try (Stand stand = Stand.at(folder, 8).enrolled();
                GatewayClient client = new GatewayClient(gateway(stand.port()));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Partners.Deal deal = stand.agreed("polled");
            Optional<Position> newest = client.getStream(News.Filter.ALL, Optional.empty(), Duration.ZERO)
                    .newest();
            var waiting = CompletableFuture.supplyAsync(
                    () -> stand.send("GET", "/v1/stream?after=newest", "", new byte[0], "prefer", "wait=20"), threads);
            Stand.Reply empty =
                    stand.send("GET", "/v1/stream?after=" + newest.orElseThrow(), "", new byte[0], "prefer", "wait=1");
            Bytes report = deal.report("s0", 1, 1);

            stand.applied(report);

            Signed signed = Partners.read(report);
            assertThat(empty.body().items("news")).isEmpty();
            assertThat(empty.body().text("next")).isEqualTo(newest.orElseThrow().toString());
            assertThat(empty.header("preference-applied")).isEqualTo("wait=1");
            assertThat(waiting.join().body().items("news"))
                    .singleElement()
                    .satisfies(news -> assertThat(((Json.Obj) news).text("instruction"))
                            .isEqualTo(signed.instruction().hex()));
            assertThat(waiting.join().body().text("next"))
                    .isEqualTo(positions(stand.ledger).getLast());
        }
    }

    @Test
    void the_command_line_prints_what_came_from_a_block_on() {
        try (Stand stand = Stand.at(folder, 13).enrolled()) {
            Partners.Deal deal = stand.agreed("printed");
            stand.applied(deal.report("s0", 1, 1));
            String at = gateway(stand.port()).toString();
            List<String> known = positions(stand.ledger);
            String last = known.getLast();

            List<String> all = tally("follow", "--gateway", at, "--from", "0", "--until-now");
            List<String> some = tally(
                    "follow", "--gateway", at, "--from", last.substring(0, last.indexOf('/')), "--until-now", "--json");
            List<String> none = tally("follow", "--gateway", at, "--until-now");

            assertThat(all).map(line -> line.substring(0, line.indexOf(' '))).isEqualTo(known);
            assertThat(all.getLast()).startsWith(last + " applied instruction of north/hub ");
            assertThat(some).singleElement().asString().contains("\"position\":\"" + last + "\"");
            assertThat(none).isEmpty();
        }
    }

    private static List<String> tally(String... arguments) {
        Said said = Said.tally(arguments);
        assertThat(said.exitCode()).as(said.error()).isZero();
        return said.out().lines().toList();
    }

    @Test
    void a_position_that_is_not_there_yet_waits() {
        try (Stand stand = Stand.at(folder, 9).enrolled()) {
            Partners.Deal deal = stand.agreed("ahead");
            long height = stand.ledger.height();
            // The next block is passed over, the one after it is told.
            String ahead = height + "/999999999/999999999";
            try (Subscription one = Subscription.after(stand.port(), ahead)) {
                assertThat(one.next().id()).isEqualTo(ahead);

                stand.applied(deal.report("s0", 1, 1));
                stand.applied(deal.report("s0", 2, 1));

                assertThat(one.next().id())
                        .isEqualTo(positions(stand.ledger).stream()
                                .filter(position -> Long.parseLong(position.split("/", -1)[0]) > height)
                                .findFirst()
                                .orElseThrow());
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"1", "1/2", "1/2/3/4", "01/0/0", "-1/0/0", "1.2.3", "a/b/c", "1/2/1234567890", "new"})
    void a_position_of_another_form_is_refused(String position) {
        try (Stand stand = Stand.at(folder, 10);
                Subscription header = Subscription.after(stand.port(), position)) {
            Stand.Reply query = stand.get("/v1/stream?after=" + position);

            assertThat(query.status()).isEqualTo(400);
            assertThat(query.body().object("values").text("parameter")).isEqualTo("after");
            assertThat(header.status()).isEqualTo(400);
        }
    }

    @Test
    void there_are_so_many_streams_and_so_many_of_a_caller(@TempDir Path second) {
        try (Stand stand = Stand.at(folder, 11, streams(3, 2, Duration.ofMillis(50)))) {
            Subscription one = Subscription.after(stand.port(), "");
            try (Subscription two = Subscription.after(stand.port(), "");
                    Subscription three = Subscription.after(stand.port(), "")) {
                assertThat(List.of(one.status(), two.status(), three.status())).containsExactly(200, 200, 429);
                one.close();

                eventually(() -> {
                    try (Subscription four = Subscription.after(stand.port(), "")) {
                        return four.status() == 200;
                    }
                });
            }
        }
        try (Stand stand = Stand.at(second, 11, streams(1, 2, Duration.ofMillis(50)));
                Subscription one = Subscription.after(stand.port(), "");
                Subscription two = Subscription.after(stand.port(), "")) {
            assertThat(List.of(one.status(), two.status())).containsExactly(200, 503);
            assertThat(two.headers()).containsKey("retry-after");
        }
    }

    @Test
    void a_stream_ends_well_when_the_gateway_stops() {
        try (Stand stand = Stand.at(folder, 12).enrolled();
                Subscription one = Subscription.after(stand.port(), "")) {
            Event _ = one.next();

            stand.stop();

            assertThat(one.isOver()).isTrue();
            stand.start();
        }
    }

    /// In a heap of 256 MB: two thousand who wait, and all are told what comes.
    @Tag("slow")
    @Test
    void two_thousand_may_wait_in_little_memory() throws Exception {
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        IdleStreams.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Subscription> all = new ArrayList<>();
        try (BufferedReader said = child.inputReader();
                BufferedWriter told = child.outputWriter()) {
            int port = Integer.parseInt(said.readLine());
            String newest = "";
            for (int n = 0; n < 2_000; n++) {
                Subscription one = new Subscription(port, "/v1/stream?after=newest");
                all.add(one);
                newest = one.next().id();
            }

            told.write("quiet\n");
            told.flush();
            for (Subscription one : all) {
                assertThat(Position.parse(one.next().id()).orElseThrow())
                        .isGreaterThan(Position.parse(newest).orElseThrow());
            }

            int used = Integer.parseInt(said.readLine());
            Logger.getLogger(StreamTest.class.getName()).info("2,000 idle streams: " + used + " MB of heap in use");
            assertThat(used).isLessThan(200);
        } finally {
            all.forEach(Subscription::close);
            Process _ = child.destroyForcibly();
        }
    }
}
