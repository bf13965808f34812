package org.tallystick.gateway.courier;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.courier.Clockwork.Strand;
import org.tallystick.gateway.store.BlockChange;
import org.tallystick.gateway.store.CourierStore;
import org.tallystick.gateway.store.CourierStore.Lease;
import org.tallystick.gateway.store.Held;
import org.tallystick.gateway.store.Sending;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.store.Taken;
import org.tallystick.gateway.watch.Watch;
import org.tallystick.gateway.watch.Watch.Stage;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.client.Hosts;

/// Carries every instruction it took to one verdict.
public final class Courier {

    private static final Logger LOG = Logger.getLogger(Courier.class.getName());

    /// Transactions being endorsed, sent or asked for at once.
    private static final int MAX_CALLS = 32;

    /// The one instance of a store that is not shared.
    public static final String ALONE = "one";

    private static final Duration DRAIN = Duration.ofSeconds(4);
    private static final Duration ABORT = Duration.ofSeconds(2);

    private final CourierStore store;
    private final LedgerCalls ledger;
    private final Clockwork clockwork;
    private final LedgerClock clock;
    private final Outcomes outcomes;
    private final Bell bell = new Bell();
    private final Capacity capacity;
    private final Projector projector;
    private final Carriage carriage;
    private final Epochs epochs;
    private final Closings closings;
    private final LeaseKeeper leases;
    private final String owner;
    private final Hosts hosts = new Hosts();
    private final Watch watch;
    private final ConcurrentMap<String, Lane> lanes = new ConcurrentHashMap<>();
    private volatile boolean following;
    private volatile boolean stopping;

    /// @param position the last block whose verdicts are stored
    /// @param offset how far the ledger's clock is ahead, as known now
    /// @param patience how long a transaction may take to its block before its status is asked, if not the default
    /// @param owner which of the instances that share the store this is
    public Courier(
            CourierStore store,
            Ledger ledger,
            long position,
            Duration offset,
            Capacity.Limits limits,
            Optional<Duration> patience,
            String owner,
            Watch watch) {
        this(store, ledger, position, offset, limits, patience, Pace.USUAL, owner, Clockwork.MACHINE, watch);
    }

    /// @param pace if not the default
    /// @param clockwork if not the machine's
    public Courier(
            CourierStore store,
            Ledger ledger,
            long position,
            Duration offset,
            Capacity.Limits limits,
            Optional<Duration> patience,
            Pace pace,
            String owner,
            Clockwork clockwork) {
        this(store, ledger, position, offset, limits, patience, pace, owner, clockwork, Watch.NONE);
    }

    private Courier(
            CourierStore store,
            Ledger ledger,
            long position,
            Duration offset,
            Capacity.Limits limits,
            Optional<Duration> patience,
            Pace pace,
            String owner,
            Clockwork clockwork,
            Watch watch) {
        this.store = store;
        this.watch = watch;
        this.clockwork = clockwork;
        this.clock = new LedgerClock(clockwork);
        this.outcomes = new Outcomes(clockwork);
        this.ledger = new LedgerCalls(ledger, MAX_CALLS, clockwork, watch);
        this.capacity = new Capacity(limits);
        this.projector = new Projector(ledger, store, position, this::told, clockwork);
        this.carriage = new Carriage(store, this.ledger, outcomes, projector, patience, watch);
        this.owner = owner;
        this.leases = new LeaseKeeper(store, owner, new Work(), pace.leases(), clockwork);
        this.epochs = new Epochs(this.ledger, carriage, leases::upkeep, pace, clockwork);
        this.closings = new Closings(store, this.ledger, carriage, leases::upkeep, clockwork);
        clock.set(offset);
    }

    /// Takes up what was under way before the last stop, then follows the blocks.
    public void start() throws StoreException, InterruptedException {
        // All before the first block is read: it may be the one that holds the transaction and its verdicts.
        leases.start();
        projector.start();
        epochs.start();
        closings.start();
        following = true;
        lanes.keySet().forEach(home -> with(home, Lane::begin));
    }

    /// Gives the lanes what the store hands out.
    private final class Work implements LeaseKeeper.Worker {

        @Override
        public void work(CourierStore.Work work) {
            List<Pending> all = new ArrayList<>();
            for (Held one : work.held()) {
                if (!(Signed.read(one.envelope()) instanceof Signed signed)) {
                    throw new IllegalStateException(
                            "the store holds an envelope that cannot be read, number " + one.seq());
                }
                all.add(new Pending(one.seq(), signed, one.receivedMillis()));
            }
            for (Sending sending : work.sendings()) {
                Outcomes.Expected _ = outcomes.expect(sending.transaction());
            }
            if (!all.isEmpty() || !work.sendings().isEmpty()) {
                LOG.info(work.lease().home() + ": goes on with " + all.size() + " instructions and "
                        + work.sendings().size() + " transactions");
            }
            with(work.lease().home(), lane -> {
                lane.adopt(work.lease(), work.sendings());
                all.stream().filter(lane::hold).forEach(one -> capacity.claimed(one.signed()));
                begin(lane);
            });
        }

