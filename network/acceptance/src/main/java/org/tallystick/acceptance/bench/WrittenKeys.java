package org.tallystick.acceptance.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Map;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;

/// The keys that blocks left in the state, by what their transactions say they write.
///
/// @param count how many different ones
/// @param bytes of their last values
record WrittenKeys(long count, long bytes) {

    /// Of the valid transactions from a block on.
    static WrittenKeys of(Ledger ledger, long from) throws LedgerException {
        long height = ledger.height();
        TreeMap<String, Integer> sizes = new TreeMap<>();
        try (BlockStream blocks = ledger.blocks(from)) {
            for (long number = from; number < height; number++) {
                for (LedgerBlock.Transaction transaction : blocks.next().transactions()) {
                    if (transaction.valid()) {
                        add(sizes, ByteString.copyFrom(transaction.envelope().toArray()));
                    }
                }
            }
        } catch (BlockStream.Broken e) {
            throw new LedgerException.Unavailable("the blocks could not be read to their end", e);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a valid transaction that cannot be read", e);
        }
        return new WrittenKeys(
                sizes.size(),
                sizes.values().stream().mapToLong(Integer::longValue).sum());
    }

    private static void add(Map<String, Integer> sizes, ByteString envelope) throws InvalidProtocolBufferException {
        Transaction transaction = Transaction.parseFrom(
                Payload.parseFrom(Envelope.parseFrom(envelope).getPayload()).getData());
        ByteString answered = ChaincodeActionPayload.parseFrom(
                        transaction.getActions(0).getPayload())
                .getAction()
                .getProposalResponsePayload();
        TxReadWriteSet all = TxReadWriteSet.parseFrom(ChaincodeAction.parseFrom(
                        ProposalResponsePayload.parseFrom(answered).getExtension())
                .getResults());
        for (NsReadWriteSet of : all.getNsRwsetList()) {
            for (KVWrite write : KVRWSet.parseFrom(of.getRwset()).getWritesList()) {
                if (write.getIsDelete()) {
                    sizes.remove(write.getKey());
                } else {
                    sizes.put(write.getKey(), write.getValue().size());
                }
            }
        }
    }
}
