package org.tallystick.fabric.network;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.Config;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.state.Net;
import org.tallystick.chaincode.Charter;
import org.tallystick.fabric.channel.ChannelUpdate;
import org.tallystick.fabric.channel.ConfigChanges;
import org.tallystick.fabric.channel.History;
import org.tallystick.fabric.docker.Engine;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.lifecycle.Code;
import org.tallystick.fabric.lifecycle.Definition;
import org.tallystick.fabric.lifecycle.Deployment;
import org.tallystick.fabric.lifecycle.Packaged;
import org.tallystick.fabric.lifecycle.PeerAdmin;
import org.tallystick.fabric.lifecycle.PeerAdmin.Committed;
import org.tallystick.fabric.lifecycle.Rehearsing;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.Genesis;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Operations;
import org.tallystick.fabric.node.OrdererAdmin;
import org.tallystick.fabric.node.Progress;
import org.tallystick.fabric.node.Rendering;
import org.tallystick.fabric.pki.Credential;
import org.tallystick.fabric.pki.Expiry;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.pki.RevocationList;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Beginning;
import org.tallystick.ledger.fabric.BlockReader;
import org.tallystick.ledger.fabric.BlockReading;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.LedgerId;
import org.tallystick.ledger.fabric.MemberIdentity;

/// A network whose nodes all run on this machine, with all members' files in one folder: for development and tests.
///
/// [#up] goes on from wherever an earlier one stopped, and touches nothing that is as it should be.
public final class LocalNetwork implements AutoCloseable {

    /// The name of our chaincode on the channel.
    public static final String CHAINCODE = "tallystick";

    private static final Duration LONGEST_ELECTION = Duration.ofSeconds(60);
    private static final Duration LONGEST_ACQUAINTANCE = Duration.ofSeconds(60);
    /// What a peer calls the number of others that it knows; it counts them every few seconds.
    private static final String KNOWN_PEERS = "gossip_membership_total_peers_known";
    private static final Duration LONGEST_BEGIN = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final Duration LONGEST_UPDATE = Duration.ofMinutes(1);
    private static final Duration LONGEST_SNAPSHOT = Duration.ofMinutes(5);

    private final Topology topology;
    private final NetworkFolder folder;
    private final Backend backend;
    private final Binaries binaries;
    private final Progress progress;
    private final Operations operations;
    private final Nodes nodes;

    /// @param binaries the nodes', if they are processes; admins work with them in any case
    public LocalNetwork(Topology topology, NetworkFolder folder, Backend backend, Binaries binaries, Progress progress)
            throws NodeException, InterruptedException {
        backend.check(topology);
        this.topology = topology;
        this.folder = folder;
        this.backend = backend;
        this.binaries = binaries;
        this.progress = progress;
        this.operations = new Operations(topology, folder);
        Runner runner = switch (backend) {
            case Backend.Native _ -> new Processes(topology, folder, binaries);
            case Backend.Docker docker ->
                new Containers(topology, folder, docker, Engine.find(System.getenv()), progress);
        };
        this.nodes = new Nodes(topology, runner, operations, progress);
    }

    public Topology topology() {
        return topology;
    }

    public NetworkFolder folder() {
        return folder;
    }

    /// The last lines that a node wrote.
    public List<String> lastLines(Node node, int count) throws IOException, NodeException, InterruptedException {
        return nodes.lastLines(node, count);
    }

    /// Brings the network up, to a ledger that has begun.
    ///
    /// @param trial whether a new ledger's clock may be moved
    public Net up(boolean trial) throws IOException, NodeException, LedgerException, InterruptedException {
        Packaged packaged = prepare(trial);
        startNodes(packaged);
        deployIfNew(packaged);
        return begin();
    }

    /// Writes all that nodes are started from, and starts none: with containers, compose may do that too.
    ///
    /// @param trial whether a new ledger's clock may be moved
    /// @return what chaincode processes are to run, as far as can be told without asking the channel
    public Packaged prepare(boolean trial) throws IOException, NodeException, InterruptedException {
        checkDisk();
        for (Member member : topology.members()) {
            keys(member).complete();
        }
        checkClock();
        Rendering rendering = new Rendering(topology, folder);
        for (Member member : topology.members()) {
            rendering.write(member);
        }
        boolean founded = new Genesis(topology, folder, binaries).write();
        if (founded) {
            progress.says("made the keys of " + String.join(", ", topology.memberNames())
                    + " and the first block of channel " + topology.channel());
        }
        Charter charter = new Charter(
                ledgerId(CHAINCODE),
                founded ? trial : charter().map(Charter::trial).orElse(trial));
        for (Chaincode chaincode : chaincodes()) {
            if (founded || !Files.exists(charterOf(chaincode))) {
                OwnerFiles.update(charterOf(chaincode), charter.text());
            }
        }
        backend.write(folder);
        Packaged packaged = known();
        nodes.prepare(packaged);
        return packaged;
    }

