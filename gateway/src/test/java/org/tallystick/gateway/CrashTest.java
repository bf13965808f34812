package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
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
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;

/// The gateway is killed at each step of an instruction's way, and started again on the same store.
@ParameterizedClass(name = "{0}")
@EnumSource(StoreKind.class)
final class CrashTest {

    @Parameter
    StoreKind kind = StoreKind.SQLITE;

    @TempDir
    Path folder = Path.of(".");

    private static Bytes[] reports(Partners.Deal deal) {
        return new Bytes[] {deal.report("s0", 1, 2), deal.report("s1", 1, 1), deal.report("s0", 3, 1)};
    }

    private static void acknowledged(Stand stand, Bytes... reports) {
        assertThat(stand.postAll(List.of(reports)).status()).isEqualTo(202);
    }

    private static List<String> transactions(FakeLedger ledger) {
        return ledger.blocks().stream()
                .flatMap(block -> block.transactions().stream())
                .map(LedgerBlock.Transaction::id)
                .toList();
    }

    @Promise("P1")
    @Test
    void killed_after_the_acknowledgment_it_carries_what_it_acknowledged() {
        try (Stand stand = Stand.at(kind.in(folder), 1).enrolled()) {
            Bytes[] reports = reports(stand.agreed("stored"));
            stand.ledger.faults.unavailable = true;
            acknowledged(stand, reports);

            stand.kill();
            stand.ledger.faults.unavailable = false;
            stand.start();

            stand.haveOneVerdict(reports);
        }
    }

    @Promise({"P1", "P2"})
    @ParameterizedTest(name = "killed at the point: {0}")
    @ValueSource(strings = {"endorsed", "broadcast", "sent"})
    void killed_on_the_way_it_finishes_the_way(String point) throws InterruptedException {
        try (Stand stand = Stand.at(kind.in(folder), 2).enrolled()) {
            Bytes[] reports = reports(stand.agreed("way"));
            stand.ledger.faults.stopAt = point;
            acknowledged(stand, reports);
            assertThat(stand.ledger.faults.stopped.await(60, TimeUnit.SECONDS)).isTrue();

            stand.kill();
            stand.ledger.faults.stopAt = "";
            stand.start();

            stand.haveOneVerdict(reports);
            assertThat(transactions(stand.ledger)).doesNotHaveDuplicates();
        }
    }

    @Promise({"P2", "P13"})
    @ParameterizedTest(name = "the block comes before the restart: {0}")
    @ValueSource(booleans = {true, false})
    void killed_between_broadcast_and_block_it_sends_no_other_transaction(boolean before) {
        try (Stand stand = Stand.at(kind.in(folder), 3).enrolled()) {
            Bytes[] reports = reports(stand.agreed("block"));
            stand.ledger.faults.held = true;
            acknowledged(stand, reports);
            eventually(() -> stand.ledger.waiting() > 0);
            int asked = stand.ledger.endorsements();

            stand.kill();
            if (before) {
                stand.ledger.release();
            }
            stand.start();
            stand.ledger.release();

            stand.haveOneVerdict(reports);
            assertThat(stand.ledger.endorsements()).isEqualTo(asked);
        }
    }

    /// No step is endorsed before the first kill, so the gateway that is started has to find the close by
    /// itself; the second kill finds it at a step.
    @Tag("slow")
    @Promise({"P1", "P2"})
    @ParameterizedTest(name = "killed again at the point: {0}")
    @ValueSource(strings = {"endorsed", "broadcast", "sent"})
    void killed_in_the_middle_of_a_close_it_takes_the_steps_that_are_left_and_none_twice(String point)
            throws InterruptedException {
        try (Stand stand = Stand.at(kind.in(folder), 9).enrolled()) {
            Partners.Deal deal = stand.agreed(stand.partners.wideDeal("wide"));
            declared(stand, deal);
            Bytes close = deal.close();
            stand.ledger.faults.failing = arguments ->
                    arguments.getFirst().equals(Bytes.ofUtf8(deal.id().text()));
            stand.applied(close);
            Json.Obj begun = state(stand, Keys.closing(deal.id().text(), deal.period()));

            stand.kill();
            stand.ledger.faults.stopAt = point;
            stand.ledger.faults.failing = _ -> false;
            stand.start();
            assertThat(stand.ledger.faults.stopped.await(60, TimeUnit.SECONDS)).isTrue();
            stand.kill();
            stand.ledger.faults.stopAt = "";
            stand.start();

            String settlement = Keys.settlement(deal.id().text(), deal.period());
            eventually(() -> !state(stand, settlement).equals(Json.Obj.EMPTY));
            assertThat(begun.whole("done")).isZero();
            assertThat(begun.whole("parts")).isGreaterThan(2);
            assertThat(steps(stand.ledger))
                    .hasSize((int) begun.whole("parts"))
                    .containsOnlyOnce("settlement")
                    .endsWith("settlement");
            assertThat(Hash.of(state(stand, settlement).canonical()).hex()).isEqualTo(begun.text("settlement"));
            assertThat(transactions(stand.ledger)).doesNotHaveDuplicates();
            stand.haveOneVerdict(close);
        }
    }

