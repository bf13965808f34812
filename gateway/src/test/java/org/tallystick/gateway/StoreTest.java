package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;

/// What the gateway does when its store does not do its part.
class StoreTest {

    @TempDir
    Path folder = Path.of(".");

    @Test
    void on_a_full_disk_nothing_is_acknowledged_and_nothing_acknowledged_is_lost() {
        try (Stand stand = Stand.at(folder, 1, settings -> settings.withStoreLimit(400 * 1024))
                .enrolled()) {
            Partners.Deal deal = stand.agreed("full");
            stand.ledger.faults.unavailable = true;
            List<Bytes> acknowledged = new ArrayList<>();
            Stand.Reply last;
            do {
                Bytes report = deal.report("s0", 1 + 100L * acknowledged.size(), 100);
                last = stand.post(report);
                if (last.status() == 202) {
                    acknowledged.add(report);
                }
            } while (last.status() == 202 && acknowledged.size() < 100);

            assertThat(last.status()).isEqualTo(503);
            assertThat(last.code()).isEqualTo("store_unavailable");
            assertThat(last.retryAfter()).isNotEmpty();
            assertThat(stand.get("/health/ready").body().bool("store")).isFalse();
            stand.restart(settings -> settings.withStoreLimit(100L * 1024 * 1024));
            stand.ledger.faults.unavailable = false;
            assertThat(acknowledged).isNotEmpty();
            stand.haveOneVerdict(acknowledged.toArray(Bytes[]::new));
        }
    }

    @Test
    void a_store_of_another_ledger_is_refused() throws Exception {
        Path file = folder.resolve("store.db");
        try (Store store = Store.open(file, OptionalLong.empty())) {
            store.follow(Hash.of(Bytes.ofUtf8("another ledger")), false);
        }

        assertThatThrownBy(() ->
                        new Gateway(GatewaySettings.of("127.0.0.1", 0, file, new FakeLedger(2, true)::connect)).start())
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("the store belongs to ledger");
    }

    @Test
    void a_store_of_a_later_gateway_is_refused() throws SQLException {
        Path file = folder.resolve("store.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }

        assertThatThrownBy(() ->
                        new Gateway(GatewaySettings.of("127.0.0.1", 0, file, new FakeLedger(3, true)::connect)).start())
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("written by a later gateway");
    }

    @Test
    void a_file_that_is_no_store_is_refused() throws Exception {
        Path file = folder.resolve("store.db");
        java.nio.file.Files.writeString(file, "no database at all, but longer than any header".repeat(100));

        assertThatThrownBy(() ->
                        new Gateway(GatewaySettings.of("127.0.0.1", 0, file, new FakeLedger(4, true)::connect)).start())
                .isInstanceOf(GatewayException.class);
    }

    @Test
    void a_store_that_somebody_else_holds_takes_nothing_until_it_is_free() throws SQLException {
        try (Stand stand = Stand.at(folder, 5).enrolled()) {
            Bytes report = stand.agreed("held").report("s0", 1, 1);
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
                    Statement statement = other.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 10000");
                statement.execute("BEGIN IMMEDIATE");

                Stand.Reply reply = stand.post(report);

                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.code()).isEqualTo("store_unavailable");
                assertThat(stand.status(report).status()).isEqualTo(404);
                statement.execute("ROLLBACK");
            }
            eventually(() -> stand.post(report).status() == 202);
            stand.haveOneVerdict(report);
        }
    }

    @Test
    void a_write_that_breaks_a_rule_harms_none_of_its_neighbors() throws Exception {
        try (Store store = Store.open(folder.resolve("store.db"), OptionalLong.empty())) {
            store.follow(FakeLedger.ID, true);
            List<Thread> writers = new ArrayList<>();
            List<String> failed = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int n = 0; n < 200; n++) {
                int number = n;
                writers.add(Thread.ofVirtual().start(() -> {
                    try {
                        if (number % 10 == 0) {
                            store.follow(FakeLedger.ID, true);
                        } else {
                            store.keep(
                                    new org.tallystick.gateway.store.Sending("tx" + number, "reg", Bytes.ofUtf8("x")));
                        }
                    } catch (StoreException e) {
                        failed.add(String.valueOf(e.getMessage()));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
            for (Thread writer : writers) {
                writer.join();
            }

            assertThat(failed).hasSize(20);
            assertThat(store.sendings()).hasSize(180);
        }
    }
}
