package org.tallystick.fabric.network;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.pki.Expiry;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Consensus;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;
import org.tallystick.fabric.topology.Topology.Raft;

/// What would stop nodes after they have started, found before.
final class StartChecks {

    private static final long MIB = 1L << 20;
    /// A raft orderer sets aside 123 MB when it is born.
    private static final long ORDERER_MIB = 140;
    private static final long OTHER_MIB = 60;
    /// A block and its index take less.
    private static final long LEAST_MIB = 4;

    private StartChecks() {}

    /// Whether a new network has room.
    ///
    /// @param nodes that are to run here
    /// @param free bytes where its folder is
    static void room(Consensus consensus, List<Node> nodes, Path folder, long free) throws NodeException {
        long needed =
                nodes.stream().mapToLong(node -> mebibytes(consensus, node)).sum();
        if (free / MIB < needed) {
            throw new NodeException(
                    free / MIB + " MiB are free where " + folder + " is; its nodes need " + needed
                            + " MiB to begin with",
                    "make room, or choose another folder with --folder");
        }
    }

    /// Whether a node that was born has room to go on: without, it ends with a panic, and says so among many lines.
    ///
    /// @param free bytes where its ledger is
    static void room(Node node, Path ledger, long free) throws NodeException {
        if (free / MIB < LEAST_MIB) {
            throw new NodeException(
                    free / MIB + " MiB are free where the ledger of " + node.name() + " is (" + ledger + "), less than "
                            + LEAST_MIB,
                    "make room, then: tally network up");
        }
    }

    private static long mebibytes(Consensus consensus, Node node) {
        return switch (node) {
            case Orderer _ -> consensus instanceof Raft ? ORDERER_MIB : OTHER_MIB;
            case Peer _ -> OTHER_MIB;
            case Chaincode _ -> 0;
        };
    }

    /// Whether all certificates are good now: they bound the time at which a network can run.
    static void clock(List<Expiry> expiries, Instant now) throws NodeException {
        for (Expiry expiry : expiries) {
            if (!expiry.begunAt(now)) {
                throw new NodeException(
                        "the clock of this machine says " + now + ", but the certificate of " + expiry.what() + " of "
                                + expiry.member() + " begins at " + expiry.from(),
                        "set the clock");
            }
            if (expiry.endedAt(now)) {
                throw new NodeException(
                        "the certificate of " + expiry.what() + " of " + expiry.member() + " ended at " + expiry.until()
                                + " (this machine's clock: " + now + ")",
                        expiry.renewal()
                                .map(renewal -> renewal + ", or set the clock")
                                .orElse("set the clock"));
            }
        }
    }
}
