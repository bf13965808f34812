package org.tallystick.fabric.lifecycle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Program;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// A member's admin at one of its peers, who speaks through Fabric's own `peer` program.
public final class PeerAdmin {

    private final Program program;
    private final Topology topology;
    private final NetworkFolder folder;
    private final Member member;
    private final Peer peer;

    /// @param peerProgram Fabric's program
    public PeerAdmin(Path peerProgram, Topology topology, NetworkFolder folder, Member member, Peer peer) {
        this.topology = topology;
        this.folder = folder;
        this.member = member;
        this.peer = peer;
        this.program = Program.of(peerProgram)
                .environment(
                        "FABRIC_CFG_PATH",
                        folder.member(member.name()).node(peer.name()).path())
                .environment(
                        "CORE_PEER_MSPCONFIGPATH", folder.member(member.name()).adminMsp());
    }

    Topology topology() {
        return topology;
    }

    public Member member() {
        return member;
    }

    public Peer peer() {
        return peer;
    }

    /// Whether the peer is on the channel.
    public boolean joined() throws NodeException, InterruptedException {
        return program.with("channel", "list").run().lines().anyMatch(line -> line.equals(topology.channel()));
    }

    public void join(Path block) throws NodeException, InterruptedException {
        String _ = program.with("channel", "join", "-b", block.toString()).run();
    }

    /// Writes the newest block that configures the channel.
    public void fetchConfig(Path file) throws NodeException, InterruptedException {
        String _ = program.with("channel", "fetch", "config", file.toString(), "-c", topology.channel())
                .with(orderer())
                .run();
    }

    /// Writes the newest block that an orderer has, which may be anybody's.
    public void fetchNewest(Orderer orderer, Path file) throws NodeException, InterruptedException {
        String _ = program.with("channel", "fetch", "newest", file.toString(), "-c", topology.channel())
                .with(way(orderer))
                .run();
    }

    /// Sends an update of the channel, with the signature of this admin beside those that are on it.
    public void update(Path file) throws NodeException, InterruptedException {
        String _ = program.with("channel", "update", "-f", file.toString(), "-c", topology.channel())
                .with(orderer())
                .run();
    }

    /// Asks the peer for a snapshot of its newest block.
    public void snapshot() throws NodeException, InterruptedException {
        String _ = program.with(
                        "snapshot",
                        "submitrequest",
                        "-c",
                        topology.channel(),
                        "-b",
                        "0",
                        "--peerAddress",
                        peer.address(),
                        "--tlsRootCertFile",
                        folder.open(member.name()).tlsAuthority().toString())
                .run();
    }

    /// How many blocks the peer has.
    public long height() throws NodeException, InterruptedException {
        String said =
                program.with("channel", "getinfo", "-c", topology.channel()).run();
        return json(said.substring(Math.max(0, said.indexOf('{')))).whole("height");
    }

    /// The ids of the packages that the peer has.
    public List<String> installed() throws NodeException, InterruptedException {
        Json.Obj answer = json(program.with("lifecycle", "chaincode", "queryinstalled", "-O", "json")
                .run());
        return answer.find("installed_chaincodes").stream()
                .flatMap(all -> ((Json.Arr) all).items().stream())
                .map(one -> ((Json.Obj) one).text("package_id"))
                .toList();
    }

    public void install(Path packageFile) throws NodeException, InterruptedException {
        String _ = program.with("lifecycle", "chaincode", "install", packageFile.toString())
                .run();
    }

    /// What the channel says about a chaincode.
    ///
    /// @param approvals by member, whether it approved
    public record Committed(String version, long sequence, Map<String, Boolean> approvals) {
        public Committed {
            approvals = Map.copyOf(approvals);
        }
    }

