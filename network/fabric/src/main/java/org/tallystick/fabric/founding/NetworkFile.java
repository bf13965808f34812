package org.tallystick.fabric.founding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.lifecycle.Code;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.Genesis;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.fabric.topology.TopologyReading;

/// A network as every host needs it: the topology, what each member shows, the first block. There is no key in it.
///
/// @param members in the topology's order
/// @param code the version of the chaincode that the members approve
public record NetworkFile(Topology topology, List<MemberFile> members, Bytes firstBlock, String code) {

    private static final String VERSION = "network/1";

    public NetworkFile {
        members = List.copyOf(members);
        if (!members.stream().map(MemberFile::member).toList().equals(topology.members())) {
            throw new IllegalArgumentException("the members "
                    + members.stream().map(one -> one.member().name()).toList()
                    + " do not run what the topology says of " + topology.memberNames());
        }
    }

    /// A new network, with the one first block that it will ever have.
    ///
    /// @param work a folder for the files of this
    public static NetworkFile found(Topology topology, List<MemberFile> shown, Binaries binaries, NetworkFolder work)
            throws IOException, NodeException, InterruptedException {
        List<MemberFile> members = new ArrayList<>();
        for (Member member : topology.members()) {
            List<MemberFile> own = shown.stream()
                    .filter(one -> one.member().name().equals(member.name()))
                    .toList();
            if (own.size() != 1) {
                throw new NodeException(
                        own.size() + " files show " + member.name() + ", not one",
                        "it makes one: tally network member keys TOPOLOGY " + member.name());
            }
            if (!own.getFirst().member().equals(member)) {
                throw new NodeException(
                        member.name() + " made its keys for other nodes than the topology says: "
                                + TopologyFile.text(own.getFirst().member()).strip(),
                        "it makes its file again, from the same topology");
            }
            own.getFirst().write(work.open(member.name()));
            members.add(own.getFirst());
        }
        if (members.size() != shown.size()) {
            throw new NodeException(shown.size() + " members show themselves, but the topology has "
                    + String.join(", ", topology.memberNames()));
        }
        boolean _ = new Genesis(topology, work, binaries).write();
        return new NetworkFile(
                topology,
                members,
                Bytes.copyOf(Files.readAllBytes(work.genesis())),
                Code.ofThisProgram(work.chaincode()).version());
    }

    /// The network that is in a folder, with the topology it shall have.
    public static NetworkFile of(Topology topology, NetworkFolder folder, String code) throws IOException {
        List<MemberFile> members = new ArrayList<>();
        for (Member member : topology.members()) {
            members.add(MemberFile.of(member, folder));
        }
        return new NetworkFile(topology, members, Bytes.copyOf(Files.readAllBytes(folder.genesis())), code);
    }

    public static NetworkFile read(Path file) throws IOException, NodeException {
        Json.Obj object = Travelling.read(VERSION, file);
        try {
            List<MemberFile> members = new ArrayList<>();
            for (Json member : object.items("members")) {
                members.add(MemberFile.of((Json.Obj) member, file.toString()));
            }
            Topology topology = switch (TopologyFile.read(object.text("topology"))) {
                case TopologyReading.Read(var read) -> read;
                case TopologyReading.Faulty(var faults) ->
                    throw new NodeException(file + " has no topology: "
                            + String.join(
                                    "; ", faults.stream().map(Object::toString).toList()));
            };
            return new NetworkFile(
                    topology,
                    members,
                    Bytes.copyOf(Base64.getDecoder().decode(object.text("firstBlock"))),
                    object.text("code"));
        } catch (IllegalArgumentException | IllegalStateException | ClassCastException e) {
            throw new NodeException(file + " does not describe a network: " + e.getMessage());
        }
    }

    public void write(Path file) throws IOException {
        Travelling.write(
                Json.object()
                        .with("version", VERSION)
                        .with("code", code)
                        .with("firstBlock", Base64.getEncoder().encodeToString(firstBlock.toArray()))
                        .with(
                                "members",
                                Json.array(
                                        members.stream().map(MemberFile::json).toList()))
                        .with("topology", TopologyFile.text(topology))
                        .build(),
                file);
    }

    /// Makes it the network of a folder that has the keys of some of its members, or brings the folder's to its state.
    public void unpack(NetworkFolder folder) throws IOException, NodeException {
        if (Files.exists(folder.genesis())) {
            if (!Arrays.equals(Files.readAllBytes(folder.genesis()), firstBlock.toArray())) {
                throw new NodeException(
                        "the network in " + folder.path() + " has another first block", "choose another folder");
            }
        } else {
            checkCode(folder);
        }
        List<String> here = new ArrayList<>();
        for (MemberFile shown : members) {
            String name = shown.member().name();
            Path own = folder.member(name).authority().certificate();
            if (Files.exists(own)) {
                checkSame(shown, folder);
                here.add(name);
            }
        }
        if (here.isEmpty()) {
            throw new NodeException(
                    "the keys of none of the members " + String.join(", ", topology.memberNames()) + " are in "
                            + folder.path(),
                    "make them first: tally network member keys TOPOLOGY NAME -o NAME.member");
        }
        for (MemberFile shown : members) {
            shown.write(folder.open(shown.member().name()));
        }
        OwnerFiles.update(folder.topology(), TopologyFile.text(topology));
        if (here.size() < members.size()) {
            OwnerFiles.update(folder.here(), String.join("\n", here) + "\n");
        }
        if (!Files.exists(folder.genesis())) {
            OwnerFiles.write(folder.genesis(), firstBlock.toArray());
        }
    }

    private void checkCode(NetworkFolder folder) throws IOException, NodeException {
        String own = Code.ofThisProgram(folder.chaincode()).version();
        if (!own.equals(code)) {
            throw new NodeException(
                    "the network has chaincode " + code + ", but this program's is " + own,
                    "all members start with the same release");
        }
    }

    private static void checkSame(MemberFile shown, NetworkFolder folder) throws IOException, NodeException {
        MemberFolder own = folder.member(shown.member().name());
        if (!shown.authority().equals(Files.readString(own.authority().certificate()))
                || !shown.tlsAuthority()
                        .equals(Files.readString(own.tlsAuthority().certificate()))) {
            throw new NodeException(
                    "the network knows " + shown.member().name() + " by other keys than those in " + own.path(),
                    "bring back the keys that it was founded with");
        }
    }
}
