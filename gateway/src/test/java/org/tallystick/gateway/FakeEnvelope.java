package org.tallystick.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeSpec;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.ledger.Ledger;

/// Transactions as they lie in the blocks of the fake: of the right form, and signed by nobody.
final class FakeEnvelope {

    private static final ChaincodeID CHAINCODE =
            ChaincodeID.newBuilder().setName("tallystick").build();
    private static final ByteString CREATOR = SerializedIdentity.newBuilder()
            .setMspid(FakeLedger.MEMBER)
            .setIdBytes(ByteString.copyFromUtf8("no certificate"))
            .build()
            .toByteString();

    private final SignatureHeader signer;

    /// @param number of the transaction, that no other has
    FakeEnvelope(int number) {
        signer = SignatureHeader.newBuilder()
                .setCreator(CREATOR)
                .setNonce(ByteString.copyFromUtf8("transaction " + number))
                .build();
    }

    /// The id of the transaction.
    String id() {
        return Hash.sha256(bytes(signer.getNonce()), bytes(signer.getCreator())).toHex();
    }

    /// @param padding so many bytes in the place of a signature
    Bytes of(LedgerTime time, Ledger.Call call, Done done, int padding) {
        ChannelHeader channel = ChannelHeader.newBuilder()
                .setType(HeaderType.ENDORSER_TRANSACTION_VALUE)
                .setTxId(id())
                .setChannelId("channel")
                .setTimestamp(Timestamp.newBuilder().setSeconds(time.seconds()))
                .setExtension(ChaincodeHeaderExtension.newBuilder()
                        .setChaincodeId(CHAINCODE)
                        .build()
                        .toByteString())
                .build();
        ChaincodeActionPayload action = ChaincodeActionPayload.newBuilder()
                .setChaincodeProposalPayload(asked(call))
                .setAction(ChaincodeEndorsedAction.newBuilder().setProposalResponsePayload(answered(done)))
                .build();
        Transaction transaction = Transaction.newBuilder()
                .addActions(TransactionAction.newBuilder()
                        .setHeader(signer.toByteString())
                        .setPayload(action.toByteString()))
                .build();
        Payload payload = Payload.newBuilder()
                .setHeader(Header.newBuilder()
                        .setChannelHeader(channel.toByteString())
                        .setSignatureHeader(signer.toByteString()))
                .setData(transaction.toByteString())
                .build();
        return bytes(Envelope.newBuilder()
                .setPayload(payload.toByteString())
                .setSignature(ByteString.copyFrom(new byte[padding]))
                .build()
                .toByteString());
    }

    private static ByteString asked(Ledger.Call call) {
        ChaincodeInput.Builder input = ChaincodeInput.newBuilder().addArgs(ByteString.copyFromUtf8(call.function()));
        call.arguments().forEach(argument -> input.addArgs(ByteString.copyFrom(argument.toArray())));
        ChaincodeInvocationSpec spec = ChaincodeInvocationSpec.newBuilder()
                .setChaincodeSpec(
                        ChaincodeSpec.newBuilder().setChaincodeId(CHAINCODE).setInput(input))
                .build();
        return ChaincodeProposalPayload.newBuilder()
                .setInput(spec.toByteString())
                .build()
                .toByteString();
    }

    private ByteString answered(Done done) {
        KVRWSet.Builder keys = KVRWSet.newBuilder();
        done.writes().forEach((key, value) -> {
            KVWrite.Builder write = KVWrite.newBuilder().setKey(key).setIsDelete(value.isEmpty());
            value.ifPresent(bytes -> write.setValue(ByteString.copyFrom(bytes.toArray())));
            keys.addWrites(write);
        });
        TxReadWriteSet results = TxReadWriteSet.newBuilder()
                .addNsRwset(NsReadWriteSet.newBuilder()
                        .setNamespace(CHAINCODE.getName())
                        .setRwset(keys.build().toByteString()))
                .build();
        ChaincodeAction.Builder action = ChaincodeAction.newBuilder()
                .setChaincodeId(CHAINCODE)
                .setResults(results.toByteString())
                .setResponse(Response.newBuilder()
                        .setStatus(200)
                        .setPayload(
                                ByteString.copyFrom(done.response().canonical().toArray())));
        done.event()
                .ifPresent(event -> action.setEvents(ChaincodeEvent.newBuilder()
                        .setChaincodeId(CHAINCODE.getName())
                        .setTxId(id())
                        .setEventName("tallystick")
                        .setPayload(ByteString.copyFrom(event.canonical().toArray()))
                        .build()
                        .toByteString()));
        return ProposalResponsePayload.newBuilder()
                .setProposalHash(ByteString.copyFrom(new byte[32]))
                .setExtension(action.build().toByteString())
                .build()
                .toByteString();
    }

    private static Bytes bytes(ByteString bytes) {
        return Bytes.copyOf(bytes.toByteArray());
    }
}
