package org.tallystick.fabric.topology;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tallystick.ledger.yaml.Fault;

/// A network before it is there. Whoever holds one may start it: it was checked.
///
/// @param channel the one channel of the network
/// @param clockSkew how far a client's clock may be from that of an endorsing peer
public record Topology(
        String channel, Consensus consensus, Batch batch, Policies policies, Duration clockSkew, List<Member> members) {

    public Topology {
        members = List.copyOf(members);
        List<Fault> faults = TopologyChecks.faults(consensus, batch, members);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
        }
    }

    /// An organization of the network and what it runs. Its MSP has its name.
    public record Member(String name, List<Orderer> orderers, List<Peer> peers) {
        public Member {
            orderers = List.copyOf(orderers);
            peers = List.copyOf(peers);
        }

        /// Everything it runs, in the order in which it is started.
        public List<Node> nodes() {
            return Stream.<Node>concat(
                            orderers.stream(), peers.stream().flatMap(peer -> Stream.of(peer, peer.chaincode())))
                    .toList();
        }
    }

    /// A process that a member runs.
    public sealed interface Node {
        String name();

        /// The address that others know it by: a name or an IP address, which its certificate carries.
        String host();

        int port();

        /// Every port it listens on.
        List<Integer> ports();

        default String address() {
            return host() + ":" + port();
        }
    }

    /// @param adminPort where its own member's admin joins it to a channel
    /// @param operationsPort health and metrics, for its own member's admin
    public record Orderer(String name, String host, int port, int adminPort, int operationsPort) implements Node {
        @Override
        public List<Integer> ports() {
            return List.of(port, adminPort, operationsPort);
        }
    }

    /// @param operationsPort health and metrics, for its own member's admin
    public record Peer(String name, String host, int port, int operationsPort, Chaincode chaincode) implements Node {
        private Peer withJava(List<String> java) {
            return new Peer(
                    name,
                    host,
                    port,
                    operationsPort,
                    new Chaincode(chaincode.name(), chaincode.host(), chaincode.port(), java));
        }

        @Override
        public List<Integer> ports() {
            return List.of(port, operationsPort);
        }
    }

    /// The chaincode process of one peer. A second peer on the same process would break the first.
    ///
    /// @param java options of the Java machine it runs on, after ours: the last of two that disagree counts
    public record Chaincode(String name, String host, int port, List<String> java) implements Node {
        public Chaincode {
            java = List.copyOf(java);
        }

        @Override
        public List<Integer> ports() {
            return List.of(port);
        }
    }

    /// How the orderers agree on the next block.
    public sealed interface Consensus {
        /// How many orderers may stop while the others go on.
        int tolerated(int orderers);
    }

    /// Orderers trust each other to be honest, not to be up.
    public record Raft(Duration tick, int electionTicks) implements Consensus {
        @Override
        public int tolerated(int orderers) {
            return (orderers - 1) / 2;
        }
    }

    /// Less than a third of the orderers may even lie (SmartBFT).
    public record Bft(Duration requestTimeout, Duration leaderTimeout) implements Consensus {
        @Override
        public int tolerated(int orderers) {
            return (orderers - 1) / 3;
        }
    }

    /// When a block is cut: after the time, or at one of the limits.
    public record Batch(Duration timeout, int messages, int preferredKib, int absoluteKib) {}

    /// How many members it takes.
    public enum Rule {
        ANY,
        MAJORITY,
        ALL;

        /// How many of so many.
        public int of(int members) {
            return switch (this) {
                case ANY -> 1;
                case MAJORITY -> members / 2 + 1;
                case ALL -> members;
            };
        }
    }

    /// @param admins to change the channel's configuration
    /// @param lifecycle to change the definition of the chaincode
    /// @param endorsement to make a transaction valid
    public record Policies(Rule admins, Rule lifecycle, Rule endorsement) {}

    public List<Orderer> orderers() {
        return members.stream().flatMap(member -> member.orderers().stream()).toList();
    }

    public List<Peer> peers() {
        return members.stream().flatMap(member -> member.peers().stream()).toList();
    }

    public List<Node> nodes() {
        return members.stream().flatMap(member -> member.nodes().stream()).toList();
    }

    public List<String> memberNames() {
        return members.stream().map(Member::name).toList();
    }

    public Optional<Member> member(String name) {
        return members.stream().filter(member -> member.name().equals(name)).findFirst();
    }

    public Optional<Node> node(String name) {
        return nodes().stream().filter(node -> node.name().equals(name)).findFirst();
    }

    /// The member that runs the node.
    public Member memberOf(Node node) {
        return members.stream()
                .filter(member -> member.nodes().contains(node))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nobody runs " + node.name()));
    }

    /// Whether the other is the same network, but for who is a member and what they run.
    public boolean sameBut(Topology other) {
        return withMembers(other.members()).equals(other);
    }

    /// The same network with these options of Java for each chaincode process of a member.
    public Topology withJava(String member, List<String> java) {
        return withMembers(members.stream()
                .map(one -> one.name().equals(member)
                        ? new Member(
                                one.name(),
                                one.orderers(),
                                one.peers().stream()
                                        .map(peer -> peer.withJava(java))
                                        .toList())
                        : one)
                .toList());
    }

    /// The same network in which a client's clock may be this far from that of an endorsing peer.
    public Topology within(Duration skew) {
        return new Topology(channel, consensus, batch, policies, skew, members);
    }

    /// The same network in which a block that is not full is cut after this time.
    public Topology cutAfter(Duration timeout) {
        Batch sooner = new Batch(timeout, batch.messages(), batch.preferredKib(), batch.absoluteKib());
        return new Topology(channel, consensus, sooner, policies, clockSkew, members);
    }

    public Topology withMembers(List<Member> others) {
        return new Topology(channel, consensus, batch, policies, clockSkew, others);
    }
}
