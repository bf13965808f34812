package org.tallystick.gateway;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Config;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.ConfigValue;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.MSPConfig;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Carrier;
import org.tallystick.agreement.rules.Documents;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.rules.Transactions.Failed;
import org.tallystick.agreement.rules.Transactions.Outcome;
import org.tallystick.agreement.rules.Transactions.Sent;
import org.tallystick.agreement.signing.Read;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;
import org.tallystick.gateway.courier.Clockwork;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;

/// A ledger in memory that runs the real rules, makes blocks, and can be told to fail in every way a network does. It
/// outlives the gateways that are connected to it.
public final class FakeLedger {

    public static final String MEMBER = "north";
    public static final Hash ID = Hash.of(Bytes.ofUtf8("a ledger of the gateway's tests"));

    public static final List<String> MEMBERS = List.of("north", "south", "west");

    private static final Bytes BLOCK = Bytes.ofUtf8("a block");

    /// What goes wrong, until told otherwise.
    public static final class Faults {
        /// No call is answered.
        public volatile boolean unavailable;
        /// The next so many broadcasts reach the orderer, but their reply is lost.
        public volatile int lostReplies;
        /// The next so many broadcasts are lost.
        public volatile int lostBroadcasts;
        /// The next so many broadcasts are refused by the orderer.
        public volatile int refusedBroadcasts;
        /// The next so many transactions are invalidated.
        public volatile int conflicts;
        /// A transaction is invalidated with this probability.
        public volatile double conflictRate;
        /// How far the clock of who submits is ahead.
        public volatile Duration ahead = Duration.ZERO;
        /// Nothing is put into blocks.
        public volatile boolean held;
        /// No stream shows a block.
        public volatile boolean mute;
        /// No stream of this member's shows a block.
        public volatile String muted = "";
        /// Transactions with such arguments fail as a whole.
        public volatile Predicate<List<Bytes>> failing = _ -> false;
        /// Who sends a transaction that this does not hold of has made a mistake.
        public volatile Predicate<String> maySend = _ -> true;
        /// Whoever comes to this point stays there until it is interrupted: `endorsed`, `broadcast` or `sent`.
        public volatile String stopAt = "";
        /// Somebody is there.
        public volatile CountDownLatch stopped = new CountDownLatch(1);
        /// How many bytes each transaction is longer.
        public volatile int padding;
        /// Each call fails before or after its work with this probability.
        public volatile double trouble;
        /// The longest that a call takes on its way there, and on its way back.
        public volatile Duration latency = Duration.ZERO;
    }

    private record Member(String member, boolean admin) implements Carrier {}

    private record Simulated(
            String id, Bytes envelope, LedgerTime timestamp, Ledger.Call call, Done done, Map<String, Long> reads) {}

    public final Faults faults = new Faults();
    private final Clockwork clockwork;
    private final Random random;
    private final Map<Hash, Document> documents = new ConcurrentHashMap<>();
    private final Transactions transactions = new Transactions(
            (version, bytes) -> documents.computeIfAbsent(version, _ -> Documents.PARSED.parse(version, bytes)));
    private final Map<Bytes, Read> reads;
    private final Map<Signature, Boolean> signatures;
    private final TreeMap<String, Bytes> state = new TreeMap<>();
    private final Map<String, Long> versions = new HashMap<>();
    private final List<LedgerBlock> blocks = new ArrayList<>();
    private final Map<Bytes, Simulated> endorsed = new HashMap<>();
    private final Map<String, Ledger.Commit> commits = new HashMap<>();
    private final List<Simulated> queue = new ArrayList<>();
    private final List<Set<String>> hosts = new ArrayList<>();
    private int endorsements;
    private int failures;
    private int streams;

    public FakeLedger(long seed, boolean trial) {
        this(seed, trial, Clockwork.MACHINE);
    }

