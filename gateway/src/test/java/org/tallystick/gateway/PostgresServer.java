package org.tallystick.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.gateway.store.StoreException;

/// A server of PostgreSQL, from the programs of this machine, with a folder and a port of its own.
///
/// Its databases sort text by the rules of a language, which the tables must not depend on.
public final class PostgresServer implements AutoCloseable {

    /// Why there is none on this machine.
    public static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        Missing(String why) {
            super("PostgreSQL: " + why);
        }
    }

    static final String USER = "gateway";
    /// With what an address has to write differently.
    public static final String PASSWORD = "p@ss/w:rd %+";

    private static final String TEMPLATE = "empty_store";
    private static final Duration START = Duration.ofSeconds(60);
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final Path bin;
    private final Path folder;
    private final int port;
    private final List<String> settings;
    private Optional<Process> process = Optional.empty();

    private PostgresServer(Path bin, Path folder, int port, List<String> settings) {
        this.bin = bin;
        this.folder = folder;
        this.port = port;
        this.settings = settings;
    }

    /// @param settings as `name=value`
    public static PostgresServer start(String... settings) throws Missing {
        try {
            Path folder = Files.createTempDirectory("tallystick-postgresql");
            if (isRoot()) {
                Files.setOwner(
                        folder,
                        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user()));
            }
            int port;
            try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = any.getLocalPort();
            }
            PostgresServer server = new PostgresServer(programs(), folder, port, List.of(settings));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            server.initialize();
            server.start();
            return server;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /// Root may not run it.
    private static String user() throws IOException {
        return Files.readAllLines(Path.of("/etc/passwd")).stream().anyMatch(line -> line.startsWith("postgres:"))
                ? "postgres"
                : "nobody";
    }

    private static Path programs() throws Missing, IOException {
        List<Path> folders = new ArrayList<>();
        for (String root : List.of("/usr/lib/postgresql", "/usr/local/lib/postgresql")) {
            if (Files.isDirectory(Path.of(root))) {
                try (Stream<Path> versions = Files.list(Path.of(root))) {
                    versions.sorted(Comparator.reverseOrder())
                            .map(version -> version.resolve("bin"))
                            .forEach(folders::add);
                }
            }
        }
        Arrays.stream(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator, -1))
                .map(Path::of)
                .forEach(folders::add);
        return folders.stream()
                .filter(folder ->
                        Files.isExecutable(folder.resolve("initdb")) && Files.isExecutable(folder.resolve("postgres")))
                .findFirst()
                .orElseThrow(() -> new Missing("no initdb and postgres on this machine"));
    }

    private Process run(Path log, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("runuser", "-u", user(), "--"));
        }
        command.add(bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private Path data() {
        return folder.resolve("data");
    }

    private void initialize() throws IOException, InterruptedException, Missing {
        Path password = Files.writeString(folder.resolve("password"), PASSWORD);
        Path log = folder.resolve("initdb.log");
        Process initdb = run(
                log,
                "initdb",
                "--pgdata=" + data(),
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--locale-provider=icu",
                "--icu-locale=en",
                "--no-sync");
        if (initdb.waitFor() != 0) {
            throw new Missing("initdb said: " + Files.readString(log).lines().reduce("", (_, line) -> line));
        }
    }

    /// Starts it, anew if it was stopped or killed.
    void start() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-D", data().toString(), "-p", String.valueOf(port)));
        for (String setting : settings) {
            arguments.addAll(List.of("-c", setting));
        }
        arguments.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
        arguments.addAll(List.of("-c", "max_connections=300", "-c", "shared_buffers=32MB"));
        Path log = folder.resolve("postgres.log");
        process = Optional.of(run(log, "postgres", arguments.toArray(String[]::new)));
        long end = System.nanoTime() + START.toNanos();
        while (!isUp()) {
            if (!process.get().isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("postgres did not start: " + Files.readString(log));
            }
            Thread.sleep(20);
        }
    }

    private boolean isUp() {
        try (Connection _ = connect("postgres")) {
            return true;
        } catch (SQLException _) {
            return false;
        }
    }

    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, USER, PASSWORD);
    }

    void execute(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Kills every process of it, as a power cut would.
    void kill() throws InterruptedException {
        if (process.isPresent()) {
            List<ProcessHandle> all = process.get().toHandle().descendants().toList();
            // First the one that would tidy up after the others.
            all.forEach(ProcessHandle::destroyForcibly);
            process.get().destroyForcibly();
            int _ = process.get().waitFor();
            all.forEach(handle -> handle.onExit().join());
            process = Optional.empty();
        }
    }

    int port() {
        return port;
    }

    public StoreAddress.Server address(String database) {
        return address(port, database);
    }

    /// The same by another port, behind which something stands in the way.
    static StoreAddress.Server address(int port, String database) {
        return new StoreAddress.Server(
                "127.0.0.1:" + port, database, Optional.of(USER), Optional.of(PASSWORD), new TreeMap<>(Map.of()));
    }

    /// A database with an empty store, under a name that no other has.
    public synchronized String database() {
        if (NUMBERS.getAndIncrement() == 0 || !exists(TEMPLATE)) {
            execute("postgres", "CREATE DATABASE " + TEMPLATE);
            try (Store _ = Store.open(address(TEMPLATE))) {
                // Its tables are made.
            } catch (StoreException e) {
                throw new IllegalStateException(e);
            }
        }
        String name = "store_" + NUMBERS.getAndIncrement();
        execute("postgres", "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
        return name;
    }

    /// A backup, in the form of its own programs.
    void dump(String database, Path copy) throws IOException, InterruptedException {
        client("pg_dump", "--format=custom", "--file=" + copy, database);
    }

    /// @param database an empty one
    void restore(Path copy, String database) throws IOException, InterruptedException {
        client("pg_restore", "--exit-on-error", "--dbname=" + database, copy.toString());
    }

    private void client(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(bin.resolve(program).toString(), "--host=127.0.0.1", "--port=" + port, "--username=" + USER));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", PASSWORD);
        Process client = builder.start();
        String said = new String(client.getInputStream().readAllBytes(), UTF_8);
        if (client.waitFor() != 0) {
            throw new IllegalStateException(program + ": " + said);
        }
    }

    private boolean exists(String database) {
        try (Connection _ = connect(database)) {
            return true;
        } catch (SQLException _) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        try {
            kill();
            if (Files.exists(folder)) {
                try (Stream<Path> all = Files.walk(folder)) {
                    all.sorted(Comparator.reverseOrder())
                            .forEach(path -> path.toFile().delete());
                }
            }
        } catch (InterruptedException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
