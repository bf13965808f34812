package org.tallystick.gateway.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.courier.Clockwork;
import org.tallystick.gateway.store.BlockChange;
import org.tallystick.gateway.store.LogChange;
import org.tallystick.gateway.store.NewsFilter;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.gateway.store.Webhook;
import org.tallystick.gateway.webhook.WebhookSender.Outcome;
import org.tallystick.ledger.keys.SeedKeyFolder;

/// What webhooks are told, in virtual time, over a store without a ledger.
final class WebhooksTest {

    private static final Hash LEDGER = Hash.of(Bytes.ofUtf8("a ledger"));
    private static final String HOME = "north/hub/told";
    /// Begins the X.509 form of a public key of Ed25519.
    private static final String X509 = "302a300506032b6570032100";

    @TempDir
    Path folder = Path.of(".");

    private final Vertx vertx = Vertx.vertx();
    private final Days days = new Days();
    private final Receiver receiver = new Receiver();
    private final List<String> positions = new ArrayList<>();
    private @Nullable Store opened;
    private @Nullable Webhooks running;

    /// Time that goes on when the test says so, and chance from a seed.
    private static final class Days implements Clockwork {
        private long millis = 1_800_000_000_000L;
        private final Random random = new Random(7);

        @Override
        public long millis() {
            return millis;
        }

        @Override
        public long nanos() {
            return millis * 1_000_000;
        }

        @Override
        public long random(long bound) {
            return random.nextLong(bound);
        }

        @Override
        public void await(Object monitor, long longest) {
            throw new IllegalStateException("nobody waits here");
        }

        @Override
        public void wake(Object monitor) {
            throw new IllegalStateException("nobody waits here");
        }

        @Override
        public void sleep(Duration pause) {
            throw new IllegalStateException("nobody waits here");
        }

        @Override
        public Strand start(String name, Runnable work) {
            throw new IllegalStateException("nothing runs here");
        }
    }

    @BeforeEach
    void open() throws Exception {
        Store store = Store.open(StoreAddress.file(folder.resolve("store.db")));
        opened = store;
        store.follow(LEDGER, true);
        Path _ = new SeedKeyFolder(folder.resolve("keys"), WebhookKeys.KIND).create();
        running = webhooks("one", InetAddress::getAllByName);
    }

    @AfterEach
    void close() throws Exception {
        hooks().close();
        receiver.close();
        store().close();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    private Store store() {
        return Objects.requireNonNull(opened);
    }

    private Webhooks hooks() {
        return Objects.requireNonNull(running);
    }

    private WebhookKeys keys() throws Exception {
        return WebhookKeys.read(folder.resolve("keys"));
    }

    private Webhooks webhooks(String instance, WebhookSender.Resolver resolver) throws Exception {
        return new Webhooks(
                store(),
                new WebhookSender(vertx, resolver, true, Duration.ofSeconds(10)),
                keys(),
                LEDGER,
                true,
                instance,
                RetrySchedule.USUAL,
                days);
    }

    private void block(long number, int count) throws Exception {
        List<BlockChange.Verdict> verdicts = new ArrayList<>();
        for (int item = 0; item < count; item++) {
            Hash hash = Hash.of(Bytes.ofUtf8(number + "/" + item));
            Position at = new Position(number, 0, item);
            Json.Obj answer = Json.object()
                    .with("effects", Json.array(List.of()))
                    .with("hash", hash.hex())
                    .with("result", "applied")
                    .with("t", "2026-11-28T12:00:00Z")
                    .with("verdict", "1")
                    .build();
            verdicts.add(new BlockChange.Verdict(hash, HOME, "north/hub", "id" + item, answer, at));
            positions.add(at.text().orElseThrow());
        }
        boolean _ = store().apply(
                        new BlockChange(number, verdicts, List.of(), List.of(), List.of(), List.of(), LogChange.NONE))
                .get();
    }

    private void add(String name, String url) throws Exception {
        assertThat(store().webhooks().add(name, url, NewsFilter.ALL, Position.START))
                .isTrue();
    }

    private Webhook webhook(String name) throws Exception {
        return store().webhooks().find(name).orElseThrow();
    }

    private void tellDue(Webhooks instance) throws Exception {
        for (Webhook webhook : instance.due()) {
            instance.tell(webhook);
        }
    }

    @Test
    void a_receiver_gets_a_cloud_event_that_anybody_can_check_with_the_public_keys() throws Exception {
        Path _ = new SeedKeyFolder(folder.resolve("keys"), WebhookKeys.KIND).create();
        block(0, 1);
        add("books", receiver.url());

        tellDue(webhooks("one", InetAddress::getAllByName));

        Receiver.Told told = receiver.all().getFirst();
        Json.Obj event = told.json();
        assertThat(told.header("content-type")).isEqualTo("application/cloudevents+json");
        assertThat(told.header("webhook-id")).isEqualTo("books/0/0/0");
        assertThat(told.header("webhook-timestamp")).isEqualTo(String.valueOf(days.millis() / 1_000));
        assertThat(event.members().keySet())
                .containsExactly("data", "datacontenttype", "id", "source", "specversion", "subject", "time", "type");
        assertThat(event.text("specversion")).isEqualTo("1.0");
        assertThat(event.text("source")).isEqualTo("urn:tallystick:ledger:" + LEDGER.hex());
        assertThat(event.text("type")).isEqualTo("org.tallystick.applied");
        assertThat(event.text("subject")).isEqualTo(HOME);
        assertThat(event.object("data").text("instruction"))
                .isEqualTo(Hash.of(Bytes.ofUtf8("0/0")).hex());
        List<String> signatures = List.of(told.header("webhook-signature").split(" ", -1));
        assertThat(signatures).hasSize(2);
        for (int n = 0; n < 2; n++) {
            assertThat(holds(keys().publicTexts().get(n), told, signatures.get(n)))
                    .isTrue();
            assertThat(holds(keys().publicTexts().get(1 - n), told, signatures.get(n)))
                    .isFalse();
        }
    }

    /// Without any code of ours, as a receiver does it.
    private static boolean holds(String whpk, Receiver.Told told, String signature) throws Exception {
        assertThat(whpk).startsWith("whpk_");
        assertThat(signature).startsWith("v1a,");
        byte[] raw = Base64.getDecoder().decode(whpk.substring(5));
        PublicKey key = KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(
                        HexFormat.of().parseHex(X509 + HexFormat.of().formatHex(raw))));
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(key);
        check.update((told.header("webhook-id") + "." + told.header("webhook-timestamp") + ".").getBytes(ISO_8859_1));
        check.update(told.body().toArray());
        return check.verify(Base64.getDecoder().decode(signature.substring(4)));
    }

