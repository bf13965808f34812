package org.tallystick.gateway.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// A file of SQLite: a write-ahead log, synced at each commit.
final class SqliteDatabase implements Database {

    /// How long the file may be held by somebody else.
    private static final int BUSY_MILLIS = 2_000;

    private static final int PAGE = 4096;

    private final StoreAddress.File file;

    SqliteDatabase(StoreAddress.File file) {
        this.file = file;
    }

    @Override
    public String name() {
        return file.text();
    }

    @Override
    public void migrate() throws StoreException {
        if (Files.exists(file.path()) && !Files.isWritable(file.path())) {
            throw new StoreException(
                    "cannot open " + name() + ": it is read-only; give the gateway's user the right to write it and its"
                            + " folder",
                    null);
        }
        Schema.migrate(this, writing(), "sqlite");
    }

    private DataSource writing() {
        SQLiteConfig config = config();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setPageSize(PAGE);
        return source(config);
    }

    /// A file has one gateway.
    @Override
    public boolean reserve(Connection writer, String name) {
        return true;
    }

    @Override
    public Connection writer() throws SQLException {
        Connection connection = writing().getConnection();
        try {
            if (file.limit().isPresent()) {
                Database.execute(
                        connection,
                        "PRAGMA max_page_count = " + Math.max(1, file.limit().getAsLong() / PAGE));
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /// Immediate: a transaction that first reads and then cannot write would be of no use.
    @Override
    public void begin(Connection connection, Lock lock) throws SQLException {
        Database.execute(connection, "BEGIN IMMEDIATE");
    }

    @Override
    public DataSource readers() {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        return source(config);
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        return config;
    }

    private DataSource source(SQLiteConfig config) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.path());
        return source;
    }

    @Override
    public Reach reach(SQLException failure) {
        if (!(failure instanceof SQLiteException sqlite)) {
            return Reach.TRANSACTION;
        }
        int primary = sqlite.getResultCode().code & 0xff;
        return primary == SQLiteErrorCode.SQLITE_CONSTRAINT.code ? Reach.STATEMENT : Reach.TRANSACTION;
    }

    @Override
    public String now() {
        return "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
    }

    /// Whoever writes is alone.
    @Override
    public String locking() {
        return "";
    }

    @Override
    public String lockingFree() {
        return "";
    }

    @Override
    public String making(String name) {
        return "TRUE";
    }

    @Override
    public String trouble(SQLException failure) {
        String why = "cannot open " + name() + ": " + failure.getMessage();
        Path folder = file.path().toAbsolutePath().getParent();
        return folder == null || Files.isDirectory(folder) ? why : why + "; make the folder first";
    }
}