    /// The definition that the channel has, if it has one.
    public Optional<Committed> committed(String chaincode) throws NodeException, InterruptedException {
        Program.Ended ended = program.with(
                        "lifecycle",
                        "chaincode",
                        "querycommitted",
                        "-C",
                        topology.channel(),
                        "-n",
                        chaincode,
                        "-O",
                        "json")
                .end();
        if (ended.exitCode() != 0) {
            if (ended.err().contains("is not defined")) {
                return Optional.empty();
            }
            throw new NodeException(peer.name() + " does not say which chaincode the channel has: "
                    + ended.err().strip());
        }
        Json.Obj answer = json(ended.out());
        return Optional.of(new Committed(answer.text("version"), answer.whole("sequence"), approvals(answer)));
    }

    /// Who has approved a definition that is not committed yet.
    public Map<String, Boolean> approvals(Definition definition) throws NodeException, InterruptedException {
        return approvals(json(defining("checkcommitreadiness", definition, false)
                .with("-O", "json")
                .run()));
    }

    private static Map<String, Boolean> approvals(Json.Obj answer) {
        Map<String, Boolean> all = new TreeMap<>();
        answer.object("approvals").members().forEach((name, value) -> all.put(name, ((Json.Bool) value).value()));
        return all;
    }

    /// The package that the member named when it approved a definition of this sequence.
    public Optional<String> approvedPackage(Definition definition) throws NodeException, InterruptedException {
        Program.Ended ended = program.with(
                        "lifecycle",
                        "chaincode",
                        "queryapproved",
                        "-C",
                        topology.channel(),
                        "-n",
                        definition.name(),
                        "--sequence",
                        String.valueOf(definition.sequence()),
                        "-O",
                        "json")
                .end();
        if (ended.exitCode() != 0) {
            return Optional.empty();
        }
        Json.Obj answer = json(ended.out());
        if (!answer.findText("version").equals(Optional.of(definition.version()))) {
            return Optional.empty();
        }
        return answer.find("source")
                .flatMap(source -> ((Json.Obj) source).find("Type"))
                .flatMap(type -> ((Json.Obj) type).find("LocalPackage"))
                .flatMap(local -> ((Json.Obj) local).findText("package_id"));
    }

    public void approve(Definition definition, String packageId) throws NodeException, InterruptedException {
        String _ = defining("approveformyorg", definition, true)
                .with("--package-id", packageId)
                .run();
    }

    /// @param agreeing the members that approved, of which one peer each endorses
    public void commit(Definition definition, List<Member> agreeing) throws NodeException, InterruptedException {
        List<String> peers = new ArrayList<>();
        for (Member one : agreeing) {
            peers.addAll(List.of("--peerAddresses", one.peers().getFirst().address(), "--tlsRootCertFiles"));
            peers.add(folder.open(one.name()).tlsAuthority().toString());
        }
        String _ = defining("commit", definition, true)
                .with(peers.toArray(String[]::new))
                .run();
    }

    private Program defining(String verb, Definition definition, boolean ordered) {
        Program defining = program.with(
                "lifecycle",
                "chaincode",
                verb,
                "--channelID",
                topology.channel(),
                "--name",
                definition.name(),
                "--version",
                definition.version(),
                "--sequence",
                String.valueOf(definition.sequence()));
        if (definition.collections().isPresent()) {
            defining = defining.with(
                    "--collections-config", definition.collections().get().toString());
        }
        return ordered ? defining.with(orderer()) : defining;
    }

    /// The way to an orderer: the member's own, if it has one.
    private String[] orderer() {
        Member ordering = member.orderers().isEmpty()
                ? topology.memberOf(topology.orderers().getFirst())
                : member;
        return way(ordering.orderers().getFirst());
    }

    private String[] way(Orderer orderer) {
        return new String[] {
            "-o",
            orderer.address(),
            "--tls",
            "--cafile",
            folder.open(topology.memberOf(orderer).name()).tlsAuthority().toString()
        };
    }

    private static Json.Obj json(String text) throws NodeException {
        if (JsonReader.read(Bytes.ofUtf8(text.strip()), JsonReader.Profile.FILE)
                instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new NodeException("peer did not answer with JSON: " + text.strip());
    }
}
