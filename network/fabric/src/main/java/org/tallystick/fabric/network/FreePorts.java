package org.tallystick.fabric.network;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.tallystick.fabric.node.Operations;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// Gives the nodes of a topology ports that nobody uses, so that several networks fit on a machine.
///
/// They lie below those that systems give to outgoing connections, so that a node finds its port again after a
/// pause.
final class FreePorts {

    private static final int LOWEST = 12_000;
    private static final int HIGHEST = 30_000;

    private int next = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);

    static Topology of(Topology topology) {
        FreePorts ports = new FreePorts();
        List<Member> members = new ArrayList<>();
        for (Member member : topology.members()) {
            members.add(new Member(
                    member.name(),
                    member.orderers().stream().map(ports::moved).toList(),
                    member.peers().stream().map(ports::moved).toList()));
        }
        return topology.withMembers(members);
    }

    private Orderer moved(Orderer orderer) {
        return new Orderer(orderer.name(), orderer.host(), free(orderer), free(orderer), free(orderer));
    }

    private Peer moved(Peer peer) {
        Chaincode chaincode = peer.chaincode();
        return new Peer(
                peer.name(),
                peer.host(),
                free(peer),
                free(peer),
                new Chaincode(chaincode.name(), chaincode.host(), free(chaincode), chaincode.java()));
    }

    private int free(Topology.Node node) {
        do {
            next = next < HIGHEST ? next + 1 : LOWEST;
        } while (!Operations.free(node, next));
        return next;
    }
}
