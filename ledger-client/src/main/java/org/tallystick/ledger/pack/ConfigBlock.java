package org.tallystick.ledger.pack;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.MSPConfig;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.ledger.fabric.BlockHash;
import org.tallystick.ledger.fabric.LedgerId;

/// A configuration block: which members the channel has, and whose certificates they vouch for.
///
/// @param bytes header and data; a block's metadata is covered by no hash, and no two peers need have the same
/// @param hash of the header, which names the block
/// @param statedData what the header says the data's hash is
/// @param data the hash of the data
/// @param members by MSP id
public record ConfigBlock(
        long number,
        Bytes bytes,
        Hash hash,
        Bytes previous,
        Bytes statedData,
        Hash data,
        String channel,
        String transaction,
        LedgerTime time,
        SortedMap<String, Authorities> members) {

    private static final String APPLICATION = "Application";
    private static final String MSP = "MSP";

    public ConfigBlock {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }

    /// The certificates a member vouches with, each as it stands in the block: PEM.
    ///
    /// @param revoked certificate revocation lists
    public record Authorities(List<Bytes> roots, List<Bytes> intermediates, List<Bytes> revoked) {
        public Authorities {
            roots = List.copyOf(roots);
            intermediates = List.copyOf(intermediates);
            revoked = List.copyOf(revoked);
        }
    }

    public sealed interface Reading {}

    public record Parsed(ConfigBlock block) implements Reading {}

    /// A block of transactions.
    public record Other() implements Reading {}

    public record Misformed(String text) implements Reading {}

    /// Reads a block as a peer gives it, with or without metadata, which is dropped.
    public static Reading read(Bytes bytes) {
        try {
            Block block = WireForm.parse(Block.parser(), Block.getDescriptor(), ByteString.copyFrom(bytes.toArray()));
            return read(block);
        } catch (WireForm.Misformed e) {
            return new Misformed(String.valueOf(e.getMessage()));
        }
    }

    private static Reading read(Block block) throws WireForm.Misformed {
        List<ByteString> data = block.getData().getDataList();
        if (data.size() != 1) {
            return new Other();
        }
        Envelope envelope = WireForm.parse(Envelope.parser(), Envelope.getDescriptor(), data.getFirst());
        Payload payload = WireForm.parse(Payload.parser(), Payload.getDescriptor(), envelope.getPayload());
        ChannelHeader header = WireForm.parse(
                ChannelHeader.parser(),
                ChannelHeader.getDescriptor(),
                payload.getHeader().getChannelHeader());
        if (header.getType() != HeaderType.CONFIG_VALUE) {
            return new Other();
        }
        ConfigEnvelope config =
                WireForm.parse(ConfigEnvelope.parser(), ConfigEnvelope.getDescriptor(), payload.getData());
        BlockHeader own = block.getHeader();
        if (own.getNumber() < 0) {
            return new Misformed("a block number above 2^63");
        }
        Bytes bare = Bytes.copyOf(block.toBuilder().clearMetadata().build().toByteArray());
        return new Parsed(new ConfigBlock(
                own.getNumber(),
                bare,
                BlockHash.ofHeader(own.getNumber(), bytes(own.getPreviousHash()), bytes(own.getDataHash())),
                bytes(own.getPreviousHash()),
                bytes(own.getDataHash()),
                Hash.of(bytes(data.getFirst())),
                header.getChannelId(),
                header.getTxId(),
                TransactionEnvelope.time(header.getTimestamp()),
                members(config.getConfig().getChannelGroup())));
    }

    private static SortedMap<String, Authorities> members(ConfigGroup channel) throws WireForm.Misformed {
        ConfigGroup application = channel.getGroupsMap().get(APPLICATION);
        if (application == null) {
            throw new WireForm.Misformed("the configuration has no group " + APPLICATION);
        }
        TreeMap<String, Authorities> members = new TreeMap<>();
        for (Map.Entry<String, ConfigGroup> group : application.getGroupsMap().entrySet()) {
            var value = group.getValue().getValuesMap().get(MSP);
            if (value == null) {
                throw new WireForm.Misformed("the group " + group.getKey() + " has no MSP");
            }
            MSPConfig msp = WireForm.parse(MSPConfig.parser(), MSPConfig.getDescriptor(), value.getValue());
            FabricMSPConfig fabric =
                    WireForm.parse(FabricMSPConfig.parser(), FabricMSPConfig.getDescriptor(), msp.getConfig());
            Authorities authorities = new Authorities(
                    all(fabric.getRootCertsList()),
                    all(fabric.getIntermediateCertsList()),
                    all(fabric.getRevocationListList()));
            if (members.put(fabric.getName(), authorities) != null) {
                throw new WireForm.Misformed("the member " + fabric.getName() + " twice");
            }
        }
        return members;
    }

    /// The ledger id that follows from this block if it is the first: `docs/spec/ledger-1.md` section 2.
    public Hash ledger(String chaincode) {
        return LedgerId.of(hash, channel, chaincode);
    }

    private static List<Bytes> all(List<ByteString> list) {
        return list.stream().map(ConfigBlock::bytes).toList();
    }

    private static Bytes bytes(ByteString bytes) {
        return Bytes.copyOf(bytes.toByteArray());
    }
}
