package org.tallystick.gateway.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A few connections that only read; who finds none free waits a little, then gives up.
final class Readers implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Readers.class.getName());

    private static final int CONNECTIONS = 4;
    private static final int WAIT_SECONDS = 5;

    private final BlockingQueue<Connection> free = new ArrayBlockingQueue<>(CONNECTIONS);

    Readers(Path file) throws SQLException {
        for (int i = 0; i < CONNECTIONS; i++) {
            free.add(StoreFile.reader(file));
        }
    }

    <T> List<T> all(String sql, Rows.Reading<T> reading, Object... values) throws StoreException, InterruptedException {
        Connection connection = free.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (connection == null) {
            throw new StoreException("all " + CONNECTIONS + " readers of the store are busy or closed", null);
        }
        try {
            return Rows.all(connection, sql, reading, values);
        } catch (SQLException e) {
            throw new StoreException("not read: " + e.getMessage(), e);
        } finally {
            free.add(connection);
        }
    }

    <T> Optional<T> one(String sql, Rows.Reading<T> reading, Object... values)
            throws StoreException, InterruptedException {
        return all(sql, reading, values).stream().findFirst();
    }

    /// Closes those that are free now; who still reads has his connection closed by the end of the process.
    @Override
    public void close() {
        List<Connection> idle = new ArrayList<>();
        free.drainTo(idle);
        for (Connection connection : idle) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.log(Level.WARNING, "store: closing a reader failed", e);
            }
        }
    }
}
