package org.tallystick.embedded;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.function.Function;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.common.Status;
import org.hyperledger.fabric.protos.orderer.SeekInfo;
import org.hyperledger.fabric.protos.orderer.SeekPosition;
import org.hyperledger.fabric.protos.peer.DeliverGrpc;
import org.hyperledger.fabric.protos.peer.DeliverResponse;
import org.hyperledger.fabric.protos.peer.FilteredBlock;
import org.hyperledger.fabric.protos.peer.FilteredChaincodeAction;
import org.hyperledger.fabric.protos.peer.FilteredTransaction;
import org.hyperledger.fabric.protos.peer.FilteredTransactionActions;

/// `protos.Deliver`: blocks as they are, or filtered to ids, codes and event names.
///
/// A refusal is a status in the stream, not an error of the call, as in Fabric.
final class DeliverService extends DeliverGrpc.DeliverImplBase {
    private static final System.Logger LOG = System.getLogger(DeliverService.class.getName());

    private final Node node;

    DeliverService(Node node) {
        this.node = node;
    }

    @Override
    public StreamObserver<Envelope> deliver(StreamObserver<DeliverResponse> observer) {
        return seeks(
                observer, block -> DeliverResponse.newBuilder().setBlock(block).build());
    }

    @Override
    public StreamObserver<Envelope> deliverFiltered(StreamObserver<DeliverResponse> observer) {
        return seeks(
                observer,
                block -> DeliverResponse.newBuilder()
                        .setFilteredBlock(filtered(block))
                        .build());
    }

    /// One request at a time: the next is asked for when the last one is answered.
    private StreamObserver<Envelope> seeks(
            StreamObserver<DeliverResponse> observer, Function<Block, DeliverResponse> form) {
        var call = (ServerCallStreamObserver<DeliverResponse>) observer;
        var stream = new OutgoingStream<>(call);
        call.disableAutoRequest();
        call.request(1);
        return new StreamObserver<>() {
            private boolean busy;
            private boolean clientDone;

            @Override
            public void onNext(Envelope seek) {
                synchronized (this) {
                    busy = true;
                }
                node.executor().execute(() -> {
                    boolean goOn = serve(seek, stream, form);
                    synchronized (this) {
                        busy = false;
                        if (!goOn || clientDone) {
                            stream.complete();
                            return;
                        }
                    }
                    call.request(1);
                });
            }

            @Override
            public void onError(Throwable failure) {
                // The client went away; the stream notices by itself.
            }

            @Override
            public synchronized void onCompleted() {
                clientDone = true;
                if (!busy) {
                    stream.complete();
                }
            }
        };
    }

    /// Whether another request may follow.
    private boolean serve(
            Envelope seek, OutgoingStream<DeliverResponse> stream, Function<Block, DeliverResponse> form) {
        Status status;
        try {
            status = deliver(seek, stream, form);
        } catch (InvalidProtocolBufferException e) {
            status = Status.BAD_REQUEST;
        } catch (RpcFailure e) {
            stream.fail(e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a block stream broke", e);
            status = Status.INTERNAL_SERVER_ERROR;
        }
        try {
            return stream.send(DeliverResponse.newBuilder().setStatus(status).build()) && status == Status.SUCCESS;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Status deliver(
            Envelope envelope, OutgoingStream<DeliverResponse> stream, Function<Block, DeliverResponse> form)
            throws InvalidProtocolBufferException, InterruptedException, RpcFailure {
        var payload = Payload.parseFrom(envelope.getPayload());
        var header = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
        var creator = SignatureHeader.parseFrom(payload.getHeader().getSignatureHeader())
                .getCreator();
        if (!node.requests()
                .isInTime(Instant.ofEpochSecond(header.getTimestamp().getSeconds()))) {
            return Status.BAD_REQUEST;
        }
        if (!header.getChannelId().equals(node.channel())) {
            return Status.NOT_FOUND;
        }
        if (!node.requests().mayRead(creator, envelope.getPayload(), envelope.getSignature())) {
            return Status.FORBIDDEN;
        }
        var seek = SeekInfo.parseFrom(payload.getData());
        if (!seek.hasStart() || !seek.hasStop()) {
            return Status.BAD_REQUEST;
        }
        long first = start(seek.getStart());
        long last = seek.getStop().equals(seek.getStart()) ? first : stop(seek.getStop(), first);
        if (first < 0 || Long.compareUnsigned(last, first) < 0) {
            return Status.BAD_REQUEST;
        }
        return send(first, last, seek.getBehavior(), stream, form);
    }

    private Status send(
            long first,
            long last,
            SeekInfo.SeekBehavior behavior,
            OutgoingStream<DeliverResponse> stream,
            Function<Block, DeliverResponse> form)
            throws InterruptedException, RpcFailure {
        for (long next = first; Long.compareUnsigned(next, last) <= 0; next++) {
            if (behavior == SeekInfo.SeekBehavior.FAIL_IF_NOT_READY
                    && next >= node.blocks().height()) {
                return Status.NOT_FOUND;
            }
            if (!node.awaitBlock(next, stream)
                    || !stream.send(form.apply(node.blocks().block(next)))) {
                return Status.INTERNAL_SERVER_ERROR; // nobody is there to read it
            }
        }
        return Status.SUCCESS;
    }

    private long start(SeekPosition position) {
        return switch (position.getTypeCase()) {
            case OLDEST -> 0;
            case NEWEST -> node.blocks().height() - 1;
            case SPECIFIED -> position.getSpecified().getNumber();
            case NEXT_COMMIT, TYPE_NOT_SET -> node.blocks().height();
        };
    }

    private long stop(SeekPosition position, long first) {
        return switch (position.getTypeCase()) {
            case OLDEST -> first;
            case NEWEST -> node.blocks().height() - 1;
            case SPECIFIED -> position.getSpecified().getNumber();
            case NEXT_COMMIT, TYPE_NOT_SET -> Long.MAX_VALUE;
        };
    }

    private FilteredBlock filtered(Block block) {
        var filtered = FilteredBlock.newBuilder()
                .setChannelId(node.channel())
                .setNumber(block.getHeader().getNumber());
        for (CommittedTransaction transaction : CommittedTransaction.of(block)) {
            var actions = FilteredTransactionActions.newBuilder();
            transaction
                    .event()
                    .ifPresent(event -> actions.addChaincodeActions(FilteredChaincodeAction.newBuilder()
                            .setChaincodeEvent(event.toBuilder().clearPayload())));
            filtered.addFilteredTransactions(FilteredTransaction.newBuilder()
                    .setTxid(transaction.id())
                    .setTypeValue(transaction.type())
                    .setTxValidationCode(transaction.code())
                    .setTransactionActions(actions));
        }
        return filtered.build();
    }
}
