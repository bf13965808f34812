package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.courier.ListKeeper;
import org.tallystick.gateway.store.BlockChange;
import org.tallystick.gateway.store.Facets;
import org.tallystick.gateway.store.ListChange;
import org.tallystick.gateway.store.ListStore;
import org.tallystick.gateway.store.ListStore.Generation;
import org.tallystick.gateway.store.ListStore.Page;
import org.tallystick.gateway.store.ListStore.Question;
import org.tallystick.gateway.store.ListStore.Stage;
import org.tallystick.gateway.store.ListStore.Standing;
import org.tallystick.gateway.store.Listing;
import org.tallystick.gateway.store.LogChange;
import org.tallystick.gateway.store.Place;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.Ledger;

/// The lists can be thrown away and made again while they are served, and are what they were.
@Tag("slow")
@ParameterizedClass(name = "{0}")
@EnumSource(StoreKind.class)
class ListStoreTest {

    @Parameter
    StoreKind kind = StoreKind.SQLITE;

    @TempDir
    Path folder = Path.of(".");

    private GatewaySettings settings(RandomHistory history, String name) {
        return GatewaySettings.of("127.0.0.1", 0, kind.in(at(name)), history.ledger::connect);
    }

    private Path at(String name) {
        Path at = folder.resolve(name);
        boolean _ = at.toFile().mkdirs();
        assertThat(Files.isDirectory(at)).isTrue();
        return at;
    }

    static Standing standing(Store store) {
        try {
            return store.lists().standing();
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// One generation is served, made by the rules of today, and has all blocks.
    private static boolean isWhole(Store store, RandomHistory history) {
        Standing standing = standing(store);
        return standing.generations().size() == 1
                && standing.at(Stage.SERVED).filter(Generation::isOurs).isPresent()
                && standing.generations().getFirst().block() == history.ledger.height() - 1;
    }

    /// What is served, row by row.
    private List<String> served(String name) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Connection on = kind.connect(at(name));
                Statement statement = on.createStatement()) {
            all.addAll(rows(
                    statement,
                    "SELECT block, listing, tx, item, part, agreement, party, act, state, source, period, told"
                            + " FROM reading_listed WHERE generation = (SELECT generation FROM reading WHERE stage = 'served')"
                            + " ORDER BY listing, block, tx, item, part"));
            all.addAll(rows(
                    statement,
                    "SELECT agreement, version, told FROM reading_document"
                            + " WHERE generation = (SELECT generation FROM reading WHERE stage = 'served')"
                            + " ORDER BY agreement, version"));
        }
        return all;
    }

