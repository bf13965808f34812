package org.tallystick.fabric.network;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.Config;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.tallystick.fabric.channel.ChannelUpdate;
import org.tallystick.fabric.channel.ConfigChanges;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.founding.MemberFile;
import org.tallystick.fabric.lifecycle.PeerAdmin;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Progress;
import org.tallystick.fabric.node.Rendering;
import org.tallystick.fabric.pki.Credential;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.pki.RevocationList;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Peer;

/// The channel's configuration, which members change together: one writes an update, others sign it, one submits it.
public final class Channel {

    private static final Duration LONGEST_UPDATE = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Topology topology;
    private final NetworkFolder folder;
    private final Here here;
    private final Backend backend;
    private final Binaries binaries;
    private final Nodes nodes;
    private final Progress progress;

    Channel(Here here, Backend backend, Binaries binaries, Nodes nodes, Progress progress) {
        this.topology = here.topology();
        this.folder = here.folder();
        this.here = here;
        this.backend = backend;
        this.binaries = binaries;
        this.nodes = nodes;
        this.progress = progress;
    }

    private PeerAdmin admin(Member member) {
        return new PeerAdmin(
                binaries.peer(), topology, folder, member, member.peers().getFirst());
    }

    /// The channel's configuration, and the block that brought it.
    private record Configured(long block, Config config) {}

    private Configured configured() throws IOException, NodeException, InterruptedException {
        Path file = OwnerFiles.folder(folder.work()).resolve("config.block");
        admin(here.any()).fetchConfig(file);
        try {
            Block block = Block.parseFrom(Files.readAllBytes(file));
            Payload payload = Payload.parseFrom(
                    Envelope.parseFrom(block.getData().getData(0)).getPayload());
            return new Configured(
                    block.getHeader().getNumber(),
                    ConfigEnvelope.parseFrom(payload.getData()).getConfig());
        } catch (InvalidProtocolBufferException e) {
            throw new NodeException("the orderers sent no block that configures the channel: " + e.getMessage());
        }
    }

    private Config config() throws IOException, NodeException, InterruptedException {
        return configured().config();
    }

    /// Who is a member of the channel now.
    public List<String> admitted() throws IOException, NodeException, InterruptedException {
        return ConfigChanges.members(config());
    }

    private ChannelUpdate towards(Config from, Config to) throws IOException, NodeException, InterruptedException {
        return ChannelUpdate.between(
                binaries.configtxlator(), topology.channel(), from, to, OwnerFiles.folder(folder.work()));
    }

    /// What admits a member with keys on a machine of its own, by what it shows.
    public ChannelUpdate admission(MemberFile shown) throws IOException, NodeException, InterruptedException {
        Config now = config();
        shown.write(folder.open(shown.member().name()));
        return towards(
                now,
                ConfigChanges.admit(
                        now, shown.member(), folder.open(shown.member().name())));
    }

    /// What admits a member whose keys are made here, among those of all others.
    public ChannelUpdate admission(Member member) throws IOException, NodeException, InterruptedException {
        if (!here.all()) {
            throw new NodeException(
                    "the keys of " + member.name() + " would lie beside those of "
                            + String.join(
                                    ", ",
                                    here.members().stream().map(Member::name).toList()),
                    "its own admin makes them: tally network member keys FILE -o " + member.name() + ".member");
        }
        List<Member> all = new ArrayList<>(topology.members());
        all.add(member);
        backend.check(topology.withMembers(all));
        new MemberKeys(member, folder.member(member.name()), Instant.now()).complete();
        new Rendering(topology, folder).write(member);
        return admission(MemberFile.of(member, folder));
    }

    /// What removes a member.
    public ChannelUpdate removal(Member member) throws IOException, NodeException, InterruptedException {
        Config now = config();
        return towards(now, ConfigChanges.remove(now, topology, member));
    }

    /// What makes the channel refuse identities of a member; the list is written to the member's folder too.
    public ChannelUpdate revocation(Member member, List<X509Certificate> certificates)
            throws IOException, NodeException, InterruptedException {
        RevocationList list = here.keys(member).revoke(certificates);
        new Rendering(topology, folder).write(member);
        Config now = config();
        return towards(now, ConfigChanges.revoke(now, member.name(), list.pem()));
    }

    /// What an update would change of the channel as it is now.
    public List<String> changes(ChannelUpdate update) throws IOException, NodeException, InterruptedException {
        return update.changes(config().getChannelGroup());
    }

    /// The update with the signature of a member's admin, whose key must be here.
    public ChannelUpdate sign(ChannelUpdate update, String member) throws IOException, NodeException {
        if (here.members().stream().noneMatch(one -> one.name().equals(member))) {
            throw new NodeException(
                    "the keys of " + member + " are not in " + folder.path(), "its own admin signs, where they are");
        }
        MemberFolder.Pair admin = folder.member(member).identity(MemberKeys.ADMIN);
        return update.signed(member, Credential.read(admin.certificate(), admin.key()));
    }

    /// Sends an update to be ordered, in the name of a member's admin, and waits until every peer that runs here has
    /// it.
    public void submit(ChannelUpdate update, Member member) throws IOException, NodeException, InterruptedException {
        here.require(member);
        long before = configured().block();
        Path file = OwnerFiles.folder(folder.work()).resolve("submitted.update");
        update.write(file);
        admin(member).update(file);
        progress.says("the orderers took the update, signed by " + String.join(", ", update.signers()));
        Instant end = Instant.now().plus(LONGEST_UPDATE);
        Configured now = configured();
        while (now.block() == before || !everywhere(now)) {
            if (Instant.now().isAfter(end)) {
                throw new NodeException(
                        "the orderers took the update, but not every peer has it after " + LONGEST_UPDATE.toSeconds()
                                + " s",
                        "tally network status");
            }
            Thread.sleep(BETWEEN_LOOKS);
            now = configured();
        }
    }

    /// Whether every peer of a member that runs has the block.
    private boolean everywhere(Configured now) throws IOException, NodeException, InterruptedException {
        List<String> members = ConfigChanges.members(now.config());
        Set<String> running = nodes.running();
        for (Peer peer : topology.peers()) {
            boolean concerned = members.contains(topology.memberOf(peer).name()) && running.contains(peer.name());
            OptionalLong height = concerned ? nodes.height(peer) : OptionalLong.empty();
            if (height.isPresent() && height.getAsLong() <= now.block()) {
                return false;
            }
        }
        return true;
    }
}
