package org.tallystick.gateway.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Keys;
import org.tallystick.gateway.store.BlockChange;
import org.tallystick.gateway.store.CourierStore;
import org.tallystick.gateway.store.Held;
import org.tallystick.gateway.store.Sending;
import org.tallystick.gateway.store.Standing;
import org.tallystick.gateway.store.State;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.store.Taken;
import org.tallystick.ledger.pack.ChainLeaves;

/// What a database does, in memory: what is written stays when the process that wrote it is killed, before or
/// after it was told so.
final class MemoryStore {

    /// Where a process can be killed.
    static final List<String> CRASHES = Stream.of(
                    "answer", "apply", "begin", "claim", "discard", "keep", "lease", "release", "renew", "take")
            .flatMap(write -> Stream.of("before " + write, "after " + write))
            .toList();

    /// What happens seldom is interrupted so much more often.
    private static final Set<String> SELDOM = Set.of("begin", "discard", "release");

    private static final int SELDOM_TIMES = 10;

    /// What stands or falls together.
    private interface Statements<T> {
        T run() throws StoreException;
    }

    /// What of a database goes wrong.
    static final class Faults {
        /// The process is killed at a write with this probability: half of them before it, half behind it.
        double crash;
        /// A write or a reading fails with this probability, and does nothing.
        double trouble;
        /// A write is done, and said to have failed, with this probability.
        double doubt;
        /// The longest that it takes.
        Duration latency = Duration.ofMillis(2);
    }

    private static final class Row {
        final long seq;
        final Signed signed;
        final Bytes envelope;
        final long receivedMillis;
        /// To whom it was handed last.
        String owner = "";
        State state = State.RECEIVED;
        Optional<Json.Obj> answer = Optional.empty();

        Row(long seq, Signed signed, long receivedMillis) {
            this.receivedMillis = receivedMillis;
            this.seq = seq;
            this.signed = signed;
            this.envelope = signed.envelope();
        }

        boolean isPending() {
            return state == State.RECEIVED || state == State.WAITING;
        }

        Standing standing() {
            return standingOf(signed, state, answer);
        }
    }

    private static final class Leased {
        String owner = "";
        long fence;
        long until;
    }

    /// All that is durable.
    private static final class Disk {
        long block;
        Optional<ChainLeaves.Committed> committed = Optional.empty();
        long seq;
        final TreeMap<Long, Row> rows = new TreeMap<>();
        /// The newest with this hash.
        final Map<Hash, Row> byHash = new HashMap<>();
        final TreeMap<String, Leased> leases = new TreeMap<>();
        final Map<String, Sending> sendings = new LinkedHashMap<>();
        final Set<String> kept = new HashSet<>();
        final Map<Hash, Standing> verdicts = new HashMap<>();
        final Map<String, Long> runs = new HashMap<>();
        final TreeSet<String> agreements = new TreeSet<>();
        final TreeMap<String, ChainLeaves.End> ends = new TreeMap<>();
    }

    final Faults faults = new Faults();
    private final Disk disk = new Disk();
    private int fenced;
    private final Set<String> crashes = new TreeSet<>();

    /// @param block the last that it has seen
    MemoryStore(long block, SortedMap<String, ChainLeaves.End> ends) {
        disk.block = block;
        disk.ends.putAll(ends);
    }

    long block() {
        return disk.block;
    }

    /// How often a write was refused, since another instance had taken over.
    int fenced() {
        return fenced;
    }

    /// At which writes processes were killed.
    Set<String> crashes() {
        return crashes;
    }

    /// What it says of an instruction, as anybody may read it.
    Optional<Standing> standing(Hash instruction) {
        Standing verdict = disk.verdicts.get(instruction);
        return verdict != null
                ? Optional.of(verdict)
                : Optional.ofNullable(disk.byHash.get(instruction)).map(Row::standing);
    }

    /// Whether it has or had the envelope of this transaction.
    boolean wasKept(String transaction) {
        return disk.kept.contains(transaction);
    }

    private static Standing standingOf(Signed signed, State state, Optional<Json.Obj> answer) {
        Payload payload = signed.payload();
        return new Standing(
                signed.instruction(),
                Store.home(payload),
                payload.party().text(),
                payload.id().text(),
                state,
                answer,
                Optional.empty());
    }

    CourierStore connect(World.Program process) {
        return new Connection(process);
    }

    private final class Connection implements CourierStore {
        private final World.Program process;
        /// Something may have been written that nobody was told of, so the next who asks for leases begins anew.
        private boolean doubt;

        Connection(World.Program process) {
            this.process = process;
        }

        private <T> T write(String what, Statements<T> work) throws StoreException, InterruptedException {
            arrive();
            double crash = faults.crash * (SELDOM.contains(what) ? SELDOM_TIMES : 1) / 2;
            crash("before " + what, crash);
            T done = work.run();
            crash("after " + what, crash);
            process.sleep(latency());
            if (by(faults.doubt)) {
                doubt = true;
                throw new StoreException("the store is told to lose its answer", null, true);
            }
            return done;
        }

