package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.courier.Clockwork;
import org.tallystick.ledger.LedgerBlock;

/// The store of a gateway is brought back as it was some time ago, or is lost whole; or the ledger is an older one.
@ParameterizedClass(name = "{0}")
@EnumSource(StoreKind.class)
final class RestoreTest {

    @Parameter
    StoreKind kind = StoreKind.SQLITE;

    @TempDir
    Path folder = Path.of(".");

    private Path copy() {
        return folder.resolve("backup");
    }

    private static Hash hash(Bytes envelope) {
        return Partners.read(envelope).instruction();
    }

    private static List<Json.Obj> told(Stand stand, List<Bytes> all) {
        return all.stream().map(one -> stand.await(one).body()).toList();
    }

    private static Stand.Reply ready(int port) {
        return Stand.send(port, "GET", "/health/ready", "", new byte[0]);
    }

    /// It has read all blocks.
    private static void caughtUp(int port, FakeLedger ledger) {
        eventually(() -> ready(port).status() == 200 && ready(port).body().whole("block") == ledger.height() - 1);
    }

    /// Whoever sends it again is told what the ledger has decided, at once or in a moment, and nothing is decided anew.
    private static void sentAgainIsAnsweredTheSame(Stand stand, List<Bytes> all, List<Json.Obj> before) {
        Stand.Reply again = stand.postAll(all);

        assertThat(again.status()).isIn(200, 202);
        assertThat(told(stand, all)).isEqualTo(before);
        stand.haveOneVerdict(all.toArray(Bytes[]::new));
    }

    private static List<String> validTransactions(FakeLedger ledger) {
        return ledger.blocks().stream()
                .flatMap(block -> block.transactions().stream())
                .filter(LedgerBlock.Transaction::valid)
                .map(LedgerBlock.Transaction::id)
                .toList();
    }

    /// @param point how far an instruction is when the backup is made
    @Promise({"P2", "P4", "P32"})
    @ParameterizedTest(name = "backed up when {0}")
    @ValueSource(strings = {"received", "waiting", "sent", "applied"})
    void over_yesterdays_store_nothing_is_applied_twice_and_all_verdicts_are_found(String point) throws Exception {
        try (Stand stand = Stand.at(kind.in(folder), 1).enrolled()) {
            Partners.Deal deal = stand.agreed("yesterday");
            Bytes early = deal.report("s0", 1, 2);
            Bytes under = point.equals("waiting") ? deal.report("s1", 2, 1) : deal.report("s1", 1, 1);
            stand.applied(early);
            stand.ledger.faults.unavailable = point.equals("received");
            stand.ledger.faults.held = point.equals("sent");
            assertThat(stand.post(under).status()).isEqualTo(202);
            switch (point) {
                case "sent" -> eventually(() -> stand.ledger.waiting() > 0);
                case "received" -> assertThat(stand.state(under)).isEqualTo("received");
                default -> eventually(() -> stand.state(under).equals(point));
            }
            kind.backup(folder, copy());
            stand.ledger.faults.unavailable = false;
            stand.ledger.release();
            List<Bytes> all = new ArrayList<>(List.of(early, under));
            if (point.equals("waiting")) {
                all.add(deal.report("s1", 1, 1));
            }
            all.add(deal.report("s0", 3, 1));
            all.add(deal.report("s2", 1, 3));
            assertThat(stand.postAll(all).status()).isEqualTo(202);
            stand.haveOneVerdict(all.toArray(Bytes[]::new));
            List<Json.Obj> before = told(stand, all);

            stand.kill();
            kind.restore(copy(), folder);
            stand.start();
            caughtUp(stand.port(), stand.ledger);

            stand.haveOneVerdict(all.toArray(Bytes[]::new));
            assertThat(told(stand, all))
                    .isEqualTo(before)
                    .allMatch(one -> one.text("state").equals("applied"));
            sentAgainIsAnsweredTheSame(stand, all, before);
            assertThat(validTransactions(stand.ledger)).doesNotHaveDuplicates();
            // What comes next is taken as ever.
            stand.applied(deal.report("s0", 4, 1));
        }
    }

