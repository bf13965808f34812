package org.tallystick.embedded;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.MSPConfig;

/// What block 0 says: the channel's name and each member's certificate authority.
record ChannelConfig(String channel, Map<String, X509Certificate> authorities) {

    ChannelConfig {
        authorities = Map.copyOf(authorities);
    }

    static ChannelConfig of(Block genesis) throws IOException {
        try {
            var payload = Payload.parseFrom(
                    Envelope.parseFrom(genesis.getData().getData(0)).getPayload());
            var channel = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
            ConfigGroup application = ConfigEnvelope.parseFrom(payload.getData())
                    .getConfig()
                    .getChannelGroup()
                    .getGroupsOrThrow(GenesisBlock.APPLICATION);
            var authorities = new TreeMap<String, X509Certificate>();
            for (var member : application.getGroupsMap().entrySet()) {
                authorities.put(member.getKey(), authority(member.getValue()));
            }
            return new ChannelConfig(channel.getChannelId(), authorities);
        } catch (InvalidProtocolBufferException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("block 0 is not a channel configuration", e);
        }
    }

    private static X509Certificate authority(ConfigGroup member) throws IOException {
        var msp = MSPConfig.parseFrom(member.getValuesOrThrow(GenesisBlock.MSP).getValue());
        return Credential.certificate(
                FabricMSPConfig.parseFrom(msp.getConfig()).getRootCerts(0).toStringUtf8());
    }
}
