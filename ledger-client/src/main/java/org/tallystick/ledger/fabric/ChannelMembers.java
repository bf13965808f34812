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
        List<String> chosen =
                new ArrayList<>(members.stream().filter(hosts::contains).toList());
        if (chosen.isEmpty()) {
            return List.of();
        }
        List<String> others = new ArrayList<>(members);
        if (others.remove(own)) {
            others.addFirst(own);
        }
        others.removeAll(chosen);
        int majority = members.size() / 2 + 1;
        for (String other : others) {
            if (chosen.size() < majority) {
                chosen.add(other);
            }
        }
        return List.copyOf(chosen);
    }
}
