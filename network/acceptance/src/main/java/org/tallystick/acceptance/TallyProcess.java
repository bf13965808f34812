package org.tallystick.acceptance;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.tallystick.ledger.cli.Tally;

/// A `tally` command in a process of its own, on the class path of this one.
public final class TallyProcess implements AutoCloseable {

    /// For programs that are over soon: a quick start, and no more compiling than that needs.
    public static final List<String> SHORT = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /// For a command that works through a large file: compiled as long as it gains, in little memory.
    public static final List<String> LARGE = List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx112m", "-Xmn48m");

    /// For servers whose speed is measured: Java as it comes, like that of an operator.
    public static final List<String> LASTING = List.of();

    private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

    private final Process process;
    private final List<String> announced;

    private TallyProcess(Process process, List<String> announced) {
        this.process = process;
        this.announced = List.copyOf(announced);
    }

    /// Starts a server and waits until it says `ready`.
    ///
    /// @param java options of the Java machine it runs on
    /// @param log where its messages go
    static TallyProcess server(List<String> java, List<String> arguments, Path log) throws IOException {
        return server(java, arguments, log, Map.of());
    }

    /// @param environment what it finds there beside what this process has
    static TallyProcess server(List<String> java, List<String> arguments, Path log, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = builder(java, arguments).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> announced = new ArrayList<>();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null && !line.equals("ready")) {
            announced.add(line);
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException("tally " + arguments.getFirst() + " ended before it was ready; see " + log);
        }
        return new TallyProcess(process, announced);
    }

    /// Starts a command that may be killed while it is at work.
    ///
    /// @param log where its messages go
    public static TallyProcess begin(List<String> java, List<String> arguments, Path log) throws IOException {
        return begin(java, arguments, log, Map.of());
    }

    /// @param environment what it finds there beside what this process has
    static TallyProcess begin(List<String> java, List<String> arguments, Path log, Map<String, String> environment)
            throws IOException {
        ProcessBuilder.Redirect all = ProcessBuilder.Redirect.appendTo(log.toFile());
        ProcessBuilder builder = builder(java, arguments).redirectOutput(all).redirectError(all);
        builder.environment().putAll(environment);
        return new TallyProcess(builder.start(), List.of());
    }

    /// Begins a command whose output is read as it comes.
    static Process process(List<String> arguments) throws IOException {
        Process process = builder(SHORT, arguments).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return process;
    }

    static Ended run(List<String> arguments) throws IOException, InterruptedException {
        Process process = process(arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static ProcessBuilder builder(List<String> java, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(java);
        String archive = System.getProperty("tallystick.archive");
        List<String> classPath = classPath(archive);
        // Java archives the classes of a process, for the next to start faster, only if all its class path is jars.
        if (archive != null && java.equals(SHORT) && classPath.stream().noneMatch(TallyProcess::isFolder)) {
            command.add("-XX:SharedArchiveFile=" + archive);
            command.add("-XX:+AutoCreateSharedArchive");
            command.add("-Xlog:cds=off");
            command.add("-Xlog:cds+dynamic=off");
            command.add("-Xlog:aot=off");
        }
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), Tally.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /// The class path of this process; beside an archive without the folders of this module's own classes, since no
    /// command lies there.
    private static List<String> classPath(@Nullable String archive) {
        Optional<Path> own = Optional.ofNullable(archive)
                .map(file -> Path.of(file).toAbsolutePath().getParent());
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !isFolder(entry)
                        || own.filter(Path.of(entry).toAbsolutePath()::startsWith)
                                .isEmpty())
                .toList();
    }

    private static boolean isFolder(String entry) {
        return Files.isDirectory(Path.of(entry));
    }

    /// What the system knows of the process.
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /// The lines it printed before it was ready.
    public List<String> announced() {
        return announced;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Waits until it has ended by itself.
    ///
    /// @return its exit code; nothing if it still runs after `longest`
    public OptionalInt end(Duration longest) throws InterruptedException {
        return process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)
                ? OptionalInt.of(process.exitValue())
                : OptionalInt.empty();
    }

    /// SIGKILL: no goodbye.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