    /// Nothing is told before what is before it on the ledger was taken.
    @Promise("P18")
    @Test
    void what_fails_is_told_again_before_anything_after_it() throws Exception {
        for (long number = 0; number < 3; number++) {
            block(number, 4);
        }
        add("books", receiver.url());
        Random random = new Random(3);
        receiver.answers(_ -> random.nextInt(3) == 0 ? 500 : 200);

        for (int rounds = 0; rounds < 200; rounds++) {
            tellDue(hooks());
            days.millis += 60_000;
        }

        List<String> distinct = receiver.ids().stream().distinct().toList();
        assertThat(distinct).isEqualTo(positions);
        assertThat(receiver.ids().stream()
                        .map(id -> Position.parse(id).orElseThrow())
                        .toList())
                .isSorted();
        assertThat(receiver.ids()).hasSizeGreaterThan(positions.size());
    }

    /// Ten days in which nothing is taken, by a virtual clock; then everything comes, in order, and what was given
    /// up comes when the operator says so.
    @Promise("P18")
    @Test
    void after_ten_days_of_failures_all_is_told_in_order_but_what_was_given_up_and_is_replayed() throws Exception {
        block(0, 10);
        add("books", receiver.url());
        receiver.answers(_ -> 503);
        long end = days.millis + Duration.ofDays(10).toMillis();
        List<Long> pauses = new ArrayList<>();

        while (days.millis < end) {
            tellDue(hooks());
            long due = webhook("books").tries().due();
            pauses.add(due - days.millis);
            assertThat(due).isGreaterThan(days.millis);
            days.millis = due;
        }
        int attempts = receiver.all().size();
        List<String> dead = store().webhooks().deadLetters("books", 100).stream()
                .map(letter -> letter.at().text().orElseThrow())
                .toList();
        receiver.forget();
        receiver.answers(_ -> 200);
        tellDue(hooks());

        assertThat(pauses).allMatch(pause -> pause <= Duration.ofHours(6).toMillis() + 1_000);
        assertThat(attempts).isBetween(60, 400);
        assertThat(dead).hasSizeBetween(2, 4).isEqualTo(positions.subList(0, dead.size()));
        assertThat(store().webhooks().deadLetters("books", 100))
                .allSatisfy(letter -> assertThat(letter.answer()).startsWith("503"));
        assertThat(receiver.ids()).isEqualTo(positions.subList(dead.size(), positions.size()));

        receiver.forget();
        assertThat(store().webhooks().replay("books", Position.START)).isTrue();
        tellDue(hooks());

        assertThat(receiver.ids()).isEqualTo(positions);
        assertThat(store().webhooks().deadLetters("books")).isZero();
    }

