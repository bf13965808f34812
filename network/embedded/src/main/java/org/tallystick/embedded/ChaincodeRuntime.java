package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.hyperledger.fabric.metrics.Metrics;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.DelState;
import org.hyperledger.fabric.protos.peer.GetState;
import org.hyperledger.fabric.protos.peer.PutState;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.hyperledger.fabric.shim.Chaincode;
import org.hyperledger.fabric.shim.impl.ChaincodeInvocationTask;
import org.hyperledger.fabric.traces.Traces;
import org.jspecify.annotations.Nullable;

/// Runs one member's instance of a chaincode, unmodified: the peer's half of the shim's protocol, without a wire.
///
/// The shim's own task builds the stub and runs the chaincode; what the stub asks for is answered at once, on the
/// chaincode's thread. This is the only class that knows the shim's inside.
final class ChaincodeRuntime {
    private static final System.Logger LOG = System.getLogger(ChaincodeRuntime.class.getName());

    private final Chaincode code;
    private final ExecutorService threads;

    /// @param threads platform threads: a chaincode that loops must not hold up those who wait for it
    private ChaincodeRuntime(Chaincode code, ExecutorService threads) {
        this.code = code;
        this.threads = threads;
    }

    /// @param genesis hash of the channel's first block
    static ChaincodeRuntime start(ChaincodeDefinition definition, ByteString genesis, ExecutorService threads) {
        Chaincode code = ShimLogging.keptWhile(() -> definition.code().apply(genesis));
        startProviders();
        return new ChaincodeRuntime(code, threads);
    }

    /// The shim asks these two statics for each invocation; whoever started them before us is left alone.
    private static void startProviders() {
        try {
            var _ = Traces.getProvider();
            var _ = Metrics.getProvider();
        } catch (IllegalStateException e) {
            var _ = Traces.initialize(new Properties());
            var _ = Metrics.initialize(new Properties());
        }
    }

    /// How an invocation ended.
    sealed interface Outcome {
        /// The chaincode answered, with success or with an error of its own.
        record Answered(Response response, Optional<ChaincodeEvent> event) implements Outcome {}

        /// There is no answer of the chaincode's, for a reason in Fabric's words.
        record Failed(String reason) implements Outcome {}
    }

