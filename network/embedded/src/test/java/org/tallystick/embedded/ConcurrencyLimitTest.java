package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.protos.gateway.CommitStatusResponse;
import org.hyperledger.fabric.protos.gateway.EvaluateRequest;
import org.hyperledger.fabric.protos.gateway.EvaluateResponse;
import org.hyperledger.fabric.protos.gateway.GatewayGrpc;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
    /// Answers an evaluate at once and a commit status never.
    private static final class Patient extends GatewayGrpc.GatewayImplBase {
        private final CountDownLatch waiting = new CountDownLatch(1);

        @Override
        public void commitStatus(SignedCommitStatusRequest request, StreamObserver<CommitStatusResponse> observer) {
            waiting.countDown();
        }

        @Override
        public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> observer) {
            observer.onNext(EvaluateResponse.getDefaultInstance());
            observer.onCompleted();
        }
    }

    @Test
    void a_call_above_the_limit_is_told_to_come_back_and_a_cancelled_one_makes_room() throws Exception {
        var patient = new Patient();
        Server server = InProcessServerBuilder.forName("limited")
                .addService(ServerInterceptors.intercept(patient, new ConcurrencyLimit("gateway.Gateway", 1)))
                .build()
                .start();
        ManagedChannel channel = InProcessChannelBuilder.forName("limited").build();
        var client = GatewayGrpc.newBlockingStub(channel);
        try (var cancellable = Context.current().withCancellation()) {
            cancellable.run(() -> {
                var _ = GatewayGrpc.newFutureStub(channel).commitStatus(SignedCommitStatusRequest.getDefaultInstance());
            });
            assertThat(patient.waiting.await(5, TimeUnit.SECONDS)).isTrue();

            var refused = catchThrowableOfType(
                    StatusRuntimeException.class, () -> client.evaluate(EvaluateRequest.getDefaultInstance()));

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refused.getStatus().getDescription())
                    .isEqualTo("too many requests for /gateway.Gateway, exceeding concurrency limit (1)");
        }
        assertThat(eventuallyAnswered(client)).isTrue();
        channel.shutdownNow();
        server.shutdownNow();
    }

    private static boolean eventuallyAnswered(GatewayGrpc.GatewayBlockingStub client) throws InterruptedException {
        for (int attempt = 0; attempt < 500; attempt++) {
            try {
                var _ = client.evaluate(EvaluateRequest.getDefaultInstance());
                return true;
            } catch (StatusRuntimeException e) {
                Thread.sleep(10); // the cancellation is under way
            }
        }
        return false;
    }
}