    @Test
    void who_wants_nothing_more_is_told_nothing_until_the_operator_says_so() throws Exception {
        block(0, 3);
        add("books", receiver.url());
        receiver.answers(told -> told.id().equals("0/0/1") ? 410 : 200);

        tellDue(hooks());
        days.millis += Duration.ofDays(1).toMillis();
        tellDue(hooks());

        assertThat(webhook("books").state()).isEqualTo(Webhook.State.GONE);
        assertThat(receiver.ids()).containsExactly("0/0/0", "0/0/1");
        receiver.answers(_ -> 200);
        assertThat(store().webhooks().set("books", Webhook.State.ACTIVE)).isTrue();
        tellDue(hooks());
        assertThat(receiver.ids()).containsExactly("0/0/0", "0/0/1", "0/0/1", "0/0/2");
    }

    /// A redirect is an answer, and nobody is asked where it leads.
    @Promise("P18")
    @Test
    void no_redirect_is_followed() throws Exception {
        block(0, 1);
        add("books", receiver.url());
        receiver.answers(_ -> 302);

        tellDue(hooks());

        assertThat(receiver.all()).hasSize(1);
        assertThat(webhook("books").tries().answer()).isEqualTo("302 no redirect is followed");
    }

    /// Whatever a URL says, nobody within a network is told.
    @Promise("P18")
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "https://10.0.0.1/",
                "https://169.254.169.254/latest/meta-data/",
                "https://[fd00:ec2::254]/",
                "https://[::ffff:192.168.0.1]/",
                "https://192.168.0.1:8443/",
                "https://100.100.100.200/",
                "https://0.0.0.0/",
                "http://8.8.8.8/",
                "https://user:word@8.8.8.8/",
                "ftp://8.8.8.8/",
                "https:///nowhere"
            })
    void nobody_within_a_network_is_told(String url) throws Exception {
        try (WebhookSender sender =
                new WebhookSender(vertx, InetAddress::getAllByName, false, Duration.ofMillis(500))) {
            assertThat(sender.send(url, Map.of(), Bytes.EMPTY, 0).answer())
                    .matches("(not told|no URL that may be told): .*");
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]", "2130706433", "127.1"})
    void nor_this_machine_unless_the_gateway_was_told_so(String host) throws Exception {
        try (WebhookSender sender =
                new WebhookSender(vertx, InetAddress::getAllByName, false, Duration.ofMillis(500))) {
            Outcome outcome = sender.send("https://" + host + ":" + receiver.port() + "/", Map.of(), Bytes.EMPTY, 0);

            assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
            assertThat(outcome.answer()).matches("(not told|no URL that may be told|the name is not known): .*");
            assertThat(receiver.all()).isEmpty();
        }
    }

    /// A name that means a public address and a private one is not told at all.
    @Promise("P18")
    @Test
    void of_several_addresses_all_must_be_public() throws Exception {
        InetAddress[] both = {InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("10.0.0.1")};
        try (WebhookSender sender = new WebhookSender(vertx, _ -> both, false, Duration.ofMillis(500))) {
            assertThat(sender.send("https://hook.example/", Map.of(), Bytes.EMPTY, 0)
                            .answer())
                    .isEqualTo("not told: 10.0.0.1 is not a public address");
        }
    }

    /// A name is asked for once for each try, and the connection goes to the address that was looked at; what it
    /// means a moment later is looked at then.
    @Promise("P18")
    @Test
    void a_name_that_means_something_else_a_moment_later_leads_nowhere_else() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        WebhookSender.Resolver rebinding = _ -> new InetAddress[] {
            asked.getAndIncrement() == 0 ? InetAddress.getLoopbackAddress() : InetAddress.ofLiteral("10.0.0.1")
        };
        String url = "http://hook.example:" + receiver.port() + "/told";
        try (WebhookSender sender = new WebhookSender(vertx, rebinding, true, Duration.ofSeconds(5))) {
            Outcome first = sender.send(url, Map.of(), Bytes.EMPTY, 0);
            Outcome second = sender.send(url, Map.of(), Bytes.EMPTY, 1);

            assertThat(first.kind()).isEqualTo(Outcome.Kind.DELIVERED);
            assertThat(second.answer()).startsWith("not told: 10.0.0.1");
            assertThat(asked).hasValue(2);
            assertThat(receiver.all())
                    .singleElement()
                    .satisfies(told -> assertThat(told.header("host")).isEqualTo("hook.example:" + receiver.port()));
        }
    }

    @Test
    void with_tls_it_asks_the_address_for_the_name() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WebhookSender sender = new WebhookSender(
                        vertx,
                        _ -> new InetAddress[] {InetAddress.getLoopbackAddress()},
                        true,
                        Duration.ofSeconds(5))) {
            CompletableFuture<String> hello = CompletableFuture.supplyAsync(() -> firstOctets(server));

            Outcome outcome =
                    sender.send("https://hook.example:" + server.getLocalPort() + "/", Map.of(), Bytes.EMPTY, 0);

            assertThat(hello.get(10, TimeUnit.SECONDS)).contains("hook.example");
            assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        }
    }

    private static String firstOctets(ServerSocket server) {
        try (Socket socket = server.accept()) {
            byte[] octets = new byte[2_048];
            int read = socket.getInputStream().read(octets);
            return new String(octets, 0, read, ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Of an answer so much is read and no more, and it is waited for so long and no longer.
    @ParameterizedTest(name = "answer {index}")
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\n\r\n", "", "HTTP/1.1 200 OK\r\nx: "})
    void an_answer_without_an_end_ends(String head) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WebhookSender sender =
                        new WebhookSender(vertx, InetAddress::getAllByName, true, Duration.ofSeconds(2))) {
            CountDownLatch over = new CountDownLatch(1);
            Thread thread = Thread.ofVirtual().start(() -> endless(server, head, over));

            Outcome outcome = sender.send("http://127.0.0.1:" + server.getLocalPort() + "/", Map.of(), Bytes.EMPTY, 0);

            assertThat(outcome.kind()).isEqualTo(head.endsWith("\n") ? Outcome.Kind.DELIVERED : Outcome.Kind.FAILED);
            assertThat(outcome.answer()).hasSizeLessThanOrEqualTo(200);
            assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
            thread.join();
        }
    }

    /// Goes on until the other side has enough.
    private static void endless(ServerSocket server, String head, CountDownLatch over) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            byte[] filler = "x".repeat(1_000).getBytes(ISO_8859_1);
            while (!head.isEmpty()) {
                socket.getOutputStream().write(filler);
            }
            int _ = socket.getInputStream().readAllBytes().length;
            over.countDown();
        } catch (IOException _) {
            over.countDown();
        }
    }

    @Test
    void what_the_operator_says_meanwhile_counts() throws Exception {
        block(0, 4);
        add("books", receiver.url());
        receiver.answers(told -> {
            if (told.id().equals("0/0/2") && receiver.all().size() == 3) {
                operator(() -> store().webhooks().replay("books", new Position(0, 0, 0)));
            }
            return 200;
        });

        tellDue(hooks());
        tellDue(hooks());

        assertThat(receiver.ids()).containsExactly("0/0/0", "0/0/1", "0/0/2", "0/0/1", "0/0/2", "0/0/3");
    }

    private interface Saying {
        boolean said() throws Exception;
    }

    private static void operator(Saying saying) {
        try {
            assertThat(saying.said()).isTrue();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void who_looked_before_another_told_it_tells_nothing_twice() throws Exception {
        block(0, 3);
        add("books", receiver.url());
        Webhooks other = webhooks("two", InetAddress::getAllByName);
        List<Webhook> looked = other.due();

        tellDue(hooks());
        looked.forEach(other::tell);

        assertThat(receiver.ids()).isEqualTo(positions);
    }

    @Test
    void while_one_tells_it_another_does_not() throws Exception {
        block(0, 1);
        add("books", receiver.url());
        Webhooks other = webhooks("two", InetAddress::getAllByName);
        receiver.answers(_ -> {
            operator(() -> {
                tellDue(other);
                return true;
            });
            return 200;
        });

        tellDue(hooks());

        assertThat(receiver.ids()).isEqualTo(positions);
    }

    @Test
    void what_is_not_wanted_is_passed_over_without_a_word_to_the_store() throws Exception {
        block(0, 3);
        assertThat(store().webhooks()
                        .add("others", receiver.url(), new NewsFilter(Set.of("reg"), Set.of()), Position.START))
                .isTrue();

        tellDue(hooks());

        assertThat(hooks().due()).isEmpty();
        assertThat(webhook("others").at()).isEqualTo(Position.START);
        assertThat(receiver.all()).isEmpty();
    }
}