    Outcome invoke(Proposed proposed, Simulation simulation) {
        Future<Outcome> running;
        try {
            running = threads.submit(new Invocation(proposed, simulation)::run);
        } catch (RejectedExecutionException e) {
            return new Outcome.Failed("transaction returned with failure: Failed to submit task for processing");
        }
        String transaction = proposed.transactionId();
        try {
            return running.get(Limits.INVOCATION.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            boolean _ = running.cancel(true);
            return new Outcome.Failed(
                    "failed to execute transaction " + transaction + ": timeout expired while executing transaction");
        } catch (InterruptedException e) {
            boolean _ = running.cancel(true);
            Thread.currentThread().interrupt();
            return new Outcome.Failed("failed to execute transaction " + transaction + ": interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the invocation of " + transaction + " broke", e.getCause());
        }
    }

    /// One transaction's conversation with the chaincode.
    private final class Invocation {
        private final Simulation simulation;
        private final ChaincodeInvocationTask task;
        private final String transaction;
        private @Nullable Outcome outcome;
        private @Nullable String refusal;

        Invocation(Proposed proposed, Simulation simulation) {
            this.simulation = simulation;
            this.transaction = proposed.transactionId();
            this.task = new ChaincodeInvocationTask(
                    transaction(proposed.channel(), transaction, proposed.input(), proposed.signed()),
                    ChaincodeMessage.Type.TRANSACTION,
                    this::receive,
                    code);
        }

        private static ChaincodeMessage transaction(
                String channel, String id, ChaincodeInput input, SignedProposal proposal) {
            return ChaincodeMessage.newBuilder()
                    .setType(ChaincodeMessage.Type.TRANSACTION)
                    .setChannelId(channel)
                    .setTxid(id)
                    .setPayload(input.toByteString())
                    .setProposal(proposal)
                    .build();
        }

        /// An `Error` gets no answer from the shim (its peer waits for 30 s); here it is one.
        Outcome run() {
            try {
                ChaincodeMessage _ = task.call();
            } catch (Error e) {
                LOG.log(System.Logger.Level.ERROR, "chaincode broke in transaction " + transaction, e);
                return new Outcome.Failed("transaction returned with failure: " + e);
            }
            if (refusal != null) {
                return new Outcome.Failed("transaction returned with failure: " + refusal);
            }
            return outcome == null ? new Outcome.Failed("nil response from transaction " + transaction) : outcome;
        }

        private void receive(ChaincodeMessage message) {
            switch (message.getType()) {
                case COMPLETED -> outcome = completed(message);
                case ERROR ->
                    outcome = new Outcome.Failed("transaction returned with failure: "
                            + message.getPayload().toStringUtf8());
                default -> reply(message);
            }
        }

        private Outcome completed(ChaincodeMessage message) {
            try {
                return new Outcome.Answered(
                        Response.parseFrom(message.getPayload()),
                        message.hasChaincodeEvent() ? Optional.of(message.getChaincodeEvent()) : Optional.empty());
            } catch (InvalidProtocolBufferException e) {
                return new Outcome.Failed("failed to unmarshal response for transaction " + transaction);
            }
        }

        private void reply(ChaincodeMessage request) {
            var reply = ChaincodeMessage.newBuilder()
                    .setChannelId(request.getChannelId())
                    .setTxid(request.getTxid());
            try {
                reply.setType(ChaincodeMessage.Type.RESPONSE).setPayload(answer(request));
            } catch (InvalidProtocolBufferException | RuntimeException e) {
                String why = request.getType() + " failed: transaction ID: " + transaction + ": " + e.getMessage();
                LOG.log(System.Logger.Level.WARNING, why);
                reply.setType(ChaincodeMessage.Type.ERROR).setPayload(ByteString.copyFromUtf8(why));
            }
            try {
                task.postMessage(reply.build());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // timed out: the shim notices when it takes the answer
            }
        }

        private ByteString answer(ChaincodeMessage request) throws InvalidProtocolBufferException {
            return switch (request.getType()) {
                case GET_STATE -> {
                    var get = GetState.parseFrom(request.getPayload());
                    yield get.getCollection().isEmpty()
                            ? simulation.get(get.getKeyBytes())
                            : simulation.getPrivate(get.getCollection(), get.getKeyBytes());
                }
                case GET_PRIVATE_DATA_HASH -> {
                    var get = GetState.parseFrom(request.getPayload());
                    yield simulation.getPrivateHash(get.getCollection(), get.getKeyBytes());
                }
                case PUT_STATE -> {
                    var put = PutState.parseFrom(request.getPayload());
                    if (put.getCollection().isEmpty()) {
                        simulation.put(put.getKeyBytes(), put.getValue());
                    } else {
                        simulation.putPrivate(put.getCollection(), put.getKeyBytes(), put.getValue());
                    }
                    yield ByteString.EMPTY;
                }
                case DEL_STATE -> {
                    var delete = DelState.parseFrom(request.getPayload());
                    if (delete.getCollection().isEmpty()) {
                        simulation.delete(delete.getKeyBytes());
                    } else {
                        simulation.deletePrivate(delete.getCollection(), delete.getKeyBytes());
                    }
                    yield ByteString.EMPTY;
                }
                default -> throw refused("this ledger does not serve " + request.getType());
            };
        }

        /// Remembered, so that a chaincode that swallows the exception does not go on without what it asked for.
        private UnsupportedOperationException refused(String why) {
            refusal = why;
            return new UnsupportedOperationException(why);
        }
    }
}
