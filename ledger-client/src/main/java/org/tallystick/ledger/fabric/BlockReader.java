package org.tallystick.ledger.fabric;

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
import org.hyperledger.fabric.protos.common.Metadata;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.SentArguments;
import org.tallystick.ledger.LedgerBlock;

/// Reads the bytes of a Fabric block: the transactions of one chaincode on one channel, each with the code the peers
/// gave it.
///
/// Strict, since an auditor reads with it: bytes that no peer would write are no block. Signatures are not looked at.
/// An invalid transaction may be anything that somebody sent, so one that cannot be read is left out; what an invalid
/// one says, its id included, is nobody's word.
public final class BlockReader {

    private static final int HASH_SIZE = 32;

    private final String channel;
    private final String chaincode;

    public BlockReader(String channel, String chaincode) {
        this.channel = channel;
        this.chaincode = chaincode;
    }

    /// The part of the bytes that makes them no block; never leaves this class.
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        private final String at;

        Wrong(String at, String what) {
            super(what, null, false, false);
            this.at = at;
        }
    }

    public BlockReading read(Bytes bytes) {
        try {
            return read(bytes, block(bytes));
        } catch (Wrong wrong) {
            return new BlockReading.Malformed(wrong.at, String.valueOf(wrong.getMessage()));
        }
    }

    /// Bytes that are spelled otherwise than a writer of protobuf does are refused: the block would have two names.
    private static Block block(Bytes bytes) throws Wrong {
        byte[] octets = bytes.toArray();
        try {
            Block block = Block.parseFrom(octets);
            if (!block.hasHeader() || !block.hasData() || !block.hasMetadata()) {
                throw new Wrong("block", "header, data or metadata is missing");
            }
            if (!Bytes.copyOf(block.toByteArray()).equals(bytes) || hasUnknown(block)) {
                throw new Wrong("block", "fields that are unknown, out of order or twice");
            }
            return block;
        } catch (InvalidProtocolBufferException e) {
            throw new Wrong("block", "not a protobuf message: " + e.getMessage());
        }
    }

    private static boolean hasUnknown(Block block) {
        return !block.getUnknownFields().asMap().isEmpty()
                || !block.getHeader().getUnknownFields().asMap().isEmpty()
                || !block.getData().getUnknownFields().asMap().isEmpty()
                || !block.getMetadata().getUnknownFields().asMap().isEmpty();
    }

    private BlockReading read(Bytes bytes, Block block) throws Wrong {
        long number = block.getHeader().getNumber();
        Bytes previous = Bytes.copyOf(block.getHeader().getPreviousHash().toByteArray());
        if (number < 0 || previous.size() != (number == 0 ? 0 : HASH_SIZE)) {
            throw new Wrong(
                    "header",
                    "number " + Long.toUnsignedString(number) + " with a previous hash of " + previous.size()
                            + " bytes");
        }
        if (!BlockHash.dataIsThatOfHeader(block)) {
            throw new Wrong("header", "names other data than the block has");
        }
        ByteString codes = codes(block);
        List<LedgerBlock.Transaction> transactions = new ArrayList<>();
        for (int index = 0; index < block.getData().getDataCount(); index++) {
            String code = code(index, Byte.toUnsignedInt(codes.byteAt(index)));
            ours(index, code, block.getData().getData(index)).ifPresent(transactions::add);
        }
        return new BlockReading.Read(
                new LedgerBlock(number, bytes, block.getData().getDataCount(), commit(block), transactions),
                BlockHash.ofHeader(block.getHeader()),
                number == 0 ? Hash.ZERO : new Hash(previous.toHex()));
    }

    /// One validation code for each transaction. The genesis block may be without: nobody validated it.
    private static ByteString codes(Block block) throws Wrong {
        int count = block.getData().getDataCount();
        int place = BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE;
        ByteString codes = block.getMetadata().getMetadataCount() > place
                ? block.getMetadata().getMetadata(place)
                : ByteString.EMPTY;
        if (codes.isEmpty() && block.getHeader().getNumber() == 0) {
            return ByteString.copyFrom(new byte[count]);
        }
        if (codes.size() != count) {
            throw new Wrong("metadata", codes.size() + " validation codes for " + count + " transactions");
        }
        return codes;
    }

    /// The commit hash, where the peer has written one: all blocks but the first have it.
    private static Optional<Hash> commit(Block block) throws Wrong {
        int place = BlockMetadataIndex.COMMIT_HASH_VALUE;
        ByteString metadata = block.getMetadata().getMetadataCount() > place
                ? block.getMetadata().getMetadata(place)
                : ByteString.EMPTY;
        if (metadata.isEmpty()) {
            return Optional.empty();
        }
        try {
            ByteString commit = Metadata.parseFrom(metadata).getValue();
            if (commit.size() != HASH_SIZE) {
                throw new Wrong("metadata", "a commit hash of " + commit.size() + " bytes");
            }
            return Optional.of(new Hash(bytes(commit).toHex()));
        } catch (InvalidProtocolBufferException e) {
            throw new Wrong("metadata", "a commit hash that is no protobuf message: " + e.getMessage());
        }
    }

    private static String code(int index, int number) throws Wrong {
        TxValidationCode code = TxValidationCode.forNumber(number);
        if (code == null) {
            throw new Wrong("transaction " + index, "validation code " + number + " is unknown");
        }
        return code.name();
    }

    private Optional<LedgerBlock.Transaction> ours(int index, String code, ByteString envelope) throws Wrong {
        try {
            return transaction(index, code, envelope);
        } catch (InvalidProtocolBufferException e) {
            return unreadable(index, code, "not a protobuf message: " + e.getMessage());
        } catch (Unreadable e) {
            return unreadable(index, code, String.valueOf(e.getMessage()));
        }
    }

    private static Optional<LedgerBlock.Transaction> unreadable(int index, String code, String what) throws Wrong {
        if (code.equals(TxValidationCode.VALID.name())) {
            throw new Wrong("transaction " + index, what);
        }
        return Optional.empty();
    }

    /// A transaction is not what one of ours must be.
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String what) {
            super(what, null, false, false);
        }
    }

    private Optional<LedgerBlock.Transaction> transaction(int index, String code, ByteString envelope)
            throws InvalidProtocolBufferException, Unreadable {
        Payload payload = Payload.parseFrom(Envelope.parseFrom(envelope).getPayload());
        ChannelHeader header = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
        if (header.getType() != HeaderType.ENDORSER_TRANSACTION_VALUE) {
            return Optional.empty();
        }
        if (!header.getChannelId().equals(channel)) {
            throw new Unreadable("channel " + header.getChannelId() + ", not " + channel);
        }
        Transaction transaction = Transaction.parseFrom(payload.getData());
        if (transaction.getActionsCount() != 1) {
            throw new Unreadable(transaction.getActionsCount() + " actions, not one");
        }
        ChaincodeActionPayload called =
                ChaincodeActionPayload.parseFrom(transaction.getActions(0).getPayload());
        ChaincodeAction action = ChaincodeAction.parseFrom(
                ProposalResponsePayload.parseFrom(called.getAction().getProposalResponsePayload())
                        .getExtension());
        return action.getChaincodeId().getName().equals(chaincode)
                ? Optional.of(transaction(index, code, envelope, header, called, action))
                : Optional.empty();
    }

    private static LedgerBlock.Transaction transaction(
            int index,
            String code,
            ByteString envelope,
            ChannelHeader header,
            ChaincodeActionPayload called,
            ChaincodeAction action)
            throws InvalidProtocolBufferException, Unreadable {
        List<Bytes> sent = ChaincodeInvocationSpec.parseFrom(
                        ChaincodeProposalPayload.parseFrom(called.getChaincodeProposalPayload())
                                .getInput())
                .getChaincodeSpec()
                .getInput()
                .getArgsList()
                .stream()
                .map(BlockReader::bytes)
                .toList();
        List<Bytes> arguments =
                SentArguments.read(sent).orElseThrow(() -> new Unreadable("arguments that do not inflate"));
        if (arguments.isEmpty()) {
            throw new Unreadable("no function");
        }
        return new LedgerBlock.Transaction(
                index,
                header.getTxId(),
                code,
                time(header.getTimestamp().getSeconds()),
                arguments.getFirst().utf8().orElseThrow(() -> new Unreadable("a function that is no text")),
                arguments.subList(1, arguments.size()),
                json(action.getResponse().getPayload(), "response"),
                event(action),
                bytes(envelope));
    }

    private static LedgerTime time(long seconds) throws Unreadable {
        try {
            return new LedgerTime(seconds);
        } catch (IllegalArgumentException e) {
            throw new Unreadable("timestamp " + e.getMessage());
        }
    }

    private static Optional<Json.Obj> event(ChaincodeAction action) throws InvalidProtocolBufferException, Unreadable {
        if (action.getEvents().isEmpty()) {
            return Optional.empty();
        }
        ChaincodeEvent event = ChaincodeEvent.parseFrom(action.getEvents());
        return Optional.of(json(event.getPayload(), "event"));
    }

    private static Json.Obj json(ByteString value, String what) throws Unreadable {
        if (JsonReader.readCanonical(bytes(value)) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new Unreadable("the " + what + " is no canonical JSON object");
    }

    private static Bytes bytes(ByteString value) {
        return Bytes.copyOf(value.toByteArray());
    }
}
