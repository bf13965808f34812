package org.tallystick.gateway.courier;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;
import org.tallystick.gateway.courier.Clockwork.Strand;
import org.tallystick.gateway.courier.Outcomes.Outcome;
import org.tallystick.gateway.store.CourierStore;
import org.tallystick.gateway.store.CourierStore.Lease;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.watch.Watch.Stage;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.Ledger.Endorsed;
import org.tallystick.ledger.LedgerException;

/// Goes on with closes that need several steps, whoever began them.
///
/// Any member may call the next step, and every gateway does: the first to be quick goes on at once, and the others
/// wait as long as something moves. Where two are equally quick, one transaction is valid and the other is not, and
/// nothing is lost.
final class Closings {

    private static final Logger LOG = Logger.getLogger(Closings.class.getName());

    /// How long to wait for another gateway to begin.
    private static final Duration FIRST = Duration.ofMillis(300);
    /// How long another may take to its next step.
    private static final Duration OTHERS = Duration.ofSeconds(5);

    private static final String FUNCTION = "step";
    private static final String NOT_CLOSING = "not_closing";
    private static final int AT_ONCE = 100;

    private final CourierStore store;
    private final LedgerCalls ledger;
    private final Carriage carriage;
    private final Supplier<Optional<Lease>> upkeep;
    private final Clockwork clockwork;
    private final Map<String, Close> under = new TreeMap<>();
    private volatile boolean open = true;

    Closings(
            CourierStore store,
            LedgerCalls ledger,
            Carriage carriage,
            Supplier<Optional<Lease>> upkeep,
            Clockwork clockwork) {
        this.store = store;
        this.ledger = ledger;
        this.carriage = carriage;
        this.upkeep = upkeep;
        this.clockwork = clockwork;
    }

    /// A close under way, and the thread that looks after it.
    private static final class Close {
        final String period;
        final Strand strand;
        int steps;

        Close(String period, Strand strand) {
            this.period = period;
            this.strand = strand;
        }
    }

    /// Looks once which closes were under way when the blocks up to the stored position were read.
    void start() {
        Strand _ = clockwork.start("closings", () -> {
            try {
                find();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void find() throws InterruptedException {
        for (int attempt = 1; open; attempt++) {
            try {
                String after = "";
                List<String> some = store.agreements(after, AT_ONCE);
                while (!some.isEmpty()) {
                    List<String> keys = some.stream().map(Keys::agreement).toList();
                    Map<String, Json.Obj> heads = ledger.call(peer -> peer.get(keys));
                    for (String agreement : some) {
                        Optional.ofNullable(heads.get(Keys.agreement(agreement)))
                                .flatMap(head -> head.findText("closing"))
                                .ifPresent(period -> saw(agreement, Optional.of(period)));
                    }
                    after = some.getLast();
                    some = store.agreements(after, AT_ONCE);
                }
                return;
            } catch (LedgerException | StoreException e) {
                LOG.info("not known yet which closes are under way: " + e.getMessage());
                clockwork.sleep(Backoff.TROUBLE.after(attempt));
            }
        }
    }

    /// A block showed a step of a close.
    ///
    /// @param period while there are more steps; nothing once it is over
    synchronized void saw(String agreement, Optional<String> period) {
        Close known = under.get(agreement);
        if (period.isEmpty()) {
            Close _ = under.remove(agreement);
        } else if (known != null && known.period.equals(period.get())) {
            known.steps++;
        } else if (open) {
            Strand strand = clockwork.start("closing-" + agreement, () -> run(agreement));
            under.put(agreement, new Close(period.get(), strand));
        }
        clockwork.wake(this);
    }

    /// Waits for the next step of another.
    ///
    /// @return the close, if nobody took one; nothing once it is over
    private synchronized Optional<Close> idle(String agreement, Duration longest) throws InterruptedException {
        Close close = under.get(agreement);
        int before = close == null ? 0 : close.steps;
        long end = clockwork.nanos() + longest.toNanos();
        while (open && close != null) {
            long left = (end - clockwork.nanos()) / 1_000_000;
            if (left <= 0) {
                return Optional.of(close);
            }
            clockwork.await(this, left);
            close = under.get(agreement);
            if (close != null && close.steps > before) {
                before = close.steps;
                end = clockwork.nanos() + OTHERS.toNanos();
            }
        }
        return Optional.empty();
    }

    private void run(String agreement) {
        Duration patience = FIRST.plusMillis(clockwork.random(FIRST.toMillis()));
        try {
            for (Optional<Close> close = idle(agreement, patience);
                    close.isPresent();
                    close = idle(agreement, patience)) {
                patience = step(agreement, close.get().period) ? Duration.ZERO : OTHERS;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether it counted
    private boolean step(String agreement, String period) throws InterruptedException {
        Optional<Lease> lease = upkeep.get();
        if (lease.isEmpty()) {
            return false;
        }
        Ledger.Call call = new Ledger.Call(FUNCTION, List.of(Bytes.ofUtf8(agreement), Bytes.ofUtf8(period)));
        try {
            Endorsed endorsed = ledger.call(Stage.ENDORSE, List.of(), peer -> peer.endorse(call));
            Outcome outcome = carriage.carry(lease.get(), endorsed, List.of());
            if (!outcome.valid()) {
                LOG.info(agreement + " " + period + ": another was quicker with a step: " + outcome.code());
            }
            return outcome.valid();
        } catch (LedgerException.Failed e) {
            LOG.info(agreement + " " + period + ": no step: " + e.getMessage());
            if (e.code().equals(NOT_CLOSING)) {
                saw(agreement, Optional.empty());
            }
        } catch (LedgerException | StoreException e) {
            LOG.info(agreement + " " + period + ": no step yet, tried again in " + OTHERS + ": " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, agreement + " " + period + ": no step", e);
        }
        return false;
    }

    void close() throws InterruptedException {
        open = false;
        List<Strand> running;
        synchronized (this) {
            running = new ArrayList<>(
                    under.values().stream().map(close -> close.strand).toList());
            clockwork.wake(this);
        }
        for (Strand strand : running) {
            strand.interrupt();
            boolean _ = strand.join(Duration.ofSeconds(2));
        }
    }
}