    private static List<String> rows(Statement statement, String sql) throws SQLException {
        List<String> all = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                StringBuilder text = new StringBuilder();
                for (int n = 1; n <= row.getMetaData().getColumnCount(); n++) {
                    StringBuilder _ = text.append(row.getString(n)).append('|');
                }
                all.add(text.toString());
            }
        }
        return all;
    }

    private void execute(String name, String sql) throws SQLException {
        try (Connection on = kind.connect(at(name));
                Statement statement = on.createStatement()) {
            boolean _ = statement.execute(sql);
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void made_again_while_blocks_come_they_are_what_following_block_by_block_makes(long seed) throws Exception {
        RandomHistory history = new RandomHistory(seed);
        try (Gateway.Running _ = Stand.begin(settings(history, "rebuilt"));
                Store store = Store.open(kind.in(at("rebuilt")))) {
            history.begin(3);
            history.go(40);
            eventually(() -> isWhole(store, history));
            List<String> before = served("rebuilt");

            assertThat(store.lists().begin(true)).isTrue();
            eventually(() -> isWhole(store, history)
                    && standing(store).generations().getFirst().number() > 1);
            assertThat(served("rebuilt")).isEqualTo(before);

            assertThat(store.lists().begin(true)).isTrue();
            history.go(40);
            history.settle();
            eventually(() -> isWhole(store, history)
                    && standing(store).generations().getFirst().number() > 2);
        }
        try (Gateway.Running _ = Stand.begin(settings(history, "followed"));
                Store store = Store.open(kind.in(at("followed")))) {
            eventually(() -> isWhole(store, history));
        }

        assertThat(served("rebuilt")).hasSizeGreaterThan(100).isEqualTo(served("followed"));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void killed_anywhere_while_they_are_made_again_they_are_what_they_were(long seed) throws Exception {
        RandomHistory history = new RandomHistory(seed);
        history.begin(2);
        history.go(40);
        history.settle();
        try (Gateway.Running _ = Stand.begin(settings(history, "one"));
                Store store = Store.open(kind.in(at("one")))) {
            eventually(() -> isWhole(store, history));
        }
        List<String> before = served("one");
        execute("one", "UPDATE reading SET rules = 0");
        Random random = new Random(seed);
        int kills = 0;

        for (boolean whole = false; !whole; ) {
            Store store = Store.open(kind.in(at("one")));
            try (Ledger ledger = history.ledger.connect()) {
                ListKeeper keeper = new ListKeeper(ledger, store, store.lists(), "one", 1 + random.nextInt(20));
                keeper.start();
                Thread.sleep(random.nextInt(60));
                store.abandonForTests();
                keeper.close();
                kills++;
            }
            assertThat(served("one")).isEqualTo(before);
            try (Store seen = Store.open(kind.in(at("one")))) {
                whole = isWhole(seen, history);
            }
        }

        assertThat(kills).isGreaterThan(1);
    }

    /// Nobody gives two gateways one name; but if the lease failed, it would be like this.
    @Test
    void two_that_make_them_at_once_add_nothing_twice() throws Exception {
        RandomHistory history = new RandomHistory(8);
        history.begin(2);
        history.go(60);
        try (Gateway.Running _ = Stand.begin(settings(history, "one"));
                Store store = Store.open(kind.in(at("one")))) {
            eventually(() -> isWhole(store, history));
        }
        List<String> before = served("one");

        try (Store first = Store.open(kind.in(at("one")));
                Store second = Store.open(kind.in(at("one")));
                Ledger ledger = history.ledger.connect()) {
            assertThat(first.lists().begin(true)).isTrue();
            ListKeeper one = new ListKeeper(ledger, first, first.lists(), "same", 3);
            ListKeeper two = new ListKeeper(ledger, second, second.lists(), "same", 2);
            one.start();
            two.start();
            eventually(() -> isWhole(first, history));
            one.close();
            two.close();
        }

        assertThat(served("one")).isEqualTo(before);
    }

    @Test
    void lists_of_other_rules_are_served_until_those_of_todays_are_made() throws Exception {
        RandomHistory history = new RandomHistory(5);
        history.begin(1);
        history.go(20);
        try (Gateway.Running _ = Stand.begin(settings(history, "one"));
                Store store = Store.open(kind.in(at("one")))) {
            eventually(() -> isWhole(store, history));
        }
        List<String> before = served("one");
        execute("one", "UPDATE reading SET rules = 0");
        execute("one", "UPDATE reading_listed SET told = '{}' WHERE listing = 'reports'");
        try (Store store = Store.open(kind.in(at("one")))) {
            assertThat(standing(store).at(Stage.SERVED)).isPresent();
            assertThat(standing(store).isOutOfDate()).isTrue();
        }

        try (Gateway.Running _ = Stand.begin(settings(history, "one"));
                Store store = Store.open(kind.in(at("one")))) {
            eventually(() -> isWhole(store, history));
        }

        assertThat(served("one")).isEqualTo(before);
    }

    @Test
    void lists_of_later_rules_are_left_alone() throws Exception {
        RandomHistory history = new RandomHistory(6);
        history.begin(1);
        try (Gateway.Running _ = Stand.begin(settings(history, "one"));
                Store store = Store.open(kind.in(at("one")))) {
            eventually(() -> isWhole(store, history));
        }
        execute("one", "UPDATE reading SET rules = " + (ListStore.RULES + 1));
        List<String> before = served("one");

        try (Gateway.Running _ = Stand.begin(settings(history, "one"));
                Store store = Store.open(kind.in(at("one")))) {
            history.go(10);
            eventually(() -> standing(store).block() == history.ledger.height() - 1);

            assertThat(standing(store).generations()).hasSize(1);
            assertThat(served("one")).isEqualTo(before);
            // An operator who went back to an earlier gateway says that it shall be so.
            assertThat(store.lists().begin(true)).isTrue();
            eventually(() -> isWhole(store, history));
        }
    }

    @Test
    void a_store_of_an_earlier_gateway_gets_its_lists_from_the_blocks() throws Exception {
        RandomHistory history = new RandomHistory(7);
        history.begin(1);
        history.go(10);
        try (Gateway.Running _ = Stand.begin(settings(history, "one"));
                Store store = Store.open(kind.in(at("one")))) {
            eventually(() -> isWhole(store, history));
        }
        List<String> before = served("one");
        execute("one", "DELETE FROM reading_listed");
        execute("one", "DELETE FROM reading_document");
        execute("one", "DELETE FROM reading");

        try (Gateway.Running _ = Stand.begin(settings(history, "one"));
                Store store = Store.open(kind.in(at("one")))) {
            eventually(() -> isWhole(store, history));
        }

        assertThat(served("one")).isEqualTo(before);
    }

    /// Reports of one source, and the last of another.
    private static BlockChange many(int items) {
        List<ListChange> lists = new ArrayList<>();
        for (int n = 0; n < items; n++) {
            Facets facets = Facets.of("north/hub/many").withSource(n == items - 1 ? "rare" : "usual");
            lists.add(new ListChange.Listed(Listing.REPORTS, new Place(0, 0, n, 0), facets, Json.Obj.EMPTY));
        }
        return new BlockChange(0, List.of(), List.of(), List.of(), List.of(), lists, LogChange.NONE);
    }

    @ParameterizedTest(name = "newest first: {0}")
    @ValueSource(booleans = {false, true})
    void no_page_looks_at_more_items_than_it_may(boolean newest) throws Exception {
        try (Store store = Store.open(kind.in(at("one")))) {
            store.follow(FakeLedger.ID, true);
            boolean _ = store.apply(many(2 * ListStore.LOOKED_AT + 1)).get();
            Question question = new Question(
                    Listing.REPORTS,
                    Facets.of("north/hub/many").withSource("rare"),
                    Optional.empty(),
                    Optional.empty(),
                    newest,
                    10);
            List<Integer> found = new ArrayList<>();

            Optional<Place> next;
            do {
                Page page = store.lists().page(question).orElseThrow();
                found.add(page.items().size());
                next = page.next();
                question = question.after(next);
            } while (next.isPresent());

            assertThat(found).isEqualTo(newest ? List.of(1, 0, 0) : List.of(0, 0, 1));
        }
    }
}
