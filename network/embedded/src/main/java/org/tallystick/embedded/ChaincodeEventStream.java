package org.tallystick.embedded;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import java.util.List;
import org.hyperledger.fabric.protos.gateway.ChaincodeEventsRequest;
import org.hyperledger.fabric.protos.gateway.ChaincodeEventsResponse;
import org.hyperledger.fabric.protos.gateway.SignedChaincodeEventsRequest;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;

/// Follows the events of one chaincode, block by block, from a position on. Only valid transactions have events.
final class ChaincodeEventStream {
    private static final System.Logger LOG = System.getLogger(ChaincodeEventStream.class.getName());

    private final Node node;

    ChaincodeEventStream(Node node) {
        this.node = node;
    }

    void run(SignedChaincodeEventsRequest signed, OutgoingStream<ChaincodeEventsResponse> stream) {
        try {
            follow(check(signed), stream);
        } catch (RpcFailure e) {
            stream.fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stream.fail(new RpcFailure(Status.Code.UNAVAILABLE, "interrupted"));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "an event stream broke", e);
            stream.fail(new RpcFailure(Status.Code.ABORTED, e.toString()));
        }
    }

    private ChaincodeEventsRequest check(SignedChaincodeEventsRequest signed) throws RpcFailure {
        if (signed.getRequest().isEmpty()) {
            throw new RpcFailure(Status.Code.INVALID_ARGUMENT, "a chaincode events request is required");
        }
        try {
            var request = ChaincodeEventsRequest.parseFrom(signed.getRequest());
            boolean allowed = request.getChannelId().equals(node.channel())
                    && node.requests().mayRead(request.getIdentity(), signed.getRequest(), signed.getSignature());
            if (!allowed) {
                throw Node.readDenied(request.getChannelId());
            }
            return request;
        } catch (InvalidProtocolBufferException e) {
            throw new RpcFailure(Status.Code.INVALID_ARGUMENT, "invalid chaincode events request: " + e.getMessage());
        }
    }

    private void follow(ChaincodeEventsRequest request, OutgoingStream<ChaincodeEventsResponse> stream)
            throws RpcFailure, InterruptedException {
        String after = request.getAfterTransactionId();
        boolean passed = after.isEmpty();
        long next = startBlock(request);
        while (node.awaitBlock(next, stream)) {
            var response = ChaincodeEventsResponse.newBuilder().setBlockNumber(next);
            for (ChaincodeEvent event : events(next)) {
                if (passed && event.getChaincodeId().equals(request.getChaincodeId())) {
                    response.addEvents(event);
                }
                passed |= event.getTxId().equals(after);
            }
            if (response.getEventsCount() > 0 && !stream.send(response.build())) {
                return;
            }
            next++;
        }
    }

    private List<ChaincodeEvent> events(long block) {
        return CommittedTransaction.of(node.blocks().block(block)).stream()
                .filter(CommittedTransaction::isValid)
                .flatMap(transaction -> transaction.event().stream())
                .toList();
    }

    private long startBlock(ChaincodeEventsRequest request) throws RpcFailure {
        var after = node.blocks().transaction(request.getAfterTransactionId());
        if (after.isPresent()) {
            return after.get().block();
        }
        var position = request.getStartPosition();
        return switch (position.getTypeCase()) {
            case SPECIFIED -> position.getSpecified().getNumber();
            case TYPE_NOT_SET, NEXT_COMMIT -> node.blocks().height();
            case OLDEST, NEWEST ->
                throw new RpcFailure(
                        Status.Code.INVALID_ARGUMENT, "invalid start position type: " + position.getTypeCase());
        };
    }
}