        private <T> T read(Statements<T> work) throws StoreException, InterruptedException {
            arrive();
            return work.run();
        }

        private void arrive() throws StoreException, InterruptedException {
            process.sleep(latency());
            if (by(faults.trouble)) {
                throw new StoreException("the store is told to fail", null);
            }
        }

        private boolean by(double probability) {
            return probability > 0 && process.random(1_000_000) < probability * 1_000_000;
        }

        private Duration latency() {
            return Duration.ofNanos(process.random(faults.latency.toNanos()));
        }

        private void crash(String where, double probability) {
            if (by(probability)) {
                boolean _ = crashes.add(where);
                process.kill();
                process.alive();
            }
        }

        private Leased leased(String home) {
            return disk.leases.computeIfAbsent(home, _ -> new Leased());
        }

        private boolean isAlive(Leased leased) {
            return leased.until > process.nanos();
        }

        /// @return nothing if another holds it
        private Optional<Lease> leaseOn(String home, String owner, Duration term) {
            Leased leased = leased(home);
            if (isAlive(leased) && !leased.owner.equals(owner)) {
                return Optional.empty();
            }
            if (!isAlive(leased)) {
                leased.fence++;
                leased.owner = owner;
                leased.until = process.nanos() + term.toNanos();
            }
            return Optional.of(new Lease(home, leased.fence));
        }

        private void fence(Lease lease) throws CourierStore.Fenced {
            if (leased(lease.home()).fence != lease.fence()) {
                fenced++;
                throw new CourierStore.Fenced(lease);
            }
        }

        @Override
        public void begin(String owner) throws StoreException, InterruptedException {
            boolean _ = write("begin", () -> {
                end(owner);
                return true;
            });
        }

        private void end(String owner) {
            for (Leased leased : disk.leases.values()) {
                if (leased.owner.equals(owner)) {
                    leased.until = 0;
                }
            }
            doubt = false;
        }

        private void endDoubt(String owner) {
            if (doubt) {
                end(owner);
            }
        }

        @Override
        public List<Taken> take(String owner, List<Signed> all, long nowMillis)
                throws StoreException, InterruptedException {
            return write(
                    "take",
                    () -> all.stream()
                            .map(signed -> take(owner, signed, nowMillis))
                            .toList());
        }

        private Taken take(String owner, Signed signed, long nowMillis) {
            Standing verdict = disk.verdicts.get(signed.instruction());
            if (verdict != null) {
                return new Taken(0, false, Optional.empty(), nowMillis, verdict);
            }
            for (Row row : disk.rows.values()) {
                if (row.isPending() && row.envelope.equals(signed.envelope())) {
                    return new Taken(row.seq, false, Optional.empty(), row.receivedMillis, row.standing());
                }
            }
            disk.rows.values().removeIf(row -> row.envelope.equals(signed.envelope()));
            disk.seq++;
            Row row = new Row(disk.seq, signed, nowMillis);
            disk.rows.put(row.seq, row);
            disk.byHash.put(signed.instruction(), row);
            String home = Store.home(signed.payload());
            Leased leased = leased(home);
            Optional<Lease> lease = Optional.empty();
            if (isAlive(leased) && leased.owner.equals(owner)) {
                row.owner = owner;
                lease = Optional.of(new Lease(home, leased.fence));
            }
            return new Taken(row.seq, true, lease, nowMillis, row.standing());
        }

        @Override
        public List<Work> claim(String owner, int most, Duration term) throws StoreException, InterruptedException {
            List<String> homes = read(() -> {
                endDoubt(owner);
                return homes(owner, most);
            });
            return homes.isEmpty()
                    ? List.of()
                    : write(
                            "claim",
                            () -> homes.stream()
                                    .flatMap(home -> work(owner, home, term).stream())
                                    .toList());
        }

        /// Where there is something to hand to it.
        private List<String> homes(String owner, int most) {
            TreeSet<String> homes = new TreeSet<>();
            for (Row row : disk.rows.values()) {
                String home = Store.home(row.signed.payload());
                Leased leased = leased(home);
                boolean mine = isAlive(leased) && leased.owner.equals(owner) && !row.owner.equals(owner);
                if (row.isPending() && (mine || !isAlive(leased))) {
                    homes.add(home);
                }
            }
            for (Sending sending : disk.sendings.values()) {
                if (!isAlive(leased(sending.home()))) {
                    homes.add(sending.home());
                }
            }
            return homes.stream().limit(most).toList();
        }

        private Optional<Work> work(String owner, String home, Duration term) {
            boolean fresh = !isAlive(leased(home));
            Optional<Lease> lease = leaseOn(home, owner, term);
            if (lease.isEmpty()) {
                return Optional.empty();
            }
            List<Held> held = new ArrayList<>();
            for (Row row : disk.rows.values()) {
                if (row.isPending()
                        && Store.home(row.signed.payload()).equals(home)
                        && (fresh || !row.owner.equals(owner))) {
                    row.owner = owner;
                    held.add(new Held(row.seq, row.state, row.envelope, row.receivedMillis));
                }
            }
            List<Sending> sendings = disk.sendings.values().stream()
                    .filter(sending -> fresh && sending.home().equals(home))
                    .toList();
            return Optional.of(new Work(lease.get(), held, sendings));
        }

