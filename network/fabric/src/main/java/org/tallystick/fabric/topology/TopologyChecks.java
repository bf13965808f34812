package org.tallystick.fabric.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tallystick.fabric.topology.Topology.Batch;
import org.tallystick.fabric.topology.Topology.Bft;
import org.tallystick.fabric.topology.Topology.Consensus;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;
import org.tallystick.ledger.yaml.Fault;

/// What no schema says: names and ports taken twice, orderers that could not agree.
final class TopologyChecks {

    private static final int FEWEST_BFT_ORDERERS = 4;

    private final Map<String, String> names = new HashMap<>();
    private final Map<String, String> ports = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    private TopologyChecks() {}

    static List<Fault> faults(Consensus consensus, Batch batch, List<Member> members) {
        TopologyChecks checks = new TopologyChecks();
        for (int i = 0; i < members.size(); i++) {
            checks.member(members.get(i), "/members/" + i);
        }
        long orderers =
                members.stream().mapToLong(member -> member.orderers().size()).sum();
        checks.orderers(consensus, orderers);
        if (batch.preferredKib() > batch.absoluteKib()) {
            checks.fault("/batch/preferredKib", batch.preferredKib() + " is above absoluteKib, " + batch.absoluteKib());
        }
        return List.copyOf(checks.faults);
    }

    private void member(Member member, String at) {
        name(member.name(), at + "/name");
        for (int i = 0; i < member.orderers().size(); i++) {
            Orderer orderer = member.orderers().get(i);
            String place = at + "/orderers/" + i;
            name(orderer.name(), place + "/name");
            port(orderer, orderer.port(), place + "/port");
            port(orderer, orderer.adminPort(), place + "/adminPort");
            port(orderer, orderer.operationsPort(), place + "/operationsPort");
        }
        for (int i = 0; i < member.peers().size(); i++) {
            Peer peer = member.peers().get(i);
            String place = at + "/peers/" + i;
            name(peer.name(), place + "/name");
            port(peer, peer.port(), place + "/port");
            port(peer, peer.operationsPort(), place + "/operationsPort");
            name(peer.chaincode().name(), place + "/chaincode/name");
            port(peer.chaincode(), peer.chaincode().port(), place + "/chaincode/port");
        }
    }

    private void name(String name, String at) {
        String other = names.putIfAbsent(name, at);
        if (other != null) {
            fault(at, "the name " + name + " is taken at " + other);
        }
    }

    private void port(Node node, int port, String at) {
        String other = ports.putIfAbsent(node.host() + ":" + port, at);
        if (other != null) {
            fault(at, "port " + port + " of " + node.host() + " is taken at " + other);
        }
    }

    private void orderers(Consensus consensus, long count) {
        if (count == 0) {
            fault("/members", "no member runs an orderer");
        } else if (consensus instanceof Bft && count < FEWEST_BFT_ORDERERS) {
            fault("/members", count + " orderers tolerate no liar: bft needs " + FEWEST_BFT_ORDERERS + " or more");
        }
    }

    private void fault(String at, String what) {
        faults.add(new Fault(at, what));
    }
}
