package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/// A database of PostgreSQL, 15 or newer, which several gateways of one member may share.
///
/// Writers of several gateways write beside each other; those of which one must be alone wait for each
/// other at a lock.
final class PostgresDatabase implements Database {

    private static final Logger LOG = Logger.getLogger(PostgresDatabase.class.getName());

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /// Longer than any statement may take: then the server, or the way to it, is gone.
    private static final Duration SILENCE = Duration.ofSeconds(40);

    private static final Duration WRITE = Duration.ofSeconds(30);
    private static final Duration READ = Duration.ofSeconds(10);
    private static final Duration LOCKED = Duration.ofSeconds(10);
    /// After this time the server ends a transaction of a gateway that was stopped in the middle: others
    /// wait for it.
    private static final Duration IDLE = Duration.ofSeconds(15);
    /// After this time the server knows that a gateway's machine is gone.
    private static final Duration GONE = Duration.ofSeconds(20);

    private static final Duration END = Duration.ofSeconds(5);

    /// Any number; the same in every gateway of this and later versions.
    private static final long LOCK = 0x7461_6c6c_7973_746bL;

    private static final String READ_ONLY = "25006";

    /// As the server lists it among its connections.
    private static final String NAME = "tallystick gateway";

    /// The same for the names of gateways.
    private static final int NAMES = 0x7461_6c6c;

    /// The same for leases that are made.
    private static final int LEASES = NAMES + 1;

    private final StoreAddress.Server server;
    private Optional<Session> last = Optional.empty();

    /// A connection as the server knows it.
    private record Session(int process, String begun) {}

    PostgresDatabase(StoreAddress.Server server) {
        this.server = server;
    }

    @Override
    public String name() {
        return server.text();
    }

    @Override
    public void migrate() throws StoreException {
        Schema.migrate(this, source(WRITE, NAME, ""), "postgresql");
    }

    @Override
    public boolean reserve(Connection writer, String name) throws SQLException {
        return Rows.one(writer, "SELECT pg_try_advisory_lock(?, hashtext(?))", row -> row.getBoolean(1), NAMES, name)
                .orElseThrow();
    }

