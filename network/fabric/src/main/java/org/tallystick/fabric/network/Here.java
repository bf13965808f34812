package org.tallystick.fabric.network;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// The members whose keys are in a network's folder: some, or, as a shortcut for development, all of them.
///
/// What is done on this machine is done for them. The others have machines of their own.
public record Here(Topology topology, NetworkFolder folder, List<Member> members) {

    public Here {
        members = List.copyOf(members);
    }

    /// Those that the folder names; a folder that names nobody has the keys of all.
    public static Here of(Topology topology, NetworkFolder folder) throws IOException {
        if (!Files.exists(folder.here())) {
            return new Here(topology, folder, topology.members());
        }
        List<String> names = Files.readAllLines(folder.here());
        return new Here(
                topology,
                folder,
                topology.members().stream()
                        .filter(member -> names.contains(member.name()))
                        .toList());
    }

    /// Whether nobody has a machine of their own.
    public boolean all() {
        return members.equals(topology.members());
    }

    public List<Member> elsewhere() {
        return topology.members().stream()
                .filter(member -> !members.contains(member))
                .toList();
    }

    public boolean has(Node node) {
        return members.contains(topology.memberOf(node));
    }

    List<Orderer> orderers() {
        return members.stream().flatMap(member -> member.orderers().stream()).toList();
    }

    List<Peer> peers() {
        return members.stream().flatMap(member -> member.peers().stream()).toList();
    }

    List<Node> nodes() {
        return members.stream().flatMap(member -> member.nodes().stream()).toList();
    }

    /// The first member here, for what any member can do.
    Member any() throws NodeException {
        if (members.isEmpty()) {
            throw new NodeException("none of the members of the network (" + String.join(", ", topology.memberNames())
                    + ") has its keys in " + folder.path());
        }
        return members.getFirst();
    }

    /// Whether this member's part can be done here.
    ///
    /// @throws NodeException if not
    public void require(Member member) throws NodeException {
        if (!members.contains(member)) {
            throw new NodeException(
                    "the keys of " + member.name() + " are not in " + folder.path(),
                    "its own admin does this, where they are");
        }
    }

    /// The keys of a member.
    public MemberKeys keys(Member member) throws NodeException {
        require(member);
        return new MemberKeys(member, folder.member(member.name()), Instant.now());
    }
}
