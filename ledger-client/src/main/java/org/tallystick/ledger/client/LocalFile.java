package org.tallystick.ledger.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;

/// A small SQLite file of this program alone: whoever opens it first keeps others out until it is closed.
///
/// What is wrong with it is an [IOException], like with any file.
final class LocalFile implements AutoCloseable {

    private final Path file;
    private final Connection connection;

    private LocalFile(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /// @param statements what a new file is begun with; harmless for an old one
    static LocalFile open(Path file, List<String> statements) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try {
            LocalFile open = new LocalFile(file, DriverManager.getConnection("jdbc:sqlite:" + file, settings()));
            open.run("PRAGMA locking_mode=EXCLUSIVE");
            open.run("PRAGMA synchronous=FULL");
            open.run("PRAGMA temp_store=FILE");
            open.connection.setAutoCommit(false);
            // The first to write keeps the file.
            open.run("PRAGMA user_version=1");
            for (String statement : statements) {
                open.run(statement);
            }
            open.connection.commit();
            return open;
        } catch (SQLException e) {
            throw new IOException(
                    file + " cannot be opened, or another tally is working with it: " + e.getMessage(), e);
        }
    }

    /// Nobody asks for the keys of rows, which the driver would fetch after each.
    private static Properties settings() {
        Properties settings = new Properties();
        settings.setProperty("jdbc.get_generated_keys", "false");
        return settings;
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(sql);
        }
    }

    /// Runs a statement with its values: texts, numbers, octets.
    void write(String sql, Object... values) throws IOException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, values);
            int _ = statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// Reads one row; nothing if there is none.
    <T> Optional<T> one(Row<T> row, String sql, Object... values) throws IOException {
        return all(row, sql, values).stream().findFirst();
    }

    <T> List<T> all(Row<T> row, String sql, Object... values) throws IOException {
        List<T> all = new ArrayList<>();
        each(row, all::add, sql, values);
        return all;
    }

    /// Reads row by row, so that there may be any number.
    <T> void each(Row<T> row, Consumer<T> taker, String sql, Object... values) throws IOException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, values);
            try (ResultSet results = statement.executeQuery()) {
                while (results.next()) {
                    taker.accept(row.read(results));
                }
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// How a row is read.
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    /// A statement that is run many times; closed with the file.
    PreparedStatement prepare(String sql) throws IOException {
        try {
            return connection.prepareStatement(sql);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// Makes everything since the last call last, all or nothing.
    void commit() throws IOException {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    IOException failed(SQLException e) {
        return new IOException(file + ": " + e.getMessage(), e);
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}
