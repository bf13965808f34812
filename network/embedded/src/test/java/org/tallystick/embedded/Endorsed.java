package org.tallystick.embedded;

import com.google.protobuf.InvalidProtocolBufferException;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;

/// What an envelope carries, taken apart.
final class Endorsed {
    private Endorsed() {}

    static ChaincodeEndorsedAction of(Envelope envelope) throws InvalidProtocolBufferException {
        var payload = Payload.parseFrom(envelope.getPayload());
        return ChaincodeActionPayload.parseFrom(
                        Transaction.parseFrom(payload.getData()).getActions(0).getPayload())
                .getAction();
    }

    static ChaincodeAction action(Envelope envelope) throws InvalidProtocolBufferException {
        return ChaincodeAction.parseFrom(
                ProposalResponsePayload.parseFrom(of(envelope).getProposalResponsePayload())
                        .getExtension());
    }
}
