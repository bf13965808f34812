package org.tallystick.embedded;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// A stream to a client at the client's pace: who writes waits while the client is behind.
final class OutgoingStream<T> {
    private final ServerCallStreamObserver<T> observer;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicBoolean ended = new AtomicBoolean();

    /// Must be made before the call that opens the stream returns, as gRPC asks of those who set handlers.
    OutgoingStream(ServerCallStreamObserver<T> observer) {
        this.observer = observer;
        observer.setOnReadyHandler(this::wake);
        observer.setOnCancelHandler(this::wake);
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isCancelled() {
        return observer.isCancelled();
    }

    /// Returns false if the client is gone.
    boolean send(T message) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!observer.isReady() && !observer.isCancelled()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
        if (observer.isCancelled()) {
            return false;
        }
        observer.onNext(message);
        return true;
    }

    /// Ends the stream, unless it has ended.
    void complete() {
        if (ended.compareAndSet(false, true) && !observer.isCancelled()) {
            observer.onCompleted();
        }
    }

    void fail(RpcFailure failure) {
        if (ended.compareAndSet(false, true) && !observer.isCancelled()) {
            observer.onError(failure.status());
        }
    }
}
