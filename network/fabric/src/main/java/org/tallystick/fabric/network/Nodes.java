package org.tallystick.fabric.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.tallystick.fabric.files.MemberFolder.NodeFolder;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.lifecycle.Code;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.NodeProcess;
import org.tallystick.fabric.node.Operations;
import org.tallystick.fabric.node.Progress;
import org.tallystick.fabric.node.Rendering;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// The nodes of a network as processes of this machine.
public final class Nodes {

    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final int SHOWN_LINES = 3;
    /// Options of every chaincode process; a topology may add to them.
    private static final List<String> JAVA = List.of(
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xss512k",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final Topology topology;
    private final NetworkFolder folder;
    private final Binaries binaries;
    private final Operations operations;
    private final Progress progress;

    public Nodes(Topology topology, NetworkFolder folder, Binaries binaries, Operations operations, Progress progress) {
        this.topology = topology;
        this.folder = folder;
        this.binaries = binaries;
        this.operations = operations;
        this.progress = progress;
    }

    private NodeFolder files(Node node) {
        return folder.member(topology.memberOf(node).name()).node(node.name());
    }

    public NodeProcess process(Node node) {
        return new NodeProcess(node.name(), files(node));
    }

    /// Starts those orderers and peers that do not run, and waits until they take calls.
    public void start(List<? extends Node> wanted) throws IOException, NodeException, InterruptedException {
        List<Node> waiting = new ArrayList<>();
        for (Node node : wanted) {
            switch (node) {
                case Orderer _ -> start(node, List.of(binaries.orderer().toString()), waiting);
                case Peer _ -> start(node, List.of(binaries.peer().toString(), "node", "start"), waiting);
                case Chaincode _ -> throw new IllegalArgumentException(node.name() + " needs its code");
            }
        }
        await(waiting);
    }

    /// Starts those chaincode processes that do not run.
    public void start(List<Chaincode> wanted, Code code, String packageId)
            throws IOException, NodeException, InterruptedException {
        List<Node> waiting = new ArrayList<>();
        for (Chaincode node : wanted) {
            start(node, command(node, code, packageId), waiting);
        }
        await(waiting);
    }

    private List<String> command(Chaincode node, Code code, String packageId) throws IOException {
        NodeFolder files = files(node);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JAVA);
        command.addAll(node.java());
        command.addAll(List.of(
                "-cp",
                code.classPath(),
                Code.MAIN_CLASS,
                Rendering.listenHost(node) + ":" + node.port(),
                packageId,
                files.tls().certificate().toString(),
                files.tls().key().toString(),
                files.tlsAuthority().toString()));
        return List.copyOf(command);
    }

    private void start(Node node, List<String> command, List<Node> waiting) throws IOException, NodeException {
        NodeProcess process = process(node);
        if (process.running().isPresent()) {
            return;
        }
        for (int port : node.ports()) {
            if (!Operations.free(node, port)) {
                throw new NodeException(
                        "port " + port + " of " + node.name()
                                + " is in use by a program that this network did not start",
                        "end that program, or give the node another port in the topology");
            }
        }
        ProcessHandle started = process.start(command);
        progress.says("started " + node.name() + " (process " + started.pid() + ")");
        waiting.add(node);
    }

    private void await(List<Node> waiting) throws IOException, NodeException, InterruptedException {
        Instant end = Instant.now().plus(LONGEST_START);
        for (Node node : waiting) {
            while (!operations.ready(node)) {
                if (process(node).running().isEmpty()) {
                    throw new NodeException(node.name() + " ended as soon as it had started: " + last(node), log(node));
                }
                if (Instant.now().isAfter(end)) {
                    throw new NodeException(
                            node.name() + " takes no calls " + LONGEST_START.toSeconds() + " s after its start",
                            log(node));
                }
                Thread.sleep(BETWEEN_LOOKS);
            }
        }
    }

    private String last(Node node) throws IOException {
        return String.join(" | ", process(node).lastLines(SHOWN_LINES));
    }

    private static String log(Node node) {
        return "tally network logs " + node.name();
    }

    /// Stops those that run, all at once.
    ///
    /// @return how many ran
    public int stop(List<? extends Node> unwanted) throws IOException, NodeException, InterruptedException {
        List<Node> stopping = new ArrayList<>();
        for (Node node : unwanted) {
            if (process(node).askToEnd()) {
                stopping.add(node);
            }
        }
        for (Node node : unwanted) {
            process(node).end();
            if (stopping.contains(node)) {
                progress.says("stopped " + node.name());
            }
        }
        return stopping.size();
    }

    NodeStatus status(Node node, boolean leads) throws IOException, InterruptedException {
        Optional<ProcessHandle> running = process(node).running();
        OptionalLong pid = running.isPresent() ? OptionalLong.of(running.get().pid()) : OptionalLong.empty();
        return new NodeStatus(
                node,
                topology.memberOf(node).name(),
                pid,
                operations.ready(node),
                height(node),
                leads,
                pid.isPresent() ? resident(pid.getAsLong()) : OptionalLong.empty());
    }

    /// Orderers count from the first block, peers say how many there are.
    OptionalLong height(Node node) throws IOException, InterruptedException {
        return switch (node) {
            case Orderer orderer -> {
                Map<String, Long> metrics = operations.metrics(orderer);
                Long last = metrics.getOrDefault(
                        "consensus_etcdraft_committed_block_number",
                        metrics.get("consensus_BFT_committed_block_number"));
                yield last == null ? OptionalLong.empty() : OptionalLong.of(last + 1);
            }
            case Peer peer -> {
                Long height = operations.metrics(peer).get("ledger_blockchain_height");
                yield height == null ? OptionalLong.empty() : OptionalLong.of(height);
            }
            case Chaincode _ -> OptionalLong.empty();
        };
    }

    private static OptionalLong resident(long pid) throws IOException {
        Path status = Path.of("/proc", String.valueOf(pid), "status");
        if (!Files.exists(status)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst();
    }

    /// The orderer that leads, if they have agreed on one.
    public Optional<Orderer> leader() throws IOException, InterruptedException {
        for (Orderer orderer : topology.orderers()) {
            Map<String, Long> metrics = operations.metrics(orderer);
            if (metrics.getOrDefault("consensus_etcdraft_is_leader", 0L) == 1L
                    || metrics.getOrDefault("consensus_BFT_is_leader", 0L) == 1L) {
                return Optional.of(orderer);
            }
        }
        return Optional.empty();
    }
}
