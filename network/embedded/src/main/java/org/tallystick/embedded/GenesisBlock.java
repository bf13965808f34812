package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockDataHashingStructure;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.Capabilities;
import org.hyperledger.fabric.protos.common.Capability;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Config;
import org.hyperledger.fabric.protos.common.ConfigEnvelope;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.ConfigPolicy;
import org.hyperledger.fabric.protos.common.ConfigValue;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HashingAlgorithm;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.ImplicitMetaPolicy;
import org.hyperledger.fabric.protos.common.MSPPrincipal;
import org.hyperledger.fabric.protos.common.MSPRole;
import org.hyperledger.fabric.protos.common.Metadata;
import org.hyperledger.fabric.protos.common.OrdererAddresses;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.Policy;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.common.SignaturePolicy;
import org.hyperledger.fabric.protos.common.SignaturePolicyEnvelope;
import org.hyperledger.fabric.protos.msp.FabricCryptoConfig;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.FabricNodeOUs;
import org.hyperledger.fabric.protos.msp.FabricOUIdentifier;
import org.hyperledger.fabric.protos.msp.MSPConfig;
import org.hyperledger.fabric.protos.orderer.BatchSize;
import org.hyperledger.fabric.protos.orderer.BatchTimeout;
import org.hyperledger.fabric.protos.orderer.ConsensusType;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/// Makes block 0: the channel's configuration with every member's certificate authority, in the form `configtxgen`
/// gives it, so that an auditor who has the blocks needs nothing else of this ledger.
final class GenesisBlock {
    static final String APPLICATION = "Application";
    static final String ORDERER = "Orderer";
    static final String MSP = "MSP";

    private static final String ADMINS = "Admins";
    private static final int NONCE_BYTES = 24;

    /// As `configtxgen` writes it: one hash over all of a block's data.
    private static final int UNBOUNDED_WIDTH = -1;

    private final String channel;
    private final Keyring keys;
    private final BatchLimits batch;

    private GenesisBlock(String channel, Keyring keys, BatchLimits batch) {
        this.channel = channel;
        this.keys = keys;
        this.batch = batch;
    }

    static Block of(String channel, Keyring keys, BatchLimits batch, Instant now) {
        return new GenesisBlock(channel, keys, batch).block(now);
    }

