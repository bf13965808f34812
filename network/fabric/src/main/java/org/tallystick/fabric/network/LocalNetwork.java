package org.tallystick.fabric.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.state.Net;
import org.tallystick.fabric.channel.History;
import org.tallystick.fabric.docker.Engine;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.founding.NetworkFile;
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
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.MemberIdentity;

/// The part of a network that runs on this machine: the nodes of the members whose keys are in the folder. With the
/// keys of all it is the whole network, for development and tests.
///
/// [#up] goes on from wherever an earlier one stopped, and touches nothing that is as it should be. What members do
/// together with the channel's configuration is [#channel].
public final class LocalNetwork implements AutoCloseable {

    /// The name of our chaincode on the channel.
    public static final String CHAINCODE = "tallystick";

    private static final Duration LONGEST_BEGIN = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final Duration LONGEST_SNAPSHOT = Duration.ofMinutes(5);

    private final Topology topology;
    private final NetworkFolder folder;
    private final Here here;
    private final Backend backend;
    private final Binaries binaries;
    private final Progress progress;
    private final Operations operations;
    private final Nodes nodes;
    private final Channel channel;
    private final Charters charters;
    private final Settling settling;

    /// @param binaries the nodes', if they are processes; admins work with them in any case
    public LocalNetwork(Topology topology, NetworkFolder folder, Backend backend, Binaries binaries, Progress progress)
            throws IOException, NodeException, InterruptedException {
        this.here = Here.of(topology, folder);
        backend.check(here);
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
        this.channel = new Channel(here, backend, binaries, nodes, progress);
        this.charters = new Charters(here);
        this.settling = new Settling(here, nodes, operations, peerAdmins(), progress);
    }

    public Topology topology() {
        return topology;
    }

    public NetworkFolder folder() {
        return folder;
    }

    /// Whose part of the network this is.
    public Here here() {
        return here;
    }

    public Channel channel() {
        return channel;
    }

    /// The id of the ledger that a chaincode would have on the channel, by its first block.
    public Hash ledgerId(String chaincode) throws IOException, NodeException {
        return Charters.ledgerId(folder, topology.channel(), chaincode);
    }

    /// The last lines that a node wrote.
    public List<String> lastLines(Node node, int count) throws IOException, NodeException, InterruptedException {
        return nodes.lastLines(node, count);
    }

    /// How far up came.
    ///
    /// @param net absent while the ledger has not begun, or takes no instructions
    /// @param missing what members elsewhere have yet to do, or do not answer
    public record Reached(Optional<Net> net, List<String> missing) {
        public Reached {
            missing = List.copyOf(missing);
        }

        /// The ledger, where all members are here.
        public Net begun() {
            return net.orElseThrow(() -> new IllegalStateException("not begun: " + String.join("; ", missing)));
        }
    }

    /// Brings up what is here: to a ledger that has begun, or to where members elsewhere must do their part first.
    ///
    /// @param trial whether a new ledger's clock may be moved
    public Reached up(boolean trial) throws IOException, NodeException, LedgerException, InterruptedException {
        Packaged packaged = prepare(trial);
        startNodes(packaged);
        List<String> unordered = unordered();
        if (!unordered.isEmpty()) {
            if (Files.exists(current())) {
                // The ledger is there, and takes instructions as soon as the others are up again.
                run(packaged);
            }
            return new Reached(Optional.empty(), unordered);
        }
        settling.awaitLeader();
        settling.awaitBlocks();
        List<String> missing = deployIfNew(packaged);
        if (!missing.isEmpty()) {
            return new Reached(Optional.empty(), missing);
        }
        List<String> left = new ArrayList<>(settling.awaitAcquaintance());
        Optional<Net> net = begin();
        nodes.checkRun(here.nodes());
        left.addAll(net.isPresent() ? absent() : List.of("a majority of peers with their chaincode"));
        return new Reached(net, left);
    }