    @Override
    public Connection writer() throws SQLException {
        Connection connection = source(WRITE, NAME, "").getConnection();
        try {
            if (setting(connection, "transaction_read_only").equals("on")) {
                throw new SQLException("the database is read-only", READ_ONLY);
            }
            end(connection);
            last = Optional.of(session(connection));
            makeDurable(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /// The server may not have noticed that the connection before is lost, and still be committing.
    private void end(Connection connection) throws SQLException {
        if (last.isPresent()) {
            var _ = Rows.all(
                    connection,
                    "SELECT pg_terminate_backend(pid, ?) FROM pg_stat_activity WHERE pid = ? AND backend_start::text = ?",
                    row -> row.getBoolean(1),
                    END.toMillis(),
                    last.get().process(),
                    last.get().begun());
            if (isThere(connection, last.get())) {
                throw new SQLException("the connection before does not end, process "
                        + last.get().process());
            }
        }
    }

    private static boolean isThere(Connection connection, Session session) throws SQLException {
        return Rows.one(
                        connection,
                        "SELECT pid FROM pg_stat_activity WHERE pid = ? AND backend_start::text = ?",
                        row -> row.getInt(1),
                        session.process(),
                        session.begun())
                .isPresent();
    }

    private static Session session(Connection connection) throws SQLException {
        return Rows.one(
                        connection,
                        "SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()",
                        row -> new Session(row.getInt(1), row.getString(2)))
                .orElseThrow();
    }

    /// What is acknowledged must be on the disk, whatever is usual on this server.
    private void makeDurable(Connection connection) throws SQLException {
        if (setting(connection, "synchronous_commit").equals("off")) {
            LOG.warning(name() + " has synchronous_commit off; it is on for what the gateway writes");
            Database.execute(connection, "SET synchronous_commit = on");
        }
        if (setting(connection, "fsync").equals("off")) {
            LOG.log(
                    Level.SEVERE,
                    name()
                            + " has fsync off: when its machine stops, what was acknowledged may be lost, and the database"
                            + " damaged; set fsync = on in postgresql.conf");
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        return Rows.one(connection, "SELECT current_setting(?)", row -> row.getString(1), name)
                .orElseThrow();
    }

    @Override
    public void begin(Connection connection, Lock lock) throws SQLException {
        Database.execute(
                connection,
                switch (lock) {
                    case NONE -> "BEGIN";
                    case SHARED -> "BEGIN; SELECT pg_advisory_xact_lock_shared(" + LOCK + ")";
                    case ALONE -> "BEGIN; SELECT pg_advisory_xact_lock(" + LOCK + ")";
                });
    }

    @Override
    public DataSource readers() {
        return source(READ, NAME + ", reading", " -c default_transaction_read_only=on");
    }

    private DataSource source(Duration statement, String application, String more) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        List<String> names = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (String host : server.hosts().split(",", -1)) {
            int colon = host.matches(".*:[0-9]+") ? host.lastIndexOf(':') : host.length();
            names.add(host.substring(0, colon));
            ports.add(colon == host.length() ? 0 : Integer.parseInt(host.substring(colon + 1)));
        }
        source.setServerNames(names.toArray(String[]::new));
        source.setPortNumbers(ports.stream().mapToInt(port -> port).toArray());
        source.setDatabaseName(server.database());
        or(server.user(), "PGUSER").ifPresent(source::setUser);
        or(server.password(), "PGPASSWORD").ifPresent(source::setPassword);
        for (Map.Entry<String, String> option : server.options().entrySet()) {
            source.setProperty(
                    Objects.requireNonNull(PGProperty.forName(option.getKey()), option.getKey()), option.getValue());
        }
        // Of several hosts, a standby can be read, but what was just written may not be there.
        source.setTargetServerType(names.size() > 1 ? "primary" : "any");
        source.setApplicationName(application);
        source.setConnectTimeout((int) CONNECT.toSeconds());
        source.setLoginTimeout((int) CONNECT.toSeconds());
        source.setSocketTimeout((int) SILENCE.toSeconds());
        source.setTcpKeepAlive(true);
        source.setOptions("-c statement_timeout=" + statement.toMillis() + " -c lock_timeout=" + LOCKED.toMillis()
                + " -c idle_in_transaction_session_timeout=" + IDLE.toMillis() + " -c tcp_user_timeout="
                + GONE.toMillis()
                + " -c tcp_keepalives_idle=" + GONE.toSeconds() / 2 + " -c tcp_keepalives_interval="
                + GONE.toSeconds() / 4
                + " -c tcp_keepalives_count=2" + more);
        return source;
    }

    private static Optional<String> or(Optional<String> given, String variable) {
        return given.or(() -> Optional.ofNullable(System.getenv(variable)));
    }

    @Override
    public Reach reach(SQLException failure) {
        String state = Optional.ofNullable(failure.getSQLState()).orElse("");
        return switch (state) {
            // Shut down, or ended by hand or for idling; or become a standby: elsewhere there may be a primary.
            case "57P01", "57P02", "57P03", "57P05", "25P03", READ_ONLY -> Reach.CONNECTION;
            case "", "25P02" -> Reach.TRANSACTION;
            default ->
                state.startsWith("08") || state.startsWith("XX") || state.startsWith("58")
                        ? Reach.CONNECTION
                        : state.startsWith("40") ? Reach.TURN : Reach.STATEMENT;
        };
    }

    @Override
    public String now() {
        return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
    }

    @Override
    public String locking() {
        return " FOR UPDATE";
    }

    @Override
    public String lockingFree() {
        return " FOR UPDATE SKIP LOCKED";
    }

    @Override
    public String making(String name) {
        return "pg_try_advisory_xact_lock(" + LEASES + ", hashtext(" + name + "))";
    }

    @Override
    public String trouble(SQLException failure) {
        String why = "cannot open " + name() + ": " + failure.getMessage();
        String state = Optional.ofNullable(failure.getSQLState()).orElse("");
        return switch (state) {
            case "28P01", "28000" -> why + "; give the password in PGPASSWORD, or in the file that PGPASSFILE names";
            case "3D000" -> why + "; make the database first: createdb " + server.database();
            case "42501" -> why + "; give the gateway's user a database of its own: createdb --owner=USER DATABASE";
            case READ_ONLY -> why + "; name the primary, or all hosts: the primary is found then";
            default -> state.startsWith("08") ? why + "; is it running, and is this its address?" : why;
        };
    }
}
