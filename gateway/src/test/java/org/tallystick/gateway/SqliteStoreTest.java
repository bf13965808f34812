package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Files;
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
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.gateway.store.StoreAddress;

/// What the gateway does when the file of its store does not do its part.
class SqliteStoreTest {

    @TempDir
    Path folder = Path.of(".");

    private GatewaySettings limited(GatewaySettings settings, long bytes) {
        return settings.withStore(new StoreAddress.File(folder.resolve("store.db"), OptionalLong.of(bytes)));
    }

    @Promise("P1")
    @Test
    void on_a_full_disk_nothing_is_acknowledged_and_nothing_acknowledged_is_lost() {
        try (Stand stand =
                Stand.at(folder, 1, settings -> limited(settings, 400 * 1024)).enrolled()) {
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
            stand.restart(settings -> limited(settings, 100L * 1024 * 1024));
            stand.ledger.faults.unavailable = false;
            assertThat(acknowledged).isNotEmpty();
            stand.haveOneVerdict(acknowledged.toArray(Bytes[]::new));
        }
    }

    @Test
    void a_file_that_is_no_store_is_refused() throws Exception {
        Path file = folder.resolve("store.db");
        Files.writeString(file, "no database at all, but longer than any header".repeat(100));

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
}
