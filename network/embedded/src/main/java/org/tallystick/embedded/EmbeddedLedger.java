package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hyperledger.fabric.protos.common.Block;
import org.tallystick.embedded.Peer.Installed;

/// A ledger of several members in one process: Fabric's gateway and block services over real blocks, signatures,
/// policies and conflicts, and one file on the disk.
///
/// Not a blockchain: whoever runs this process holds every member's keys, so nobody is protected from it. It is for
/// first use, development, tests, and trials by one operator. It listens on loopback only.
public final class EmbeddedLedger implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EmbeddedLedger.class.getName());
    private static final int EXIT_CODE_OF_HALT = 3;
    private static final int LARGEST_PORT = 65_535;

    private final Settings settings;
    private final LedgerFiles files;
    private final Map<String, DefinedChaincode> chaincodes = new LinkedHashMap<>();
    private final List<AutoCloseable> closing = new ArrayList<>();
    private final Map<String, MemberServer> servers = new LinkedHashMap<>();
    private final BlockStore blocks;
    private boolean closed;

    /// What a ledger is started with. A folder that holds a ledger goes on with it, and must be given the same
    /// channel and members.
    ///
    /// @param port empty: reachable inside this process only. 0: each member's peer on a free port, and on the
    ///     same one as last time where possible. Otherwise the first member's port; the others follow.
    /// @param clock what peers compare the timestamps of proposals with
    /// @param halt called with a message when the ledger cannot go on, for instance because the disk is full;
    ///     only a test's returns
    public record Settings(
            Path folder,
            String channel,
            List<String> members,
            List<ChaincodeDefinition> chaincodes,
            OptionalInt port,
            BatchLimits batch,
            InstantSource clock,
            Consumer<String> halt) {

        public static final String USUAL_CHANNEL = "tallystick";

        public Settings {
            members = List.copyOf(members);
            chaincodes = List.copyOf(chaincodes);
            check(channel, members, chaincodes);
            if (port.isPresent() && (port.getAsInt() < 0 || port.getAsInt() > LARGEST_PORT - members.size())) {
                throw new IllegalArgumentException("there are no " + members.size() + " ports from " + port.getAsInt());
            }
        }

        private static void check(String channel, List<String> members, List<ChaincodeDefinition> chaincodes) {
            if (!channel.matches("[a-z][a-z0-9.-]{0,248}")) {
                throw new IllegalArgumentException("'" + channel + "' cannot name a channel");
            }
            if (members.isEmpty()
                    || members.size() > Limits.MEMBERS
                    || Set.copyOf(members).size() < members.size()) {
                throw new IllegalArgumentException(
                        "a ledger has 1 to " + Limits.MEMBERS + " different members, not " + members);
            }
            for (String member : members) {
                if (!member.matches("[A-Za-z0-9][A-Za-z0-9.-]{0,62}") || member.equals(Keyring.ORDERER_ORGANIZATION)) {
                    throw new IllegalArgumentException("'" + member + "' cannot name a member");
                }
            }
            chaincodes.forEach(chaincode -> checkCollections(chaincode, members));
            long names = chaincodes.stream()
                    .map(ChaincodeDefinition::name)
                    .distinct()
                    .count();
            if (names < chaincodes.size() || names > Limits.CHAINCODES) {
                throw new IllegalArgumentException("at most " + Limits.CHAINCODES + " chaincodes, each defined once");
            }
        }

        private static void checkCollections(ChaincodeDefinition chaincode, List<String> members) {
            for (CollectionDefinition collection : chaincode.collections()) {
                Stream.concat(
                                collection.members().stream(),
                                collection.endorsers().stream().flatMap(policy -> policy.members().stream()))
                        .filter(member -> !members.contains(member))
                        .findFirst()
                        .ifPresent(stranger -> {
                            throw new IllegalArgumentException("collection-name: " + collection.name()
                                    + " -- collection member '" + stranger + "' is not part of the channel");
                        });
            }
        }

        /// The usual channel, clock and batches, inside this process only, halting the process when the disk is full.
        public static Settings of(Path folder, List<String> members, List<ChaincodeDefinition> chaincodes) {
            return new Settings(
                    folder,
                    USUAL_CHANNEL,
                    members,
                    chaincodes,
                    OptionalInt.empty(),
                    BatchLimits.USUAL,
                    InstantSource.system(),
                    EmbeddedLedger::haltProcess);
        }

        public Settings withChannel(String other) {
            return new Settings(folder, other, members, chaincodes, port, batch, clock, halt);
        }

        public Settings withPort(int other) {
            return new Settings(folder, channel, members, chaincodes, OptionalInt.of(other), batch, clock, halt);
        }

        public Settings withBatch(BatchLimits other) {
            return new Settings(folder, channel, members, chaincodes, port, other, clock, halt);
        }

        public Settings withClock(InstantSource other) {
            return new Settings(folder, channel, members, chaincodes, port, batch, other, halt);
        }

        public Settings withHalt(Consumer<String> other) {
            return new Settings(folder, channel, members, chaincodes, port, batch, clock, other);
        }
    }

    /// Founds a ledger in the folder, or goes on with the one that is there.
    ///
    /// @throws DamagedLedgerException if the block file holds anything but blocks of this ledger
    /// @throws IOException if another process runs on the folder, or it belongs to other members
    public static EmbeddedLedger start(Settings settings) throws IOException {
        return start(settings, Disk.REAL);
    }

    static EmbeddedLedger start(Settings settings, Disk disk) throws IOException {
        return new EmbeddedLedger(settings, disk);
    }

    private EmbeddedLedger(Settings settings, Disk disk) throws IOException {
        this.settings = settings;
        settings.chaincodes()
                .forEach(chaincode -> chaincodes.put(
                        chaincode.name(), DefinedChaincode.of(settings.channel(), chaincode, settings.members())));
        this.files = new LedgerFiles(settings.folder());
        boolean started = false;
        try {
            DurableFiles.createFolder(files.folder());
            closeLater(FolderLock.take(files.lock()));
            new Founding(files).foundUnlessThere(settings);
            var state = new WorldState();
            PrivateData privateData = PrivateData.open(files, settings.members(), chaincodes, disk);
            closeLater(privateData);
            this.blocks = openBlocks(state, privateData, disk);
            privateData.openWaiting(
                    files, disk, blocks.height(), id -> blocks.transaction(id).isEmpty());
            startServices(state, privateData);
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    private BlockStore openBlocks(WorldState state, PrivateData privateData, Disk disk) throws IOException {
        FileChannel channel = disk.of(files.blocks(), Founding.open(files.blocks()));
        closeLater(channel);
        return BlockStore.open(files.blocks(), channel, block -> {
            if (block.getHeader().getNumber() == 0) {
                define(state);
            } else {
                Committer.replay(state, privateData, block);
            }
        });
    }

    /// Chaincode definitions come from the settings; to a transaction they look as if block 0 had made them.
    private void define(WorldState state) {
        state.apply(
                0,
                settings.chaincodes().stream()
                        .flatMap(chaincode -> Stream.concat(
                                Stream.of(DefinedChaincode.sequence(chaincode.name())),
                                DefinedChaincode.collectionReads(chaincode.name()).stream()))
                        .map(key -> new WorldState.Write(key, Optional.of(ByteString.copyFromUtf8("1")), 0))
                        .toList());
    }

    private void startServices(WorldState state, PrivateData privateData) throws IOException {
        ChannelConfig config = checkedConfig();
        Keyring keys = Keyring.read(files, settings.members());
        var membership = new Membership(config.authorities());
        var notices = new CommitNotices(blocks);
        var halt = new Halt(settings.halt(), () -> notices.end("the ledger has halted"));
        var validator = new Validator(settings.channel(), membership, blocks, chaincodes);
        var committer = new Committer(
                blocks,
                state,
                privateData,
                validator,
                SigningIdentity.of(Keyring.ORDERER_ORGANIZATION, keys.orderer().node()),
                notices);
        var orderer = new Orderer(settings.channel(), membership, settings.clock(), settings.batch(), committer, halt);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        closeLater(() -> shutDown(executor));
        var node = new Node(
                settings.channel(),
                peers(keys),
                blocks,
                state,
                notices,
                orderer,
                privateData,
                new ProposalCheck(membership, blocks, settings.clock()),
                new SignedRequests(membership, settings.clock()),
                executor);
        listen(node);
        // Closed first, in this order: all that was taken is committed, then all who wait are told.
        closeLater(() -> notices.end("the ledger was closed"));
        closeLater(orderer);
        orderer.start();
        LOG.log(System.Logger.Level.INFO, banner());
    }

    private ChannelConfig checkedConfig() throws IOException {
        ChannelConfig config = ChannelConfig.of(genesisBlock());
        if (!config.channel().equals(settings.channel())
                || !config.authorities().keySet().equals(Set.copyOf(settings.members()))) {
            throw new IOException(files.folder() + " holds the channel " + config.channel() + " of "
                    + config.authorities().keySet() + ", not " + settings.channel() + " of " + settings.members());
        }
        return config;
    }

    private List<Peer> peers(Keyring keys) {
        ExecutorService threads = invocationThreads();
        closeLater(() -> shutDown(threads));
        ByteString genesis = BlockHashes.ofHeader(genesisBlock().getHeader());
        return keys.members().stream()
                .map(member -> {
                    var installed = new HashMap<String, Installed>();
                    chaincodes
                            .values()
                            .forEach(chaincode -> installed.put(
                                    chaincode.name(),
                                    new Installed(
                                            chaincode,
                                            ChaincodeRuntime.start(chaincode.definition(), genesis, threads))));
                    return new Peer(member.member(), SigningIdentity.of(member.member(), member.peer()), installed);
                })
                .toList();
    }

    private static ExecutorService invocationThreads() {
        var threads = new ThreadPoolExecutor(
                Limits.INVOCATION_THREADS,
                Limits.INVOCATION_THREADS,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(Limits.WAITING_INVOCATIONS),
                Thread.ofPlatform().name("tallystick-chaincode-", 1).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private void listen(Node node) throws IOException {
        for (int i = 0; i < node.peers().size(); i++) {
            Peer home = node.peers().get(i);
            Optional<Integer> port = Optional.empty();
            if (settings.port().isPresent()) {
                int first = settings.port().getAsInt();
                port = Optional.of(first == 0 ? 0 : first + i);
            }
            var server = MemberServer.start(node, home, files.address(home.member()), port);
            servers.put(home.member(), server);
            closeLater(server);
        }
    }

    private static void shutDown(ExecutorService executor) throws InterruptedException {
        executor.shutdown();
        if (!executor.awaitTermination(Limits.CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
            var _ = executor.shutdownNow();
        }
    }

    private void closeLater(AutoCloseable part) {
        closing.addFirst(part);
    }

    /// A new connection, inside this process, to the peer of a member: the home of whatever is sent through it.
    public ManagedChannel channel(String member) {
        return server(member).channel();
    }

    /// The loopback port of a member's peer, or empty if the ledger is reachable inside this process only.
    public OptionalInt port(String member) {
        return server(member).port();
    }

    private MemberServer server(String member) {
        MemberServer server = servers.get(member);
        if (server == null) {
            throw new IllegalArgumentException(member + " is not one of " + servers.keySet());
        }
        return server;
    }

    /// The number of blocks.
    public long height() {
        return blocks.height();
    }

    /// Block 0: the channel's configuration, with each member's certificate authority.
    public Block genesisBlock() {
        return blocks.block(0);
    }

    public LedgerFiles ledgerFiles() {
        return files;
    }

    /// What this is, for the person who started it.
    public String banner() {
        var text = new StringBuilder("Tallystick embedded ledger: channel " + settings.channel() + ", "
                + settings.members().size() + " members, " + height() + " blocks in " + files.folder() + "\n"
                + "One process holds the keys of all members. This is for first use, development and tests; it is not a\n"
                + "blockchain and protects nobody from whoever runs it. It listens on loopback only.");
        servers.forEach((member, server) -> server.port()
                .ifPresent(
                        port -> text.append("\n").append(member).append(" ").append(MemberServer.hostAndPort(port))));
        return text.toString();
    }

    private static void haltProcess(String message) {
        System.err.println("tallystick: error: " + message);
        Runtime.getRuntime().halt(EXIT_CODE_OF_HALT);
    }

    /// Commits all that was taken, ends every call, and lets the folder go. May be called again.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (AutoCloseable part : closing) {
            try {
                part.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "something did not close", e);
            }
        }
    }
}
