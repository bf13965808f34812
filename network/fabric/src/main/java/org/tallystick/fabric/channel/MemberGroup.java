package org.tallystick.fabric.channel;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.ConfigPolicy;
import org.hyperledger.fabric.protos.common.ConfigValue;
import org.hyperledger.fabric.protos.common.MSPPrincipal;
import org.hyperledger.fabric.protos.common.MSPRole;
import org.hyperledger.fabric.protos.common.Policy;
import org.hyperledger.fabric.protos.common.SignaturePolicy;
import org.hyperledger.fabric.protos.common.SignaturePolicyEnvelope;
import org.hyperledger.fabric.protos.msp.FabricCryptoConfig;
import org.hyperledger.fabric.protos.msp.FabricMSPConfig;
import org.hyperledger.fabric.protos.msp.FabricNodeOUs;
import org.hyperledger.fabric.protos.msp.FabricOUIdentifier;
import org.hyperledger.fabric.protos.msp.MSPConfig;
import org.hyperledger.fabric.protos.peer.AnchorPeer;
import org.hyperledger.fabric.protos.peer.AnchorPeers;
import org.tallystick.fabric.files.NetworkFolder.PublicFolder;
import org.tallystick.fabric.pki.Role;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Peer;

/// A member as the channel has it: the same that `configtxgen` makes for the first ones.
final class MemberGroup {

    private static final String ADMINS = "Admins";

    private MemberGroup() {}

    /// @param open what the member shows to the others
    static ConfigGroup of(Member member, PublicFolder open) throws IOException {
        String name = member.name();
        return ConfigGroup.newBuilder()
                .setModPolicy(ADMINS)
                .putValues(
                        "MSP",
                        value(MSPConfig.newBuilder().setConfig(msp(name, open).toByteString())))
                .putValues("AnchorPeers", value(anchors(member)))
                .putPolicies(
                        "Readers",
                        anyOf(name, MSPRole.MSPRoleType.ADMIN, MSPRole.MSPRoleType.PEER, MSPRole.MSPRoleType.CLIENT))
                .putPolicies("Writers", anyOf(name, MSPRole.MSPRoleType.ADMIN, MSPRole.MSPRoleType.CLIENT))
                .putPolicies(ADMINS, anyOf(name, MSPRole.MSPRoleType.ADMIN))
                .putPolicies("Endorsement", anyOf(name, MSPRole.MSPRoleType.PEER))
                .build();
    }

    private static FabricMSPConfig msp(String name, PublicFolder open) throws IOException {
        ByteString authority = file(open.msp().resolve("cacerts/authority.pem"));
        FabricNodeOUs units = FabricNodeOUs.newBuilder()
                .setEnable(true)
                .setClientOuIdentifier(unit(Role.CLIENT, authority))
                .setPeerOuIdentifier(unit(Role.PEER, authority))
                .setAdminOuIdentifier(unit(Role.ADMIN, authority))
                .setOrdererOuIdentifier(unit(Role.ORDERER, authority))
                .build();
        return FabricMSPConfig.newBuilder()
                .setName(name)
                .addRootCerts(authority)
                .addTlsRootCerts(file(open.tlsAuthority()))
                .setFabricNodeOus(units)
                .setCryptoConfig(FabricCryptoConfig.newBuilder()
                        .setSignatureHashFamily("SHA2")
                        .setIdentityIdentifierHashFunction("SHA256"))
                .build();
    }

    private static ByteString file(Path file) throws IOException {
        return ByteString.copyFrom(Files.readAllBytes(file));
    }

    private static FabricOUIdentifier unit(Role role, ByteString authority) {
        return FabricOUIdentifier.newBuilder()
                .setOrganizationalUnitIdentifier(role.unit())
                .setCertificate(authority)
                .build();
    }

    private static AnchorPeers.Builder anchors(Member member) {
        AnchorPeers.Builder anchors = AnchorPeers.newBuilder();
        for (Peer peer : member.peers()) {
            AnchorPeers.Builder _ = anchors.addAnchorPeers(
                    AnchorPeer.newBuilder().setHost(peer.host()).setPort(peer.port()));
        }
        return anchors;
    }

    static ConfigValue value(Message.Builder value) {
        return ConfigValue.newBuilder()
                .setModPolicy(ADMINS)
                .setValue(value.build().toByteString())
                .build();
    }

    private static ConfigPolicy anyOf(String member, MSPRole.MSPRoleType... roles) {
        SignaturePolicyEnvelope.Builder envelope = SignaturePolicyEnvelope.newBuilder();
        SignaturePolicy.NOutOf.Builder any = SignaturePolicy.NOutOf.newBuilder().setN(1);
        for (MSPRole.MSPRoleType role : roles) {
            SignaturePolicy.NOutOf.Builder _ =
                    any.addRules(SignaturePolicy.newBuilder().setSignedBy(envelope.getIdentitiesCount()));
            SignaturePolicyEnvelope.Builder _ = envelope.addIdentities(MSPPrincipal.newBuilder()
                    .setPrincipalClassification(MSPPrincipal.Classification.ROLE)
                    .setPrincipal(MSPRole.newBuilder()
                            .setMspIdentifier(member)
                            .setRole(role)
                            .build()
                            .toByteString()));
        }
        return ConfigPolicy.newBuilder()
                .setModPolicy(ADMINS)
                .setPolicy(Policy.newBuilder()
                        .setType(Policy.PolicyType.SIGNATURE.getNumber())
                        .setValue(envelope.setRule(SignaturePolicy.newBuilder().setNOutOf(any))
                                .build()
                                .toByteString()))
                .build();
    }
}