    @Promise({"P2", "P4", "P32"})
    @Test
    void over_an_empty_store_all_that_the_ledger_has_is_told_as_before() throws Exception {
        try (Stand stand = Stand.at(kind.in(folder), 2).enrolled()) {
            Partners.Deal deal = stand.agreed("lost");
            List<Bytes> all = List.of(deal.report("s0", 1, 2), deal.report("s1", 1, 1), deal.report("s0", 3, 1));
            stand.applied(all.toArray(Bytes[]::new));
            List<Json.Obj> before = told(stand, all);
            String story =
                    stand.get("/v1/agreements/" + deal.id().text() + "/story").text();
            Json.Obj log = stand.get("/health/ready").body().object("log");

            stand.kill();
            kind.lose(folder);
            stand.start();
            caughtUp(stand.port(), stand.ledger);

            assertThat(told(stand, all)).isEqualTo(before);
            assertThat(stand.get("/v1/agreements/" + deal.id().text() + "/story")
                            .text())
                    .isEqualTo(story);
            assertThat(stand.get("/health/ready").body().object("log").whole("size"))
                    .isEqualTo(log.whole("size"));
            sentAgainIsAnsweredTheSame(stand, all, before);
            stand.applied(deal.report("s0", 4, 1));
        }
    }

    /// The one thing that is lost: nobody but its sender has it.
    @Promise("P32")
    @ParameterizedTest(name = "restored from a backup: {0}")
    @ValueSource(booleans = {true, false})
    void what_was_acknowledged_after_the_backup_and_is_in_no_block_is_unknown_until_it_is_sent_again(boolean restored)
            throws Exception {
        try (Stand stand = Stand.at(kind.in(folder), 3).enrolled()) {
            Partners.Deal deal = stand.agreed("unknown");
            kind.backup(folder, copy());
            stand.ledger.faults.unavailable = true;
            Bytes lost = deal.report("s0", 1, 1);
            assertThat(stand.post(lost).status()).isEqualTo(202);

            stand.kill();
            stand.ledger.faults.unavailable = false;
            if (restored) {
                kind.restore(copy(), folder);
            } else {
                kind.lose(folder);
            }
            stand.start();
            caughtUp(stand.port(), stand.ledger);

            assertThat(stand.status(lost).status()).isEqualTo(404);
            assertThat(stand.status(lost).code()).isEqualTo("instruction_not_found");
            assertThat(stand.ledger.verdicts()).doesNotContainKey(hash(lost).hex());
            stand.applied(lost);
            stand.haveOneVerdict(lost);
        }
    }

    private Gateway.Running over(FakeLedger ledger) throws GatewayException, InterruptedException {
        return new Gateway(GatewaySettings.of("127.0.0.1", 0, kind.in(folder), ledger::connect)
                        .withPatience(Duration.ofMillis(100)))
                .start();
    }

    @Promise("P32")
    @Test
    void a_store_that_is_ahead_of_its_peer_reads_nothing_of_it_until_the_peer_has_caught_up() throws Exception {
        Stand stand = Stand.at(kind.in(folder), 4).enrolled();
        Partners.Deal deal = stand.agreed("ahead");
        FakeLedger behind = new FakeLedger(stand.ledger, 4, Clockwork.MACHINE);
        stand.applied(deal.report("s0", 1, 1));
        stand.stop();

        try (Gateway.Running gateway = over(behind)) {
            assertThat(ready(gateway.port()).status()).isEqualTo(503);
            assertThat(ready(gateway.port()).body().bool("projection")).isFalse();
            behind.catchUp(stand.ledger);
            caughtUp(gateway.port(), stand.ledger);
        }
    }

    @Promise("P32")
    @Test
    void a_ledger_that_was_restored_from_older_data_and_went_on_is_refused_and_an_empty_store_follows_it()
            throws Exception {
        Stand stand = Stand.at(kind.in(folder), 5).enrolled();
        Partners.Deal deal = stand.agreed("fork");
        FakeLedger older = new FakeLedger(stand.ledger, 5, Clockwork.MACHINE);
        Bytes gone = deal.report("s0", 1, 1);
        stand.applied(gone);
        stand.stop();
        Bytes other = deal.report("s0", 1, 2);

        try (Gateway.Running running = over(older)) {
            Stream.of(other, deal.report("s0", 3, 1)).forEach(older::commit);
            Thread.sleep(Duration.ofSeconds(1));
            assertThat(ready(running.port()).status()).isEqualTo(503);
            assertThat(status(running, other).status()).isEqualTo(404);
        }
        assertThatThrownBy(() -> over(older))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("is not the one that the store has")
                .hasMessageContaining("start over an empty store");
        kind.lose(folder);
        try (Gateway.Running running = over(older)) {
            caughtUp(running.port(), older);
            assertThat(status(running, other).body().text("state")).isEqualTo("applied");
            assertThat(status(running, gone).status()).isEqualTo(404);
        }
    }

    private static Stand.Reply status(Gateway.Running gateway, Bytes envelope) {
        return Stand.send(gateway.port(), "GET", Stand.path(envelope), "", new byte[0]);
    }
}