    /// What the first chaincode process is told of the ledger, if it has been.
    private Optional<Charter> charter() throws IOException, NodeException {
        Path file = charterOf(chaincodes().getFirst());
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(Charter.read(Bytes.copyOf(Files.readAllBytes(file)))
                .orElseThrow(() -> new NodeException(file + " does not say which ledger may begin")));
    }

    private Path charterOf(Chaincode chaincode) {
        return folder.member(topology.memberOf(chaincode).name())
                .node(chaincode.name())
                .charter();
    }

    /// The id of the ledger that a chaincode would have on the channel, by its first block.
    public Hash ledgerId(String chaincode) throws IOException, NodeException {
        Bytes block = Bytes.copyOf(Files.readAllBytes(folder.genesis()));
        return switch (new BlockReader(topology.channel(), chaincode).read(block)) {
            case BlockReading.Read read -> LedgerId.of(read.hash(), topology.channel(), chaincode);
            case BlockReading.Malformed(var at, var what) ->
                throw new NodeException(folder.genesis() + " is no first block: " + at + ", " + what);
        };
    }

    private void startNodes(Packaged packaged) throws IOException, NodeException, InterruptedException {
        nodes.start(topology.orderers(), packaged);
        for (Orderer orderer : topology.orderers()) {
            OrdererAdmin admin = ordererAdmin(orderer);
            if (!admin.joined(topology.channel())) {
                admin.join(topology.channel(), folder.genesis());
                progress.says(orderer.name() + " joined channel " + topology.channel());
            }
        }
        nodes.start(topology.peers(), packaged);
        for (PeerAdmin admin : peerAdmins()) {
            if (!admin.joined()) {
                admin.join(folder.genesis());
                progress.says(admin.peer().name() + " joined channel " + topology.channel());
            }
        }
        awaitLeader();
    }

