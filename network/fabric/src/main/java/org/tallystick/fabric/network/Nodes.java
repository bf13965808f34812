package org.tallystick.fabric.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.tallystick.fabric.lifecycle.Packaged;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Operations;
import org.tallystick.fabric.node.Progress;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// The nodes of a network, whatever they run as: started and waited for, looked at, stopped.
final class Nodes {

    /// All at once on a busy machine.
    private static final Duration LONGEST_START = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    /// A node that has not answered yet may have ended; to ask an engine for that takes longer than to ask the node.
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(1);
    private static final int SHOWN_LINES = 3;
    private static final int LOOKED_AT_LINES = 100;
    private static final String PANIC = "panic: ";

    private final Topology topology;
    private final Runner runner;
    private final Operations operations;
    private final Progress progress;

    Nodes(Topology topology, Runner runner, Operations operations, Progress progress) {
        this.topology = topology;
        this.runner = runner;
        this.operations = operations;
        this.progress = progress;
    }

    /// Makes ready what nodes are started from.
    void prepare(Packaged packaged) throws IOException, NodeException, InterruptedException {
        runner.prepare(packaged);
    }

    /// Starts those that do not run, and waits until all take calls: others may have been started a moment ago.
    void start(List<? extends Node> wanted, Packaged packaged) throws IOException, NodeException, InterruptedException {
        Map<String, Long> before = runner.pids();
        List<Runner.Started> started = runner.start(wanted, packaged);
        for (Runner.Started one : started) {
            progress.says("started " + one.node().name() + " (process " + one.pid() + ")");
        }
        Instant end = Instant.now().plus(LONGEST_START);
        for (Runner.Started one : started) {
            await(one, end);
        }
        for (Node node : wanted) {
            if (started.stream().noneMatch(one -> one.node().equals(node))) {
                await(new Runner.Started(node, before.getOrDefault(node.name(), 0L)), end);
            }
        }
    }

    private void await(Runner.Started started, Instant end) throws IOException, NodeException, InterruptedException {
        Node node = started.node();
        Instant check = Instant.now().plus(BETWEEN_CHECKS);
        while (!operations.ready(node)) {
            Instant now = Instant.now();
            if (now.isAfter(check)) {
                checkRuns(started);
                check = now.plus(BETWEEN_CHECKS);
            }
            if (now.isAfter(end)) {
                throw new NodeException(
                        node.name() + " takes no calls after " + LONGEST_START.toSeconds() + " s", log(node));
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    /// Another process than the one that was started is a second attempt: the first has ended.
    private void checkRuns(Runner.Started started) throws IOException, NodeException, InterruptedException {
        Node node = started.node();
        if (!Objects.equals(runner.pids().get(node.name()), started.pid())) {
            throw new NodeException(node.name() + " ended as soon as it had started: " + lastWords(node), log(node));
        }
    }

    /// Whether these still run: a node may take calls for a moment, and end as soon as it hears of the others.
    ///
    /// @throws NodeException if one does not
    void checkRun(List<? extends Node> started) throws IOException, NodeException, InterruptedException {
        Set<String> running = running();
        for (Node node : started) {
            if (!running.contains(node.name())) {
                throw new NodeException(node.name() + " ended: " + lastWords(node), log(node));
            }
        }
    }

    /// The panic it ended with, which a trace of the program's calls follows; else the last lines.
    private String lastWords(Node node) throws IOException, NodeException, InterruptedException {
        List<String> lines = runner.lastLines(node, LOOKED_AT_LINES);
        return lines.stream()
                .filter(line -> line.startsWith(PANIC))
                .reduce((_, last) -> last)
                .orElseGet(() ->
                        String.join(" | ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size())));
    }

    private static String log(Node node) {
        return "tally network logs " + node.name();
    }

    /// Stops those that run.
    ///
    /// @return how many ran
    int stop(List<? extends Node> unwanted) throws IOException, NodeException, InterruptedException {
        List<Node> stopped = runner.stop(unwanted);
        stopped.forEach(node -> progress.says("stopped " + node.name()));
        return stopped.size();
    }

    /// Takes away what is of no use once nothing runs.
    void clear() throws NodeException, InterruptedException {
        runner.clear();
    }

    void kill(List<? extends Node> victims) throws IOException, NodeException, InterruptedException {
        runner.kill(victims);
    }

    List<String> lastLines(Node node, int count) throws IOException, NodeException, InterruptedException {
        return runner.lastLines(node, count);
    }

    /// The names of those that run.
    Set<String> running() throws IOException, NodeException, InterruptedException {
        return runner.pids().keySet();
    }

    /// How these are.
    List<NodeStatus> status(List<Node> wanted) throws IOException, NodeException, InterruptedException {
        Map<String, Long> pids = runner.pids();
        Optional<Orderer> leader = leader(pids.keySet());
        List<NodeStatus> all = new ArrayList<>();
        for (Node node : wanted) {
            Long pid = pids.get(node.name());
            boolean asked = mayAnswer(node, pids.keySet());
            all.add(new NodeStatus(
                    node,
                    topology.memberOf(node).name(),
                    pid == null ? OptionalLong.empty() : OptionalLong.of(pid),
                    asked && operations.ready(node),
                    asked ? height(node) : OptionalLong.empty(),
                    leader.filter(node::equals).isPresent(),
                    pid == null ? OptionalLong.empty() : resident(pid)));
        }
        return all;
    }

    /// Whether it may answer.
    ///
    /// @param running those that run
    boolean mayAnswer(Node node, Set<String> running) {
        return !runner.alone() || running.contains(node.name());
    }

    /// Orderers count from the first block, peers say how many there are.
    OptionalLong height(Node node) throws IOException, InterruptedException {
        return switch (node) {
            case Orderer _ -> {
                Map<String, Long> metrics = operations.metrics(node);
                Long last = metrics.getOrDefault(
                        "consensus_etcdraft_committed_block_number",
                        metrics.get("consensus_BFT_committed_block_number"));
                yield last == null ? OptionalLong.empty() : OptionalLong.of(last + 1);
            }
            case Peer _ -> {
                Long height = operations.metrics(node).get("ledger_blockchain_height");
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
    Optional<Orderer> leader() throws IOException, NodeException, InterruptedException {
        return leader(running());
    }

    private Optional<Orderer> leader(Set<String> running) throws IOException, InterruptedException {
        for (Orderer orderer : topology.orderers()) {
            Map<String, Long> metrics = mayAnswer(orderer, running) ? operations.metrics(orderer) : Map.of();
            if (metrics.getOrDefault("consensus_etcdraft_is_leader", 0L) == 1L
                    || metrics.getOrDefault("consensus_BFT_is_leader", 0L) == 1L) {
                return Optional.of(orderer);
            }
        }
        return Optional.empty();
    }
}
