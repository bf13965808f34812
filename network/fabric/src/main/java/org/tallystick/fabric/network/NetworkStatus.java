package org.tallystick.fabric.network;

import java.util.List;
import java.util.Optional;
import org.tallystick.fabric.lifecycle.PeerAdmin.Committed;
import org.tallystick.fabric.pki.Expiry;
import org.tallystick.fabric.topology.Topology.Node;

/// How a network is.
///
/// @param nodes those that are here
/// @param elsewhere the orderers and peers that are not; of their chaincode processes nothing is known here
/// @param chaincode what the channel has, if a peer answers
/// @param expiries the next certificate to end first
public record NetworkStatus(
        List<NodeStatus> nodes, List<Elsewhere> elsewhere, Optional<Committed> chaincode, List<Expiry> expiries) {

    /// A node on another machine, and whether it can be reached from here.
    public record Elsewhere(Node node, String member, boolean answers) {}

    public NetworkStatus {
        nodes = List.copyOf(nodes);
        elsewhere = List.copyOf(elsewhere);
        expiries = List.copyOf(expiries);
    }
}
