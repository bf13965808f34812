package org.tallystick.acceptance.stock;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.grpc.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Signer;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.gateway.ProposedTransaction;
import org.hyperledger.fabric.protos.peer.Proposal;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.Ledger;

/// A call whose proposal is dated otherwise than now, as far as peers allow: an epoch takes an hour, and nobody waits
/// so
/// long.
///
/// @param later than now; negative for a time that has passed
public record DatedCall(String channel, String chaincode, Ledger.Call call, Duration later) {

    /// Has it endorsed, sends it, and waits for its block.
    ///
    /// @param identities where the member's identity is found by its name
    /// @return Fabric's name of the validation code
    public String commit(Channel connection, String member, Path identities, String name) throws IOException {
        try {
            return commit(
                    connection,
                    new X509Identity(
                            member,
                            Identities.readX509Certificate(Files.readString(identities.resolve(name + ".pem")))),
                    Signers.newPrivateKeySigner(
                            Identities.readPrivateKey(Files.readString(identities.resolve(name + ".key")))));
        } catch (GatewayException e) {
            throw new IOException(call.function() + " came to no block: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IOException(name + " of " + member + " does not sign: " + e.getMessage(), e);
        }
    }

    private String commit(Channel connection, X509Identity identity, Signer signer)
            throws GatewayException, GeneralSecurityException, InvalidProtocolBufferException {
        try (Gateway gateway = Gateway.newInstance()
                .identity(identity)
                .signer(signer)
                .connection(connection)
                .connect()) {
            ProposedTransaction proposed = dated(gateway.getNetwork(channel)
                    .getContract(chaincode)
                    .newProposal(call.function())
                    .addArguments(call.arguments().stream().map(Bytes::toArray).toArray(byte[][]::new))
                    .build()
                    .getBytes());
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(proposed.getProposal().getProposalBytes().toByteArray());
            return gateway.newSignedProposal(proposed.toByteArray(), signer.sign(digest))
                    .endorse()
                    .submitAsync()
                    .getStatus()
                    .getCode()
                    .name();
        }
    }

    private ProposedTransaction dated(byte[] made) throws InvalidProtocolBufferException {
        ProposedTransaction proposed = ProposedTransaction.parseFrom(made);
        Proposal proposal = Proposal.parseFrom(proposed.getProposal().getProposalBytes());
        Header header = Header.parseFrom(proposal.getHeader());
        ChannelHeader now = ChannelHeader.parseFrom(header.getChannelHeader());
        Timestamp moved = now.getTimestamp().toBuilder()
                .setSeconds(now.getTimestamp().getSeconds() + later.toSeconds())
                .build();
        ByteString headers = header.toBuilder()
                .setChannelHeader(now.toBuilder().setTimestamp(moved).build().toByteString())
                .build()
                .toByteString();
        ByteString bytes = proposal.toBuilder().setHeader(headers).build().toByteString();
        return proposed.toBuilder()
                .setProposal(proposed.getProposal().toBuilder().setProposalBytes(bytes))
                .build();
    }
}