    /// The hub has sold something, the month is over, and all its sources have declared.
    static void declared(Stand stand, Partners.Deal deal) {
        stand.applied(deal.report("s0", 1, 1));
        Duration offset = deal.untilMonthIsOver();
        stand.applied(stand.partners.trialClock(offset));
        stand.partners.clock(offset);
        Act.Total sold =
                new Act.Total("sale", Optional.of("EUR"), 1, Optional.of(BigInteger.valueOf(101)), Optional.empty());
        List<Bytes> declarations = new ArrayList<>(List.of(deal.declare("s0", 1, List.of(sold))));
        for (int n = 1; n < 10; n++) {
            declarations.add(deal.declare("s" + n, 0, List.of()));
        }
        stand.applied(declarations.toArray(Bytes[]::new));
    }

    /// What stands under a key; empty if nothing does.
    private static Json.Obj state(Stand stand, String key) {
        try (Ledger ledger = stand.ledger.connect()) {
            return ledger.get(List.of(key)).getOrDefault(key, Json.Obj.EMPTY);
        } catch (LedgerException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The effect of each step that is valid, in their order.
    private static List<String> steps(FakeLedger ledger) {
        return ledger.blocks().stream()
                .flatMap(block -> block.transactions().stream())
                .filter(transaction ->
                        transaction.valid() && transaction.function().equals("step"))
                .map(transaction ->
                        (Json.Obj) transaction.response().items("items").getFirst())
                .map(item -> ((Json.Obj) item.items("effects").getFirst()).text("kind"))
                .toList();
    }

    @Promise({"P1", "P2", "P13"})
    @Test
    void killed_between_block_and_projection_it_reads_the_verdicts_from_the_block() {
        try (Stand stand = Stand.at(kind.in(folder), 4).enrolled()) {
            Bytes[] reports = reports(stand.agreed("projection"));
            long height = stand.ledger.height();
            int asked = stand.ledger.endorsements();
            stand.ledger.faults.mute = true;
            acknowledged(stand, reports);
            eventually(() -> stand.ledger.height() > height);
            assertThat(stand.state(reports[0])).isEqualTo("received");

            stand.kill();
            stand.ledger.unmute();
            stand.start();

            stand.haveOneVerdict(reports);
            assertThat(stand.ledger.height()).isEqualTo(height + 1);
            assertThat(stand.ledger.endorsements()).isEqualTo(asked + 1);
        }
    }

    @Promise({"P1", "P11"})
    @Test
    void an_invalidated_transaction_of_before_the_kill_is_endorsed_again() {
        try (Stand stand = Stand.at(kind.in(folder), 5).enrolled()) {
            Bytes[] reports = reports(stand.agreed("invalid"));
            stand.ledger.faults.conflicts = 1;
            stand.ledger.faults.mute = true;
            long height = stand.ledger.height();
            acknowledged(stand, reports);
            eventually(() -> stand.ledger.height() > height);

            stand.kill();
            stand.ledger.unmute();
            stand.start();

            stand.haveOneVerdict(reports);
        }
    }

    @Test
    void what_waited_before_the_kill_waits_after_it() {
        try (Stand stand = Stand.at(kind.in(folder), 6).enrolled()) {
            Partners.Deal deal = stand.agreed("waiting");
            Bytes second = deal.report("s0", 2, 1);
            acknowledged(stand, second);
            eventually(() -> stand.state(second).equals("waiting"));

            stand.restart();

            assertThat(stand.state(second)).isEqualTo("waiting");
            stand.applied(deal.report("s0", 1, 1));
            stand.haveOneVerdict(second);
        }
    }

    @Promise({"P4", "P12"})
    @Test
    void verdicts_are_told_after_the_kill_although_the_ledger_is_gone() {
        try (Stand stand = Stand.at(kind.in(folder), 7).enrolled()) {
            Bytes report = stand.agreed("told").report("s0", 1, 1);
            stand.applied(report);
            Stand.Reply before = stand.status(report);

            stand.ledger.faults.unavailable = true;
            stand.restart();

            assertThat(stand.status(report)).isEqualTo(before);
            assertThat(stand.get("/health/ready").status()).isEqualTo(503);
            stand.ledger.faults.unavailable = false;
            eventually(() -> stand.get("/health/ready").status() == 200);
        }
    }

    @Promise("P28")
    @Test
    void a_stop_in_good_order_is_quick_and_loses_nothing() {
        try (Stand stand = Stand.at(kind.in(folder), 8).enrolled()) {
            Partners.Deal deal = stand.agreed("stop");
            Bytes waiting = deal.report("s0", 9, 1);
            Bytes done = deal.report("s1", 1, 1);
            acknowledged(stand, waiting, done);
            long begun = System.nanoTime();

            stand.stop();

            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun))
                    .isLessThan(10);
            stand.start();
            stand.haveOneVerdict(done);
            eventually(() -> stand.state(waiting).equals("waiting"));
        }
    }
}
