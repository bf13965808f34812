package org.tallystick.embedded;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// So many calls of a service at the same time; the next one is told to come back later.
final class ConcurrencyLimit implements ServerInterceptor {
    private final String service;
    private final int limit;
    private final Semaphore places;

    ConcurrencyLimit(String service, int limit) {
        this.service = service;
        this.limit = limit;
        this.places = new Semaphore(limit);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!places.tryAcquire()) {
            call.close(
                    Status.RESOURCE_EXHAUSTED.withDescription(
                            "too many requests for /" + service + ", exceeding concurrency limit (" + limit + ")"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        var held = new AtomicBoolean(true);
        ServerCall.Listener<Q> listener;
        try {
            listener = next.startCall(call, headers);
        } catch (RuntimeException e) {
            places.release();
            throw e;
        }
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onComplete() {
                release();
                super.onComplete();
            }

            @Override
            public void onCancel() {
                release();
                super.onCancel();
            }

            private void release() {
                if (held.compareAndSet(true, false)) {
                    places.release();
                }
            }
        };
    }
}