    /// What of the members elsewhere does not take part yet.
    private List<String> absent() throws IOException, NodeException, InterruptedException {
        if (here.all()) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        Map<String, Boolean> approvals =
                deployment().committed().map(Committed::approvals).orElse(Map.of());
        for (Member member : here.elsewhere()) {
            if (!approvals.getOrDefault(member.name(), false)) {
                all.add(member.name() + " has not approved the chaincode");
            }
            all.addAll(silent(member.orderers()));
            all.addAll(silent(member.peers()));
        }
        return all;
    }

    private static List<String> silent(List<? extends Node> nodes) {
        return nodes.stream()
                .filter(node -> !Operations.listens(node, node.port()))
                .map(node -> node.name() + " at " + node.address() + " does not answer")
                .toList();
    }

    /// Which orderers elsewhere must start before any block can be ordered; none if enough of them run.
    private List<String> unordered() {
        List<String> silent = here.elsewhere().stream()
                .flatMap(member -> silent(member.orderers()).stream())
                .toList();
        int all = topology.orderers().size();
        return silent.size() > topology.consensus().tolerated(all) ? silent : List.of();
    }

    /// Writes all that nodes are started from, and starts none: with containers, compose may do that too.
    ///
    /// @param trial whether a new ledger's clock may be moved
    /// @return what chaincode processes are to run, as far as can be told without asking the channel
    public Packaged prepare(boolean trial) throws IOException, NodeException, InterruptedException {
        Member _ = here.any();
        checkDisk();
        for (Member member : here.members()) {
            checkKept(member);
            keys(member).complete();
        }
        checkClock();
        Rendering rendering = new Rendering(topology, folder);
        for (Member member : here.members()) {
            rendering.write(member);
        }
        if (here.all() && new Genesis(topology, folder, binaries).write()) {
            progress.says("made the keys of " + String.join(", ", topology.memberNames())
                    + " and the first block of channel " + topology.channel());
        }
        if (!Files.exists(folder.genesis())) {
            throw new NodeException(
                    "the network has not been founded in " + folder.path(),
                    "one admin runs tally network found; then: tally network up --network FILE");
        }
        charters.write(trial);
        backend.write(folder);
        Packaged packaged = known();
        nodes.prepare(packaged);
        return packaged;
    }

    /// Whether the keys are those by which the network knows the member.
    ///
    /// @throws NodeException if they are lost
    private void checkKept(Member member) throws IOException, NodeException {
        Path known = folder.open(member.name()).authority();
        Path own = folder.member(member.name()).authority().certificate();
        if (Files.exists(folder.genesis())
                && Files.exists(known)
                && (!Files.exists(own) || !Files.readString(own).equals(Files.readString(known)))) {
            throw new NodeException(
                    own + " is not the authority by which the network knows " + member.name(),
                    "bring back " + folder.member(member.name()).path() + " from a copy");
        }
    }

