package org.tallystick.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalLong;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The SQLite file: how it is opened, and its tables in their versions.
///
/// The version is SQLite's own `user_version`; each step is a script `N.sql` beside this class, done in one
/// transaction.
/// A file of a later version is refused: an older gateway would not know what it must keep.
final class StoreFile {

    private static final int VERSION = 5;
    private static final int BUSY_MILLIS = 2_000;
    private static final int PAGE = 4096;

    private StoreFile() {}

    /// A commit on this connection is on the disk when it returns: write-ahead log, synced at each commit. Transactions
    /// are begun and ended in SQL: the driver would begin the next one at once, and hold the file.
    ///
    /// @param limit how many bytes the file may have, if that is limited
    static Connection writer(Path file, OptionalLong limit) throws SQLException {
        SQLiteConfig config = config();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setPageSize(PAGE);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try {
            if (limit.isPresent()) {
                execute(connection, "PRAGMA max_page_count = " + Math.max(1, limit.getAsLong() / PAGE));
            }
            migrate(connection, file);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    static Connection reader(Path file) throws SQLException {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        return config;
    }

    private static void migrate(Connection connection, Path file) throws SQLException {
        execute(connection, "BEGIN IMMEDIATE");
        int version = version(connection);
        if (version > VERSION) {
            throw new IllegalStateException(file + " was written by a later gateway: its version is " + version
                    + ", this gateway knows up to " + VERSION);
        }
        for (int next = version + 1; next <= VERSION; next++) {
            for (String statement : script(next).split(";\\s*\n", -1)) {
                if (!statement.isBlank()) {
                    execute(connection, statement);
                }
            }
            execute(connection, "PRAGMA user_version = " + next);
        }
        execute(connection, "COMMIT");
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static String script(int version) {
        try (InputStream in = Optional.ofNullable(StoreFile.class.getResourceAsStream(version + ".sql"))
                .orElseThrow(() -> new IllegalStateException("script " + version + ".sql is missing"))) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Whether the whole database transaction is lost with this failure, not one statement.
    static boolean loses(SQLException e) {
        if (!(e instanceof SQLiteException sqlite)) {
            return true;
        }
        int primary = sqlite.getResultCode().code & 0xff;
        return primary != SQLiteErrorCode.SQLITE_CONSTRAINT.code;
    }
}
