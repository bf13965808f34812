package org.tallystick.fabric.docker;

import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// The addresses of a network's containers, which this machine reaches directly: the first three numbers of them.
///
/// The fourth is the node's. So certificates, configuration and the tools of admins are those of a network without
/// containers.
public record Subnet(String prefix) {

    private static final Pattern ADDRESS = Pattern.compile("((?:[0-9]{1,3}\\.){3})([0-9]{1,3})");
    private static final String OURS = "10.77.";
    private static final int BITS = 24;
    private static final int BYTE = 256;
    /// The first is the network's own, the next this machine's.
    private static final int LOWEST = 2;
    private static final int HIGHEST = 254;

    /// That of the topology's nodes, each of which has an address of its own in it.
    public static Subnet of(Topology topology) throws NodeException {
        Map<String, String> taken = new HashMap<>();
        Subnet subnet = new Subnet(split(topology.nodes().getFirst()).group(1));
        for (Node node : topology.nodes()) {
            Matcher parts = split(node);
            int own = Integer.parseInt(parts.group(2));
            if (!parts.group(1).equals(subnet.prefix) || own < LOWEST || own > HIGHEST) {
                throw new NodeException(
                        node.name() + " has the address " + node.host() + ", not one from " + subnet.prefix + LOWEST
                                + " to " + subnet.prefix + HIGHEST + " as the others",
                        "give it another host in the topology");
            }
            String other = taken.putIfAbsent(node.host(), node.name());
            if (other != null) {
                throw new NodeException(
                        node.name() + " has the address " + node.host() + " of " + other,
                        "every container needs an address of its own");
            }
        }
        return subnet;
    }

    private static Matcher split(Node node) throws NodeException {
        Matcher parts = ADDRESS.matcher(node.host());
        if (!parts.matches()) {
            throw new NodeException(
                    node.name() + " is on host " + node.host() + ", which is no IPv4 address",
                    "containers need fixed addresses, all of them in one subnet such as 10.77.1.0/24");
        }
        return parts;
    }

    /// One that no network of this machine overlaps.
    public static Subnet free() throws NodeException {
        int begin = ThreadLocalRandom.current().nextInt(BYTE);
        for (int i = 0; i < BYTE; i++) {
            Subnet candidate = new Subnet(OURS + (begin + i) % BYTE + ".");
            if (!candidate.taken()) {
                return candidate;
            }
        }
        throw new NodeException(
                "all subnets from " + OURS + "0.0/24 to " + OURS + "255.0/24 are taken on this machine",
                "remove networks that are not used: docker network ls");
    }

    private boolean taken() throws NodeException {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(one -> one.getInterfaceAddresses().stream())
                    .anyMatch(this::overlaps);
        } catch (SocketException e) {
            throw new NodeException("the networks of this machine cannot be listed: " + e.getMessage());
        }
    }

    private boolean overlaps(InterfaceAddress there) {
        Matcher parts = ADDRESS.matcher(String.valueOf(there.getAddress().getHostAddress()));
        if (!parts.matches()) {
            return false;
        }
        long shared = Math.min(BITS, there.getNetworkPrefixLength());
        return number(parts.group()) >> (Integer.SIZE - shared) == number(prefix + 0) >> (Integer.SIZE - shared);
    }

    private static long number(String address) {
        long number = 0;
        for (String part : address.split("\\.", -1)) {
            number = number * BYTE + Integer.parseInt(part);
        }
        return number;
    }

    public String cidr() {
        return prefix + "0/" + BITS;
    }

    /// The topology with its nodes at addresses of this subnet, in their order.
    public Topology settled(Topology topology) throws NodeException {
        if (topology.nodes().size() > HIGHEST - LOWEST + 1) {
            throw new NodeException(topology.nodes().size() + " nodes are more than the " + (HIGHEST - LOWEST + 1)
                    + " addresses of " + cidr());
        }
        int next = LOWEST;
        List<Member> members = new ArrayList<>();
        for (Member member : topology.members()) {
            List<Orderer> orderers = new ArrayList<>();
            for (Orderer one : member.orderers()) {
                orderers.add(
                        new Orderer(one.name(), prefix + next++, one.port(), one.adminPort(), one.operationsPort()));
            }
            List<Peer> peers = new ArrayList<>();
            for (Peer one : member.peers()) {
                Chaincode chaincode = one.chaincode();
                peers.add(new Peer(
                        one.name(),
                        prefix + next++,
                        one.port(),
                        one.operationsPort(),
                        new Chaincode(chaincode.name(), prefix + next++, chaincode.port(), chaincode.java())));
            }
            members.add(new Member(member.name(), orderers, peers));
        }
        return topology.withMembers(members);
    }
}
