package org.tallystick.fabric.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.fabric.files.MemberFolder.NodeFolder;
import org.tallystick.fabric.files.OwnerFiles;

/// The one process of a node, which outlives the program that started it.
///
/// A file says which process it is: its number and the time it began, since a number alone may be somebody else's by
/// now. What the file does not name was not started here and is never touched.
public final class NodeProcess {

    private static final Duration LONGEST_STOP = Duration.ofSeconds(15);
    /// The system tells the beginning of a process in ticks since a start of its own that it may correct.
    private static final Duration SAME_INSTANT = Duration.ofSeconds(2);
    private static final Path NOTHING = Path.of("/dev/null");
    private static final long MAX_LOG_BYTES = 64L << 20;

    private final String name;
    private final NodeFolder folder;

    public NodeProcess(String name, NodeFolder folder) {
        this.name = name;
        this.folder = folder;
    }

    /// The process, if it runs.
    public Optional<ProcessHandle> running() throws IOException {
        if (!Files.exists(folder.process())) {
            return Optional.empty();
        }
        byte[] said = Files.readAllBytes(folder.process());
        if (!(JsonReader.read(Bytes.copyOf(said), JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object))
                || !(object.find("pid").orElse(Json.Obj.EMPTY) instanceof Json.Whole(var pid))
                || !(object.find("began").orElse(Json.Obj.EMPTY) instanceof Json.Text(var began))) {
            throw new IOException(folder.process() + " does not say which process it is; delete it if none is");
        }
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(found -> began(found, Instant.parse(began)));
    }

    private static boolean began(ProcessHandle process, Instant then) {
        return process.info()
                .startInstant()
                .filter(instant -> Duration.between(instant, then).abs().compareTo(SAME_INSTANT) <= 0)
                .isPresent();
    }

    /// Starts it; it writes to the log of the node.
    public ProcessHandle start(List<String> command) throws IOException {
        Path _ = OwnerFiles.folder(folder.path());
        keepLogShort();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.path().toFile())
                .redirectInput(NOTHING.toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()))
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(variable -> variable.matches("(CORE|ORDERER|FABRIC|CHAINCODE)_.*"));
        builder.environment().put("FABRIC_CFG_PATH", folder.path().toString());
        ProcessHandle started = builder.start().toHandle();
        Json.Obj said = Json.object()
                .with("pid", started.pid())
                .with(
                        "began",
                        started.info().startInstant().orElse(Instant.now()).toString())
                .build();
        OwnerFiles.write(folder.process(), said.canonical().toArray());
        return started;
    }

    private void keepLogShort() throws IOException {
        if (Files.exists(folder.log()) && Files.size(folder.log()) > MAX_LOG_BYTES) {
            Path older = folder.log().resolveSibling("log.1");
            boolean _ = Files.deleteIfExists(older);
            Path _ = Files.move(folder.log(), older);
        }
    }

    /// Asks it to end, without waiting for that.
    ///
    /// @return whether it ran
    public boolean askToEnd() throws IOException {
        Optional<ProcessHandle> running = running();
        running.ifPresent(process -> {
            boolean _ = process.destroy();
        });
        return running.isPresent();
    }

    /// Waits until it has ended, and ends it if it does not.
    public void end() throws IOException, NodeException, InterruptedException {
        Optional<ProcessHandle> running = running();
        if (running.isPresent() && !ended(running.get())) {
            boolean _ = running.get().destroyForcibly();
            if (!ended(running.get())) {
                throw new NodeException(name + " (process " + running.get().pid() + ") does not end");
            }
        }
        boolean _ = Files.deleteIfExists(folder.process());
    }

    /// SIGKILL.
    public void kill() throws IOException, InterruptedException {
        Optional<ProcessHandle> running = running();
        if (running.isPresent()) {
            boolean _ = running.get().destroyForcibly();
            if (!ended(running.get())) {
                throw new IOException(name + " (process " + running.get().pid() + ") does not die");
            }
        }
    }

    private static boolean ended(ProcessHandle process) throws InterruptedException {
        try {
            ProcessHandle _ = process.onExit().get(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot wait for process " + process.pid(), e);
        }
    }

    /// The last lines that it wrote.
    public List<String> lastLines(int count) throws IOException {
        if (!Files.exists(folder.log())) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(folder.log(), StandardCharsets.ISO_8859_1)) {
            List<String> all = lines.toList();
            return List.copyOf(all.subList(Math.max(0, all.size() - count), all.size()));
        }
    }
}
