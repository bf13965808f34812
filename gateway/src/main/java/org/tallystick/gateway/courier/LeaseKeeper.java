package org.tallystick.gateway.courier;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tallystick.gateway.courier.Clockwork.Strand;
import org.tallystick.gateway.store.CourierStore;
import org.tallystick.gateway.store.CourierStore.Lease;
import org.tallystick.gateway.store.CourierStore.Work;
import org.tallystick.gateway.store.StoreException;

/// Gets the work of this instance from the store, which others may share, and keeps its leases alive.
///
/// What an instance took in for a home that another carries, that one finds here; so it finds what a dead one left,
/// as soon as its leases have ended.
final class LeaseKeeper {

    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class.getName());

    /// How long the homes of an instance that died are carried by nobody.
    static final Duration TERM = Duration.ofSeconds(10);

    private static final Duration RENEW = TERM.dividedBy(4);
    /// How long a home without work is kept.
    private static final Duration IDLE = Duration.ofSeconds(10);

    /// Homes that are taken over at once.
    private static final int MOST = 100;

    private static final String UPKEEP = "upkeep";

    /// Who does the work.
    interface Worker {
        void work(Work work);

        /// Whether it has something to do for this home.
        boolean isBusyWith(String home);

        /// Another instance may carry this home now.
        void lost(String home);

        /// How many instructions the store holds without an answer.
        void pending(long instructions);
    }

    private final CourierStore store;
    private final String owner;
    private final Worker worker;
    private final Duration look;
    private final Clockwork clockwork;
    private final Map<String, Lease> known = new HashMap<>();
    private volatile int size;
    private final Map<String, Long> idleSince = new HashMap<>();
    private volatile Optional<Lease> upkeep = Optional.empty();
    private long renewAt;
    private boolean asked;
    private volatile boolean open = true;
    private @Nullable Strand strand;

    /// @param look how often the store is asked for work that this instance did not take in itself; less than a
    ///     quarter of [#TERM]
    LeaseKeeper(CourierStore store, String owner, Worker worker, Duration look, Clockwork clockwork) {
        this.store = store;
        this.owner = owner;
        this.worker = worker;
        this.look = look;
        this.clockwork = clockwork;
    }

    /// Takes up what was under way before the last stop, and what comes.
    void start() throws StoreException, InterruptedException {
        store.begin(owner);
        renew();
        claim();
        strand = clockwork.start("leases", this::run);
    }

    /// The lease on the upkeep of the ledger, if this instance has it.
    Optional<Lease> upkeep() {
        return upkeep;
    }

    /// There is work in the store that nobody was handed.
    synchronized void ask() {
        asked = true;
        clockwork.wake(this);
    }

    private void run() {
        int troubles = 0;
        while (open) {
            try {
                if (clockwork.nanos() >= renewAt) {
                    renew();
                }
                claim();
                troubles = 0;
                pause(look);
            } catch (StoreException e) {
                troubles++;
                LOG.info("no work from the store, asked again: " + e.getMessage());
                if (!Clockwork.slept(clockwork, Backoff.TROUBLE.after(troubles))) {
                    return;
                }
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.SEVERE, "no work from the store", e);
                if (!Clockwork.slept(clockwork, Backoff.TROUBLE.longest())) {
                    return;
                }
            }
        }
    }

    private synchronized void pause(Duration longest) throws InterruptedException {
        long end = clockwork.nanos() + longest.toNanos();
        long left = longest.toMillis();
        while (open && !asked && left > 0) {
            clockwork.await(this, left);
            left = (end - clockwork.nanos()) / 1_000_000;
        }
        asked = false;
    }

    private void claim() throws StoreException, InterruptedException {
        List<Work> all;
        do {
            all = store.claim(owner, MOST, TERM);
            for (Work work : all) {
                known.put(work.lease().home(), work.lease());
                worker.work(work);
            }
        } while (open && all.size() >= MOST);
    }

    private void renew() throws StoreException, InterruptedException {
        renewAt = clockwork.nanos() + RENEW.toNanos();
        Map<String, Lease> still = new HashMap<>();
        for (Lease lease : store.renew(owner, TERM)) {
            still.put(lease.home(), lease);
        }
        Lease kept = still.get(UPKEEP);
        upkeep = kept == null ? store.lease(owner, UPKEEP, TERM) : Optional.of(kept);
        for (Lease lease : List.copyOf(known.values())) {
            if (!lease.equals(still.get(lease.home()))) {
                known.remove(lease.home());
                worker.lost(lease.home());
            }
        }
        known.putAll(still);
        long now = clockwork.nanos();
        for (Lease lease : still.values()) {
            if (lease.home().equals(UPKEEP) || worker.isBusyWith(lease.home())) {
                idleSince.remove(lease.home());
            } else if (now - idleSince.computeIfAbsent(lease.home(), _ -> now) > IDLE.toNanos()) {
                release(lease);
            }
        }
        worker.pending(store.pending());
        size = known.size();
    }

    /// How many leases this instance held when it renewed them last.
    int size() {
        return size;
    }

    private void release(Lease lease) throws StoreException, InterruptedException {
        store.release(lease);
        known.remove(lease.home());
        idleSince.remove(lease.home());
    }

    /// Gives all back.
    void close() throws InterruptedException {
        open = false;
        Strand running = strand;
        if (running != null) {
            running.interrupt();
            boolean _ = running.join(Duration.ofSeconds(2));
        }
        try {
            store.begin(owner);
        } catch (StoreException e) {
            LOG.info("the leases end by themselves: " + e.getMessage());
        }
    }
}
