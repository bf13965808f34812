package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.gateway.http.HttpLimits;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.cli.Tally;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.pack.MemberLogs;
import org.tallystick.ledger.pack.PackBuilder;
import org.tallystick.ledger.pack.PostingProof;

/// Packs that a gateway makes, with the log as it has it.
class PacksTest {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path folder = Path.of(".");

    private record Reply(int status, String type, String retryAfter, Bytes body) {
        String text() {
            return new String(body.toArray(), StandardCharsets.UTF_8);
        }

        String code() {
            return JsonReader.readCanonical(body) instanceof JsonReader.Value(Json.Obj problem)
                    ? problem.text("code")
                    : "no problem";
        }
    }

    private static CompletableFuture<Reply> begin(Trio trio, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway(trio, "north") + path))
                .timeout(Duration.ofSeconds(60))
                .build();
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(response -> new Reply(
                        response.statusCode(),
                        response.headers().firstValue("content-type").orElse(""),
                        response.headers().firstValue("retry-after").orElse(""),
                        Bytes.copyOf(response.body())));
    }

    private static Reply get(Trio trio, String path) {
        return begin(trio, path).join();
    }

    private static String gateway(Trio trio, String member) {
        return "http://127.0.0.1:" + trio.client(member).port();
    }

    private static String path(Partners.Deal deal) {
        return "/v1/packs/" + deal.id();
    }

    /// An agreement with one settled period.
    static Partners.Deal settled(Trio trio) {
        Stand stand = trio.stand("north");
        Partners.Deal deal = stand.enrolled().agreed("packed");
        CrashTest.declared(stand, deal);
        stand.applied(deal.close());
        return deal;
    }

    /// All have cosigned all there is.
    static Checkpoint cosigned(Trio trio) {
        long size = trio.tree().size();
        for (String member : FakeLedger.MEMBERS) {
            LogClient client = trio.client(member);
            eventually(() -> client.size("cosigned") == size
                    && client.get("head/" + size + "/reg").status() == 200);
        }
        eventually(() -> TrioTest.cosigned(
                        trio, trio.client("north").checkpoint("cosigned").orElseThrow())
                == 3);
        return trio.client("north").checkpoint("cosigned").orElseThrow().checkpoint();
    }

    private static String older(Trio trio, long size) {
        return size + ":" + trio.tree().root(size).toHex();
    }

    /// What `tally pack --log` writes, at the peer of another member.
    private static Bytes made(Trio trio, Partners.Deal deal, Optional<String> period, Optional<PackBuilder.Older> older)
            throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Ledger ledger = trio.ledger.connect("west");
                MemberLogs logs = MemberLogs.of(gateways(trio))) {
            new PackBuilder(ledger, deal.id(), period, Optional.of(logs.published(older))).write(out);
        }
        return Bytes.copyOf(out.toByteArray());
    }

    private static List<URI> gateways(Trio trio) {
        return FakeLedger.MEMBERS.stream()
                .map(member -> URI.create(gateway(trio, member)))
                .toList();
    }

    @Test
    void a_gateway_makes_the_same_bytes_as_the_command_from_what_the_members_publish() throws Exception {
        try (Trio trio = Trio.at(folder, 1)) {
            trio.startAll();
            Partners.Deal deal = settled(trio);
            Checkpoint end = cosigned(trio);
            String period = "period=" + deal.period();
            String older = older(trio, end.size() / 2);

            Reply pack = get(trio, path(deal));
            Reply upTo = get(trio, path(deal) + "?" + period);
            Reply goingOn = get(trio, path(deal) + "?" + period + "&older=" + older);
            Reply proof = get(trio, path(deal) + "/postings/" + deal.period() + "/1");

            Optional<PackBuilder.Older> from = PackBuilder.Older.parse(older);
            assertThat(pack.status()).as(pack.code()).isEqualTo(200);
            assertThat(pack.type()).isEqualTo("application/octet-stream");
            assertThat(pack.body()).isEqualTo(made(trio, deal, Optional.empty(), Optional.empty()));
            assertThat(upTo.body()).isEqualTo(made(trio, deal, Optional.of(deal.period()), Optional.empty()));
            assertThat(goingOn.body()).isEqualTo(made(trio, deal, Optional.of(deal.period()), from));
            assertThat(goingOn.body().size()).isGreaterThan(upTo.body().size());
            assertThat(pack.text())
                    .contains("\"form\":\"final\"", "\"size\":" + end.size(), "north/head", "south/head", "west/head");
            try (Ledger ledger = trio.ledger.connect("west");
                    MemberLogs logs = MemberLogs.of(gateways(trio))) {
                assertThat(proof.body())
                        .isEqualTo(
                                PostingProof.make(ledger, deal.id(), deal.period(), 1, logs.published(Optional.empty()))
                                        .octets());
            }
            theCommandFetches(trio, deal, older, goingOn.body(), proof.body());
        }
    }

    private void theCommandFetches(Trio trio, Partners.Deal deal, String older, Bytes pack, Bytes proof)
            throws IOException {
        Path file = folder.resolve("fetched");
        List<String> command =
                List.of("pack", deal.id().text(), "-o", file.toString(), "--gateway", gateway(trio, "north"));

        assertThat(tally(command, "--period", deal.period(), "--older", older)).isEqualTo("0 " + file + "\n");
        assertThat(file).hasBinaryContent(pack.toArray());
        assertThat(tally(command, "--period", deal.period(), "--posting", "1")).isEqualTo("0 " + file + "\n");
        assertThat(file).hasBinaryContent(proof.toArray());
        assertThat(tally(command, "--period", "2031-01"))
                .isEqualTo("1 tally: error: this period of the agreement is not settled\n");
        assertThat(tally(command, "--period", deal.period(), "--posting", "99"))
                .startsWith("1 tally: error: the settlement of this period has no posting");
        assertThat(tally(command, "--period", "next year"))
                .isEqualTo("2 tally: error: a part of the address has a wrong form\n");
        assertThat(tally(command, "--period", "next year", "--posting", "1"))
                .isEqualTo("2 tally: error: a part of the address has a wrong form\n");
        assertThat(tally(command, "--older", older.replaceAll(":.*", ":" + "0".repeat(64))))
                .isEqualTo("1 tally: error: the log does not go on from this size and root\n");
        assertThat(tally(command, "--log", gateway(trio, "west"))).startsWith("2 tally: error: --log goes with a peer");
        assertThat(tally(command, "--posting", "1")).startsWith("2 tally: error: --posting needs --period");
        assertThat(tally(command, "--older", "7")).startsWith("2 tally: error: not SIZE:ROOT");
        assertThat(file).hasBinaryContent(proof.toArray());
        assertThat(folder.resolve("fetched.part")).doesNotExist();
    }

    /// Exit code and output.
    private static String tally(List<String> command, String... options) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(options));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Tally().run(all, print, print) + " " + out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void what_there_is_not_is_said_by_name() {
        try (Trio trio = Trio.at(folder, 2)) {
            trio.startAll();
            Partners.Deal deal = settled(trio);
            long size = cosigned(trio).size();
            String other = Hash.of(Bytes.ofUtf8("another tree")).hex();

            is(get(trio, "/v1/packs/north/hub/nothing"), 404, "agreement_not_found");
            is(get(trio, path(deal) + "?period=2031-01"), 404, "settlement_not_found");
            is(get(trio, path(deal) + "/postings/2031-01/1"), 404, "settlement_not_found");
            is(get(trio, path(deal) + "/postings/" + deal.period() + "/99"), 404, "posting_not_found");
            is(get(trio, path(deal) + "?older=" + size / 2 + ":" + other), 409, "older_differs");
            is(get(trio, path(deal) + "?older=" + (size + 1) + ":" + other), 409, "older_differs");
            for (String wrong : List.of(
                    "?period=soon",
                    "?period=2026-01&period=2026-02",
                    "?older=7",
                    "?older=0:" + other,
                    "?older=7:" + other + "0",
                    "/postings/2026-01/0",
                    "/postings/2026-01/-1",
                    "/postings/2026-01/01",
                    "/postings/2026-01/9999999999")) {
                is(get(trio, path(deal) + wrong), 400, "parameter_wrong");
            }
            is(get(trio, "/v1/packs/north/hub/No%20Label"), 400, "parameter_wrong");
        }
    }

    private static void is(Reply reply, int status, String code) {
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.status()).as(code).isEqualTo(status);
        assertThat(reply.type()).isEqualTo("application/problem+json");
        assertThat(reply.retryAfter()).as(code).isEqualTo(status == 503 ? "5" : "");
    }

    @Test
    void what_no_majority_has_cosigned_is_in_no_pack_yet() {
        try (Trio trio = Trio.at(folder, 3)) {
            trio.start("north");
            Partners.Deal deal = settled(trio);
            eventually(
                    () -> trio.client("north").size("checkpoint") == trio.tree().size());

            is(get(trio, path(deal)), 503, "log_not_cosigned");

            trio.start("south", "west");
            long before = cosigned(trio).size();
            trio.kill("south");
            trio.kill("west");
            Partners.Deal later = trio.stand("north").agreed("later");
            eventually(() -> trio.client("north").size("checkpoint") > before);

            is(get(trio, path(later)), 503, "log_not_cosigned");
        }
    }

    @Test
    void a_gateway_without_keys_of_the_log_says_so() {
        try (Stand stand = Stand.at(folder, 4).enrolled()) {
            Partners.Deal deal = stand.agreed("unsigned");

            Stand.Reply reply = stand.get("/v1/packs/" + deal.id());

            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.code()).isEqualTo("log_unsigned");
        }
    }

    @Test
    void one_member_that_is_down_stops_no_pack_and_two_of_three_do() {
        try (Trio trio = Trio.at(folder, 5)) {
            trio.startAll();
            Partners.Deal deal = settled(trio);
            long _ = cosigned(trio).size();

            trio.kill("west");
            Reply without = get(trio, path(deal));
            trio.kill("south");
            Reply alone = get(trio, path(deal));

            assertThat(without.status()).as(without.code()).isEqualTo(200);
            assertThat(without.text()).contains("north/head", "south/head").doesNotContain("west/head");
            is(alone, 503, "heads_missing");
        }
    }

    @Test
    void so_many_are_made_at_once_and_no_more_and_everything_else_goes_on() {
        try (Trio trio = Trio.at(folder, 6)) {
            trio.startAll();
            Partners.Deal deal = settled(trio);
            long _ = cosigned(trio).size();
            int most = HttpLimits.DEFAULT.packs();
            trio.ledger.faults.muted = "north";

            List<CompletableFuture<Reply>> all = new ArrayList<>();
            for (int n = 0; n <= most; n++) {
                all.add(begin(trio, path(deal)));
            }
            Object first = CompletableFuture.anyOf(all.toArray(CompletableFuture<?>[]::new))
                    .join();

            is((Reply) first, 503, "packs_full");
            assertThat(all).filteredOn(CompletableFuture::isDone).hasSize(1);
            assertThat(get(trio, "/health/live").status()).isEqualTo(200);
            assertThat(get(trio, "/v1/agreements/" + deal.id()).status()).isEqualTo(200);
            trio.ledger.unmute();
            assertThat(all.stream().map(CompletableFuture::join).filter(reply -> reply.status() == 200))
                    .hasSize(most);
            assertThat(get(trio, path(deal)).status()).isEqualTo(200);
        }
    }

    private static HttpLimits limits(Duration idle, int packs, Duration packTime) {
        HttpLimits usual = HttpLimits.DEFAULT;
        return new HttpLimits(
                usual.body(),
                usual.line(),
                usual.head(),
                usual.headTime(),
                usual.bodyTime(),
                usual.connections(),
                usual.bodies(),
                usual.waiting(),
                idle,
                packs,
                packTime,
                Integer.MAX_VALUE,
                usual.arriving(),
                usual.promise(),
                usual.streams());
    }

    @Test
    void making_one_may_take_longer_than_a_connection_may_be_idle() throws Exception {
        HttpLimits hurried = limits(Duration.ofMillis(600), 1, Duration.ofSeconds(60));
        try (Trio trio = Trio.at(folder, 8)) {
            trio.start("north", UnaryOperator.identity(), settings -> settings.withHttp(hurried));
            trio.start("south", "west");
            Partners.Deal deal = settled(trio);
            long _ = cosigned(trio).size();
            trio.ledger.faults.muted = "north";

            CompletableFuture<Reply> pack = begin(trio, path(deal));
            Thread.sleep(1_500);
            trio.ledger.unmute();

            assertThat(pack.join().status()).isEqualTo(200);
        }
    }

    /// The pack is larger than what lies between the two in buffers.
    @Test
    void who_does_not_take_a_pack_is_let_go_and_its_place_is_free_again() throws Exception {
        HttpLimits one = limits(Duration.ofSeconds(60), 1, Duration.ofSeconds(2));
        try (Trio trio = Trio.at(folder, 7)) {
            trio.ledger.faults.padding = 1 << 20;
            trio.start("north", UnaryOperator.identity(), settings -> settings.withHttp(one));
            trio.start("south", "west");
            Partners.Deal deal = settled(trio);
            long _ = cosigned(trio).size();

            try (Socket idle = new Socket()) {
                idle.setReceiveBufferSize(4096);
                idle.connect(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), trio.client("north").port()));
                idle.getOutputStream()
                        .write(("GET " + path(deal) + " HTTP/1.1\r\nhost: north\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                InputStream answer = idle.getInputStream();
                assertThat(answer.read()).isEqualTo('H');

                is(get(trio, path(deal)), 503, "packs_full");
                eventually(() -> get(trio, path(deal)).status() == 200);

                assertThat(rest(answer)).isLessThan(get(trio, path(deal)).body().size());
            }
        }
    }

    /// How much more comes until the connection ends, in whatever way.
    private static long rest(InputStream answer) {
        byte[] some = new byte[1 << 16];
        long taken = 0;
        try {
            for (int read = answer.read(some); read >= 0; read = answer.read(some)) {
                taken += read;
            }
        } catch (IOException _) {
            return taken;
        }
        return taken;
    }
}