    private Block block(Instant now) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        var signature = SignatureHeader.newBuilder().setNonce(ByteString.copyFrom(nonce));
        var header = ChannelHeader.newBuilder()
                .setType(HeaderType.CONFIG_VALUE)
                .setVersion(1)
                .setChannelId(channel)
                .setTimestamp(Timestamp.newBuilder().setSeconds(now.getEpochSecond()))
                .setTxId(Sha256.hex(Sha256.of(signature.getNonce())));
        var payload = Payload.newBuilder()
                .setHeader(Header.newBuilder()
                        .setChannelHeader(header.build().toByteString())
                        .setSignatureHeader(signature.build().toByteString()))
                .setData(ConfigEnvelope.newBuilder()
                        .setConfig(Config.newBuilder().setChannelGroup(channelGroup()))
                        .build()
                        .toByteString());
        var data = BlockData.newBuilder()
                .addData(Envelope.newBuilder()
                        .setPayload(payload.build().toByteString())
                        .build()
                        .toByteString())
                .build();
        return Block.newBuilder()
                .setHeader(BlockHeader.newBuilder().setNumber(0).setDataHash(BlockHashes.ofData(data)))
                .setData(data)
                .setMetadata(metadata())
                .build();
    }

    private static BlockMetadata metadata() {
        ByteString none = Metadata.getDefaultInstance().toByteString();
        return BlockMetadata.newBuilder()
                .addMetadata(none)
                .addMetadata(none)
                .addMetadata(ByteString.copyFrom(new byte[] {TxValidationCode.VALID_VALUE}))
                .addMetadata(ByteString.EMPTY)
                .addMetadata(ByteString.EMPTY)
                .build();
    }

    private ConfigGroup channelGroup() {
        return group(policies("Channel"))
                .putValues(
                        "HashingAlgorithm", value(HashingAlgorithm.newBuilder().setName("SHA256")))
                .putValues(
                        "BlockDataHashingStructure",
                        value(BlockDataHashingStructure.newBuilder().setWidth(UNBOUNDED_WIDTH)))
                .putValues("Capabilities", capability("V3_0"))
                .putGroups(ORDERER, ordererGroup())
                .putGroups(APPLICATION, applicationGroup())
                .build();
    }

    private ConfigGroup ordererGroup() {
        return group(policies(ORDERER))
                .putPolicies("BlockValidation", implicit(ImplicitMetaPolicy.Rule.ANY, "Writers"))
                .putValues("ConsensusType", value(ConsensusType.newBuilder().setType("solo")))
                .putValues(
                        "BatchSize",
                        value(BatchSize.newBuilder()
                                .setMaxMessageCount(batch.count())
                                .setPreferredMaxBytes(batch.preferredBytes())
                                .setAbsoluteMaxBytes(batch.absoluteBytes())))
                .putValues(
                        "BatchTimeout",
                        value(BatchTimeout.newBuilder()
                                .setTimeout(batch.timeout().toMillis() + "ms")))
                .putValues("Capabilities", capability("V2_0"))
                .putGroups(
                        Keyring.ORDERER_ORGANIZATION,
                        organization(
                                        Keyring.ORDERER_ORGANIZATION,
                                        keys.orderer().ca())
                                .putValues(
                                        "Endpoints",
                                        value(OrdererAddresses.newBuilder().addAddresses("127.0.0.1:7050")))
                                .build())
                .build();
    }

    private ConfigGroup applicationGroup() {
        var application = group(policies(APPLICATION))
                .putPolicies("Endorsement", implicit(ImplicitMetaPolicy.Rule.MAJORITY, "Endorsement"))
                .putPolicies("LifecycleEndorsement", implicit(ImplicitMetaPolicy.Rule.MAJORITY, "Endorsement"))
                .putValues("Capabilities", capability("V2_5"));
        for (Keyring.MemberKeys member : keys.members()) {
            application.putGroups(
                    member.member(),
                    organization(member.member(), member.ca())
                            .putPolicies("Endorsement", anyOf(member.member(), MSPRole.MSPRoleType.PEER))
                            .build());
        }
        return application.build();
    }

    private static ConfigGroup.Builder organization(String name, Credential authority) {
        ByteString root = ByteString.copyFromUtf8(Credential.pem(authority.certificate()));
        var msp = FabricMSPConfig.newBuilder()
                .setName(name)
                .addRootCerts(root)
                .setCryptoConfig(FabricCryptoConfig.newBuilder()
                        .setSignatureHashFamily("SHA2")
                        .setIdentityIdentifierHashFunction("SHA256"))
                .setFabricNodeOus(FabricNodeOUs.newBuilder()
                        .setEnable(true)
                        .setClientOuIdentifier(unit(NodeRole.CLIENT, root))
                        .setPeerOuIdentifier(unit(NodeRole.PEER, root))
                        .setAdminOuIdentifier(unit(NodeRole.ADMIN, root))
                        .setOrdererOuIdentifier(unit(NodeRole.ORDERER, root)));
        boolean orders = name.equals(Keyring.ORDERER_ORGANIZATION);
        var readers = orders
                ? List.of(MSPRole.MSPRoleType.MEMBER)
                : List.of(MSPRole.MSPRoleType.ADMIN, MSPRole.MSPRoleType.PEER, MSPRole.MSPRoleType.CLIENT);
        var writers = orders ? readers : List.of(MSPRole.MSPRoleType.ADMIN, MSPRole.MSPRoleType.CLIENT);
        return ConfigGroup.newBuilder()
                .setModPolicy(ADMINS)
                .putValues(
                        MSP, value(MSPConfig.newBuilder().setConfig(msp.build().toByteString())))
                .putPolicies("Readers", anyOf(name, readers.toArray(MSPRole.MSPRoleType[]::new)))
                .putPolicies("Writers", anyOf(name, writers.toArray(MSPRole.MSPRoleType[]::new)))
                .putPolicies(ADMINS, anyOf(name, MSPRole.MSPRoleType.ADMIN));
    }

    private static FabricOUIdentifier unit(NodeRole role, ByteString authority) {
        return FabricOUIdentifier.newBuilder()
                .setOrganizationalUnitIdentifier(role.unit())
                .setCertificate(authority)
                .build();
    }

    private record NamedPolicy(String name, ConfigPolicy policy) {}

    private static List<NamedPolicy> policies(String group) {
        var admins = group.equals(ORDERER) ? ImplicitMetaPolicy.Rule.ANY : ImplicitMetaPolicy.Rule.MAJORITY;
        return List.of(
                new NamedPolicy("Readers", implicit(ImplicitMetaPolicy.Rule.ANY, "Readers")),
                new NamedPolicy("Writers", implicit(ImplicitMetaPolicy.Rule.ANY, "Writers")),
                new NamedPolicy(ADMINS, implicit(admins, ADMINS)));
    }

    private static ConfigGroup.Builder group(List<NamedPolicy> policies) {
        var group = ConfigGroup.newBuilder().setModPolicy(ADMINS);
        policies.forEach(named -> group.putPolicies(named.name(), named.policy()));
        return group;
    }

    private static ConfigValue value(Message.Builder value) {
        return ConfigValue.newBuilder()
                .setModPolicy(ADMINS)
                .setValue(value.build().toByteString())
                .build();
    }

    private static ConfigValue capability(String name) {
        return value(Capabilities.newBuilder().putCapabilities(name, Capability.getDefaultInstance()));
    }

    private static ConfigPolicy implicit(ImplicitMetaPolicy.Rule rule, String subPolicy) {
        return policy(
                Policy.PolicyType.IMPLICIT_META,
                ImplicitMetaPolicy.newBuilder().setRule(rule).setSubPolicy(subPolicy));
    }

    /// A signature of one identity of the organization that has one of the roles.
    private static ConfigPolicy anyOf(String organization, MSPRole.MSPRoleType... roles) {
        var envelope = SignaturePolicyEnvelope.newBuilder();
        var any = SignaturePolicy.NOutOf.newBuilder().setN(1);
        for (MSPRole.MSPRoleType role : roles) {
            any.addRules(SignaturePolicy.newBuilder().setSignedBy(envelope.getIdentitiesCount()));
            envelope.addIdentities(MSPPrincipal.newBuilder()
                    .setPrincipalClassification(MSPPrincipal.Classification.ROLE)
                    .setPrincipal(MSPRole.newBuilder()
                            .setMspIdentifier(organization)
                            .setRole(role)
                            .build()
                            .toByteString()));
        }
        return policy(
                Policy.PolicyType.SIGNATURE,
                envelope.setRule(SignaturePolicy.newBuilder().setNOutOf(any)));
    }

    private static ConfigPolicy policy(Policy.PolicyType type, Message.Builder value) {
        return ConfigPolicy.newBuilder()
                .setModPolicy(ADMINS)
                .setPolicy(Policy.newBuilder()
                        .setType(type.getNumber())
                        .setValue(value.build().toByteString()))
                .build();
    }
}
