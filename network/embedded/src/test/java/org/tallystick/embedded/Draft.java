package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
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
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;

/// A transaction made by hand, valid until a test spoils something before [#envelope] signs it.
final class Draft {
    private static int nonces;

    String channel = "tallystick";
    HeaderType type = HeaderType.ENDORSER_TRANSACTION;
    long epoch;
    ByteString nonce = ByteString.copyFromUtf8("nonce " + ++nonces);
    ByteString creator;
    SigningIdentity signer;
    String transactionId;
    String proposedChaincode = "notebook";
    String chaincode = "notebook";
    String version = "1";
    ByteString event = ByteString.EMPTY;
    ByteString results = writes(
            "notebook", KVRWSet.newBuilder().addWrites(KVWrite.newBuilder().setKey("k")));
    ByteString spoiledHash = ByteString.EMPTY;
    int actions = 1;
    List<SigningIdentity> endorsers;
    boolean endorsementsSpoiled;

    Draft(SigningIdentity client, List<SigningIdentity> endorsers) {
        this.creator = client.serialized();
        this.signer = client;
        this.endorsers = endorsers;
        this.transactionId = Proposed.transactionId(signatureHeader());
    }

    static ByteString writes(String namespace, KVRWSet.Builder keys) {
        return TxReadWriteSet.newBuilder()
                .addNsRwset(NsReadWriteSet.newBuilder()
                        .setNamespace(namespace)
                        .setRwset(keys.build().toByteString()))
                .build()
                .toByteString();
    }

    private SignatureHeader signatureHeader() {
        return SignatureHeader.newBuilder().setCreator(creator).setNonce(nonce).build();
    }

    ByteString envelope() {
        var header = Header.newBuilder()
                .setChannelHeader(ChannelHeader.newBuilder()
                        .setChannelId(channel)
                        .setType(type.getNumber())
                        .setEpoch(epoch)
                        .setTxId(transactionId)
                        .setExtension(ChaincodeHeaderExtension.newBuilder()
                                .setChaincodeId(ChaincodeID.newBuilder().setName(proposedChaincode))
                                .build()
                                .toByteString())
                        .build()
                        .toByteString())
                .setSignatureHeader(signatureHeader().toByteString())
                .build();
        var payload = Payload.newBuilder()
                .setHeader(header)
                .setData(transaction(header).toByteString())
                .build()
                .toByteString();
        return Envelope.newBuilder()
                .setPayload(payload)
                .setSignature(signer.sign(payload))
                .build()
                .toByteString();
    }

    private Transaction transaction(Header header) {
        ByteString input = ByteString.copyFromUtf8("input");
        ByteString response = ProposalResponsePayload.newBuilder()
                .setProposalHash(Sha256.of(header.getChannelHeader(), header.getSignatureHeader(), input)
                        .concat(spoiledHash))
                .setExtension(ChaincodeAction.newBuilder()
                        .setResults(results)
                        .setEvents(event)
                        .setChaincodeId(
                                ChaincodeID.newBuilder().setName(chaincode).setVersion(version))
                        .build()
                        .toByteString())
                .build()
                .toByteString();
        var action = ChaincodeActionPayload.newBuilder()
                .setChaincodeProposalPayload(input)
                .setAction(ChaincodeEndorsedAction.newBuilder()
                        .setProposalResponsePayload(response)
                        .addAllEndorsements(endorsements(response)));
        var transaction = Transaction.newBuilder();
        for (int i = 0; i < actions; i++) {
            transaction.addActions(TransactionAction.newBuilder()
                    .setHeader(header.getSignatureHeader())
                    .setPayload(action.build().toByteString()));
        }
        return transaction.build();
    }

    private List<Endorsement> endorsements(ByteString response) {
        var all = new ArrayList<Endorsement>();
        for (SigningIdentity endorser : endorsers) {
            ByteString signed = endorsementsSpoiled ? ByteString.EMPTY : response.concat(endorser.serialized());
            all.add(Endorsement.newBuilder()
                    .setEndorser(endorser.serialized())
                    .setSignature(endorser.sign(signed))
                    .build());
        }
        return all;
    }
}
