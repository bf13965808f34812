package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tallystick.gateway.store.Database.Lock;
import org.tallystick.gateway.store.Database.Reach;
import org.tallystick.gateway.watch.Watch;

/// The one thread that writes. What waits for it is written in one database transaction, so that many share
/// one sync of the disk (group commit); nobody is answered before that commit returned.
///
/// A connection that is lost is opened again for the next group. What was lost with it was not done, with
/// one exception: a commit whose answer did not come is **in doubt**. Nobody is told that it was done, nor
/// that it was not. Callers need no more: each write can be repeated, and is found done then. What nobody
/// repeats is that the store itself noted as handed to its owner; so after a doubt it [begins
/// anew][#afterDoubt], as after a crash, before it writes anything else.
final class Writer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Writer.class.getName());

    static final int MAX_QUEUED = 10_000;
    private static final int MAX_GROUP = 500;
    /// How often a group is tried that fails by no fault of its own, because another writer was in the way.
    private static final int MAX_TURNS = 5;

    /// Some statements that stand or fall together. They may be run again if nothing of them was stored.
    @FunctionalInterface
    interface Work<T> {
        T in(Connection connection) throws SQLException, StoreException;
    }

    /// Such work that brings nothing back.
    @FunctionalInterface
    interface Statements {
        void in(Connection connection) throws SQLException, StoreException;
    }

    /// What is done before anything else.
    @FunctionalInterface
    interface Begin {
        void in(Connection connection) throws SQLException;
    }

    /// Work, and who waits for it.
    private static final class Task<T> {
        private final Lock lock;
        private final Work<T> work;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private Runnable committed = () -> {};

        Task(Lock lock, Work<T> work) {
            this.lock = lock;
            this.work = work;
        }

        void run(Connection connection) throws SQLException, StoreException {
            T value = work.in(connection);
            committed = () -> answer.complete(value);
        }

        void fail(SQLException e, boolean inDoubt) {
            String what = inDoubt ? "it is not known whether it is stored: " : "not stored: ";
            answer.completeExceptionally(new StoreException(what + e.getMessage(), e, inDoubt));
        }
    }

    private final Database database;
    private final Watch watch;
    private Optional<Connection> connection;
    private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final Thread thread;
    private volatile boolean open = true;
    private volatile boolean abandoned;
    private volatile Begin afterDoubt = _ -> {};
    private boolean doubt;

    Writer(Database database, Connection connection, Watch watch) {
        this.database = database;
        this.watch = watch;
        this.connection = Optional.of(connection);
        this.thread = Thread.ofPlatform().name("store-writer").daemon(true).start(this::run);
    }

    /// What is done first after a commit in doubt.
    void afterDoubt(Begin first) {
        afterDoubt = first;
    }

    /// Waits until the work is on the disk.
    ///
    /// @throws StoreException if it is not; then nothing of it is
    <T> T write(Lock lock, Work<T> work) throws StoreException, InterruptedException {
        return await(begin(lock, work));
    }

    void run(Lock lock, Statements statements) throws StoreException, InterruptedException {
        boolean _ = write(lock, on -> {
            statements.in(on);
            return true;
        });
    }

    /// The same without waiting: the future is done when the work is on the disk.
    <T> CompletableFuture<T> begin(Lock lock, Work<T> work) throws StoreException {
        Task<T> task = new Task<>(lock, work);
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
            if (e.getCause() instanceof CourierStore.Fenced fenced) {
                throw new CourierStore.Fenced(fenced);
            }
            if (e.getCause() instanceof StoreException store) {
                throw new StoreException(String.valueOf(store.getMessage()), store, store.isInDoubt());
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
                int turn = 1;
                while (!isOver(group, turn == MAX_TURNS)) {
                    turn++;
                }
            } catch (InterruptedException _) {
                // Closing: the loop ends once the queue is empty.
            } finally {
                group.clear();
            }
        }
    }

    /// How far a group is.
    private enum Stage {
        BEGINNING,
        WRITING,
        COMMITTING
    }

    /// Writes the group.
    ///
    /// @return false if it failed by no fault of its own and nothing was done, so that the same may be
    ///     tried again
    private boolean isOver(List<Task<?>> group, boolean last) {
        List<Task<?>> left =
                group.stream().filter(task -> !task.answer.isDone()).toList();
        List<Task<?>> done = new ArrayList<>();
        Stage stage = Stage.BEGINNING;
        long begun = System.nanoTime();
        try {
            Connection on = connected();
            database.begin(
                    on,
                    left.stream().map(task -> task.lock).max(Lock::compareTo).orElse(Lock.NONE));
            stage = Stage.WRITING;
            for (Task<?> task : left) {
                if (alone(on, task)) {
                    done.add(task);
                }
            }
            stage = Stage.COMMITTING;
            Database.execute(on, "COMMIT");
        } catch (SQLException e) {
            Reach reach = rollback(e);
            // Lost before it began, it was lost while nobody wrote.
            boolean again = reach == Reach.TURN || (reach == Reach.CONNECTION && stage == Stage.BEGINNING);
            if (again && !last) {
                return false;
            }
            boolean inDoubt = reach == Reach.CONNECTION && stage == Stage.COMMITTING;
            doubt |= inDoubt;
            LOG.log(Level.SEVERE, "store: " + left.size() + " writes failed: " + e.getMessage());
            left.forEach(task -> task.fail(e, inDoubt));
            watch.wrote(left.size(), Duration.ofNanos(System.nanoTime() - begun), true);
            return true;
        }
        done.forEach(task -> task.committed.run());
        watch.wrote(left.size(), Duration.ofNanos(System.nanoTime() - begun), false);
        return true;
    }

    /// The connection, which may have been lost.
    private Connection connected() throws SQLException {
        if (connection.isEmpty()) {
            connection = Optional.of(database.writer());
        }
        Connection on = connection.get();
        if (doubt) {
            database.begin(on, Lock.ALONE);
            afterDoubt.in(on);
            Database.execute(on, "COMMIT");
            doubt = false;
        }
        return on;
    }

    /// Runs one task so that its failure leaves its neighbors alone.
    ///
    /// @throws SQLException if the whole group is lost
    private boolean alone(Connection on, Task<?> task) throws SQLException {
        Database.execute(on, "SAVEPOINT task");
        try {
            task.run(on);
            Database.execute(on, "RELEASE SAVEPOINT task");
            return true;
        } catch (SQLException e) {
            if (database.reach(e) != Reach.STATEMENT) {
                throw e;
            }
            undo(on);
            task.fail(e, false);
        } catch (StoreException | RuntimeException e) {
            undo(on);
            boolean _ = task.answer.completeExceptionally(e);
        }
        return false;
    }

    private static void undo(Connection on) throws SQLException {
        Database.execute(on, "ROLLBACK TO SAVEPOINT task");
        Database.execute(on, "RELEASE SAVEPOINT task");
    }

    /// Ends what failed, and the connection if that is lost.
    private Reach rollback(SQLException failure) {
        if (connection.isEmpty()) {
            return Reach.TRANSACTION;
        }
        Connection on = connection.get();
        Reach reach = database.reach(failure);
        try {
            if (reach != Reach.CONNECTION && !on.isClosed()) {
                Database.execute(on, "ROLLBACK");
                return reach;
            }
        } catch (SQLException e) {
            // SQLite has rolled back by itself when the disk is full.
            LOG.log(Level.FINE, "store: nothing to roll back", e);
            if (database.reach(e) != Reach.CONNECTION) {
                return reach;
            }
        }
        close(on);
        connection = Optional.empty();
        return Reach.CONNECTION;
    }

    private void drop() {
        List<Task<?>> late = new ArrayList<>();
        queue.drainTo(late);
        late.forEach(task -> task.fail(new SQLException("the store is closed"), false));
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
            connection.ifPresent(Writer::close);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.log(Level.FINE, "store: closing failed", e);
        }
    }
}
