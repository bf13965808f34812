package org.tallystick.gateway.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.FakeLedger;
import org.tallystick.gateway.courier.Capacity;
import org.tallystick.gateway.courier.Clockwork;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.courier.Pace;
import org.tallystick.gateway.store.StoreException;

/// A gateway's courier on its store, which is killed and started again.
final class SimulatedGateway {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration EPOCHS = Duration.ofSeconds(10);
    /// Longer than usual: most of what the threads would do is look for nothing.
    private static final Duration LEASES = Duration.ofSeconds(1);

    private final World world;
    private final FakeLedger ledger;
    private final String member;
    private final String instance;
    private final MemoryStore store;
    private World.@Nullable Program process;
    private @Nullable Courier courier;

    SimulatedGateway(World world, FakeLedger ledger, String member, String instance, MemoryStore store) {
        this.world = world;
        this.ledger = ledger;
        this.member = member;
        this.instance = instance;
        this.store = store;
    }

    MemoryStore store() {
        return store;
    }

    boolean isDead() {
        World.Program now = process;
        return now == null || now.isDead();
    }

    void start() {
        World.Program begun = world.program();
        process = begun;
        courier = null;
        Clockwork.Strand _ = begun.start("boot " + member, () -> boot(begun));
    }

    private void boot(World.Program begun) {
        Courier made = new Courier(
                store.connect(begun),
                ledger.connect(member, begun),
                store.block(),
                Duration.ZERO,
                Capacity.Limits.DEFAULT,
                Optional.of(PATIENCE),
                new Pace(() -> Instant.ofEpochMilli(begun.millis()), EPOCHS, EPOCHS, LEASES),
                instance,
                begun);
        try {
            made.start();
            courier = made;
        } catch (StoreException _) {
            // As a gateway that cannot read its store: it ends.
            begun.kill();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Does nothing for a while.
    void freeze(Duration pause) {
        World.Program now = process;
        if (now != null) {
            now.freeze(pause);
        }
    }

    void kill() {
        World.Program now = process;
        if (now != null) {
            now.kill();
        }
    }

    /// Ends in good order.
    void stop() throws InterruptedException {
        Courier now = courier;
        if (now != null && !isDead()) {
            try {
                now.close();
            } catch (World.Killed _) {
                // It was killed meanwhile.
            }
        }
        kill();
    }

    /// What a client hears.
    enum Heard {
        ACKNOWLEDGED,
        NOT_TAKEN,
        /// The connection broke: it may have been taken.
        NOTHING
    }

    Heard send(List<Signed> some) throws InterruptedException {
        Courier now = courier;
        if (isDead() || now == null) {
            return Heard.NOTHING;
        }
        try {
            return switch (now.take(some)) {
                case Courier.Accepted _ -> Heard.ACKNOWLEDGED;
                case Courier.NoRoom _ -> Heard.NOT_TAKEN;
            };
        } catch (StoreException _) {
            return Heard.NOT_TAKEN;
        } catch (World.Killed _) {
            return Heard.NOTHING;
        }
    }
}
