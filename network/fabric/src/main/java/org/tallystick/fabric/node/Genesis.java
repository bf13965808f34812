package org.tallystick.fabric.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.NetworkFolder.PublicFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Bft;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;
import org.tallystick.fabric.topology.Topology.Raft;
import org.tallystick.fabric.topology.Topology.Rule;

/// The first block of the channel, made by `configtxgen` from what the members show to each other.
public final class Genesis {

    private static final int COMPLAINS_AFTER_REQUESTS = 5;

    private final Topology topology;
    private final NetworkFolder folder;
    private final Binaries binaries;

    public Genesis(Topology topology, NetworkFolder folder, Binaries binaries) {
        this.topology = topology;
        this.folder = folder;
        this.binaries = binaries;
    }

    /// Writes the block if it is not there: a network has one first block for ever.
    ///
    /// @return whether it was written now
    public boolean write() throws IOException, NodeException, InterruptedException {
        if (Files.exists(folder.genesis())) {
            return false;
        }
        OwnerFiles.update(folder.channel().resolve("configtx.yaml"), configuration());
        Path unfinished = folder.channel().resolve("genesis.block");
        String _ = Program.of(
                        binaries.configtxgen(),
                        "-profile",
                        "Tallystick",
                        "-channelID",
                        topology.channel(),
                        "-outputBlock",
                        unfinished.toString())
                .environment("FABRIC_CFG_PATH", folder.channel())
                .run();
        Path _ = Files.move(unfinished, folder.genesis(), StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    String configuration() {
        List<Member> ordering = topology.members().stream()
                .filter(member -> !member.orderers().isEmpty())
                .toList();
        Topology.Batch batch = topology.batch();
        return Template.named("configtx.yaml")
                .lines(
                        "organizations",
                        Stream.concat(
                                        ordering.stream().map(this::orderingMember),
                                        topology.members().stream().map(this::applicationMember))
                                .collect(Collectors.joining())
                                .stripTrailing())
                .lines("ordererType", topology.consensus() instanceof Bft ? "BFT" : "etcdraft")
                .lines("batchTimeout", millis(batch.timeout()))
                .with("messages", batch.messages())
                .lines("absolute", batch.absoluteKib() + " KB")
                .lines("preferred", batch.preferredKib() + " KB")
                .with("admins", rule(topology.policies().admins(), "Admins"))
                .with("lifecycle", rule(topology.policies().lifecycle(), "Endorsement"))
                .with("endorsement", rule(topology.policies().endorsement(), "Endorsement"))
                .lines("orderingMembers", anchors(ordering, "ordering"))
                .lines("applicationMembers", anchors(topology.members(), "member"))
                .lines("consensus", consensus().stripTrailing())
                .filled();
    }

    private String anchors(List<Member> members, String kind) {
        return members.stream().map(member -> "*" + anchor(member, kind)).collect(Collectors.joining(", "));
    }

    private String anchor(Member member, String kind) {
        return kind + topology.members().indexOf(member);
    }

    private static String rule(Rule rule, String of) {
        return rule.name().toUpperCase(Locale.ROOT) + " " + of;
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }

    private String orderingMember(Member member) {
        return Template.named("configtx-ordering-member.yaml")
                .lines("anchor", anchor(member, "ordering"))
                .with("member", member.name())
                .lines("id", member.name())
                .with("msp", folder.open(member.name()).msp())
                .lines(
                        "endpoints",
                        member.orderers().stream()
                                .map(orderer -> '"' + orderer.address() + '"')
                                .collect(Collectors.joining(", ")))
                .filled();
    }

    private String applicationMember(Member member) {
        return Template.named("configtx-member.yaml")
                .lines("anchor", anchor(member, "member"))
                .with("member", member.name())
                .lines("id", member.name())
                .with("msp", folder.open(member.name()).msp())
                .lines("anchorPeers", indented(member.peers(), peer -> anchorPeer(peer)))
                .filled();
    }

    private static String anchorPeer(Peer peer) {
        return "      - {Host: " + peer.host() + ", Port: " + peer.port() + "}";
    }

    private static <T> String indented(List<T> all, Function<T, String> line) {
        return all.stream().map(line).collect(Collectors.joining("\n"));
    }

    private String consensus() {
        return switch (topology.consensus()) {
            case Raft(var tick, var electionTicks) ->
                Template.named("consensus-raft.yaml")
                        .lines("tick", millis(tick))
                        .with("electionTicks", electionTicks)
                        .lines("consenters", indented(topology.orderers(), this::raftConsenter))
                        .filled();
            case Bft(var requestTimeout, var leaderTimeout) ->
                Template.named("consensus-bft.yaml")
                        .lines("requestTimeout", millis(requestTimeout))
                        .lines("complainTimeout", millis(requestTimeout.multipliedBy(COMPLAINS_AFTER_REQUESTS)))
                        .lines("leaderTimeout", millis(leaderTimeout))
                        .lines(
                                "consenters",
                                indented(
                                        IntStream.range(0, topology.orderers().size())
                                                .boxed()
                                                .toList(),
                                        this::bftConsenter))
                        .filled();
        };
    }

    private String raftConsenter(Orderer orderer) {
        return Template.named("consenter-raft.yaml")
                .lines("host", orderer.host())
                .with("port", orderer.port())
                .with("tls", open(orderer).tls(orderer.name()))
                .filled()
                .stripTrailing();
    }

    private String bftConsenter(int index) {
        Orderer orderer = topology.orderers().get(index);
        return Template.named("consenter-bft.yaml")
                .with("id", index + 1L)
                .lines("host", orderer.host())
                .with("port", orderer.port())
                .with("member", topology.memberOf(orderer).name())
                .with("identity", open(orderer).identity(orderer.name()))
                .with("tls", open(orderer).tls(orderer.name()))
                .filled()
                .stripTrailing();
    }

    private PublicFolder open(Orderer orderer) {
        return folder.open(topology.memberOf(orderer).name());
    }
}