    /// @param clockwork whose time it has
    public FakeLedger(long seed, boolean trial, Clockwork clockwork) {
        this.clockwork = clockwork;
        random = new Random(seed);
        reads = new ConcurrentHashMap<>();
        signatures = new ConcurrentHashMap<>();
        blocks.add(new LedgerBlock(0, genesis(), 1, Optional.empty(), List.of()));
        Ledger.Call init =
                new Ledger.Call("init", List.of(Bytes.ofUtf8(ID.hex()), Bytes.ofUtf8(String.valueOf(trial))));
        try (Ledger ledger = connect()) {
            ledger.broadcast(ledger.endorse(init));
        } catch (LedgerException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Goes on from what another has, in another world.
    public FakeLedger(FakeLedger other, long seed, Clockwork clockwork) {
        this.clockwork = clockwork;
        random = new Random(seed);
        reads = other.reads;
        signatures = other.signatures;
        synchronized (other) {
            state.putAll(other.state);
            versions.putAll(other.versions);
            blocks.addAll(other.blocks);
            commits.putAll(other.commits);
            endorsements = other.endorsements;
            documents.putAll(other.documents);
        }
    }

    Ledger connect() {
        return connect(MEMBER);
    }

    /// The same ledger, as another member's peer shows it.
    public Ledger connect(String member) {
        return connect(member, clockwork);
    }

    /// @param caller who waits where the call takes time
    public Ledger connect(String member, Clockwork caller) {
        return new Connection(member, caller);
    }

    /// Brings an instruction into a block, past any gateway.
    public void commit(Bytes envelope) {
        Bytes hints = Json.object().with("hints", Json.array(List.of())).build().canonical();
        try (Ledger ledger = connect()) {
            ledger.broadcast(ledger.endorse(new Ledger.Call("submit", List.of(envelope, hints))));
        } catch (LedgerException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What stands under a key.
    Json.Obj get(String key) {
        try (Ledger ledger = connect()) {
            return Optional.ofNullable(ledger.get(List.of(key)).get(key)).orElseThrow();
        } catch (LedgerException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Writes a value without any transaction.
    synchronized void put(String key, Json.Obj value) {
        state.put(key, value.canonical());
    }

    private static Bytes genesis() {
        ConfigGroup.Builder application = ConfigGroup.newBuilder();
        for (String member : MEMBERS) {
            FabricMSPConfig msp = FabricMSPConfig.newBuilder().setName(member).build();
            ConfigValue value = ConfigValue.newBuilder()
                    .setValue(MSPConfig.newBuilder()
                            .setConfig(msp.toByteString())
                            .build()
                            .toByteString())
                    .build();
            application.putGroups(
                    member, ConfigGroup.newBuilder().putValues("MSP", value).build());
        }
        ConfigEnvelope config = ConfigEnvelope.newBuilder()
                .setConfig(Config.newBuilder()
                        .setChannelGroup(ConfigGroup.newBuilder().putGroups("Application", application.build())))
                .build();
        ChannelHeader header = ChannelHeader.newBuilder()
                .setType(HeaderType.CONFIG_VALUE)
                .setChannelId("channel")
                .setTimestamp(Timestamp.newBuilder().setSeconds(1_700_000_000L))
                .build();
        Payload payload = Payload.newBuilder()
                .setHeader(Header.newBuilder().setChannelHeader(header.toByteString()))
                .setData(config.toByteString())
                .build();
        return Bytes.copyOf(Block.newBuilder()
                .setHeader(BlockHeader.newBuilder().setNumber(0))
                .setData(BlockData.newBuilder()
                        .addData(Envelope.newBuilder()
                                .setPayload(payload.toByteString())
                                .build()
                                .toByteString()))
                .build()
                .toByteArray());
    }

    /// Which hosts were to be asked first, call by call.
    synchronized List<Set<String>> hosts() {
        return List.copyOf(hosts);
    }

    /// How often endorsers were asked.
    synchronized int endorsements() {
        return endorsements;
    }

    /// How many transactions failed as a whole.
    synchronized int failures() {
        return failures;
    }

    public synchronized long height() {
        return blocks.size();
    }

    /// How many transactions were sent and are in no block.
    synchronized int waiting() {
        return queue.size();
    }

    public synchronized List<LedgerBlock> blocks() {
        return List.copyOf(blocks);
    }

    /// The new verdicts on all instructions, in order, by the instruction's hash.
    public synchronized Map<String, List<Json.Obj>> verdicts() {
        Map<String, List<Json.Obj>> verdicts = new TreeMap<>();
        for (LedgerBlock block : blocks) {
            for (LedgerBlock.Transaction transaction : block.transactions()) {
                if (transaction.valid() && transaction.function().equals("submit")) {
                    for (Json.Obj answer : transaction.answers()) {
                        if (answer.has("verdict") && !answer.has("repeat")) {
                            verdicts.computeIfAbsent(answer.text("hash"), _ -> new ArrayList<>())
                                    .add(answer);
                        }
                    }
                }
            }
        }
        return verdicts;
    }

    /// Puts what was held into blocks.
    public synchronized void release() {
        faults.held = false;
        cut();
    }

    /// Ends all streams.
    public synchronized void breakStreams() {
        streams++;
        clockwork.wake(this);
    }

    /// Takes over the blocks that another, from which it was copied, has more.
    void catchUp(FakeLedger other) {
        List<LedgerBlock> all = other.blocks();
        synchronized (this) {
            blocks.addAll(all.subList(blocks.size(), all.size()));
            clockwork.wake(this);
        }
    }

    /// Lets streams show blocks again.
    public synchronized void unmute() {
        faults.mute = false;
        faults.muted = "";
        clockwork.wake(this);
    }

    private synchronized void cut() {
        if (!faults.held) {
            cutNow();
        }
    }

    /// Puts what was sent into blocks, held or not.
    public synchronized void cutNow() {
        for (Simulated simulated : queue) {
            long number = blocks.size();
            String code = code(simulated);
            if (code.equals("VALID")) {
                simulated.done().writes().forEach((key, value) -> {
                    versions.put(key, number);
                    value.ifPresentOrElse(bytes -> state.put(key, bytes), () -> state.remove(key));
                });
            }
            commits.putIfAbsent(simulated.id(), new Ledger.Commit(simulated.id(), number, code));
            blocks.add(new LedgerBlock(
                    number,
                    BLOCK,
                    1,
                    Optional.of(commit(simulated.envelope(), code)),
                    List.of(new LedgerBlock.Transaction(
                            0,
                            simulated.id(),
                            code,
                            simulated.timestamp(),
                            simulated.call().function(),
                            simulated.call().arguments(),
                            simulated.done().response(),
                            simulated.done().event(),
                            simulated.envelope()))));
        }
        queue.clear();
        clockwork.wake(this);
    }

    /// Over all before it, as Fabric's is.
    private Hash commit(Bytes envelope, String code) {
        String before = blocks.getLast().commit().map(Hash::hex).orElse("");
        return Hash.of(Bytes.ofUtf8(before + code + Hash.of(envelope).hex()));
    }

    private String code(Simulated simulated) {
        if (commits.containsKey(simulated.id())) {
            return "DUPLICATE_TXID";
        }
        boolean stale = simulated.reads().entrySet().stream()
                .anyMatch(read -> !versions.getOrDefault(read.getKey(), -1L).equals(read.getValue()));
        if (stale || faults.conflicts > 0 || (faults.conflictRate > 0 && random.nextDouble() < faults.conflictRate)) {
            faults.conflicts = Math.max(0, faults.conflicts - 1);
            return "MVCC_READ_CONFLICT";
        }
        return "VALID";
    }

    /// As the rules do it, but what is read and checked of an envelope once is not done again.
    private Outcome submit(org.tallystick.agreement.state.State view, Transactions.Sent sent, List<Bytes> arguments) {
        List<Read> items = arguments.subList(0, arguments.size() - 1).stream()
                .map(envelope -> reads.computeIfAbsent(envelope, Signed::read))
                .toList();
        return transactions.submit(
                view,
                sent,
                arguments,
                items,
                (signed, index, key) -> signatures.computeIfAbsent(
                        new Signature(signed.envelope(), index, key), _ -> signed.holds(index, key)));
    }

    private record Signature(Bytes envelope, int index, Key key) {}

    private final class Connection implements Ledger {
        private final Set<Stream> open = new HashSet<>();
        private final String member;
        private final Clockwork caller;
        private boolean closed;

        Connection(String member, Clockwork caller) {
            this.member = member;
            this.caller = caller;
        }

        private void trouble() throws LedgerException.Unavailable {
            boolean now;
            travel();
            synchronized (FakeLedger.this) {
                now = closed || faults.unavailable || random.nextDouble() < faults.trouble;
            }
            if (now) {
                throw new LedgerException.Unavailable("the fake is told not to answer", null);
            }
        }

        /// A call is on its way, or its answer.
        private void travel() throws LedgerException.Unavailable {
            long longest = faults.latency.toMillis();
            if (longest > 0) {
                try {
                    caller.sleep(Duration.ofMillis(caller.random(longest)));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new LedgerException.Unavailable("interrupted", e);
                }
            }
        }

        private void point(String name) throws LedgerException.Unavailable {
            if (faults.stopAt.equals(name)) {
                faults.stopped.countDown();
                try {
                    Thread.sleep(Duration.ofMinutes(1));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new LedgerException.Unavailable("interrupted", e);
                }
            }
        }

        @Override
        public Hash id() {
            return ID;
        }

        @Override
        public String member() {
            return member;
        }

        @Override
        public Net net() throws LedgerException {
            Json.Obj net = get(List.of(Keys.NET)).get(Keys.NET);
            if (net == null) {
                throw new LedgerException.Failed("not_initialized", Json.Obj.EMPTY);
            }
            return Net.decode(net);
        }

        @Override
        public Endorsed endorse(Call call) throws LedgerException {
            trouble();
            if (faults.failing.test(call.arguments())) {
                throw new LedgerException.Failed("internal", Json.Obj.EMPTY);
            }
            Endorsed answer = simulate(call);
            point("endorsed");
            trouble();
            return answer;
        }

        private Endorsed simulate(Call call) throws LedgerException {
            synchronized (FakeLedger.this) {
                endorsements++;
                Map<String, Long> reads = new HashMap<>();
                Sent sent = new Sent(
                        new LedgerTime(clockwork.millis() / 1000).plus(faults.ahead), new Member(member, true));
                org.tallystick.agreement.state.State view = key -> {
                    reads.put(key, versions.getOrDefault(key, -1L));
                    return Optional.ofNullable(state.get(key));
                };
                hosts.add(call.hosts());
                Outcome outcome = switch (call.function()) {
                    case "init" -> transactions.init(view, sent, call.arguments());
                    case "advance-epoch" -> transactions.advanceEpoch(view, sent, call.arguments());
                    case "step" -> transactions.step(view, sent, call.arguments());
                    default -> submit(view, sent, call.arguments());
                };
                return switch (outcome) {
                    case Failed(var code, var values) -> {
                        failures++;
                        throw new LedgerException.Failed(code, values);
                    }
                    case Done done -> {
                        FakeEnvelope made = new FakeEnvelope(endorsements);
                        String id = made.id();
                        Bytes envelope = made.of(sent.timestamp(), call, done, faults.padding);
                        endorsed.put(envelope, new Simulated(id, envelope, sent.timestamp(), call, done, reads));
                        yield new Endorsed(id, envelope, done.response());
                    }
                };
            }
        }

        @Override
        public void broadcast(Endorsed transaction) throws LedgerException {
            point("broadcast");
            trouble();
            if (!faults.maySend.test(transaction.transaction())) {
                throw new AssertionError("transaction " + transaction.transaction() + " was sent and is not stored");
            }
            synchronized (FakeLedger.this) {
                if (faults.refusedBroadcasts > 0) {
                    faults.refusedBroadcasts--;
                    throw new LedgerException.Refused("the fake orderer takes no such envelope", null);
                }
                if (faults.lostBroadcasts > 0) {
                    faults.lostBroadcasts--;
                    throw new LedgerException.Unavailable("lost on the way to the orderer", null);
                }
                Simulated simulated = endorsed.get(transaction.envelope());
                if (simulated == null) {
                    throw new IllegalStateException("an envelope that nobody endorsed: " + transaction);
                }
                queue.add(simulated);
                cut();
                if (faults.lostReplies > 0) {
                    faults.lostReplies--;
                    throw new LedgerException.Unavailable("lost on the way from the orderer", null);
                }
            }
            point("sent");
            trouble();
        }

        @Override
        public Commit await(String transaction, Duration longest) throws LedgerException {
            trouble();
            synchronized (FakeLedger.this) {
                Commit commit = commits.get(transaction);
                if (commit == null) {
                    throw new LedgerException.Unavailable("not there yet", null);
                }
                return commit;
            }
        }

        @Override
        public SortedMap<String, Json.Obj> get(List<String> keys) throws LedgerException {
            trouble();
            synchronized (FakeLedger.this) {
                TreeMap<String, Json.Obj> values = new TreeMap<>();
                for (String key : keys) {
                    Bytes value = state.get(key);
                    if (value != null && JsonReader.readCanonical(value) instanceof JsonReader.Value(Json.Obj object)) {
                        values.put(key, object);
                    }
                }
                return values;
            }
        }

        @Override
        public long height() throws LedgerException {
            trouble();
            return FakeLedger.this.height();
        }

        @Override
        public BlockStream blocks(long first) throws LedgerException {
            trouble();
            synchronized (FakeLedger.this) {
                Stream stream = new Stream(first);
                open.add(stream);
                return stream;
            }
        }

        @Override
        public void close() {
            synchronized (FakeLedger.this) {
                closed = true;
                List.copyOf(open).forEach(Stream::close);
            }
        }

        private final class Stream implements BlockStream {
            private final int born = streams;
            private long next;
            private boolean ended;

            Stream(long first) {
                this.next = first;
            }

            @Override
            public boolean hasNext() {
                return peek() != null;
            }

            @Override
            public LedgerBlock next() {
                LedgerBlock block = peek();
                if (block == null) {
                    throw new java.util.NoSuchElementException("closed");
                }
                next++;
                return block;
            }

            private @Nullable LedgerBlock peek() {
                synchronized (FakeLedger.this) {
                    while (!ended && (faults.mute || faults.muted.equals(member) || next >= blocks.size())) {
                        if (born != streams) {
                            throw new Broken(new LedgerException.Unavailable("the stream broke", null));
                        }
                        try {
                            caller.await(FakeLedger.this, 0);
                        } catch (InterruptedException _) {
                            Thread.currentThread().interrupt();
                            return null;
                        }
                    }
                    if (!ended && random.nextDouble() < faults.trouble / 4) {
                        throw new Broken(new LedgerException.Unavailable("the stream broke", null));
                    }
                    return ended ? null : blocks.get((int) next);
                }
            }

            @Override
            public void close() {
                synchronized (FakeLedger.this) {
                    ended = true;
                    open.remove(this);
                    caller.wake(FakeLedger.this);
                }
            }
        }
    }
}
