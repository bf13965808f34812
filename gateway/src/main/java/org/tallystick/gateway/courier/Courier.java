package org.tallystick.gateway.courier;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.store.BlockChange;
import org.tallystick.gateway.store.Held;
import org.tallystick.gateway.store.Sending;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.store.Taken;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.client.Hosts;

/// Carries every instruction it took to one verdict.
public final class Courier {

    private static final Logger LOG = Logger.getLogger(Courier.class.getName());

    /// Transactions being endorsed, sent or asked for at once.
    private static final int MAX_CALLS = 32;

    private static final Duration DRAIN = Duration.ofSeconds(4);
    private static final Duration ABORT = Duration.ofSeconds(2);

    private final Store store;
    private final LedgerCalls ledger;
    private final LedgerClock clock = new LedgerClock();
    private final Outcomes outcomes = new Outcomes();
    private final Bell bell = new Bell();
    private final Capacity capacity;
    private final Projector projector;
    private final Carriage carriage;
    private final Epochs epochs;
    private final Closings closings;
    private final Hosts hosts = new Hosts();
    private final ConcurrentMap<String, Lane> lanes = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("lane-", 0).factory());
    private volatile boolean stopping;

    /// @param position the last block whose verdicts are stored
    /// @param offset how far the ledger's clock is ahead, as known now
    /// @param patience how long a transaction may take to its block before its status is asked, if not the default
    public Courier(
            Store store,
            Ledger ledger,
            long position,
            Duration offset,
            Capacity.Limits limits,
            Optional<Duration> patience) {
        this(store, ledger, position, offset, limits, patience, EpochPace.USUAL);
    }

    /// @param pace at which new epochs are begun, if not the default
    public Courier(
            Store store,
            Ledger ledger,
            long position,
            Duration offset,
            Capacity.Limits limits,
            Optional<Duration> patience,
            EpochPace pace) {
        this.store = store;
        this.ledger = new LedgerCalls(ledger, MAX_CALLS);
        this.capacity = new Capacity(limits);
        this.projector = new Projector(ledger, store, position, this::told);
        this.carriage = new Carriage(store, this.ledger, outcomes, projector, patience);
        this.epochs = new Epochs(this.ledger, carriage, pace);
        this.closings = new Closings(store, this.ledger, carriage);
        clock.set(offset);
    }

    /// Takes up what was under way before the last stop, then follows the blocks.
    public void start() throws StoreException, InterruptedException {
        List<Sending> sendings = store.sendings();
        List<Held> held = store.held();
        // All before the first block is read: it may be the one that holds the transaction and its verdicts.
        for (Sending sending : sendings) {
            var _ = outcomes.expect(sending.transaction());
            with(sending.home(), lane -> lane.hold(sending));
        }
        for (Held one : held) {
            if (!(Signed.read(one.envelope()) instanceof Signed signed)) {
                throw new IllegalStateException("the store holds an envelope that cannot be read, number " + one.seq());
            }
            capacity.force(signed);
            with(Store.home(signed.payload()), lane -> lane.hold(new Pending(one.seq(), signed, 0)));
        }
        projector.start();
        epochs.start();
        closings.start();
        lanes.keySet().forEach(home -> with(home, Lane::begin));
        if (!held.isEmpty() || !sendings.isEmpty()) {
            LOG.info("goes on with " + held.size() + " instructions and " + sendings.size() + " transactions");
        }
    }

    /// Takes instructions: when this returns they are on the disk, and will be carried whatever happens.
    public Acceptance take(List<Signed> all) throws StoreException, InterruptedException {
        Capacity.Room room = stopping ? Capacity.Room.GATEWAY_FULL : capacity.reserve(all);
        if (room != Capacity.Room.ENOUGH) {
            return new NoRoom(room);
        }
        List<Taken> taken;
        try {
            taken = store.take(all, System.currentTimeMillis());
        } catch (StoreException | InterruptedException | RuntimeException e) {
            all.forEach(capacity::release);
            throw e;
        }
        for (int i = 0; i < all.size(); i++) {
            if (taken.get(i).fresh()) {
                add(taken.get(i).seq(), all.get(i), System.currentTimeMillis());
            } else {
                capacity.release(all.get(i));
            }
        }
        return new Accepted(taken);
    }

    /// What came of handing instructions over.
    public sealed interface Acceptance {}

    public record Accepted(List<Taken> all) implements Acceptance {
        public Accepted {
            all = List.copyOf(all);
        }
    }

    /// None was taken.
    public record NoRoom(Capacity.Room room) implements Acceptance {}

    private void add(long seq, Signed signed, long nowMillis) {
        with(Store.home(signed.payload()), lane -> {
            lane.hold(new Pending(seq, signed, nowMillis));
            lane.begin();
        });
    }

    private void with(String home, Consumer<Lane> use) {
        Lane _ = lanes.compute(home, (_, before) -> {
            Lane lane = before == null ? new Lane(home, this) : before;
            use.accept(lane);
            return lane;
        });
    }

    /// A block is stored: tells all whom it concerns.
    private void told(Projection projection) {
        try {
            projection.offset().ifPresent(this::clockMoved);
            projection.hosts().forEach(hosts::moved);
            projection.busy().ifPresent(epochs::saw);
            projection.closings().forEach(closings::saw);
            Map<String, Set<Hash>> verdicts = new HashMap<>();
            for (BlockChange.Verdict verdict : projection.change().verdicts()) {
                verdicts.computeIfAbsent(verdict.home(), _ -> new HashSet<>()).add(verdict.instruction());
            }
            verdicts.forEach((home, hashes) -> {
                Lane lane = lanes.get(home);
                if (lane != null) {
                    lane.answered(hashes);
                    lane.touched();
                }
            });
            projection.outcomes().forEach(outcomes::happened);
            projection.change().verdicts().forEach(verdict -> bell.ring(verdict.party(), verdict.id()));
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "block " + projection.change().block() + " is stored, but not all were told", e);
        }
    }

    private void clockMoved(Duration offset) {
        clock.set(offset);
        lanes.values().forEach(Lane::wake);
    }

    public Bell bell() {
        return bell;
    }

    /// How many instructions are held without an answer.
    public int held() {
        return capacity.held();
    }

    /// The last block whose verdicts are stored.
    public long position() {
        return projector.position();
    }

    public boolean following() {
        return projector.following();
    }

    Store store() {
        return store;
    }

    LedgerCalls ledger() {
        return ledger;
    }

    LedgerClock clock() {
        return clock;
    }

    Projector projector() {
        return projector;
    }

    Carriage carriage() {
        return carriage;
    }

    Hosts hosts() {
        return hosts;
    }

    boolean stopping() {
        return stopping;
    }

    void dropped(Pending done) {
        capacity.release(done.signed());
    }

    void ring(Pending answered) {
        Payload payload = answered.signed().payload();
        bell.ring(payload.party().text(), payload.id().text());
    }

    void run(String home, Runnable lane) {
        try {
            threads.execute(() -> {
                lane.run();
                Lane _ = lanes.computeIfPresent(home, (_, one) -> one.isIdle() ? null : one);
            });
        } catch (RejectedExecutionException e) {
            LOG.log(Level.FINE, home + " is carried after the next start", e);
        }
    }

    /// Takes nothing more, finishes what is under way if that does not take long, and stops. The rest is in the store.
    public void close() throws InterruptedException {
        stop(DRAIN);
    }

    /// Stops as if the process were killed.
    public void abandonForTests() throws InterruptedException {
        stop(Duration.ZERO);
    }

    private void stop(Duration drain) throws InterruptedException {
        stopping = true;
        new ArrayList<>(lanes.values()).forEach(Lane::wake);
        epochs.close();
        closings.close();
        threads.shutdown();
        boolean drained = threads.awaitTermination(drain.toMillis(), TimeUnit.MILLISECONDS);
        if (!drained) {
            List<Runnable> _ = threads.shutdownNow();
            boolean _ = threads.awaitTermination(ABORT.toMillis(), TimeUnit.MILLISECONDS);
        }
        projector.close();
    }
}
