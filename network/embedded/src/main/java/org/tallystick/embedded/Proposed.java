package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.Proposal;
import org.hyperledger.fabric.protos.peer.SignedProposal;

/// A client's signed proposal, taken apart and not yet believed; [ProposalCheck] does that.
///
/// @param client the member whose client it says it is from
record Proposed(
        SignedProposal signed,
        Header header,
        ChannelHeader channelHeader,
        SignatureHeader signatureHeader,
        ChaincodeProposalPayload payload,
        String client,
        String chaincode,
        ChaincodeInput input) {

    static Proposed of(SignedProposal signed) throws InvalidProtocolBufferException {
        var proposal = Proposal.parseFrom(signed.getProposalBytes());
        var header = Header.parseFrom(proposal.getHeader());
        var payload = ChaincodeProposalPayload.parseFrom(proposal.getPayload());
        var spec = ChaincodeInvocationSpec.parseFrom(payload.getInput()).getChaincodeSpec();
        var signature = SignatureHeader.parseFrom(header.getSignatureHeader());
        return new Proposed(
                signed,
                header,
                ChannelHeader.parseFrom(header.getChannelHeader()),
                signature,
                payload,
                member(signature),
                spec.getChaincodeId().getName(),
                spec.getInput());
    }

    /// The member that the creator names as its own; bytes that name none are found out by [ProposalCheck].
    private static String member(SignatureHeader header) {
        try {
            return SerializedIdentity.parseFrom(header.getCreator()).getMspid();
        } catch (InvalidProtocolBufferException e) {
            return "";
        }
    }

    String channel() {
        return channelHeader.getChannelId();
    }

    String transactionId() {
        return channelHeader.getTxId();
    }

    Instant timestamp() {
        var timestamp = channelHeader.getTimestamp();
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }

    boolean hasTransientData() {
        return payload.getTransientMapCount() > 0;
    }

    /// The payload as it will stand in the transaction: transient data never leaves the endorsers.
    ByteString payloadWithoutTransientData() {
        return ChaincodeProposalPayload.newBuilder()
                .setInput(payload.getInput())
                .build()
                .toByteString();
    }

    /// What ties endorsements to this proposal.
    ByteString hash() {
        return Sha256.of(header.getChannelHeader(), header.getSignatureHeader(), payloadWithoutTransientData());
    }

    static String transactionId(SignatureHeader header) {
        return Sha256.hex(Sha256.of(header.getNonce(), header.getCreator()));
    }
}
