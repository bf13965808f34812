package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/// One transaction of a block, with the answer that the block's metadata gives it.
record CommittedTransaction(
        int index,
        String id,
        int type,
        TxValidationCode code,
        Optional<TxReadWriteSet> readWriteSet,
        Optional<ChaincodeEvent> event) {

    boolean isValid() {
        return code == TxValidationCode.VALID;
    }

    static List<CommittedTransaction> of(Block block) {
        ByteString codes = block.getMetadata().getMetadata(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE);
        var all = new ArrayList<CommittedTransaction>();
        for (int i = 0; i < block.getData().getDataCount(); i++) {
            all.add(of(i, block.getData().getData(i), code(codes.byteAt(i))));
        }
        return all;
    }

    private static TxValidationCode code(byte number) {
        TxValidationCode code = TxValidationCode.forNumber(Byte.toUnsignedInt(number));
        return code == null ? TxValidationCode.INVALID_OTHER_REASON : code;
    }

    /// What cannot be read is there all the same: an invalid transaction may be any bytes.
    private static CommittedTransaction of(int index, ByteString envelope, TxValidationCode code) {
        String id = "";
        int type = HeaderType.MESSAGE_VALUE;
        try {
            var payload = Payload.parseFrom(Envelope.parseFrom(envelope).getPayload());
            var channel = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
            id = channel.getTxId();
            type = channel.getType();
            if (type == HeaderType.ENDORSER_TRANSACTION_VALUE) {
                ChaincodeAction action = action(payload.getData());
                Optional<ChaincodeEvent> event = action.getEvents().isEmpty()
                        ? Optional.empty()
                        : Optional.of(ChaincodeEvent.parseFrom(action.getEvents()));
                var readWriteSet = TxReadWriteSet.parseFrom(action.getResults());
                return new CommittedTransaction(index, id, type, code, Optional.of(readWriteSet), event);
            }
        } catch (InvalidProtocolBufferException | IndexOutOfBoundsException e) {
            if (code == TxValidationCode.VALID) {
                throw new IllegalStateException("transaction " + index + " is valid and cannot be read", e);
            }
        }
        return new CommittedTransaction(index, id, type, code, Optional.empty(), Optional.empty());
    }

    private static ChaincodeAction action(ByteString transaction) throws InvalidProtocolBufferException {
        var payload = ChaincodeActionPayload.parseFrom(
                Transaction.parseFrom(transaction).getActions(0).getPayload());
        var response = ProposalResponsePayload.parseFrom(payload.getAction().getProposalResponsePayload());
        return ChaincodeAction.parseFrom(response.getExtension());
    }
}
