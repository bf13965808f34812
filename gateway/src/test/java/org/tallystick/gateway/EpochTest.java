package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.courier.Capacity;
import org.tallystick.gateway.courier.Clockwork;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.courier.Pace;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// When gateways begin a new epoch, and what becomes of what was endorsed in the old one.
final class EpochTest {

    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration HOUR = Duration.ofMinutes(61);
    /// The first of these may have begun before.
    private static final int ENOUGH_LOOKS = 3;

    private final FakeLedger ledger = new FakeLedger(1, false);
    private final Partners partners = new Partners(1);
    private final List<AutoCloseable> closing = new ArrayList<>();
    /// How often each gateway has looked whether an epoch is due.
    private final List<AtomicInteger> looks = new ArrayList<>();

    @TempDir
    Path folder = Path.of(".");

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : closing.reversed()) {
            one.close();
        }
    }

    private Courier gateway(String name) throws Exception {
        Store store = Store.open(StoreAddress.file(folder.resolve(name + ".db")));
        store.follow(FakeLedger.ID, false);
        AtomicInteger looked = new AtomicInteger();
        looks.add(looked);
        InstantSource clock = () -> {
            int _ = looked.incrementAndGet();
            return Instant.now().plus(ledger.faults.ahead);
        };
        Courier courier = new Courier(
                store,
                ledger.connect(),
                -1,
                Duration.ZERO,
                Capacity.Limits.DEFAULT,
                Optional.empty(),
                new Pace(clock, LOOK, Duration.ZERO, LOOK),
                Courier.ALONE,
                Clockwork.MACHINE);
        courier.start();
        closing.add(store);
        closing.add(courier::close);
        return courier;
    }

    /// Waits until every gateway has looked, from now on, as often as shows that it does nothing.
    private void looksPass() {
        for (AtomicInteger looked : looks) {
            int before = looked.get();
            eventually(() -> looked.get() >= before + ENOUGH_LOOKS);
        }
    }

    private long epoch() throws LedgerException {
        try (Ledger connection = ledger.connect()) {
            return connection.net().epoch();
        }
    }

    private static boolean isEpoch(EpochTest test, long number) {
        try {
            return test.epoch() == number;
        } catch (LedgerException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Waits until the gateway has seen every block.
    private void seen(Courier courier) {
        eventually(() -> courier.position() == ledger.height() - 1);
    }

    private void carried(Courier courier, Bytes envelope) throws Exception {
        Signed signed = Partners.read(envelope);
        var _ = courier.take(List.of(signed));
        eventually(() -> ledger.verdicts().containsKey(signed.instruction().hex()));
        seen(courier);
    }

    @Test
    void an_epoch_begins_when_the_last_is_an_hour_old_and_something_was_written_in_it() throws Exception {
        Courier courier = gateway("one");
        carried(courier, partners.registrar());

        looksPass();
        assertThat(epoch()).isEqualTo(1);
        assertThat(ledger.failures()).as("too early").isZero();

        ledger.faults.ahead = HOUR;
        eventually(() -> isEpoch(this, 2));
    }

    @Test
    void nobody_begins_an_epoch_after_one_in_which_nothing_was_written() throws Exception {
        Courier courier = gateway("one");
        carried(courier, partners.registrar());
        ledger.faults.ahead = HOUR;
        eventually(() -> isEpoch(this, 2));
        long height = ledger.height();
        seen(courier);

        ledger.faults.ahead = HOUR.multipliedBy(3);
        looksPass();

        assertThat(epoch()).isEqualTo(2);
        assertThat(ledger.height()).isEqualTo(height);
        carried(courier, partners.enroll(Partners.HUB));
        eventually(() -> isEpoch(this, 3));
    }

    @Test
    void several_gateways_begin_one_epoch_and_nothing_is_lost() throws Exception {
        List<Courier> gateways = List.of(gateway("one"), gateway("two"), gateway("three"));
        carried(gateways.getFirst(), partners.registrar());
        gateways.forEach(this::seen);

        ledger.faults.ahead = HOUR;
        eventually(() -> isEpoch(this, 2));
        carried(gateways.getLast(), partners.enroll(Partners.HUB));
        gateways.forEach(this::seen);
        looksPass();

        assertThat(epoch()).isEqualTo(2);
        assertThat(ledger.verdicts().values()).allMatch(verdicts -> verdicts.size() == 1);
    }

    @Test
    void what_was_endorsed_in_the_epoch_before_does_not_commit() throws Exception {
        Courier courier = gateway("one");
        carried(courier, partners.registrar());
        try (Ledger thief = ledger.connect()) {
            Ledger.Endorsed kept = thief.endorse(
                    new Ledger.Call("submit", List.of(partners.enroll(Partners.HUB), Bytes.ofUtf8("{\"hints\":[]}"))));
            ledger.faults.ahead = HOUR;
            eventually(() -> isEpoch(this, 2));

            thief.broadcast(kept);

            assertThat(thief.await(kept.transaction(), Duration.ofSeconds(5)).code())
                    .isEqualTo("MVCC_READ_CONFLICT");
        }
    }

    @Test
    void an_instruction_whose_transaction_a_new_epoch_invalidates_is_endorsed_again() throws Exception {
        Courier courier = gateway("one");
        carried(courier, partners.registrar());
        ledger.faults.held = true;
        ledger.faults.ahead = HOUR;
        eventually(() -> ledger.waiting() > 0);

        var _ = courier.take(List.of(Partners.read(partners.enroll(Partners.HUB))));
        eventually(() -> ledger.waiting() > 1);
        ledger.release();

        eventually(() -> ledger.verdicts().size() == 2);
        assertThat(epoch()).isEqualTo(2);
        assertThat(ledger.blocks().stream()
                        .flatMap(block -> block.transactions().stream())
                        .filter(transaction -> !transaction.valid()))
                .isNotEmpty();
    }

    @Test
    void a_ledger_that_does_not_answer_is_asked_again() throws Exception {
        Courier courier = gateway("one");
        carried(courier, partners.registrar());
        ledger.faults.unavailable = true;
        ledger.faults.ahead = HOUR;
        looksPass();

        ledger.faults.unavailable = false;

        eventually(() -> isEpoch(this, 2));
    }

    @Test
    void the_hosts_of_those_who_sign_are_asked_first() throws Exception {
        Courier courier = gateway("one");
        carried(courier, partners.registrar());
        carried(courier, partners.enroll(Partners.HUB));

        assertThat(ledger.hosts()).last().isEqualTo(Set.of(FakeLedger.MEMBER));
    }
}
