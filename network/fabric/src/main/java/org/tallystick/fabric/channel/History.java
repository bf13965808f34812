package org.tallystick.fabric.channel;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.ConfigSignature;
import org.hyperledger.fabric.protos.common.ConfigUpdateEnvelope;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs;
import org.hyperledger.fabric.protos.peer.lifecycle.CommitChaincodeDefinitionArgs;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.fabric.node.NodeException;

/// Who changed the channel, block by block: members admitted and removed, identities revoked, policies and the
/// chaincode
/// changed. Business transactions are left out.
///
/// Blocks are given in order, beginning with the first.
public final class History {

    private static final String LIFECYCLE = "_lifecycle";

    private ConfigGroup channel = ConfigGroup.getDefaultInstance();

    /// One deed.
    ///
    /// @param by the members that signed it
    /// @param what in words
    /// @param valid whether it took effect
    public record Deed(long block, int transaction, Instant time, List<String> by, String what, boolean valid) {
        public Deed {
            by = List.copyOf(by);
        }
    }

    /// What the next block did.
    public List<Deed> next(Bytes bytes) throws NodeException {
        try {
            return deeds(Block.parseFrom(bytes.toArray()));
        } catch (InvalidProtocolBufferException e) {
            throw new NodeException("a peer sent no block: " + e.getMessage());
        }
    }

    private List<Deed> deeds(Block block) throws InvalidProtocolBufferException {
        List<Deed> all = new ArrayList<>();
        ByteString codes = block.getMetadata().getMetadataCount() > BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE
                ? block.getMetadata().getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE)
                : ByteString.EMPTY;
        for (int i = 0; i < block.getData().getDataCount(); i++) {
            Payload payload = Payload.parseFrom(
                    Envelope.parseFrom(block.getData().getData(i)).getPayload());
            ChannelHeader header = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
            Instant time = Instant.ofEpochSecond(
                    header.getTimestamp().getSeconds(), header.getTimestamp().getNanos());
            boolean valid = i >= codes.size() || codes.byteAt(i) == 0;
            switch (header.getType()) {
                case HeaderType.CONFIG_VALUE -> {
                    ConfigEnvelope config = ConfigEnvelope.parseFrom(payload.getData());
                    List<String> by = signers(config);
                    for (String what : changes(config)) {
                        all.add(new Deed(block.getHeader().getNumber(), i, time, by, what, valid));
                    }
                }
                case HeaderType.ENDORSER_TRANSACTION_VALUE -> {
                    String by = creator(payload.getHeader().getSignatureHeader());
                    for (String what : lifecycle(payload)) {
                        all.add(new Deed(block.getHeader().getNumber(), i, time, List.of(by), what, valid));
                    }
                }
                default -> {
                    // Nothing else changes the channel.
                }
            }
        }
        return all;
    }

    private static List<String> signers(ConfigEnvelope config) throws InvalidProtocolBufferException {
        if (!config.hasLastUpdate()) {
            return List.of();
        }
        Payload update = Payload.parseFrom(config.getLastUpdate().getPayload());
        TreeSet<String> all = new TreeSet<>();
        for (ConfigSignature signature :
                ConfigUpdateEnvelope.parseFrom(update.getData()).getSignaturesList()) {
            all.add(creator(signature.getSignatureHeader()));
        }
        return List.copyOf(all);
    }

    private static String creator(ByteString signatureHeader) throws InvalidProtocolBufferException {
        return SerializedIdentity.parseFrom(
                        SignatureHeader.parseFrom(signatureHeader).getCreator())
                .getMspid();
    }

    private List<String> changes(ConfigEnvelope config) {
        ConfigGroup now = config.getConfig().getChannelGroup();
        List<String> all = new ArrayList<>();
        if (channel.equals(ConfigGroup.getDefaultInstance())) {
            all.add("founds the channel with "
                    + String.join(
                            ", ",
                            new TreeSet<>(now.getGroupsOrThrow("Application")
                                    .getGroupsMap()
                                    .keySet())));
        } else {
            compare("Channel", channel, now, all);
        }
        channel = now;
        return all;
    }

    private static void compare(String at, ConfigGroup before, ConfigGroup after, List<String> all) {
        differences(before.getGroupsMap(), after.getGroupsMap()).forEach((name, difference) -> {
            String place = at + "/" + name;
            switch (difference) {
                case ADDED -> all.add("admits " + place);
                case REMOVED -> all.add("removes " + place);
                case CHANGED -> compare(place, before.getGroupsOrThrow(name), after.getGroupsOrThrow(name), all);
            }
        });
        values(at, differences(before.getValuesMap(), after.getValuesMap()), all);
        values(at, differences(before.getPoliciesMap(), after.getPoliciesMap()), all);
    }

    private static void values(String at, Map<String, Difference> differences, List<String> all) {
        differences.forEach((name, difference) -> all.add(switch (difference) {
                    case ADDED -> "adds ";
                    case REMOVED -> "removes ";
                    case CHANGED -> "changes ";
                }
                + at + "/" + name));
    }

    private enum Difference {
        ADDED,
        REMOVED,
        CHANGED
    }

    private static <V> Map<String, Difference> differences(Map<String, V> before, Map<String, V> after) {
        Map<String, Difference> all = new TreeMap<>();
        before.forEach((name, value) -> {
            if (!after.containsKey(name)) {
                all.put(name, Difference.REMOVED);
            } else if (!value.equals(after.get(name))) {
                all.put(name, Difference.CHANGED);
            }
        });
        after.keySet().stream()
                .filter(name -> !before.containsKey(name))
                .forEach(name -> all.put(name, Difference.ADDED));
        return all;
    }

    private static List<String> lifecycle(Payload payload) throws InvalidProtocolBufferException {
        List<String> all = new ArrayList<>();
        for (var action : Transaction.parseFrom(payload.getData()).getActionsList()) {
            ChaincodeProposalPayload proposal = ChaincodeProposalPayload.parseFrom(
                    ChaincodeActionPayload.parseFrom(action.getPayload()).getChaincodeProposalPayload());
            var spec = ChaincodeInvocationSpec.parseFrom(proposal.getInput()).getChaincodeSpec();
            List<ByteString> arguments = spec.getInput().getArgsList();
            if (spec.getChaincodeId().getName().equals(LIFECYCLE) && arguments.size() == 2) {
                all.add(lifecycle(arguments.get(0).toStringUtf8(), arguments.get(1)));
            }
        }
        return all;
    }

    private static String lifecycle(String function, ByteString argument) throws InvalidProtocolBufferException {
        return switch (function) {
            case "ApproveChaincodeDefinitionForMyOrg" -> {
                var approved = ApproveChaincodeDefinitionForMyOrgArgs.parseFrom(argument);
                yield "approves " + approved.getName() + " " + approved.getVersion() + ", sequence "
                        + approved.getSequence();
            }
            case "CommitChaincodeDefinition" -> {
                var committed = CommitChaincodeDefinitionArgs.parseFrom(argument);
                yield "commits " + committed.getName() + " " + committed.getVersion() + ", sequence "
                        + committed.getSequence();
            }
            default -> "calls " + LIFECYCLE + " " + function;
        };
    }
}
