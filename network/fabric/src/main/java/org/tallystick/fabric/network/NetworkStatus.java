package org.tallystick.fabric.network;

import java.util.List;
import java.util.Optional;
import org.tallystick.fabric.lifecycle.PeerAdmin.Committed;
import org.tallystick.fabric.pki.Expiry;

/// How a network is.
///
/// @param chaincode what the channel has, if a peer answers
/// @param expiries the next certificate to end first
public record NetworkStatus(List<NodeStatus> nodes, Optional<Committed> chaincode, List<Expiry> expiries) {
    public NetworkStatus {
        nodes = List.copyOf(nodes);
        expiries = List.copyOf(expiries);
    }
}
