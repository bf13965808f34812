package org.tallystick.fabric.network;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.pki.Expiry;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Raft;

/// What would stop nodes after they have started, found before.
final class StartChecks {

    private static final long MIB = 1L << 20;
    /// A raft orderer sets aside 123 MB when it is born.
    private static final long ORDERER_MIB = 140;
    private static final long OTHER_MIB = 60;

    private StartChecks() {}

    /// Whether a new network has room.
    ///
    /// @param free bytes where its folder is
    static void room(Topology topology, Path folder, long free) throws NodeException {
        long orderer = topology.consensus() instanceof Raft ? ORDERER_MIB : OTHER_MIB;
        long needed = topology.orderers().size() * orderer + topology.peers().size() * OTHER_MIB;
        if (free / MIB < needed) {
            throw new NodeException(
                    free / MIB + " MiB are free where " + folder + " is; the nodes of this topology need " + needed
                            + " MiB to begin with",
                    "make room, or choose another folder with --folder");
        }
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
                        "tally network rotate NODE, or set the clock");
            }
        }
    }
}
