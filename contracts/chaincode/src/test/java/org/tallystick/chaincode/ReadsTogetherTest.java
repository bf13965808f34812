package org.tallystick.chaincode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.hyperledger.fabric.protos.peer.ChaincodeAdditionalParams;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.protos.peer.GetStateMultiple;
import org.hyperledger.fabric.protos.peer.GetStateMultipleResult;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;

final class ReadsTogetherTest {

    private static final String CHANNEL = "tallystick";
    private static final String TRANSACTION = "tx1";

    private final TreeMap<String, String> state = new TreeMap<>(Map.of("a", "1", "c", "3"));
    private final ReadsTogether together = new ReadsTogether();
    /// What the shim sends by.
    private final List<StreamObserver<ChaincodeMessage>> toPeer = new ArrayList<>();

    private final Observed toShim = new Observed();
    private final FakePeer peer = new FakePeer();
    private final StreamObserver<ChaincodeMessage> fromPeer = together.<RuntimeException>connect(peer, stream -> {
        toPeer.add(stream);
        return toShim;
    });

    private static class Observed implements StreamObserver<ChaincodeMessage> {
        final List<ChaincodeMessage> messages = new ArrayList<>();
        int ends;

        @Override
        public void onNext(ChaincodeMessage message) {
            messages.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            ends++;
        }

        @Override
        public void onCompleted() {
            ends++;
        }
    }

    /// Answers as a peer of Fabric 3.1 does, at once.
    private final class FakePeer extends Observed {
        UnaryOperator<ChaincodeMessage> answered = answer -> answer;

        @Override
        public void onNext(ChaincodeMessage message) {
            super.onNext(message);
            if (message.getType() == ChaincodeMessage.Type.GET_STATE_MULTIPLE) {
                fromPeer.onNext(answered.apply(answer(message)));
            }
        }

        private ChaincodeMessage answer(ChaincodeMessage asked) {
            try {
                var values = GetStateMultipleResult.newBuilder();
                for (String key : GetStateMultiple.parseFrom(asked.getPayload()).getKeysList()) {
                    var _ = values.addValues(ByteString.copyFromUtf8(state.getOrDefault(key, "")));
                }
                return message(ChaincodeMessage.Type.RESPONSE)
                        .setPayload(values.build().toByteString())
                        .build();
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static ChaincodeMessage.Builder message(ChaincodeMessage.Type type) {
        return ChaincodeMessage.newBuilder().setType(type).setChannelId(CHANNEL).setTxid(TRANSACTION);
    }

    private void ready(int most) {
        fromPeer.onNext(ChaincodeMessage.newBuilder()
                .setType(ChaincodeMessage.Type.READY)
                .setPayload(ChaincodeAdditionalParams.newBuilder()
                        .setUseGetMultipleKeys(most > 0)
                        .setMaxSizeGetMultipleKeys(most)
                        .build()
                        .toByteString())
                .build());
        fromPeer.onNext(message(ChaincodeMessage.Type.TRANSACTION).build());
    }

    private Optional<Map<String, Optional<Bytes>>> read(String... keys) {
        return together.read(CHANNEL, TRANSACTION, List.of(keys));
    }

    @Test
    void many_keys_are_asked_for_in_one_message() {
        ready(1000);

        assertThat(read("a", "b", "c"))
                .contains(Map.of(
                        "a",
                        Optional.of(Bytes.ofUtf8("1")),
                        "b",
                        Optional.empty(),
                        "c",
                        Optional.of(Bytes.ofUtf8("3"))));
        assertThat(peer.messages).hasSize(1);
    }

    @Test
    void more_keys_than_the_peer_takes_are_asked_for_in_parts() {
        ready(2);

        assertThat(read("a", "b", "c").orElseThrow()).hasSize(3);
        assertThat(peer.messages).hasSize(2);
    }

    @Test
    void a_peer_that_does_not_offer_it_is_not_asked() {
        ready(0);

        assertThat(read("a", "b")).isEmpty();
        assertThat(peer.messages).isEmpty();
    }

    @Test
    void a_transaction_that_no_peer_runs_is_not_asked_for() {
        ready(1000);
        toPeer.getFirst().onNext(message(ChaincodeMessage.Type.COMPLETED).build());

        assertThat(read("a", "b")).isEmpty();
        assertThat(together.read(CHANNEL, "tx2", List.of("a", "b"))).isEmpty();
    }

    @Test
    void what_the_shim_asked_for_goes_to_the_shim() {
        ready(1000);
        ChaincodeMessage single = message(ChaincodeMessage.Type.RESPONSE)
                .setPayload(ByteString.copyFromUtf8("1"))
                .build();

        toPeer.getFirst().onNext(message(ChaincodeMessage.Type.GET_STATE).build());
        fromPeer.onNext(single);
        var _ = read("a", "b");

        assertThat(toShim.messages)
                .extracting(ChaincodeMessage::getType)
                .containsExactly(
                        ChaincodeMessage.Type.READY, ChaincodeMessage.Type.TRANSACTION, ChaincodeMessage.Type.RESPONSE);
        assertThat(toShim.messages).contains(single);
    }

    @Test
    void an_error_of_the_peer_fails_the_transaction() {
        ready(1000);
        peer.answered = _ -> message(ChaincodeMessage.Type.ERROR)
                .setPayload(ByteString.copyFromUtf8("GET_STATE_MULTIPLE failed"))
                .build();

        assertThatIllegalStateException().isThrownBy(() -> read("a", "b")).withMessage("GET_STATE_MULTIPLE failed");
    }

    @Test
    void fewer_values_than_keys_fail_the_transaction() {
        ready(1000);
        peer.answered =
                answer -> answer.toBuilder().setPayload(ByteString.EMPTY).build();

        assertThatIllegalStateException()
                .isThrownBy(() -> read("a", "b"))
                .withMessage("the peer answered 0 values for 2 keys");
    }

    @Test
    void a_stream_that_ends_ends_its_transactions() {
        ready(1000);
        peer.answered = answer -> {
            fromPeer.onCompleted();
            return answer;
        };

        assertThatIllegalStateException()
                .isThrownBy(() -> read("a", "b"))
                .withMessageContaining("did not answer 2 keys");
        assertThat(read("a", "b")).isEmpty();
        assertThat(toShim.ends).isOne();
    }
}
