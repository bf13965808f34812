package org.tallystick.chaincode;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.hyperledger.fabric.protos.peer.ChaincodeAdditionalParams;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.GetStateMultiple;
import org.hyperledger.fabric.protos.peer.GetStateMultipleResult;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;

/// Reads many keys by one message to the peer, where the shim would send a message for each.
///
/// Fabric 3.1 serves it (`GET_STATE_MULTIPLE`) and offers it when a chaincode has registered; the shim for Java does
/// not ask for it. It stands between the shim and the stream of each peer, and takes out only its own answers. The
/// read set is the same either way.
final class ReadsTogether {

    /// A peer gives up on a transaction after this time, so nobody waits longer for it.
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Map<String, Stream> transactions = new ConcurrentHashMap<>();

    /// How the shim takes what goes to the peer, and gives what comes from it.
    @FunctionalInterface
    interface Shim<E extends Exception> {
        StreamObserver<ChaincodeMessage> connect(StreamObserver<ChaincodeMessage> toPeer) throws E;
    }

    /// Connects the shim to a peer, with this between them.
    <E extends Exception> StreamObserver<ChaincodeMessage> connect(
            StreamObserver<ChaincodeMessage> toPeer, Shim<E> shim) throws E {
        Stream stream = new Stream(toPeer);
        return stream.fromPeer(shim.connect(stream));
    }

    /// The values of public keys as the peer of this transaction has them, or nothing if they are to be read one by
    /// one: the peer does not offer it, or no peer's stream runs this transaction.
    Optional<Map<String, Optional<Bytes>>> read(String channel, String transaction, List<String> keys) {
        Stream stream = transactions.get(channel + transaction);
        return stream == null || stream.most < 2
                ? Optional.empty()
                : Optional.of(stream.read(channel, transaction, keys));
    }

    /// The stream of one peer; messages to it are sent one at a time.
    private final class Stream implements StreamObserver<ChaincodeMessage> {

        private final StreamObserver<ChaincodeMessage> toPeer;
        private final Map<String, CompletableFuture<ChaincodeMessage>> asked = new ConcurrentHashMap<>();
        /// Keys in a message; 0 until the peer has offered it.
        private volatile int most;

        Stream(StreamObserver<ChaincodeMessage> toPeer) {
            this.toPeer = toPeer;
        }

        private static String name(ChaincodeMessage message) {
            return message.getChannelId() + message.getTxid();
        }

        @Override
        public void onNext(ChaincodeMessage message) {
            if (message.getType() == ChaincodeMessage.Type.COMPLETED
                    || message.getType() == ChaincodeMessage.Type.ERROR) {
                @Nullable Stream _ = transactions.remove(name(message));
            }
            send(message);
        }

        private synchronized void send(ChaincodeMessage message) {
            toPeer.onNext(message);
        }

        @Override
        public synchronized void onError(Throwable failure) {
            toPeer.onError(failure);
        }

        @Override
        public synchronized void onCompleted() {
            toPeer.onCompleted();
        }

        StreamObserver<ChaincodeMessage> fromPeer(StreamObserver<ChaincodeMessage> shim) {
            return new StreamObserver<>() {
                @Override
                public void onNext(ChaincodeMessage message) {
                    if (!taken(message)) {
                        shim.onNext(message);
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    end();
                    shim.onError(failure);
                }

                @Override
                public void onCompleted() {
                    end();
                    shim.onCompleted();
                }
            };
        }

        private boolean taken(ChaincodeMessage message) {
            return switch (message.getType()) {
                case READY -> {
                    most = offered(message.getPayload());
                    yield false;
                }
                case TRANSACTION -> {
                    @Nullable Stream _ = transactions.put(name(message), this);
                    yield false;
                }
                case RESPONSE, ERROR -> {
                    CompletableFuture<ChaincodeMessage> waiting = asked.remove(name(message));
                    yield waiting != null && waiting.complete(message);
                }
                default -> false;
            };
        }

        /// Peers before 3.1 send no parameters.
        private static int offered(ByteString parameters) {
            try {
                ChaincodeAdditionalParams offer = ChaincodeAdditionalParams.parseFrom(parameters);
                return offer.getUseGetMultipleKeys() ? offer.getMaxSizeGetMultipleKeys() : 0;
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("the peer's READY is no message of Fabric's", e);
            }
        }

        private void end() {
            boolean _ = transactions.values().removeIf(stream -> stream == this);
            asked.values()
                    .forEach(waiting ->
                            waiting.completeExceptionally(new IllegalStateException("the peer's stream ended")));
        }

        Map<String, Optional<Bytes>> read(String channel, String transaction, List<String> keys) {
            TreeMap<String, Optional<Bytes>> values = new TreeMap<>();
            for (int from = 0; from < keys.size(); from += most) {
                List<String> some = keys.subList(from, Math.min(keys.size(), from + most));
                List<ByteString> found = ask(channel, transaction, some);
                for (int i = 0; i < some.size(); i++) {
                    ByteString value = found.get(i);
                    values.put(
                            some.get(i),
                            value.isEmpty() ? Optional.empty() : Optional.of(Bytes.copyOf(value.toByteArray())));
                }
            }
            return values;
        }

        private List<ByteString> ask(String channel, String transaction, List<String> keys) {
            CompletableFuture<ChaincodeMessage> answer = new CompletableFuture<>();
            @Nullable CompletableFuture<ChaincodeMessage> _ = asked.put(channel + transaction, answer);
            send(ChaincodeMessage.newBuilder()
                    .setType(ChaincodeMessage.Type.GET_STATE_MULTIPLE)
                    .setChannelId(channel)
                    .setTxid(transaction)
                    .setPayload(GetStateMultiple.newBuilder()
                            .addAllKeys(keys)
                            .build()
                            .toByteString())
                    .build());
            try {
                ChaincodeMessage message = answer.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
                if (message.getType() == ChaincodeMessage.Type.ERROR) {
                    throw new IllegalStateException(message.getPayload().toStringUtf8());
                }
                List<ByteString> values = new ArrayList<>(
                        GetStateMultipleResult.parseFrom(message.getPayload()).getValuesList());
                if (values.size() != keys.size()) {
                    throw new IllegalStateException(
                            "the peer answered " + values.size() + " values for " + keys.size() + " keys");
                }
                return values;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the peer was asked", e);
            } catch (ExecutionException | TimeoutException | InvalidProtocolBufferException e) {
                throw new IllegalStateException("the peer did not answer " + keys.size() + " keys", e);
            }
        }
    }
}
