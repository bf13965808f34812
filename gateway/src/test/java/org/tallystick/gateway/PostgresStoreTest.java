package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tallystick.gateway.Stand.eventually;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.store.CourierStore;
import org.tallystick.gateway.store.CourierStore.Fenced;
import org.tallystick.gateway.store.CourierStore.Lease;
import org.tallystick.gateway.store.Held;
import org.tallystick.gateway.store.Sending;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.store.Taken;

/// What the gateway does when the server of its database, or the way to it, does not do its part.
class PostgresStoreTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final Partners partners = new Partners(1);

    private Signed signed(int number) {
        return Partners.read(partners.enroll(new PartyId("north/p" + number)));
    }

    private static Store following(StoreAddress address) throws Exception {
        Store store = Store.open(address);
        store.follow(FakeLedger.ID, true);
        return store;
    }

    @Test
    void a_connection_that_is_lost_while_nobody_writes_is_opened_again_and_nobody_notices() throws Exception {
        PostgresServer server = StoreKind.server();
        try (Cable cable = new Cable(server.port());
                Store store = following(PostgresServer.address(cable.port(), server.database()))) {
            List<Taken> _ = store.take("ana", List.of(signed(0)), 1);
            cable.cut();
            cable.mend();

            List<Taken> _ = store.take("ana", List.of(signed(1)), 1);

            assertThat(store.pending()).isEqualTo(2);
        }
    }

    @Test
    void a_store_that_cannot_be_reached_takes_nothing_and_goes_on_when_it_can() throws Exception {
        PostgresServer server = StoreKind.server();
        try (Cable cable = new Cable(server.port());
                Store store = following(PostgresServer.address(cable.port(), server.database()))) {
            cable.cut();

            assertThatThrownBy(() -> store.take("ana", List.of(signed(0)), 1))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.isInDoubt()).isFalse());
            assertThat(store.writable(Duration.ofSeconds(5))).isFalse();
            assertThatThrownBy(store::pending).isInstanceOf(StoreException.class);

            cable.mend();
            List<Taken> _ = store.take("ana", List.of(signed(1)), 1);
            assertThat(store.pending()).isEqualTo(1);
            assertThat(store.writable(Duration.ofSeconds(5))).isTrue();
        }
    }

    /// Whether it was done or not: nobody is told so, and sending it again is right.
    @ParameterizedTest(name = "cut {0}")
    @EnumSource(value = Cable.Break.class, names = "NEVER", mode = EnumSource.Mode.EXCLUDE)
    void a_commit_without_an_answer_is_in_doubt_and_may_be_sent_again(Cable.Break breaks) throws Exception {
        PostgresServer server = StoreKind.server();
        try (Cable cable = new Cable(server.port());
                Store store = following(PostgresServer.address(cable.port(), server.database()))) {
            Signed signed = signed(0);
            store.begin("ana");
            cable.breaks = breaks;

            assertThatThrownBy(() -> store.take("ana", List.of(signed), 1))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.isInDoubt()).isTrue());

            Taken again = store.take("ana", List.of(signed), 2).getFirst();
            assertThat(again.fresh()).isEqualTo(breaks == Cable.Break.BEFORE_COMMIT);
            assertThat(store.pending()).isEqualTo(1);
        }
    }

    @Test
    void what_was_handed_over_in_a_commit_in_doubt_is_handed_over_again() throws Exception {
        PostgresServer server = StoreKind.server();
        try (Cable cable = new Cable(server.port());
                Store store = following(PostgresServer.address(cable.port(), server.database()))) {
            store.begin("ana");
            List<Taken> first = store.take("ana", List.of(signed(0)), 1);
            Lease before = store.claim("ana", 9, LONG).getFirst().lease();
            cable.breaks = Cable.Break.AFTER_COMMIT;
            Signed doubtful = signed(1);
            assertThatThrownBy(() -> store.take("ana", List.of(doubtful), 1)).isInstanceOf(StoreException.class);

            List<Lease> left = store.renew("ana", LONG);
            var work = store.claim("ana", 9, LONG);

            assertThat(left).isEmpty();
            assertThat(work).hasSize(1);
            assertThat(work.getFirst().lease().fence()).isGreaterThan(before.fence());
            assertThat(work.getFirst().held())
                    .hasSize(2)
                    .extracting(Held::seq)
                    .contains(first.getFirst().seq());
            assertThatThrownBy(() -> store.keep(before, new Sending("tx", "reg", Bytes.ofUtf8("x"))))
                    .isInstanceOf(Fenced.class);
        }
    }

    /// The server may be committing still when the gateway has its next connection.
    @Test
    void the_connection_before_is_over_before_the_next_is_used() throws Exception {
        PostgresServer server = StoreKind.server();
        String database = server.database();
        try (Cable cable = new Cable(server.port());
                Store store = following(PostgresServer.address(cable.port(), database))) {
            for (int n = 0; n < 5; n++) {
                cable.breaks = Cable.Break.BEFORE_COMMIT;
                Signed signed = signed(n);
                assertThatThrownBy(() -> store.take("ana", List.of(signed), 1)).isInstanceOf(StoreException.class);
                List<Taken> _ = store.take("ana", List.of(signed), 1);
            }

            assertThat(writers(server, database)).isEqualTo(1);
        }
    }

    private static long writers(PostgresServer server, String database) throws Exception {
        try (var connection = server.connect("postgres");
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tallystick gateway' AND datname = '"
                                + database + "'")) {
            return row.next() ? row.getLong(1) : -1;
        }
    }

    /// The server is killed in the middle of writes: what was said to be stored is, and what was not can be
    /// sent again.
    @Tag("slow")
    @Promise("P1")
    @Test
    void a_server_killed_in_the_middle_of_writes_has_all_that_it_said_it_had() throws Exception {
        try (PostgresServer server = durable();
                Store store = following(server.address(server.database()))) {
            store.begin("ana");
            List<Bytes> acknowledged = new ArrayList<>();
            List<Signed> all = new ArrayList<>();
            for (int n = 0; n < 400; n++) {
                all.add(signed(n));
            }
            for (int kill = 0; kill < 3; kill++) {
                AtomicBoolean over = new AtomicBoolean();
                List<Signed> mine = all.subList(kill * 100, kill * 100 + 100);
                Thread writing = Thread.ofVirtual().start(() -> {
                    for (int n = 0; n < mine.size() && !over.get(); n++) {
                        try {
                            List<Taken> _ = store.take("ana", List.of(mine.get(n)), 1);
                            acknowledged.add(mine.get(n).envelope());
                        } catch (StoreException | InterruptedException _) {
                            over.set(true);
                        }
                    }
                });
                int before = acknowledged.size();
                eventually(() -> acknowledged.size() > before + 10);
                server.kill();
                over.set(true);
                writing.join();
                server.start();

                store.begin("reader");
                assertThat(store.claim("reader", CourierStore.MAX_CLAIMED, Duration.ofSeconds(30)))
                        .flatExtracting(CourierStore.Work::held)
                        .extracting(Held::envelope)
                        .containsAll(acknowledged);
            }
            List<Taken> again = store.take("ana", all, 2);

            assertThat(again).hasSize(400);
            // Connections that read are opened again after a pause.
            eventually(() -> pending(store) == 400);
            assertThat(acknowledged).hasSizeGreaterThan(30);
        }
    }

    /// @return -1 while it cannot be read
    private static long pending(Store store) {
        try {
            return store.pending();
        } catch (StoreException _) {
            return -1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PostgresServer durable(String... settings) {
        // Says by name that there is none.
        PostgresServer _ = StoreKind.server();
        try {
            return PostgresServer.start(settings);
        } catch (PostgresServer.Missing e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    /// The gateway itself, and not only its store.
    @Tag("slow")
    @Promise({"P1", "P2"})
    @Test
    void a_gateway_goes_on_by_itself_when_its_database_comes_back() throws Exception {
        PostgresServer server = StoreKind.server();
        try (Cable cable = new Cable(server.port());
                Stand stand = Stand.at(PostgresServer.address(cable.port(), server.database()), 11)
                        .enrolled()) {
            Partners.Deal deal = stand.agreed("away");
            stand.ledger.faults.unavailable = true;
            Bytes before = deal.report("s0", 1, 1);
            assertThat(stand.post(before).status()).isEqualTo(202);

            cable.cut();
            Bytes during = deal.report("s1", 1, 1);
            Stand.Reply refused = stand.post(during);
            stand.ledger.faults.unavailable = false;
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("store_unavailable");
            assertThat(stand.get("/health/ready").status()).isEqualTo(503);
            cable.mend();

            eventually(() -> stand.post(during).status() < 300);
            // Connections that read are opened again after a pause.
            eventually(() -> stand.status(before).status() == 200);
            stand.haveOneVerdict(before, during);
            eventually(() -> stand.get("/health/ready").status() == 200);
        }
    }

    private static String refused(StoreAddress address) {
        try (Store _ = Store.open(address)) {
            return "";
        } catch (StoreException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void what_stands_in_the_way_is_said_with_its_remedy_and_never_with_the_password() {
        PostgresServer server = StoreKind.server();
        String database = server.database();
        StoreAddress.Server there = server.address(database);
        StoreAddress wrong =
                new StoreAddress.Server(there.hosts(), database, there.user(), Optional.of("s3cret"), new TreeMap<>());
        server.execute("postgres", "CREATE ROLE guest LOGIN PASSWORD 's3cret'");
        String empty = "empty_" + database;
        server.execute("postgres", "CREATE DATABASE " + empty);
        StoreAddress guest = new StoreAddress.Server(
                there.hosts(), empty, Optional.of("guest"), Optional.of("s3cret"), new TreeMap<>());
        String readonly = server.database();
        server.execute("postgres", "ALTER DATABASE " + readonly + " SET default_transaction_read_only = on");

        assertThat(refused(wrong)).contains("password authentication failed").contains("PGPASSWORD");
        assertThat(refused(server.address("nowhere")))
                .contains("does not exist")
                .contains("createdb nowhere");
        assertThat(refused(PostgresServer.address(1, database))).contains("is it running");
        assertThat(refused(guest)).contains("permission denied").contains("createdb --owner");
        assertThat(refused(server.address(readonly))).contains("read-only").contains("primary");
        assertThat(List.of(refused(wrong), refused(guest), wrong.toString(), wrong.text(), guest.toString()))
                .noneMatch(text -> text.contains("s3cret"));
    }

    @Promise("P1")
    @Test
    void a_full_disk_is_said_and_harms_nothing_that_was_taken() throws Exception {
        PostgresServer server = StoreKind.server();
        String database = server.database();
        try (Store store = following(server.address(database))) {
            List<Taken> _ = store.take("ana", List.of(signed(0)), 1);
            // As the server says it when its disk is full.
            server.execute(
                    database,
                    "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
                            + " 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;"
                            + "CREATE TRIGGER full_disk BEFORE INSERT ON instruction EXECUTE FUNCTION full_disk()");

            assertThatThrownBy(() -> store.take("ana", List.of(signed(1)), 1))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("not stored: ")
                    .hasMessageContaining("No space left");

            server.execute(database, "DROP TRIGGER full_disk ON instruction");
            List<Taken> _ = store.take("ana", List.of(signed(2)), 1);
            assertThat(store.pending()).isEqualTo(2);
        }
    }

    /// As another gateway does, in the middle of a transaction.
    @Test
    void who_holds_what_a_write_needs_is_waited_for() throws Exception {
        PostgresServer server = StoreKind.server();
        String database = server.database();
        try (Store store = following(server.address(database));
                var other = server.connect(database);
                var statement = other.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("LOCK TABLE instruction");
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    List<Taken> _ = store.take("ana", List.of(signed(0)), 1);
                } catch (StoreException | InterruptedException _) {
                    // It waited too long.
                }
            });
            Thread.sleep(200);
            assertThat(waiting.isAlive()).isTrue();
            statement.execute("ROLLBACK");
            waiting.join();

            assertThat(store.pending()).isEqualTo(1);
        }
    }

    /// Two gateways that lock the same rows in another order: one of them is told to begin again, and
    /// nobody notices.
    @Test
    void two_gateways_in_each_others_way_both_get_through() throws Exception {
        PostgresServer server = StoreKind.server();
        StoreAddress address = server.address(server.database());
        try (Store ana = following(address);
                Store ben = following(address)) {
            List<Signed> all = new ArrayList<>();
            for (int n = 0; n < 400; n++) {
                all.add(signed(n));
            }
            List<Signed> backwards = all.reversed();
            List<String> failed = java.util.Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (List<Signed> one : List.of(all, backwards)) {
                Store store = threads.isEmpty() ? ana : ben;
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        List<Taken> _ = store.take("ana", one, 1);
                    } catch (StoreException | InterruptedException e) {
                        failed.add(String.valueOf(e.getMessage()));
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(failed).isEmpty();
            assertThat(ana.pending()).isEqualTo(400);
        }
    }

    @Tag("slow")
    @Test
    void a_server_that_does_not_sync_is_told_of_and_its_commits_are_made_durable() throws Exception {
        List<String> said = new ArrayList<>();
        Logger log = Logger.getLogger("org.tallystick.gateway.store.PostgresDatabase");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                said.add(line.getLevel() + " " + line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        try (PostgresServer lazy = durable("fsync=off", "synchronous_commit=off")) {
            String database = lazy.database();
            log.addHandler(handler);
            log.setLevel(Level.ALL);

            Store.open(lazy.address(database)).close();
        } finally {
            log.removeHandler(handler);
            log.setLevel(Level.OFF);
        }

        assertThat(said).hasSize(2);
        assertThat(said.getFirst()).startsWith("WARNING ").contains("synchronous_commit off");
        assertThat(said.getLast()).startsWith("SEVERE ").contains("fsync off").contains("may be lost");
    }
}