        @Override
        public boolean isBusyWith(String home) {
            return lanes.containsKey(home);
        }

        @Override
        public void lost(String home) {
            Lane lane = lanes.get(home);
            if (lane != null) {
                lane.lose();
            }
        }

        @Override
        public void pending(long instructions) {
            capacity.stored(instructions);
        }
    }

    /// Not before blocks are followed.
    private void begin(Lane lane) {
        if (following) {
            lane.begin();
        }
    }

    /// Takes instructions: when this returns they are on the disk, and will be carried whatever happens.
    public Acceptance take(List<Signed> all) throws StoreException, InterruptedException {
        Capacity.Room room = stopping ? Capacity.Room.GATEWAY_FULL : capacity.reserve(all);
        if (room != Capacity.Room.ENOUGH) {
            return new NoRoom(room);
        }
        try {
            List<Taken> taken = stored(all);
            // All are held before a lane begins, so that they travel together.
            TreeSet<String> homes = new TreeSet<>();
            for (int i = 0; i < all.size(); i++) {
                if (taken.get(i).fresh()) {
                    add(taken.get(i), all.get(i)).ifPresent(homes::add);
                }
            }
            homes.forEach(home -> with(home, Lane::begin));
            return new Accepted(taken);
        } finally {
            // What a lane holds has its own place.
            all.forEach(capacity::release);
        }
    }

    private List<Taken> stored(List<Signed> all) throws StoreException, InterruptedException {
        try (Watch.Step step =
                watch.begin(Stage.STORE, all.stream().map(Signed::instruction).toList())) {
            try {
                List<Taken> taken = store.take(owner, all, clockwork.millis());
                int fresh = Math.toIntExact(taken.stream().filter(Taken::fresh).count());
                watch.taken(taken.size(), taken.size() - fresh);
                return taken;
            } catch (StoreException e) {
                step.failed("store_unavailable");
                throw e;
            }
        }
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

    /// @return its home, if this instance carries it
    private Optional<String> add(Taken taken, Signed signed) {
        taken.lease()
                .ifPresentOrElse(
                        lease -> with(lease.home(), lane -> {
                            lane.adopt(lease, List.of());
                            if (lane.hold(new Pending(taken.seq(), signed, clockwork.millis()))) {
                                capacity.force(signed);
                            }
                        }),
                        () -> {
                            capacity.unclaimed();
                            leases.ask();
                        });
        return taken.lease().map(Lease::home);
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
            projection.outcomes().forEach(outcome -> watch.transaction(outcome.code()));
            projection.change().verdicts().forEach(verdict -> bell.ring(verdict.party(), verdict.id()));
            bell.ring();
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

    /// How many homes this instance carries.
    public int leases() {
        return leases.size();
    }

    /// The last block whose verdicts are stored.
    public long position() {
        return projector.position();
    }

    public boolean following() {
        return projector.following();
    }

    CourierStore store() {
        return store;
    }

    LedgerCalls ledger() {
        return ledger;
    }

    Clockwork clockwork() {
        return clockwork;
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

    void answered(Pending one) {
        watch.answered(Duration.ofMillis(Math.max(0, clockwork.millis() - one.takenMillis())));
    }

    void ring(Pending answered) {
        answered(answered);
        Payload payload = answered.signed().payload();
        bell.ring(payload.party().text(), payload.id().text());
    }

    Strand run(String home, Runnable lane) {
        return clockwork.start("lane-" + home, () -> {
            lane.run();
            Lane _ = lanes.computeIfPresent(home, (_, one) -> one.isIdle() ? null : one);
        });
    }

    /// Takes nothing more, finishes what is under way if that does not take long, and stops. The store has the rest.
    public void close() throws InterruptedException {
        close(DRAIN);
    }

    /// @param drain how long what is under way may take
    public void close(Duration drain) throws InterruptedException {
        stop(drain);
    }

    /// Stops as if the process were killed.
    public void abandonForTests() throws InterruptedException {
        stop(Duration.ZERO);
    }

    private void stop(Duration drain) throws InterruptedException {
        stopping = true;
        List<Lane> open = new ArrayList<>(lanes.values());
        open.forEach(Lane::wake);
        epochs.close();
        closings.close();
        if (!ended(open, drain)) {
            open.forEach(Lane::interrupt);
            boolean _ = ended(open, ABORT);
        }
        leases.close();
        projector.close();
    }

    private boolean ended(List<Lane> all, Duration longest) throws InterruptedException {
        long end = clockwork.nanos() + longest.toNanos();
        boolean ended = true;
        for (Lane lane : all) {
            ended &= lane.join(Duration.ofNanos(Math.max(0, end - clockwork.nanos())));
        }
        return ended;
    }
}