    private void startNodes(Packaged packaged) throws IOException, NodeException, InterruptedException {
        nodes.start(here.orderers(), packaged);
        for (Orderer orderer : here.orderers()) {
            OrdererAdmin admin = ordererAdmin(orderer);
            if (!admin.joined(topology.channel())) {
                admin.join(topology.channel(), folder.genesis());
                progress.says(orderer.name() + " joined channel " + topology.channel());
            }
        }
        nodes.start(here.peers(), packaged);
        for (PeerAdmin admin : peerAdmins()) {
            if (!admin.joined()) {
                admin.join(folder.genesis());
                progress.says(admin.peer().name() + " joined channel " + topology.channel());
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

    /// One for each peer that is here.
    List<PeerAdmin> peerAdmins() {
        List<PeerAdmin> admins = new ArrayList<>();
        for (Member member : here.members()) {
            for (Peer peer : member.peers()) {
                admins.add(new PeerAdmin(binaries.peer(), topology, folder, member, peer));
            }
        }
        return admins;
    }

    private Deployment deployment() throws NodeException {
        Member _ = here.any();
        return new Deployment(folder, peerAdmins(), CHAINCODE, progress);
    }

    private List<Chaincode> chaincodes() {
        return here.peers().stream().map(Peer::chaincode).toList();
    }

    /// @return who has to approve yet before the channel has a chaincode
    private List<String> deployIfNew(Packaged known) throws IOException, NodeException, InterruptedException {
        Optional<Committed> committed = deployment().committed();
        if (committed.isPresent()) {
            // A member that was admitted later has not approved yet, and its peers endorse only once it has.
            String version = committed.get().version();
            return deploy(
                    stored(version),
                    new Definition(CHAINCODE, version, committed.get().sequence()));
        }
        List<String> missing =
                deploy(known.code(), deployment().next(known.code().version()));
        if (!missing.isEmpty()) {
            // Whoever is last begins the ledger, and needs this member's peer for it.
            run(known);
        }
        return missing;
    }

    /// What chaincode processes were started for last, or this program's own code if there were none yet.
    private Packaged known() throws IOException, NodeException {
        if (!Files.exists(current())) {
            return packaged(Code.ofThisProgram(folder.chaincode()));
        }
        String id = Files.readString(current());
        return packaged(stored(id.substring(CHAINCODE.length() + 1, id.indexOf(':'))));
    }

    private Packaged packaged(Code code) throws NodeException {
        return new Packaged(code, deployment().packed(code.version()).id());
    }

    private Code stored(String version) throws IOException, NodeException {
        if (!Files.exists(folder.chaincode().resolve(version))) {
            throw new NodeException(
                    "the channel has chaincode " + version + ", and its code is not in " + folder.chaincode(),
                    "tally network deploy CODE, with a folder of that version");
        }
        Code code = Code.in(folder.chaincode().resolve(version));
        if (!code.version().equals(version)) {
            throw new NodeException(
                    "the code in " + code.folder() + " is not what the members approved: it is " + code.version(),
                    "bring back the folder from a copy");
        }
        return code;
    }

    /// What came of a deployment.
    ///
    /// @param missing who has to approve it yet before it is the channel's
    public record Deployed(Definition definition, List<String> missing) {
        public Deployed {
            missing = List.copyOf(missing);
        }
    }

    /// Makes this code the channel's, as far as the members here can: their peers install it, they approve it, and
    /// once enough have, one commits it and the processes here are exchanged. Until the new ones listen, calls wait
    /// or fail.
    public Deployed deploy(Code code) throws IOException, NodeException, InterruptedException {
        Definition definition = deployment().next(code.version());
        return new Deployed(definition, deploy(code, definition));
    }

    private List<String> deploy(Code code, Definition definition)
            throws IOException, NodeException, InterruptedException {
        Deployment deployment = deployment();
        deployment.install(code.version());
        deployment.approve(definition);
        List<String> missing = deployment.commit(definition);
        if (missing.isEmpty()) {
            run(packaged(code));
        }
        return missing;
    }

    /// Has the chaincode processes here run this.
    private void run(Packaged packaged) throws IOException, NodeException, InterruptedException {
        nodes.prepare(packaged);
        if (Files.exists(current()) && !Files.readString(current()).equals(packaged.id())) {
            int _ = nodes.stop(chaincodes());
        }
        nodes.start(chaincodes(), packaged);
        OwnerFiles.update(current(), packaged.id());
    }

    /// Says which package the chaincode processes were started for.
    private Path current() {
        return folder.chaincode().resolve("current");
    }

    /// @return nothing if too few members elsewhere endorse so far
    private Optional<Net> begin() throws IOException, NodeException, LedgerException, InterruptedException {
        boolean trial = charters.trial();
        Instant end = Instant.now().plus(LONGEST_BEGIN);
        while (true) {
            try (Ledger admin = connect(here.any().name(), MemberKeys.ADMIN)) {
                return Optional.of(Beginning.of(admin, trial, LONGEST_BEGIN));
            } catch (LedgerException e) {
                // Peers that have just started do not know each other yet.
                if (e instanceof LedgerException.Failed) {
                    throw e;
                }
                if (Instant.now().isAfter(end)) {
                    if (here.all()) {
                        throw e;
                    }
                    return Optional.empty();
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

    /// Gives a node new certificates for its keys: an orderer alone, a peer and its chaincode process together. They
    /// are away for some seconds.
    public List<Node> rotate(Node node) throws IOException, NodeException, LedgerException, InterruptedException {
        Member member = topology.memberOf(node);
        here.require(member);
        List<Node> together = together(member, node);
        int _ = nodes.stop(together);
        for (Node one : together) {
            keys(member).renew(one);
            if (one instanceof Peer) {
                // What it made of the package has the old certificate in it; it makes that again.
                OwnerFiles.delete(folder.member(member.name()).node(one.name()).builds());
            }
        }
        Reached _ = up(false);
        return together;
    }

    /// Gives an identity of a member here a new certificate for its key.
    public X509Certificate renew(Member member, String identity) throws IOException, NodeException {
        MemberKeys keys = keys(member);
        Path file = folder.member(member.name()).identity(identity).certificate();
        if (!Files.exists(file)) {
            throw new NodeException(
                    member.name() + " has no identity " + identity + " in " + file.getParent(),
                    "list them: tally network identity list " + member.name());
        }
        X509Certificate old = Credential.certificate(file);
        if (keys.revoked().filter(list -> list.names(old)).isPresent()) {
            throw new NodeException(
                    identity + " of " + member.name() + " was revoked, and its key with it",
                    "issue another: tally network identity issue " + member.name() + " NAME");
        }
        keys.renew(identity);
        new Rendering(topology, folder).write(member);
        return Credential.certificate(file);
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

    /// Asks every peer here for a snapshot and waits for them.
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

    /// Who changed the channel, from its first block on, as the first member's peer here tells it.
    public List<History.Deed> history() throws IOException, NodeException, LedgerException {
        History history = new History();
        List<History.Deed> deeds = new ArrayList<>();
        try (Ledger ledger = connect(here.any().name(), MemberKeys.GATEWAY);
                BlockStream blocks = ledger.blocks(0)) {
            long height = ledger.height();
            for (long number = 0; number < height; number++) {
                deeds.addAll(history.next(blocks.next().bytes()));
            }
        }
        return deeds;
    }

    /// The network as other hosts need it, once it has this topology.
    public NetworkFile file(Topology next) throws IOException, NodeException, InterruptedException {
        Committed committed = answered()
                .orElseThrow(() ->
                        new NodeException("no peer says which chaincode the channel has", "tally network status"));
        return NetworkFile.of(next, folder, committed.version());
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
        try (Ledger ledger = connect(here.any().name(), MemberKeys.GATEWAY);
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
        int stopped = nodes.stop(here.nodes());
        nodes.clear();
        return stopped;
    }

    /// How everything is.
    public NetworkStatus status() throws IOException, NodeException, InterruptedException {
        List<NodeStatus> all = nodes.status(here.nodes());
        List<Expiry> expiries = new ArrayList<>();
        for (Member member : here.members()) {
            expiries.addAll(keys(member).expiries());
        }
        List<NetworkStatus.Elsewhere> elsewhere = new ArrayList<>();
        for (Member member : here.elsewhere()) {
            for (Node node : member.nodes()) {
                if (!(node instanceof Chaincode)) {
                    elsewhere.add(
                            new NetworkStatus.Elsewhere(node, member.name(), Operations.listens(node, node.port())));
                }
            }
        }
        return new NetworkStatus(
                all, elsewhere, answered(), expiries.stream().sorted().toList());
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

    public MemberKeys keys(Member member) throws NodeException {
        return here.keys(member);
    }

    private void checkDisk() throws IOException, NodeException {
        if (!Files.exists(folder.genesis())) {
            long free = Files.getFileStore(OwnerFiles.folder(folder.path())).getUsableSpace();
            StartChecks.room(topology.consensus(), here.nodes(), folder.path(), free);
        }
        for (Member member : here.members()) {
            for (Node node : member.nodes()) {
                Path ledger = folder.member(member.name()).node(node.name()).data();
                if (Files.exists(ledger)) {
                    StartChecks.room(node, ledger, Files.getFileStore(ledger).getUsableSpace());
                }
            }
        }
    }

    private void checkClock() throws IOException, NodeException {
        for (Member member : here.members()) {
            StartChecks.clock(keys(member).expiries(), Instant.now());
        }
    }

    @Override
    public void close() {
        operations.close();
    }
}