    private void awaitLeader() throws IOException, NodeException, InterruptedException {
        Instant end = Instant.now().plus(LONGEST_ELECTION);
        while (nodes.leader().isEmpty()) {
            if (Instant.now().isAfter(end)) {
                throw new NodeException(
                        "the orderers did not agree on a leader within " + LONGEST_ELECTION.toSeconds() + " s",
                        "look at what they say: tally network logs "
                                + topology.orderers().getFirst().name());
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    /// Waits until every peer knows the others: before that, a peer finds nobody to endorse with it.
    public void awaitAcquaintance() throws IOException, NodeException, InterruptedException {
        Instant end = Instant.now().plus(LONGEST_ACQUAINTANCE);
        List<Peer> peers = topology.peers();
        for (Peer peer : peers) {
            while (operations.metrics(peer).getOrDefault(KNOWN_PEERS, 0L) < peers.size() - 1) {
                if (Instant.now().isAfter(end)) {
                    throw new NodeException(
                            peer.name() + " does not know the other peers after " + LONGEST_ACQUAINTANCE.toSeconds()
                                    + " s",
                            "look at what it says: tally network logs " + peer.name());
                }
                Thread.sleep(BETWEEN_LOOKS);
            }
        }
    }

    private OrdererAdmin ordererAdmin(Orderer orderer) {
        Member member = topology.memberOf(orderer);
        MemberFolder files = folder.member(member.name());
        return new OrdererAdmin(
                binaries.osnadmin(),
                orderer,
                files.adminTls(),
                files.node(orderer.name()).tlsAuthority());
    }

    /// One for each peer.
    List<PeerAdmin> peerAdmins() {
        List<PeerAdmin> admins = new ArrayList<>();
        for (Member member : topology.members()) {
            for (Peer peer : member.peers()) {
                admins.add(new PeerAdmin(binaries.peer(), topology, folder, member, peer));
            }
        }
        return admins;
    }

    private Deployment deployment() {
        return new Deployment(folder, peerAdmins(), CHAINCODE, progress);
    }

    private List<Chaincode> chaincodes() {
        return topology.peers().stream().map(Peer::chaincode).toList();
    }

    private void deployIfNew(Packaged known) throws IOException, NodeException, InterruptedException {
        Optional<Committed> committed = deployment().committed();
        if (committed.isEmpty()) {
            Definition _ = deploy(known.code());
            return;
        }
        String version = committed.get().version();
        Deployment deployment = deployment();
        deployment.install(version);
        // A member that was admitted later has not approved yet, and its peers endorse only once it has.
        deployment.approve(new Definition(CHAINCODE, version, committed.get().sequence()));
        Packaged packaged = packaged(stored(version));
        if (!packaged.equals(known)) {
            nodes.prepare(packaged);
        }
        nodes.start(chaincodes(), packaged);
    }

    /// What chaincode processes were started for last, or this program's own code if there were none yet.
    private Packaged known() throws IOException, NodeException {
        if (!Files.exists(current())) {
            return packaged(Code.ofThisProgram(folder.chaincode()));
        }
        String id = Files.readString(current());
        return packaged(stored(id.substring(CHAINCODE.length() + 1, id.indexOf(':'))));
    }

    private Packaged packaged(Code code) {
        return new Packaged(code, deployment().packed(code.version()).id());
    }

    private Code stored(String version) throws IOException, NodeException {
        Code code = Code.in(folder.chaincode().resolve(version));
        if (!code.version().equals(version)) {
            throw new NodeException(
                    "the code in " + code.folder() + " is not what the members approved: it is " + code.version(),
                    "bring back the folder from a copy");
        }
        return code;
    }

    /// Makes this code the channel's: everybody installs, approves, one commits, and the processes are exchanged.
    /// Until the new ones listen, calls wait or fail.
    ///
    /// All members' keys are here, so all approve at once; on several machines each admin does its own part.
    public Definition deploy(Code code) throws IOException, NodeException, InterruptedException {
        Deployment deployment = deployment();
        Definition definition = deployment.next(code.version());
        deployment.install(code.version());
        deployment.approve(definition);
        deployment.commit(definition);
        Packaged packaged = packaged(code);
        nodes.prepare(packaged);
        if (Files.exists(current()) && !Files.readString(current()).equals(packaged.id())) {
            int _ = nodes.stop(chaincodes());
        }
        nodes.start(chaincodes(), packaged);
        OwnerFiles.update(current(), packaged.id());
        return definition;
    }

    /// Says which package the chaincode processes were started for.
    private Path current() {
        return folder.chaincode().resolve("current");
    }

    private Net begin() throws IOException, NodeException, LedgerException, InterruptedException {
        boolean trial = charter().orElseThrow().trial();
        Instant end = Instant.now().plus(LONGEST_BEGIN);
        while (true) {
            try (Ledger admin = connect(topology.members().getFirst().name(), MemberKeys.ADMIN)) {
                return Beginning.of(admin, trial, LONGEST_BEGIN);
            } catch (LedgerException e) {
                // Peers that have just started do not know each other yet.
                if (e instanceof LedgerException.Failed || Instant.now().isAfter(end)) {
                    throw e;
                }
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    /// A connection to the first peer of a member as one of its identities; whoever asks closes it.
    public Ledger connect(String member, String identity) throws IOException, LedgerException {
        MemberFolder files = folder.member(member);
        return FabricLedger.connect(new FabricLedger.Settings(
                Files.readString(files.address()).strip(),
                MemberIdentity.read(member, files.path(), identity),
                topology.channel(),
                CHAINCODE,
                Optional.of(Files.readString(files.addressAuthority()))));
    }

    /// The channel's configuration, and the block that brought it.
    private record Configured(long block, Config config) {}

    private Configured configured() throws IOException, NodeException, InterruptedException {
        Path file = OwnerFiles.folder(folder.work()).resolve("config.block");
        peerAdmins().getFirst().fetchConfig(file);
        try {
            Block block = Block.parseFrom(Files.readAllBytes(file));
            Payload payload = Payload.parseFrom(
                    Envelope.parseFrom(block.getData().getData(0)).getPayload());
            return new Configured(
                    block.getHeader().getNumber(),
                    ConfigEnvelope.parseFrom(payload.getData()).getConfig());
        } catch (InvalidProtocolBufferException e) {
            throw new NodeException("the orderers sent no block that configures the channel: " + e.getMessage());
        }
    }

    private Config config() throws IOException, NodeException, InterruptedException {
        return configured().config();
    }

    /// Who is a member of the channel now.
    public List<String> admitted() throws IOException, NodeException, InterruptedException {
        return ConfigChanges.members(config());
    }

    private ChannelUpdate towards(Config from, Config to) throws IOException, NodeException, InterruptedException {
        return ChannelUpdate.between(
                binaries.configtxlator(), topology.channel(), from, to, OwnerFiles.folder(folder.work()));
    }

    /// What admits a member: its keys are made here if it has none.
    public ChannelUpdate admission(Member member) throws IOException, NodeException, InterruptedException {
        List<Member> all = new ArrayList<>(topology.members());
        all.add(member);
        backend.check(topology.withMembers(all));
        keys(member).complete();
        new Rendering(topology, folder).write(member);
        Config now = config();
        return towards(now, ConfigChanges.admit(now, member, folder.open(member.name())));
    }

    /// What removes a member.
    public ChannelUpdate removal(Member member) throws IOException, NodeException, InterruptedException {
        Config now = config();
        return towards(now, ConfigChanges.remove(now, topology, member));
    }

    /// What makes the channel refuse identities of a member; the list is written to the member's folder too.
    public ChannelUpdate revocation(Member member, List<X509Certificate> certificates)
            throws IOException, NodeException, InterruptedException {
        RevocationList list = keys(member).revoke(certificates);
        new Rendering(topology, folder).write(member);
        Config now = config();
        return towards(now, ConfigChanges.revoke(now, member.name(), list.pem()));
    }

    /// What an update would change of the channel as it is now.
    public List<String> changes(ChannelUpdate update) throws IOException, NodeException, InterruptedException {
        return update.changes(config().getChannelGroup());
    }

    /// The update with the signature of a member's admin, whose key must be here.
    public ChannelUpdate sign(ChannelUpdate update, String member) throws IOException, NodeException {
        MemberFolder.Pair admin = folder.member(member).identity(MemberKeys.ADMIN);
        return update.signed(member, Credential.read(admin.certificate(), admin.key()));
    }

    /// Sends an update to be ordered, in the name of a member's admin, and waits until every peer that runs has it.
    public void submit(ChannelUpdate update, Member member) throws IOException, NodeException, InterruptedException {
        long before = configured().block();
        Path file = OwnerFiles.folder(folder.work()).resolve("submitted.update");
        update.write(file);
        new PeerAdmin(binaries.peer(), topology, folder, member, member.peers().getFirst()).update(file);
        progress.says("the orderers took the update, signed by " + String.join(", ", update.signers()));
        Instant end = Instant.now().plus(LONGEST_UPDATE);
        Configured now = configured();
        while (now.block() == before || !everywhere(now)) {
            if (Instant.now().isAfter(end)) {
                throw new NodeException(
                        "the orderers took the update, but not every peer has it after " + LONGEST_UPDATE.toSeconds()
                                + " s",
                        "tally network status");
            }
            Thread.sleep(BETWEEN_LOOKS);
            now = configured();
        }
    }

    /// Whether every peer of a member that runs has the block.
    private boolean everywhere(Configured now) throws IOException, NodeException, InterruptedException {
        List<String> members = ConfigChanges.members(now.config());
        Set<String> running = nodes.running();
        for (Peer peer : topology.peers()) {
            boolean concerned = members.contains(topology.memberOf(peer).name()) && running.contains(peer.name());
            OptionalLong height = concerned ? nodes.height(peer) : OptionalLong.empty();
            if (height.isPresent() && height.getAsLong() <= now.block()) {
                return false;
            }
        }
        return true;
    }

    /// Gives a node new certificates for its keys: an orderer alone, a peer and its chaincode process together. They
    /// are away for some seconds.
    public List<Node> rotate(Node node) throws IOException, NodeException, LedgerException, InterruptedException {
        Member member = topology.memberOf(node);
        List<Node> together = together(member, node);
        int _ = nodes.stop(together);
        for (Node one : together) {
            keys(member).renew(one);
            if (one instanceof Peer) {
                // What it made of the package has the old certificate in it; it makes that again.
                OwnerFiles.delete(folder.member(member.name()).node(one.name()).builds());
            }
        }
        Net _ = up(false);
        return together;
    }

    private static List<Node> together(Member member, Node node) {
        for (Peer peer : member.peers()) {
            if (node.equals(peer) || node.equals(peer.chaincode())) {
                return List.of(peer, peer.chaincode());
            }
        }
        return List.of(node);
    }

    /// What a peer's snapshot came to.
    ///
    /// @param digest of what Fabric lets members sign of it: equal if and only if the states are
    public record Snapshot(Peer peer, long block, Path folder, Hash digest) {}

    /// Asks every peer for a snapshot and waits for them.
    public List<Snapshot> snapshot() throws IOException, NodeException, InterruptedException {
        List<Snapshot> all = new ArrayList<>();
        for (PeerAdmin admin : peerAdmins()) {
            long block = admin.height() - 1;
            Path made = folder.member(admin.member().name())
                    .node(admin.peer().name())
                    .snapshots(topology.channel())
                    .resolve(String.valueOf(block));
            Path signable = made.resolve("_snapshot_signable_metadata.json");
            if (!Files.exists(signable)) {
                admin.snapshot();
                progress.says(admin.peer().name() + " makes a snapshot of block " + block);
            }
            Instant end = Instant.now().plus(LONGEST_SNAPSHOT);
            while (!Files.exists(signable)) {
                if (Instant.now().isAfter(end)) {
                    throw new NodeException(admin.peer().name() + " made no snapshot of block " + block + " within "
                            + LONGEST_SNAPSHOT.toSeconds() + " s");
                }
                Thread.sleep(BETWEEN_LOOKS);
            }
            all.add(new Snapshot(admin.peer(), block, made, Hash.of(Bytes.copyOf(Files.readAllBytes(signable)))));
        }
        return List.copyOf(all);
    }

    /// Who changed the channel, from its first block on, as the first member's peer tells it.
    public List<History.Deed> history() throws IOException, NodeException, LedgerException {
        History history = new History();
        List<History.Deed> deeds = new ArrayList<>();
        try (Ledger ledger = connect(topology.members().getFirst().name(), MemberKeys.GATEWAY);
                BlockStream blocks = ledger.blocks(0)) {
            long height = ledger.height();
            for (long number = 0; number < height; number++) {
                deeds.addAll(history.next(blocks.next().bytes()));
            }
        }
        return deeds;
    }

    /// Kills nodes without a goodbye, for tests and drills.
    public void kill(List<? extends Node> victims) throws IOException, NodeException, InterruptedException {
        nodes.kill(victims);
    }

    /// What came of a rehearsal.
    public record Rehearsed(long played, List<Rehearsing.Difference> differences) {
        public Rehearsed {
            differences = List.copyOf(differences);
        }
    }

    /// Plays all that took effect on the ledger through other code, beside the network.
    public Rehearsed rehearse(Code code) throws IOException, NodeException, LedgerException {
        Path log = OwnerFiles.folder(folder.work()).resolve("rehearsal.log");
        try (Ledger ledger = connect(topology.members().getFirst().name(), MemberKeys.GATEWAY);
                BlockStream blocks = ledger.blocks(0);
                Rehearsing rehearsing = Rehearsing.with(code, log)) {
            long height = ledger.height();
            for (long number = 0; number < height; number++) {
                rehearsing.play(blocks.next());
            }
            return new Rehearsed(rehearsing.played(), rehearsing.differences());
        }
    }

    /// Stops the nodes of a member, which may be none of this topology's any more.
    public int stop(Member member) throws IOException, NodeException, InterruptedException {
        return nodes.stop(member.nodes());
    }

    /// Stops what was started here. The ledger stays, and [#up] goes on with it.
    ///
    /// @return how many processes ran
    public int down() throws IOException, NodeException, InterruptedException {
        int stopped = nodes.stop(topology.nodes());
        nodes.clear();
        return stopped;
    }

    /// How everything is.
    public NetworkStatus status() throws IOException, NodeException, InterruptedException {
        List<NodeStatus> all = nodes.status();
        List<Expiry> expiries = new ArrayList<>();
        for (Member member : topology.members()) {
            expiries.addAll(keys(member).expiries());
        }
        return new NetworkStatus(all, answered(), expiries.stream().sorted().toList());
    }

    private Optional<Committed> answered() throws IOException, NodeException, InterruptedException {
        Set<String> running = nodes.running();
        for (PeerAdmin admin : peerAdmins()) {
            if (nodes.mayAnswer(admin.peer(), running)) {
                try {
                    return admin.committed(CHAINCODE);
                } catch (NodeException _) {
                    // This peer does not answer; another may.
                }
            }
        }
        return Optional.empty();
    }

    public MemberKeys keys(Member member) {
        return new MemberKeys(member, folder.member(member.name()), Instant.now());
    }

    private void checkDisk() throws IOException, NodeException {
        if (!Files.exists(folder.genesis())) {
            long free = Files.getFileStore(OwnerFiles.folder(folder.path())).getUsableSpace();
            StartChecks.room(topology, folder.path(), free);
        }
    }

    private void checkClock() throws IOException, NodeException {
        for (Member member : topology.members()) {
            StartChecks.clock(keys(member).expiries(), Instant.now());
        }
    }

    @Override
    public void close() {
        operations.close();
    }
}