        @Override
        public List<Lease> renew(String owner, Duration term) throws StoreException, InterruptedException {
            return write("renew", () -> {
                endDoubt(owner);
                List<Lease> kept = new ArrayList<>();
                disk.leases.forEach((home, leased) -> {
                    if (isAlive(leased) && leased.owner.equals(owner)) {
                        leased.until = process.nanos() + term.toNanos();
                        kept.add(new Lease(home, leased.fence));
                    }
                });
                return kept;
            });
        }

        @Override
        public void release(Lease lease) throws StoreException, InterruptedException {
            boolean _ = write("release", () -> {
                Leased leased = leased(lease.home());
                if (leased.fence == lease.fence()) {
                    leased.until = 0;
                }
                return true;
            });
        }

        @Override
        public Optional<Lease> lease(String owner, String home, Duration term)
                throws StoreException, InterruptedException {
            return write("lease", () -> {
                endDoubt(owner);
                return leaseOn(home, owner, term);
            });
        }

        @Override
        public long pending() throws StoreException, InterruptedException {
            return read(() -> disk.rows.values().stream().filter(Row::isPending).count());
        }

        @Override
        public void answer(Lease lease, Map<Long, Json.Obj> answers, State state)
                throws StoreException, InterruptedException {
            if (!answers.isEmpty()) {
                boolean _ = write("answer", () -> {
                    fence(lease);
                    answers.forEach((seq, answer) -> {
                        Row row = disk.rows.get(seq);
                        if (row != null && row.isPending()) {
                            row.state = state;
                            row.answer = Optional.of(answer);
                        }
                    });
                    return true;
                });
            }
        }

        @Override
        public void keep(Lease lease, Sending sending) throws StoreException, InterruptedException {
            boolean _ = write("keep", () -> {
                fence(lease);
                disk.sendings.put(sending.transaction(), sending);
                return disk.kept.add(sending.transaction());
            });
        }

        @Override
        public void discard(String transaction) throws StoreException, InterruptedException {
            boolean _ = write("discard", () -> disk.sendings.remove(transaction) != null);
        }

        @Override
        public CompletableFuture<Boolean> apply(BlockChange change) throws StoreException, InterruptedException {
            return CompletableFuture.completedFuture(write("apply", () -> {
                if (change.block() <= disk.block) {
                    return false;
                }
                if (change.block() != disk.block + 1) {
                    throw new IllegalStateException("block " + change.block() + " after block " + disk.block);
                }
                disk.block = change.block();
                change.verdicts().forEach(this::verdict);
                change.runs()
                        .forEach(run -> disk.runs.putIfAbsent(
                                run.agreement() + " " + run.source() + " " + run.reportFirst(), run.runFirst()));
                change.settled().forEach(disk.sendings::remove);
                change.log().leaves().forEach(leaf -> {
                    disk.ends.put(leaf.chain(), new ChainLeaves.End(leaf.seq(), leaf.hash()));
                    if (leaf.chain().equals(ChainLeaves.COMMIT)) {
                        disk.committed = Optional.of(ChainLeaves.Committed.ofLeaf(leaf.bytes()));
                    }
                });
                return true;
            }));
        }

        private void verdict(BlockChange.Verdict verdict) {
            disk.verdicts.putIfAbsent(
                    verdict.instruction(),
                    new Standing(
                            verdict.instruction(),
                            verdict.home(),
                            verdict.party(),
                            verdict.id(),
                            verdict.answer().text("result").equals("applied") ? State.APPLIED : State.REFUSED,
                            Optional.of(verdict.answer()),
                            Optional.of(verdict.position())));
            disk.rows.values().removeIf(row -> row.signed.instruction().equals(verdict.instruction()));
            if (!verdict.home().equals(Keys.REGISTRY)) {
                boolean _ = disk.agreements.add(verdict.home());
            }
        }

        @Override
        public Optional<Standing> verdict(Hash instruction) throws StoreException, InterruptedException {
            return read(() -> Optional.ofNullable(disk.verdicts.get(instruction)));
        }

        @Override
        public OptionalLong run(String agreement, String source, long reportFirst)
                throws StoreException, InterruptedException {
            return read(() -> {
                Long run = disk.runs.get(agreement + " " + source + " " + reportFirst);
                return run == null ? OptionalLong.empty() : OptionalLong.of(run);
            });
        }

        @Override
        public List<String> agreements(String after, int most) throws StoreException, InterruptedException {
            return read(() -> new ArrayList<>(disk.agreements.tailSet(after, false))
                    .stream().limit(most).toList());
        }

        @Override
        public Stored stored() throws StoreException, InterruptedException {
            return read(() -> new Stored(disk.block, new TreeMap<>(disk.ends)));
        }

        @Override
        public Optional<ChainLeaves.Committed> committed() throws StoreException, InterruptedException {
            return read(() -> disk.committed);
        }
    }
}
