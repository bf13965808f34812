package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.peer.ProcessedTransaction;
import org.hyperledger.fabric.protos.peer.Response;

/// The system chaincode `qscc`: questions about blocks and transactions.
final class SystemQueries {
    static final String NAME = "qscc";

    private static final int SUCCESS = 200;
    private static final int ERROR = 500;
    private static final long NEWEST = -1; // the largest unsigned number, with which Fabric names the newest block

    private final String channel;
    private final BlockStore blocks;

    SystemQueries(String channel, BlockStore blocks) {
        this.channel = channel;
        this.blocks = blocks;
    }

    /// Answers as the chaincode would, errors included.
    Response answer(List<ByteString> arguments) {
        if (arguments.size() < 2) {
            return error("Incorrect number of arguments, " + arguments.size());
        }
        String function = arguments.getFirst().toStringUtf8();
        String asked = arguments.get(1).toStringUtf8();
        boolean needsArgument = !function.equals("GetChainInfo");
        if (needsArgument && arguments.size() < 3) {
            return error("missing 3rd argument for " + function);
        }
        if (!asked.equals(channel)) {
            return error("Invalid chain ID, " + asked);
        }
        ByteString argument = needsArgument ? arguments.get(2) : ByteString.EMPTY;
        return switch (function) {
            case "GetChainInfo" -> success(chainInfo());
            case "GetBlockByNumber" -> blockByNumber(argument.toStringUtf8());
            case "GetBlockByHash" -> blockByHash(argument);
            case "GetBlockByTxID" -> blockByTransaction(argument.toStringUtf8());
            case "GetTransactionByID" -> transaction(argument.toStringUtf8());
            default -> error("Requested function " + function + " not found.");
        };
    }

    private BlockchainInfo chainInfo() {
        long height = blocks.height();
        Block last = blocks.block(height - 1);
        return BlockchainInfo.newBuilder()
                .setHeight(height)
                .setCurrentBlockHash(BlockHashes.ofHeader(last.getHeader()))
                .setPreviousBlockHash(last.getHeader().getPreviousHash())
                .build();
    }

    private Response blockByNumber(String text) {
        long number;
        try {
            number = Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            return error("Failed to parse block number with error strconv.ParseUint: parsing \"" + text
                    + "\": invalid syntax");
        }
        long height = blocks.height();
        long wanted = number == NEWEST ? height - 1 : number;
        if (Long.compareUnsigned(wanted, height) >= 0) {
            return error("Failed to get block number " + text + ", error no such block number [" + text + "] in index");
        }
        return success(blocks.block(wanted));
    }

    private Response blockByHash(ByteString hash) {
        return blocks.numberOf(hash)
                .map(number -> success(blocks.block(number)))
                .orElseGet(() -> error("Failed to get block hash " + hash.toStringUtf8()
                        + ", error no such block hash [" + Sha256.hex(hash) + "] in index"));
    }

    private Response blockByTransaction(String id) {
        return blocks.transaction(id)
                .map(place -> success(blocks.block(place.block())))
                .orElseGet(() -> error("Failed to get block for txID " + id + ", error " + noSuchTransaction(id)));
    }

    private Response transaction(String id) {
        Optional<BlockStore.Place> place = blocks.transaction(id);
        if (place.isEmpty()) {
            return error("Failed to get transaction with id " + id + ", error " + noSuchTransaction(id));
        }
        Block block = blocks.block(place.get().block());
        try {
            return success(ProcessedTransaction.newBuilder()
                    .setTransactionEnvelope(Envelope.parseFrom(
                            block.getData().getData(place.get().index())))
                    .setValidationCode(place.get().code().getNumber())
                    .build());
        } catch (InvalidProtocolBufferException e) {
            return error(String.valueOf(e.getMessage()));
        }
    }

    private static String noSuchTransaction(String id) {
        return "no such transaction ID [" + id + "] in index";
    }

    private static Response success(Message payload) {
        return Response.newBuilder()
                .setStatus(SUCCESS)
                .setPayload(payload.toByteString())
                .build();
    }

    private static Response error(String message) {
        return Response.newBuilder().setStatus(ERROR).setMessage(message).build();
    }
}
