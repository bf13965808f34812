package org.tallystick.ledger.fabric;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.util.List;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.BlockMetadata;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeSpec;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.tallystick.agreement.bytes.Bytes;

/// Blocks as a peer delivers them, without signatures: the reader does not look at those.
final class Blocks {

    static final String CHANNEL = "tallystick";
    static final String CHAINCODE = "tallystick";
    static final long TIMESTAMP = 1_767_225_600; // 2026-01-01

    private Blocks() {}

    /// What differs between the transactions of the tests.
    record Sent(String channel, String chaincode, String id, List<Bytes> call, String response, String event) {
        static final Sent OURS = new Sent(
                CHANNEL,
                CHAINCODE,
                "tx1",
                List.of(Bytes.ofUtf8("submit"), Bytes.ofUtf8("one")),
                "{\"response\":\"1\"}",
                "{\"event\":\"1\"}");

        Sent calling(List<Bytes> other) {
            return new Sent(channel, chaincode, id, other, response, event);
        }

        Sent ofChannel(String other) {
            return new Sent(other, chaincode, id, call, response, event);
        }

        Sent ofChaincode(String other) {
            return new Sent(channel, other, id, call, response, event);
        }

        Sent withId(String other) {
            return new Sent(channel, chaincode, other, call, response, event);
        }

        Sent answering(String other) {
            return new Sent(channel, chaincode, id, call, other, event);
        }

        ByteString envelope() {
            ChannelHeader header = ChannelHeader.newBuilder()
                    .setType(HeaderType.ENDORSER_TRANSACTION_VALUE)
                    .setChannelId(channel)
                    .setTxId(id)
                    .setTimestamp(Timestamp.newBuilder().setSeconds(TIMESTAMP))
                    .build();
            return Envelope.newBuilder()
                    .setPayload(Payload.newBuilder()
                            .setHeader(Header.newBuilder().setChannelHeader(header.toByteString()))
                            .setData(transaction().toByteString())
                            .build()
                            .toByteString())
                    .setSignature(text("signature"))
                    .build()
                    .toByteString();
        }

        private Transaction transaction() {
            ChaincodeInput input = ChaincodeInput.newBuilder()
                    .addAllArgs(call.stream()
                            .map(part -> ByteString.copyFrom(part.toArray()))
                            .toList())
                    .build();
            ChaincodeInvocationSpec spec = ChaincodeInvocationSpec.newBuilder()
                    .setChaincodeSpec(ChaincodeSpec.newBuilder().setInput(input))
                    .build();
            ChaincodeEvent named =
                    ChaincodeEvent.newBuilder().setPayload(text(event)).build();
            ChaincodeAction action = ChaincodeAction.newBuilder()
                    .setChaincodeId(ChaincodeID.newBuilder().setName(chaincode))
                    .setResponse(Response.newBuilder().setStatus(200).setPayload(text(response)))
                    .setEvents(event.isEmpty() ? ByteString.EMPTY : named.toByteString())
                    .build();
            ProposalResponsePayload endorsed = ProposalResponsePayload.newBuilder()
                    .setExtension(action.toByteString())
                    .build();
            ChaincodeActionPayload payload = ChaincodeActionPayload.newBuilder()
                    .setChaincodeProposalPayload(ChaincodeProposalPayload.newBuilder()
                            .setInput(spec.toByteString())
                            .build()
                            .toByteString())
                    .setAction(ChaincodeEndorsedAction.newBuilder().setProposalResponsePayload(endorsed.toByteString()))
                    .build();
            return Transaction.newBuilder()
                    .addActions(TransactionAction.newBuilder().setPayload(payload.toByteString()))
                    .build();
        }
    }

    static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }

    static Block block(long number, List<ByteString> envelopes, TxValidationCode... codes) {
        BlockData data = BlockData.newBuilder().addAllData(envelopes).build();
        byte[] filter = new byte[codes.length];
        for (int i = 0; i < codes.length; i++) {
            filter[i] = (byte) codes[i].getNumber();
        }
        byte[] previous = new byte[number == 0 ? 0 : 32];
        return Block.newBuilder()
                .setHeader(BlockHeader.newBuilder()
                        .setNumber(number)
                        .setPreviousHash(ByteString.copyFrom(previous))
                        .setDataHash(ByteString.copyFrom(
                                BlockHash.ofData(data).bytes().toArray())))
                .setData(data)
                .setMetadata(BlockMetadata.newBuilder()
                        .addMetadata(text("signatures"))
                        .addMetadata(ByteString.EMPTY)
                        .addMetadata(ByteString.copyFrom(filter)))
                .build();
    }

    static Bytes bytes(Block block) {
        return Bytes.copyOf(block.toByteArray());
    }
}
