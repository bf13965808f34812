package org.tallystick.gateway;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tallystick.gateway.store.StoreAddress;

/// The databases that a store may be on; tests of the store run on each.
enum StoreKind {
    SQLITE {
        @Override
        StoreAddress in(Path folder) {
            return StoreAddress.file(folder.resolve("store.db"));
        }

        @Override
        Connection connect(Path folder) throws SQLException {
            return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
        }

        // As `sqlite3 store.db "VACUUM INTO 'copy'"` does it.
        @Override
        void backup(Path folder, Path copy) throws SQLException {
            try (Connection connection = connect(folder);
                    Statement statement = connection.createStatement()) {
                statement.execute("VACUUM INTO '" + copy + "'");
            }
        }

        @Override
        void lose(Path folder) throws IOException {
            for (String file : List.of("store.db", "store.db-wal", "store.db-shm")) {
                boolean _ = Files.deleteIfExists(folder.resolve(file));
            }
        }

        @Override
        void restore(Path copy, Path folder) throws IOException {
            lose(folder);
            Files.copy(copy, folder.resolve("store.db"));
        }
    },
    POSTGRESQL {
        @Override
        StoreAddress in(Path folder) {
            return server().address(database(folder));
        }

        @Override
        Connection connect(Path folder) throws SQLException {
            return server().connect(database(folder));
        }

        @Override
        void backup(Path folder, Path copy) throws IOException, InterruptedException {
            server().dump(database(folder), copy);
        }

        @Override
        void lose(Path folder) {
            server().execute("postgres", "DROP DATABASE " + database(folder) + " WITH (FORCE)");
            server().execute("postgres", "CREATE DATABASE " + database(folder));
        }

        @Override
        void restore(Path copy, Path folder) throws IOException, InterruptedException {
            lose(folder);
            server().restore(copy, database(folder));
        }

        private static String database(Path folder) {
            return DATABASES.computeIfAbsent(folder, _ -> server().database());
        }
    };

    private static final Map<Path, String> DATABASES = new ConcurrentHashMap<>();

    /// Says at each opening that the server of the tests does not sync.
    private static final Logger WARNINGS = Logger.getLogger("org.tallystick.gateway.store.PostgresDatabase");

    private static final class Shared {
        private static Optional<PostgresServer> server = Optional.empty();
        private static String missing = "";

        static {
            WARNINGS.setLevel(Level.OFF);
            try {
                server = Optional.of(PostgresServer.start("fsync=off", "full_page_writes=off"));
            } catch (PostgresServer.Missing e) {
                missing = String.valueOf(e.getMessage());
            }
        }
    }

    /// One for all tests that leave it as it is; it does not sync.
    static PostgresServer server() {
        return Shared.server.orElseGet(() -> abort(Shared.missing));
    }

    /// The store of this folder: the same each time.
    abstract StoreAddress in(Path folder);

    /// Past the store, to that one.
    abstract Connection connect(Path folder) throws SQLException;

    /// Makes a backup, as an operator does, while a gateway writes.
    abstract void backup(Path folder, Path copy) throws SQLException, IOException, InterruptedException;

    /// Leaves an empty database.
    abstract void lose(Path folder) throws IOException;

    /// Leaves what the backup has, and nothing else.
    abstract void restore(Path copy, Path folder) throws IOException, InterruptedException;
}
