package org.tallystick.embedded;

import java.io.Serial;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Tells those who wait for a transaction or a block that it is there, or that the ledger ended before it came.
final class CommitNotices {
    private final BlockStore blocks;
    private final Map<String, List<CompletableFuture<BlockStore.Place>>> byTransaction = new ConcurrentHashMap<>();
    private final Lock lock = new ReentrantLock();
    private final Condition grew = lock.newCondition();
    private volatile Optional<String> ended = Optional.empty();

    CommitNotices(BlockStore blocks) {
        this.blocks = blocks;
    }

    /// Completes with the transaction's place, or exceptionally when the ledger ends. Cancel it when nobody waits.
    CompletableFuture<BlockStore.Place> transaction(String id) {
        var waiter = new CompletableFuture<BlockStore.Place>();
        var _ = byTransaction.compute(id, (_, others) -> with(others, waiter));
        // Only now look: what commits before this line is on the ledger, what commits after it finds the waiter.
        blocks.transaction(id).ifPresent(place -> {
            boolean _ = waiter.complete(place);
        });
        ended.ifPresent(why -> {
            boolean _ = waiter.completeExceptionally(new LedgerEndedException(why));
        });
        var _ = waiter.whenComplete((_, _) -> {
            var _ = byTransaction.computeIfPresent(id, (_, all) -> without(all, waiter));
        });
        return waiter;
    }

    private static <T> List<T> with(@Nullable List<T> others, T one) {
        return others == null
                ? List.of(one)
                : Stream.concat(others.stream(), Stream.of(one)).toList();
    }

    private static <T> @Nullable List<T> without(List<T> all, T one) {
        List<T> rest = all.stream().filter(other -> other != one).toList();
        return rest.isEmpty() ? null : rest;
    }

    /// Whether the block is there; waits for it no longer than so long, and not at all once the ledger ended.
    boolean hasBlock(long number, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (blocks.height() <= number && ended.isEmpty() && nanos > 0) {
                nanos = grew.awaitNanos(nanos);
            }
            return blocks.height() > number;
        } finally {
            lock.unlock();
        }
    }

    void committed(Iterable<String> transactions) {
        wakeBlockReaders();
        for (String id : transactions) {
            blocks.transaction(id)
                    .ifPresent(place -> waiters(id).forEach(waiter -> {
                        boolean _ = waiter.complete(place);
                    }));
        }
    }

    private List<CompletableFuture<BlockStore.Place>> waiters(String id) {
        return byTransaction.getOrDefault(id, List.of());
    }

    Optional<String> ended() {
        return ended;
    }

    void end(String why) {
        ended = Optional.of(why);
        wakeBlockReaders();
        byTransaction
                .keySet()
                .forEach(id -> waiters(id).forEach(waiter -> {
                    boolean _ = waiter.completeExceptionally(new LedgerEndedException(why));
                }));
    }

    private void wakeBlockReaders() {
        lock.lock();
        try {
            grew.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The ledger was closed or halted while somebody waited.
    static final class LedgerEndedException extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        LedgerEndedException(String why) {
            super(why);
        }
    }
}
