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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.store.BlockChange;
import org.tallystick.gateway.store.LogChange;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.store.Taken;

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

    /// Whoever asks while the block with the verdict is being stored is told either that it is held or what it is.
    @Test
    void an_instruction_is_never_out_of_sight_while_its_verdict_is_stored() throws Exception {
        Partners partners = new Partners(6);
        try (Store store = Store.open(folder.resolve("store.db"), OptionalLong.empty())) {
            store.follow(FakeLedger.ID, true);
            AtomicReference<Optional<Payload>> asked = new AtomicReference<>(Optional.empty());
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong sights = new AtomicLong();
            Thread asking = Thread.ofPlatform().start(() -> {
                while (!over.get() && asked.get().stream().allMatch(payload -> isFound(store, payload))) {
                    sights.incrementAndGet();
                }
            });

            for (int block = 0; block < 500 && asking.isAlive(); block++) {
                Signed signed = Partners.read(partners.enroll(new PartyId("north/p" + block)));
                List<Taken> _ = store.take(List.of(signed), 0);
                asked.set(Optional.of(signed.payload()));
                boolean _ = store.apply(applied(signed, block)).get();
            }

            boolean missedNone = asking.isAlive();
            over.set(true);
            asking.join();
            assertThat(missedNone).isTrue();
            assertThat(sights.get()).isPositive();
        }
    }

    private static boolean isFound(Store store, Payload payload) {
        try {
            return store.find(payload.party().text(), payload.id().text()).size() == 1;
        } catch (StoreException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BlockChange applied(Signed signed, long block) {
        BlockChange.Verdict verdict = new BlockChange.Verdict(
                signed.instruction(),
                Store.home(signed.payload()),
                signed.payload().party().text(),
                signed.payload().id().text(),
                Json.object().with("result", "applied").build(),
                new Position(block, 0, 0));
        return new BlockChange(block, List.of(verdict), List.of(), List.of(), List.of(), LogChange.NONE);
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
