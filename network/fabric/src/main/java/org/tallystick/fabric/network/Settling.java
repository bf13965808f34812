package org.tallystick.fabric.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.hyperledger.fabric.protos.common.Block;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.lifecycle.PeerAdmin;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Operations;
import org.tallystick.fabric.node.Progress;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// What nodes that have just started do by themselves, and calls have to wait for: they agree on a leader, take the
/// blocks they lack, and get to know each other.
final class Settling {

    private static final Duration LONGEST_ELECTION = Duration.ofSeconds(60);
    private static final Duration LONGEST_CATCH_UP = Duration.ofMinutes(10);
    private static final Duration LONGEST_ACQUAINTANCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    /// What a peer calls the number of others that it knows; it counts them every few seconds.
    private static final String KNOWN_PEERS = "gossip_membership_total_peers_known";

    private final Topology topology;
    private final Here here;
    private final Nodes nodes;
    private final Operations operations;
    private final List<PeerAdmin> admins;
    private final Progress progress;

    /// @param admins one for each peer that is here
    Settling(Here here, Nodes nodes, Operations operations, List<PeerAdmin> admins, Progress progress) {
        this.topology = here.topology();
        this.here = here;
        this.nodes = nodes;
        this.operations = operations;
        this.admins = List.copyOf(admins);
        this.progress = progress;
    }

    /// Waits until blocks can be ordered.
    void awaitLeader() throws IOException, NodeException, InterruptedException {
        Instant end = Instant.now().plus(LONGEST_ELECTION);
        while (nodes.leader().isEmpty() && (here.all() || !ordered())) {
            nodes.checkRun(here.orderers());
            if (Instant.now().isAfter(end)) {
                throw new NodeException(
                        "the orderers did not agree on a leader within " + LONGEST_ELECTION.toSeconds() + " s",
                        "look at what they say: tally network logs "
                                + topology.orderers().getFirst().name());
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    /// Whether an orderer gives blocks, which it does while there is a leader, here or elsewhere.
    private boolean ordered() throws IOException, InterruptedException {
        try {
            admins.getFirst().fetchConfig(work("config.block"));
            return true;
        } catch (NodeException _) {
            return false;
        }
    }

    private Path work(String file) throws IOException {
        return OwnerFiles.folder(here.folder().work()).resolve(file);
    }

    /// Waits until the peers here have all blocks: one that starts anew does not know yet what its member approved.
    void awaitBlocks() throws IOException, NodeException, InterruptedException {
        long newest = newest();
        Instant end = Instant.now().plus(LONGEST_CATCH_UP);
        for (PeerAdmin admin : admins) {
            long height = admin.height();
            while (height <= newest) {
                if (Instant.now().isAfter(end)) {
                    throw new NodeException(
                            admin.peer().name() + " has " + height + " of " + (newest + 1) + " blocks after "
                                    + LONGEST_CATCH_UP.toMinutes() + " minutes",
                            "it goes on by itself: tally network status; then tally network up");
                }
                Thread.sleep(BETWEEN_LOOKS);
                height = admin.height();
            }
        }
    }

    /// The newest block of any orderer that answers: one here may be behind too.
    private long newest() throws IOException, InterruptedException {
        Path file = work("newest.block");
        long newest = 0;
        for (Orderer orderer : topology.orderers()) {
            if (Operations.listens(orderer, orderer.port())) {
                try {
                    admins.getFirst().fetchNewest(orderer, file);
                    Block block = Block.parseFrom(Files.readAllBytes(file));
                    newest = Math.max(newest, block.getHeader().getNumber());
                } catch (NodeException e) {
                    // It has just started and gives no blocks yet; another does, or there would be no leader.
                    progress.says(orderer.name() + " gives no blocks yet: " + e.getMessage());
                }
            }
        }
        return newest;
    }

    /// Waits until the peers here know all others that run: before that, a peer finds nobody to endorse with it.
    ///
    /// @return which of them know too few of those elsewhere
    List<String> awaitAcquaintance() throws IOException, NodeException, InterruptedException {
        Instant end = Instant.now().plus(LONGEST_ACQUAINTANCE);
        long others = topology.peers().stream()
                        .filter(peer -> here.has(peer) || Operations.listens(peer, peer.port()))
                        .count()
                - 1;
        List<String> strangers = new ArrayList<>();
        for (Peer peer : here.peers()) {
            long known = known(peer);
            while (known < others && Instant.now().isBefore(end)) {
                Thread.sleep(BETWEEN_LOOKS);
                known = known(peer);
            }
            if (known < others) {
                strangers.add(peer.name() + " knows " + known + " of " + others + " other peers after "
                        + LONGEST_ACQUAINTANCE.toSeconds() + " s");
            }
        }
        if (here.all() && !strangers.isEmpty()) {
            throw new NodeException(
                    String.join("; ", strangers),
                    "look at what it says: tally network logs "
                            + here.peers().getFirst().name());
        }
        return strangers;
    }

    private long known(Peer peer) throws IOException, InterruptedException {
        return operations.metrics(peer).getOrDefault(KNOWN_PEERS, 0L);
    }
}
