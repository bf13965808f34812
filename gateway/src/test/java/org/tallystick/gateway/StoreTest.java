package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.store.BlockChange;
import org.tallystick.gateway.store.CourierStore;
import org.tallystick.gateway.store.LogChange;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.State;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.store.Taken;

/// What every store promises, whatever database it is on.
@ParameterizedClass(name = "{0}")
@EnumSource(StoreKind.class)
class StoreTest {

    @Parameter
    StoreKind kind = StoreKind.SQLITE;

    @TempDir
    Path folder = Path.of(".");

    private Gateway gateway(long seed) {
        return new Gateway(GatewaySettings.of("127.0.0.1", 0, kind.in(folder), new FakeLedger(seed, true)::connect));
    }

    @Test
    void a_store_of_another_ledger_is_refused() throws Exception {
        try (Store store = Store.open(kind.in(folder))) {
            store.follow(Hash.of(Bytes.ofUtf8("another ledger")), false);
        }

        assertThatThrownBy(() -> gateway(2).start())
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("the store belongs to ledger");
    }

    @Promise("P29")
    @Test
    void a_store_of_a_later_gateway_is_refused() throws Exception {
        Store.open(kind.in(folder)).close();
        try (Connection connection = kind.connect(folder);
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
                    + " checksum, installed_by, execution_time, success)"
                    + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'somebody', 1, TRUE)");
        }

        assertThatThrownBy(() -> gateway(3).start())
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("written by a later gateway")
                .hasMessageContaining("its version is 99");
    }

    @Test
    void a_database_with_other_tables_is_refused() throws Exception {
        Store.open(kind.in(folder)).close();
        try (Connection connection = kind.connect(folder);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE flyway_schema_history");
        }

        assertThatThrownBy(() -> gateway(4).start())
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("not those of a store");
    }

    @Test
    void what_has_no_answer_is_counted_with_the_oldest_and_what_waits_has_one() throws Exception {
        Partners partners = new Partners(7);
        try (Store store = Store.open(kind.in(folder))) {
            store.follow(FakeLedger.ID, true);
            store.begin("ana");
            assertThat(store.unfinished()).isEqualTo(new Store.Unfinished(0, 0, 0));
            for (int n = 1; n <= 3; n++) {
                Signed signed = Partners.read(partners.enroll(new PartyId("north/p" + n)));
                List<Taken> _ = store.take("ana", List.of(signed), 1_000L * n);
            }
            assertThat(store.unfinished()).isEqualTo(new Store.Unfinished(3, 3, 1_000));

            CourierStore.Work work =
                    store.claim("ana", 10, Duration.ofSeconds(10)).getFirst();
            assertThat(work.held().getFirst().receivedMillis()).isEqualTo(1_000);
            store.answer(
                    work.lease(),
                    Map.of(work.held().getFirst().seq(), Json.object().build()),
                    State.WAITING);

            assertThat(store.unfinished()).isEqualTo(new Store.Unfinished(3, 2, 2_000));
        }
    }

    /// Whoever asks while the block with the verdict is being stored is told either that it is held or what
    /// it is.
    @Promise("P4")
    @Test
    void an_instruction_is_never_out_of_sight_while_its_verdict_is_stored() throws Exception {
        Partners partners = new Partners(6);
        try (Store store = Store.open(kind.in(folder))) {
            store.follow(FakeLedger.ID, true);
            AtomicReference<Optional<Signed>> asked = new AtomicReference<>(Optional.empty());
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong sights = new AtomicLong();
            Thread asking = Thread.ofPlatform().start(() -> {
                while (!over.get() && asked.get().stream().allMatch(signed -> isFound(store, signed))) {
                    sights.incrementAndGet();
                }
            });

            for (int block = 0; block < 500 && asking.isAlive(); block++) {
                Signed signed = Partners.read(partners.enroll(new PartyId("north/p" + block)));
                List<Taken> _ = store.take("ana", List.of(signed), 0);
                asked.set(Optional.of(signed));
                boolean _ = store.apply(applied(signed, block)).get();
            }

            boolean missedNone = asking.isAlive();
            over.set(true);
            asking.join();
            assertThat(missedNone).isTrue();
            assertThat(sights.get()).isPositive();
        }
    }

    private static boolean isFound(Store store, Signed signed) {
        Payload payload = signed.payload();
        try {
            return store.find(payload.party().text(), payload.id().text()).size() == 1
                    && store.find(signed.instruction()).isPresent();
        } catch (StoreException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static BlockChange applied(Signed signed, long block) {
        BlockChange.Verdict verdict = new BlockChange.Verdict(
                signed.instruction(),
                Store.home(signed.payload()),
                signed.payload().party().text(),
                signed.payload().id().text(),
                Json.object().with("result", "applied").build(),
                new Position(block, 0, 0));
        return new BlockChange(block, List.of(verdict), List.of(), List.of(), List.of(), List.of(), LogChange.NONE);
    }

    /// A block by which a member is there twice.
    private static BlockChange impossible() {
        return new BlockChange(
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new LogChange(List.of(), Optional.of(List.of("north", "north"))));
    }

    @Test
    void a_write_that_breaks_a_rule_harms_none_of_its_neighbors() throws Exception {
        try (Store store = Store.open(kind.in(folder))) {
            store.follow(FakeLedger.ID, true);
            List<CompletableFuture<Boolean>> writes = new ArrayList<>();
            Partners partners = new Partners(7);
            for (int n = 0; n < 200; n++) {
                Signed signed = Partners.read(partners.enroll(new PartyId("north/p" + n)));
                if (n % 10 == 0) {
                    writes.add(store.apply(impossible()));
                } else {
                    List<Taken> _ = store.take("ana", List.of(signed), 0);
                }
            }

            assertThat(writes).hasSize(20).allMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(store.pending()).isEqualTo(180);
        }
    }
}
