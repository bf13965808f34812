package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.gateway.store.Store;

/// Several gateways of a member on one PostgreSQL: it does not matter which is asked, and one that dies leaves
/// nothing undone.
@Tag("slow")
final class SharedStoreTest {

    @TempDir
    Path folder = Path.of(".");

    private Stand first() {
        return Stand.at(StoreKind.POSTGRESQL.in(folder), 1, settings -> settings.withInstance("first"));
    }

    private GatewaySettings settings(Stand first, String instance) {
        return settings(first.ledger, instance);
    }

    private GatewaySettings settings(FakeLedger ledger, String instance) {
        return GatewaySettings.of("127.0.0.1", 0, StoreKind.POSTGRESQL.in(folder), ledger::connect)
                .withPatience(Duration.ofMillis(100))
                .withInstance(instance);
    }

    private static Stand.Reply post(Gateway.Running gateway, Bytes envelope) {
        return Stand.send(gateway.port(), "POST", "/v1/instructions", "application/jose+json", envelope.toArray());
    }

    @Promise("P2")
    @Test
    void what_either_takes_in_is_carried_once_and_told_by_both() {
        try (Stand first = first().enrolled();
                Gateway.Running second = Stand.begin(settings(first, "second"))) {
            Partners.Deal deal = first.agreed("both");
            List<Bytes> reports = new ArrayList<>();
            for (int n = 0; n < 20; n++) {
                Bytes report = deal.report("s" + n % 4, 1 + n / 4, 1);
                reports.add(report);
                Stand.Reply reply = n % 2 == 0 ? first.post(report) : post(second, report);
                assertThat(reply.status()).isEqualTo(202);
            }

            first.haveOneVerdict(reports.toArray(Bytes[]::new));
            for (Bytes report : reports) {
                Stand.Reply told = Stand.await(second.port(), Stand.path(report));
                assertThat(told.body()).isEqualTo(first.status(report).body());
            }
            // They never stood in each other's way.
            assertThat(first.ledger.blocks().stream().flatMap(block -> block.transactions().stream()))
                    .allMatch(transaction -> transaction.valid());
        }
    }

    @Promise({"P1", "P2"})
    @Test
    void what_a_dead_one_held_is_carried_by_the_other() {
        try (Stand first = first().enrolled();
                Gateway.Running second = Stand.begin(settings(first, "second"))) {
            Partners.Deal deal = first.agreed("left");
            first.ledger.faults.held = true;
            Bytes report = deal.report("s0", 1, 1);
            assertThat(first.post(report).status()).isEqualTo(202);
            eventually(() -> first.ledger.waiting() > 0);

            first.kill();
            Bytes next = deal.report("s0", 2, 1);
            assertThat(post(second, next).status()).isEqualTo(202);
            first.ledger.release();

            eventually(() -> first.ledger
                    .verdicts()
                    .containsKey(Partners.read(next).instruction().hex()));
            first.start();
            first.haveOneVerdict(report, next);
        }
    }

    @Promise("P29")
    @Test
    void of_several_that_start_at_once_over_an_empty_database_one_makes_the_tables_and_all_run() throws Exception {
        FakeLedger ledger = new FakeLedger(4, true);
        StoreKind.POSTGRESQL.lose(folder);
        try (ExecutorService starting = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Gateway.Running>> all = new ArrayList<>();
            for (String name : List.of("first", "second", "third")) {
                all.add(starting.submit(() -> Stand.begin(settings(ledger, name))));
            }

            for (Future<Gateway.Running> one : all) {
                try (Gateway.Running gateway = one.get()) {
                    eventually(() -> Stand.send(gateway.port(), "GET", "/health/ready", "", new byte[0])
                                    .status()
                            == 200);
                }
            }
        }
    }

    /// As an upgrade does it that leaves the tables as they are.
    @Promise({"P1", "P2", "P28", "P29"})
    @Test
    void each_is_stopped_and_started_in_turn_while_partners_send_and_nothing_is_lost() throws Exception {
        try (Stand first = first().enrolled()) {
            Partners.Deal deal = first.agreed("turns");
            Gateway.Running second = Stand.begin(settings(first, "second"));
            List<Bytes> reports = new ArrayList<>();
            for (int turn = 0; turn < 6; turn++) {
                for (int n = 0; n < 5; n++) {
                    Bytes report = deal.report("s" + n, 1 + turn, 1);
                    reports.add(report);
                    assertThat((n % 2 == 0 ? first.post(report) : post(second, report)).status())
                            .isEqualTo(202);
                }
                if (turn % 2 == 0) {
                    first.stop();
                    first.start();
                } else {
                    second.close();
                    second = Stand.begin(settings(first, "second"));
                }
            }

            first.haveOneVerdict(reports.toArray(Bytes[]::new));
            for (Bytes report : reports) {
                assertThat(Stand.await(second.port(), Stand.path(report)).body())
                        .isEqualTo(first.status(report).body());
            }
            second.close();
        }
    }

    @Test
    void both_serve_the_same_lists_and_either_makes_them_again_when_the_other_dies() throws Exception {
        try (Stand first = first().enrolled();
                Gateway.Running second = Stand.begin(settings(first, "second"));
                Store store = Store.open(StoreKind.POSTGRESQL.in(folder))) {
            RandomHistory history = new RandomHistory(first.ledger, 2);
            history.begin(2);
            history.go(200);
            eventually(() -> lists(second).header("ledger-block").equals(String.valueOf(first.ledger.height() - 1)));
            assertThat(first.get("/v1/reports?limit=1000").text())
                    .isEqualTo(lists(second).text());
            String before = lists(second).text();

            assertThat(store.lists().begin(true)).isTrue();
            eventually(() -> ListStoreTest.standing(store).generations().size() > 1);
            first.kill();

            eventually(() -> {
                var generations = ListStoreTest.standing(store).generations();
                return generations.size() == 1 && generations.getFirst().number() > 1;
            });
            assertThat(lists(second).text()).isEqualTo(before);
            first.start();
            assertThat(first.get("/v1/reports?limit=1000").text()).isEqualTo(before);
        }
    }

    private static Stand.Reply lists(Gateway.Running gateway) {
        return Stand.send(gateway.port(), "GET", "/v1/reports?limit=1000", "", new byte[0]);
    }

    @Test
    void two_of_one_name_are_refused() {
        try (Stand first = first()) {
            assertThatThrownBy(() -> new Gateway(settings(first, "first")).start())
                    .isInstanceOf(GatewayException.class)
                    .hasMessageContaining("another gateway with the name first is running")
                    .hasMessageContaining("--instance");
        }
    }
}
