package org.tallystick.gateway.courier;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.state.Net;
import org.tallystick.gateway.courier.Clockwork.Strand;
import org.tallystick.gateway.courier.Outcomes.Outcome;
import org.tallystick.gateway.store.CourierStore.Lease;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.watch.Watch.Stage;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.Ledger.Endorsed;
import org.tallystick.ledger.LedgerException;

/// Begins a new epoch on the ledger once the last is an hour old and something was written in it.
///
/// What was endorsed in an old epoch can no longer commit, so an envelope that a thief kept is worth nothing
/// after a while. Every gateway does this, each after a delay of its own; where two do it at once, one
/// transaction is valid and the other is not, and nothing is lost. Instructions whose transaction the new epoch
/// invalidates are endorsed again by their lanes.
final class Epochs {

    private static final Logger LOG = Logger.getLogger(Epochs.class.getName());

    /// As the rules have it: `docs/spec/ledger-1.md` section 11.
    private static final Duration EPOCH = Duration.ofHours(1);

    private static final String FUNCTION = "advance-epoch";

    private final LedgerCalls ledger;
    private final Carriage carriage;
    private final Supplier<Optional<Lease>> upkeep;
    private final Pace pace;
    private final Clockwork clockwork;
    private final Duration delay;
    private boolean busy;
    private volatile boolean open = true;
    private @Nullable Strand strand;

    /// @param upkeep the lease on the upkeep of the ledger, if this instance has it
    Epochs(LedgerCalls ledger, Carriage carriage, Supplier<Optional<Lease>> upkeep, Pace pace, Clockwork clockwork) {
        this.ledger = ledger;
        this.carriage = carriage;
        this.upkeep = upkeep;
        this.pace = pace;
        this.clockwork = clockwork;
        this.delay = Duration.ofMillis(clockwork.random(pace.spread().toMillis() + 1));
    }

    static boolean begins(String function) {
        return function.equals(FUNCTION);
    }

    void start() {
        strand = clockwork.start("epochs", this::run);
    }

    /// A block showed whether anything was written in the newest epoch.
    synchronized void saw(boolean written) {
        busy = written;
    }

    private synchronized boolean busy() {
        return busy;
    }

    private void run() {
        try {
            while (open) {
                try {
                    Instant now = pace.clock().instant();
                    Optional<Lease> lease = upkeep.get();
                    if (lease.isPresent() && busy() && isOldAt(now)) {
                        advance(lease.get());
                    }
                } catch (LedgerException.Failed young) {
                    LOG.info("no new epoch yet: " + young.getMessage());
                } catch (LedgerException | StoreException e) {
                    LOG.info("no new epoch yet, tried again in " + pace.epochs() + ": " + e.getMessage());
                } catch (RuntimeException e) {
                    LOG.log(Level.SEVERE, "no new epoch", e);
                }
                clockwork.sleep(pace.epochs());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOldAt(Instant now) throws LedgerException, InterruptedException {
        Net net = ledger.call(Ledger::net);
        Instant end = Instant.ofEpochSecond(net.epochAt().seconds()).plus(EPOCH).plus(delay);
        return !now.isBefore(end);
    }

    private void advance(Lease lease) throws LedgerException, StoreException, InterruptedException {
        Endorsed endorsed =
                ledger.call(Stage.ENDORSE, List.of(), peer -> peer.endorse(new Ledger.Call(FUNCTION, List.of())));
        Outcome outcome = carriage.carry(lease, endorsed, List.of());
        LOG.info(
                outcome.valid()
                        ? "a new epoch begins with transaction " + outcome.transaction()
                        : "another gateway has begun a new epoch: " + outcome.code());
    }

    void close() throws InterruptedException {
        open = false;
        Strand running = strand;
        if (running != null) {
            running.interrupt();
            boolean _ = running.join(Duration.ofSeconds(2));
        }
    }
}
