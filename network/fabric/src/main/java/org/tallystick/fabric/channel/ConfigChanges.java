package org.tallystick.fabric.channel;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.List;
import org.hyperledger.fabric.protos.common.Config;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.ConfigValue;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.MSPConfig;
import org.hyperledger.fabric.protos.orderer.ConsensusType;
import org.hyperledger.fabric.protos.orderer.etcdraft.ConfigMetadata;
import org.hyperledger.fabric.protos.orderer.etcdraft.Consenter;
import org.tallystick.fabric.files.NetworkFolder.PublicFolder;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Bft;
import org.tallystick.fabric.topology.Topology.Member;

/// What members may want to be otherwise: each takes a configuration and gives the one that is wanted.
public final class ConfigChanges {

    private static final String APPLICATION = "Application";
    private static final String ORDERER = "Orderer";
    private static final String MSP = "MSP";
    private static final String CONSENSUS = "ConsensusType";

    private ConfigChanges() {}

    /// The channel with one more member. It runs no orderers yet.
    public static Config admit(Config config, Member member, PublicFolder open) throws IOException, NodeException {
        if (members(config).contains(member.name())) {
            throw new NodeException(member.name() + " is a member already");
        }
        if (!member.orderers().isEmpty()) {
            throw new NodeException(
                    member.name() + " would bring " + member.orderers().size() + " orderers along",
                    "a new member comes with peers only; orderers of its own are not supported yet");
        }
        ConfigGroup application = group(config, APPLICATION);
        return with(
                config,
                APPLICATION,
                application.toBuilder()
                        .putGroups(member.name(), MemberGroup.of(member, open))
                        .build());
    }

    /// The channel without a member: its peers endorse no longer, its identities may do nothing, its orderer is out.
    public static Config remove(Config config, Topology topology, Member member) throws NodeException {
        if (!members(config).contains(member.name())) {
            throw new NodeException(member.name() + " is not a member of the channel");
        }
        Config without = with(
                config,
                APPLICATION,
                group(config, APPLICATION).toBuilder()
                        .removeGroups(member.name())
                        .build());
        ConfigGroup ordering = group(config, ORDERER);
        if (!ordering.containsGroups(member.name())) {
            return without;
        }
        if (topology.consensus() instanceof Bft || member.orderers().size() != 1) {
            throw new NodeException(
                    "the orderers of " + member.name() + " cannot be taken out of the channel (it runs "
                            + member.orderers().size() + ")",
                    "so far only a member with one orderer, of a channel ordered by raft, can be removed");
        }
        return with(
                without,
                ORDERER,
                ordering.toBuilder()
                        .removeGroups(member.name())
                        .putValues(CONSENSUS, withoutConsenter(ordering.getValuesOrThrow(CONSENSUS), member))
                        .build());
    }

    private static ConfigValue withoutConsenter(ConfigValue value, Member member) throws NodeException {
        try {
            ConsensusType consensus = ConsensusType.parseFrom(value.getValue());
            ConfigMetadata metadata = ConfigMetadata.parseFrom(consensus.getMetadata());
            List<Consenter> stay = metadata.getConsentersList().stream()
                    .filter(consenter -> member.orderers().stream()
                            .noneMatch(orderer -> orderer.host().equals(consenter.getHost())
                                    && orderer.port() == consenter.getPort()))
                    .toList();
            if (stay.isEmpty() || stay.size() == metadata.getConsentersCount()) {
                throw new NodeException("of " + metadata.getConsentersCount() + " orderers " + stay.size()
                        + " would be left without " + member.name());
            }
            ConfigMetadata left = metadata.toBuilder()
                    .clearConsenters()
                    .addAllConsenters(stay)
                    .build();
            return value.toBuilder()
                    .setValue(consensus.toBuilder()
                            .setMetadata(left.toByteString())
                            .build()
                            .toByteString())
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new NodeException("the channel's configuration of its orderers is not raft's: " + e.getMessage());
        }
    }

    /// The channel with another revocation list of a member, wherever the member's MSP stands.
    public static Config revoke(Config config, String member, String list) throws NodeException {
        if (!members(config).contains(member)) {
            throw new NodeException(member + " is not a member of the channel");
        }
        Config changed = config;
        for (String of : List.of(APPLICATION, ORDERER)) {
            ConfigGroup group = group(changed, of);
            if (group.containsGroups(member)) {
                ConfigGroup own = group.getGroupsOrThrow(member);
                changed = with(
                        changed,
                        of,
                        group.toBuilder()
                                .putGroups(
                                        member,
                                        own.toBuilder()
                                                .putValues(MSP, revoked(own.getValuesOrThrow(MSP), list))
                                                .build())
                                .build());
            }
        }
        return changed;
    }

    private static ConfigValue revoked(ConfigValue value, String list) throws NodeException {
        try {
            MSPConfig msp = MSPConfig.parseFrom(value.getValue());
            FabricMSPConfig fabric = FabricMSPConfig.parseFrom(msp.getConfig()).toBuilder()
                    .clearRevocationList()
                    .addRevocationList(ByteString.copyFromUtf8(list))
                    .build();
            return value.toBuilder()
                    .setValue(msp.toBuilder()
                            .setConfig(fabric.toByteString())
                            .build()
                            .toByteString())
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new NodeException("the channel has no MSP of Fabric's: " + e.getMessage());
        }
    }

    /// Who is a member.
    public static List<String> members(Config config) {
        return group(config, APPLICATION).getGroupsMap().keySet().stream()
                .sorted()
                .toList();
    }

    private static ConfigGroup group(Config config, String name) {
        return config.getChannelGroup().getGroupsOrThrow(name);
    }

    private static Config with(Config config, String name, ConfigGroup group) {
        return config.toBuilder()
                .setChannelGroup(config.getChannelGroup().toBuilder().putGroups(name, group))
                .build();
    }
}
