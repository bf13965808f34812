package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// Envelopes between the submitters and the orderer: so many at most, and so many bytes.
final class WaitingEnvelopes {
    private final int maxCount;
    private final long maxBytes;
    private final Lock lock = new ReentrantLock();
    private final Condition came = lock.newCondition();
    private final Condition went = lock.newCondition();
    private final Queue<ByteString> envelopes = new ArrayDeque<>();
    private long bytes;
    private boolean closed;

    WaitingEnvelopes(int maxCount, long maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    /// Whether the envelope got a place within the patience given. It is refused when the queue is closed.
    boolean offer(ByteString envelope, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!closed && isFullFor(envelope)) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = went.awaitNanos(nanos);
            }
            if (closed) {
                return false;
            }
            envelopes.add(envelope);
            bytes += envelope.size();
            came.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFullFor(ByteString envelope) {
        return envelopes.size() >= maxCount || (!envelopes.isEmpty() && bytes + envelope.size() > maxBytes);
    }

    /// The next envelope, or nothing after that time or once the queue is closed and empty.
    Optional<ByteString> poll(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (envelopes.isEmpty() && !closed && left > 0) {
                left = came.awaitNanos(left);
            }
            ByteString envelope = envelopes.poll();
            if (envelope == null) {
                return Optional.empty();
            }
            bytes -= envelope.size();
            went.signalAll();
            return Optional.of(envelope);
        } finally {
            lock.unlock();
        }
    }

    /// No more are taken; those that are here can still be polled.
    void close() {
        lock.lock();
        try {
            closed = true;
            came.signalAll();
            went.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosedAndEmpty() {
        lock.lock();
        try {
            return closed && envelopes.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
