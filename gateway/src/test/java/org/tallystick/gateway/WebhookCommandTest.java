package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tallystick.gateway.Said.tally;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.gateway.store.NewsFilter;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.webhook.Receiver;
import org.tallystick.gateway.webhook.WebhookSettings;

/// Whom the operator has told what the ledger brings: `tally webhook`, and gateways that do it.
final class WebhookCommandTest {

    @TempDir
    Path folder = Path.of(".");

    private String keys() {
        return folder.resolve("keys").toString();
    }

    private String store() {
        return folder.resolve("store.db").toString();
    }

    private Said webhook(String... arguments) {
        return tally(
                Stream.concat(Stream.concat(Stream.of("webhook"), Stream.of(arguments)), Stream.of("--store", store()))
                        .toArray(String[]::new));
    }

    private GatewaySettings told(GatewaySettings settings) {
        return settings.withWebhooks(new WebhookSettings(Optional.of(folder.resolve("keys")), true));
    }

    @Test
    void the_operator_says_who_is_told_beside_the_gateway_while_it_runs() {
        Said made = tally("webhook", "new-key", "--keys", keys());
        try (Receiver receiver = new Receiver();
                Stand stand = Stand.at(folder, 1, this::told).enrolled()) {
            Partners.Deal deal = stand.agreed("hooked");
            Said added = webhook(
                    "add", "books", receiver.url(), "--agreement", deal.id().text(), "--after", "start");
            eventually(() -> receiver.all().size() == 2);
            Said paused = webhook("pause", "books");
            stand.applied(deal.report("s0", 1, 1));
            Said listed = webhook("list");
            Said resumed = webhook("resume", "books");
            eventually(() -> receiver.all().size() == 3);
            String last = receiver.ids().getLast();
            eventually(() -> webhook("show", "books").out().contains("after " + last + "\n"));
            Said replayed = webhook("replay", "books", "--after", receiver.ids().get(1));
            eventually(() -> receiver.all().size() == 4);
            Said letters = webhook("dead-letters", "books", "--json");
            Said removed = webhook("remove", "books");
            Said again = webhook("remove", "books");

            assertThat(Stream.of(made, added, paused, listed, resumed, replayed, letters, removed)
                            .map(Said::exitCode))
                    .containsOnly(0);
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(listed.out()).startsWith("books paused at ").endsWith(receiver.url() + "\n");
            assertThat(letters.out().strip()).isEqualTo("{\"deadLetters\":[]}");
            assertThat(receiver.ids().getLast()).isEqualTo(last);
            assertThat(receiver.all())
                    .allSatisfy(one -> assertThat(one.json().text("subject"))
                            .isEqualTo(deal.id().text()));
            assertThat(stand.get("/v1/webhooks/keys").body().items("keys"))
                    .singleElement()
                    .asString()
                    .contains(made.out().lines().toList().getLast());
        }
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "Books, https://books.example/, 2",
        "books, http://books.example/, 2",
        "books, books.example, 2",
        "books, https://a:b@books.example/, 2",
        "books, https://books.example/#part, 2",
        "taken, https://books.example/, 1"
    })
    void what_cannot_be_told_is_refused(String name, String url, int exitCode) {
        try (Stand _ = Stand.at(folder, 2)) {
            assertThat(webhook("add", "taken", "https://books.example/told").exitCode())
                    .isZero();

            Said said = webhook("add", name, url);

            assertThat(said.exitCode()).as(said.error()).isEqualTo(exitCode);
        }
    }

    @Test
    void a_gateway_without_keys_tells_nobody_and_one_with_an_empty_folder_does_not_start() throws Exception {
        try (Receiver receiver = new Receiver();
                Stand stand = Stand.at(folder, 3)) {
            assertThat(webhook("add", "books", receiver.url(), "--after", "start")
                            .exitCode())
                    .isZero();
            Stand _ = stand.enrolled();

            assertThat(stand.get("/v1/webhooks/keys").body().items("keys")).isEmpty();
            Thread.sleep(1_500);
            assertThat(receiver.all()).isEmpty();
        }
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> Stand.at(
                        folder, 3, settings -> settings.withWebhooks(new WebhookSettings(Optional.of(empty), false))))
                .hasMessageContaining("no key for webhooks")
                .hasMessageContaining("tally webhook new-key");
    }

    /// Of two gateways on one PostgreSQL one tells a webhook; when it is killed the other goes on, in order.
    @Promise("P18")
    @Tag("slow")
    @Test
    void when_a_gateway_dies_another_tells_what_is_left_in_order() {
        Said _ = tally("webhook", "new-key", "--keys", keys());
        try (Receiver receiver = new Receiver();
                Stand first = Stand.at(
                                StoreKind.POSTGRESQL.in(folder), 4, settings -> told(settings.withInstance("first")))
                        .enrolled();
                Gateway.Running second = Stand.begin(
                        told(GatewaySettings.of("127.0.0.1", 0, StoreKind.POSTGRESQL.in(folder), first.ledger::connect)
                                .withPatience(Duration.ofMillis(100))
                                .withInstance("second")))) {
            try (Store store = Store.open(StoreKind.POSTGRESQL.in(folder))) {
                assertThat(store.webhooks().add("books", receiver.url(), NewsFilter.ALL, Position.START))
                        .isTrue();
            } catch (StoreException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Partners.Deal deal = first.agreed("shared");
            for (int n = 1; n <= 5; n++) {
                first.applied(deal.report("s0", n, 1));
            }
            first.kill();
            Bytes last = deal.report("s0", 6, 1);
            assertThat(Stand.send(second.port(), "POST", "/v1/instructions", "application/jose+json", last.toArray())
                            .status())
                    .isEqualTo(202);

            eventually(() -> first.ledger
                    .verdicts()
                    .containsKey(Partners.read(last).instruction().hex()));
            List<String> all = StreamTest.positions(first.ledger);
            eventually(() -> receiver.ids().containsAll(all));

            assertThat(receiver.ids().stream().distinct().toList()).isEqualTo(all);
            assertThat(receiver.ids().stream()
                            .map(id -> Position.parse(id).orElseThrow())
                            .toList())
                    .isSorted();
            first.start();
        }
    }
}
