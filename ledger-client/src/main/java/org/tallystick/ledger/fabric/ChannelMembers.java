package org.tallystick.ledger.fabric;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Metadata;
import org.hyperledger.fabric.protos.common.OrdererBlockMetadata;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.MSPConfig;

/// The members of the channel, as its newest configuration names them, in order.
record ChannelMembers(List<String> members) {

    private static final String APPLICATION = "Application";
    private static final String MSP = "MSP";

    ChannelMembers {
        members = List.copyOf(members);
    }

    /// @param config a configuration block
    static ChannelMembers of(Block config) throws InvalidProtocolBufferException {
        Payload payload = Payload.parseFrom(
                Envelope.parseFrom(config.getData().getData(0)).getPayload());
        ConfigGroup application = ConfigEnvelope.parseFrom(payload.getData())
                .getConfig()
                .getChannelGroup()
                .getGroupsOrDefault(APPLICATION, ConfigGroup.getDefaultInstance());
        TreeSet<String> members = new TreeSet<>();
        for (ConfigGroup organization : application.getGroupsMap().values()) {
            if (organization.containsValues(MSP)) {
                MSPConfig msp =
                        MSPConfig.parseFrom(organization.getValuesOrThrow(MSP).getValue());
                members.add(FabricMSPConfig.parseFrom(msp.getConfig()).getName());
            }
        }
        return new ChannelMembers(List.copyOf(members));
    }

    /// The number of the configuration block that counts at this block.
    static long configOf(Block block) throws InvalidProtocolBufferException {
        if (block.getHeader().getNumber() == 0) {
            return 0;
        }
        Metadata signatures = Metadata.parseFrom(block.getMetadata().getMetadata(BlockMetadataIndex.SIGNATURES_VALUE));
        return OrdererBlockMetadata.parseFrom(signatures.getValue())
                .getLastConfig()
                .getIndex();
    }

    /// Whom to ask for endorsements: the hosts, then the member at whose peer this is, then others, up to a majority.
    ///
    /// @return nobody if none of the hosts is a member: then the peer chooses
    List<String> endorsers(Set<String> hosts, String own) {
        List<String> ordered = new ArrayList<>(members);
        if (ordered.remove(own)) {
            ordered.addFirst(own);
        }
        return members.stream().noneMatch(hosts::contains) ? List.of() : majority(hosts, ordered);
    }

    /// Whom to ask when the own member cannot endorse, in the same order.
    ///
    /// @return nobody if the others are no majority
    List<String> endorsersWithout(String own, Set<String> hosts) {
        List<String> others =
                members.stream().filter(member -> !member.equals(own)).toList();
        return others.size() < majority() ? List.of() : majority(hosts, others);
    }

    private int majority() {
        return members.size() / 2 + 1;
    }

    private List<String> majority(Set<String> hosts, List<String> ordered) {
        List<String> chosen = new ArrayList<>(
                ordered.stream().filter(hosts::contains).sorted().toList());
        for (String other : ordered) {
            if (chosen.size() < majority() && !hosts.contains(other)) {
                chosen.add(other);
            }
        }
        return List.copyOf(chosen);
    }
}
