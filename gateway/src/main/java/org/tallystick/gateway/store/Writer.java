package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The one thread that writes. What waits for it is written in one database transaction, so that many share one sync
/// of the disk (group commit); nobody is answered before that commit returned.
final class Writer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Writer.class.getName());

    static final int MAX_QUEUED = 10_000;
    private static final int MAX_GROUP = 500;

    /// Some statements that stand or fall together.
    @FunctionalInterface
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /// Such work that brings nothing back.
    @FunctionalInterface
    interface Statements {
        void in(Connection connection) throws SQLException;
    }

    /// Work, and who waits for it.
    private static final class Task<T> {
        private final Work<T> work;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private Runnable committed = () -> {};

        Task(Work<T> work) {
            this.work = work;
        }

        void run(Connection connection) throws SQLException {
            T value = work.in(connection);
            committed = () -> answer.complete(value);
        }

        void fail(SQLException e) {
            answer.completeExceptionally(new StoreException("not stored: " + e.getMessage(), e));
        }
    }

    private final Connection connection;
    private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final Thread thread;
    private volatile boolean open = true;
    private volatile boolean abandoned;

    Writer(Connection connection) {
        this.connection = connection;
        this.thread = Thread.ofPlatform().name("store-writer").daemon(true).start(this::run);
    }

    /// Waits until the work is on the disk.
    ///
    /// @throws StoreException if it is not; then nothing of it is
    <T> T write(Work<T> work) throws StoreException, InterruptedException {
        return await(begin(work));
    }

    void run(Statements statements) throws StoreException, InterruptedException {
        boolean _ = write(on -> {
            statements.in(on);
            return true;
        });
    }

    /// The same without waiting: the future is done when the work is on the disk.
    <T> CompletableFuture<T> begin(Work<T> work) throws StoreException {
        Task<T> task = new Task<>(work);
        if (!open || !queue.offer(task)) {
            throw new StoreException(open ? MAX_QUEUED + " writes are queued" : "the store is closed", null);
        }
        if (!thread.isAlive()) {
            drop();
        }
        return task.answer;
    }

    static <T> T await(CompletableFuture<T> written) throws StoreException, InterruptedException {
        try {
            return written.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException store) {
                throw new StoreException(String.valueOf(store.getMessage()), store);
            }
            throw new IllegalStateException("a write failed by a mistake of ours", e.getCause());
        }
    }

    private void run() {
        List<Task<?>> group = new ArrayList<>();
        while (open || (!abandoned && !queue.isEmpty())) {
            try {
                group.add(queue.take());
                queue.drainTo(group, MAX_GROUP - 1);
                commit(group);
            } catch (InterruptedException _) {
                // Closing: the loop ends once the queue is empty.
            } finally {
                group.clear();
            }
        }
    }

    private void commit(List<Task<?>> group) {
        List<Task<?>> done = new ArrayList<>();
        try {
            StoreFile.execute(connection, "BEGIN IMMEDIATE");
            for (Task<?> task : group) {
                if (alone(task)) {
                    done.add(task);
                }
            }
            StoreFile.execute(connection, "COMMIT");
        } catch (SQLException e) {
            LOG.log(Level.SEVERE, "store: " + group.size() + " writes failed: " + e.getMessage());
            rollback();
            group.forEach(task -> task.fail(e));
            return;
        }
        done.forEach(task -> task.committed.run());
    }

    /// Runs one task so that its failure leaves its neighbors alone.
    ///
    /// @throws SQLException if the whole group is lost
    private boolean alone(Task<?> task) throws SQLException {
        StoreFile.execute(connection, "SAVEPOINT task");
        try {
            task.run(connection);
            StoreFile.execute(connection, "RELEASE task");
            return true;
        } catch (SQLException e) {
            if (StoreFile.loses(e)) {
                throw e;
            }
            undo();
            task.fail(e);
        } catch (RuntimeException e) {
            undo();
            task.answer.completeExceptionally(e);
        }
        return false;
    }

    private void undo() throws SQLException {
        StoreFile.execute(connection, "ROLLBACK TO task");
        StoreFile.execute(connection, "RELEASE task");
    }

    private void rollback() {
        try {
            StoreFile.execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            // SQLite has rolled back by itself when the disk is full.
            LOG.log(Level.FINE, "store: nothing to roll back", e);
        }
    }

    private void drop() {
        List<Task<?>> late = new ArrayList<>();
        queue.drainTo(late);
        late.forEach(task -> task.fail(new SQLException("the store is closed")));
    }

    /// Ends as if the process were killed: what is queued is lost.
    void abandonForTests() {
        abandoned = true;
        close();
    }

    /// Writes what is queued, then ends.
    @Override
    public void close() {
        open = false;
        thread.interrupt();
        try {
            thread.join();
            drop();
            connection.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.log(Level.WARNING, "store: closing failed", e);
        }
    }
}
