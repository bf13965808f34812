package org.tallystick.gateway.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A few connections that only read; who finds none free waits a little, then gives up.
final class Readers implements AutoCloseable {

    private static final int CONNECTIONS = 4;
    private static final Duration WAIT = Duration.ofSeconds(3);

    /// Held here, because a logger that nobody holds forgets its level.
    private static final Logger HIKARI = Logger.getLogger("com.zaxxer.hikari");

    private final Database database;
    private final HikariDataSource pool;

    Readers(Database database) {
        HIKARI.setLevel(Level.WARNING);
        HikariConfig config = new HikariConfig();
        config.setPoolName("store-readers");
        config.setDataSource(database.readers());
        config.setReadOnly(true);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(WAIT.toMillis());
        // The writer has said already whether the database is there; later it may be away for a while.
        config.setInitializationFailTimeout(-1);
        this.database = database;
        this.pool = new HikariDataSource(config);
    }

    /// Several questions about one state of the database, whatever is written in the meantime.
    @FunctionalInterface
    interface Questions<T> {
        T on(Connection connection) throws SQLException;
    }

    <T> List<T> all(String sql, Rows.Reading<T> reading, Object... values) throws StoreException, InterruptedException {
        return ask(on -> Rows.all(on, sql, reading, values));
    }

    <T> T together(Questions<T> questions) throws StoreException, InterruptedException {
        return ask(on -> {
            on.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            on.setAutoCommit(false);
            try {
                return questions.on(on);
            } finally {
                on.rollback();
            }
        });
    }

    private <T> T ask(Questions<T> questions) throws StoreException, InterruptedException {
        try {
            return again(questions);
        } catch (SQLException e) {
            if (e.getCause() instanceof InterruptedException) {
                // The pool has set the mark of the thread again.
                boolean _ = Thread.interrupted();
                throw new InterruptedException();
            }
            throw new StoreException("not read: " + e.getMessage(), e);
        }
    }

    /// A connection may have been lost since it was used last: another one is asked then.
    private <T> T again(Questions<T> questions) throws SQLException {
        try {
            return once(questions);
        } catch (SQLException e) {
            boolean lost =
                    database.reach(e) == Database.Reach.CONNECTION && !(e instanceof SQLTransientConnectionException);
            if (!lost || pool.isClosed()) {
                throw e;
            }
            return once(questions);
        }
    }

    private <T> T once(Questions<T> questions) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return questions.on(connection);
        }
    }

    <T> Optional<T> one(String sql, Rows.Reading<T> reading, Object... values)
            throws StoreException, InterruptedException {
        return all(sql, reading, values).stream().findFirst();
    }

    @Override
    public void close() {
        pool.close();
    }
}
