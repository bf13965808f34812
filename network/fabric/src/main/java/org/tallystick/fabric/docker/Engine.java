package org.tallystick.fabric.docker;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Program;

/// The Docker engine of this machine, through its own command line and through compose, which both find it by
/// `DOCKER_HOST` or by its usual socket.
public final class Engine {

    /// Marks what belongs to a network: nothing without it is ever touched.
    static final String NETWORK_LABEL = "org.tallystick.network";

    /// Says which node a container is.
    static final String NODE_LABEL = "org.tallystick.node";

    private static final String DOCKER = "TALLYSTICK_DOCKER";
    private static final String COMPOSE = "TALLYSTICK_COMPOSE";
    private static final Duration LONGEST_BUILD = Duration.ofMinutes(10);
    private static final Duration LONGEST_UP = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofSeconds(15);
    private static final String INSPECTED = "{{.Id}} {{.State.Pid}} {{index .Config.Labels \"" + NODE_LABEL
            + "\"}} {{index .Config.Labels \"com.docker.compose.project\"}}";

    private final Program docker;
    private final Program compose;

    private Engine(Program docker, Program compose) {
        this.docker = docker;
        this.compose = compose;
    }

    /// Looks for a `docker` that reaches an engine and for a compose of either generation: what `$TALLYSTICK_DOCKER`
    /// and
    /// `$TALLYSTICK_COMPOSE` name, else what is on the `PATH`.
    public static Engine find(Map<String, String> environment) throws NodeException, InterruptedException {
        List<Program> dockers = programs("docker", DOCKER, environment);
        List<String> said = new ArrayList<>();
        for (Program docker : dockers) {
            Program.Ended info =
                    docker.with("info", "--format", "{{.SecurityOptions}}").end();
            if (info.exitCode() == 0 && info.out().contains("name=rootless")) {
                throw new NodeException(
                        "the Docker engine is rootless: this machine does not reach the addresses of its containers",
                        "use an engine that root runs: DOCKER_HOST says where it is");
            }
            if (info.exitCode() == 0) {
                return new Engine(docker, compose(dockers, environment));
            }
            said.add(info.err().strip());
        }
        throw new NodeException(
                said.isEmpty() ? "there is no docker on the PATH" : "no Docker engine answers: " + said.getFirst(),
                "install Docker and start it; DOCKER_HOST says where it listens, " + DOCKER
                        + " which docker program to use");
    }

    private static Program compose(List<Program> dockers, Map<String, String> environment)
            throws NodeException, InterruptedException {
        List<Program> candidates = new ArrayList<>();
        if (!environment.containsKey(COMPOSE)) {
            dockers.forEach(docker -> candidates.add(docker.with("compose")));
        }
        candidates.addAll(programs("docker-compose", COMPOSE, environment));
        for (Program candidate : candidates) {
            if (candidate.with("version").end().exitCode() == 0) {
                return candidate;
            }
        }
        throw new NodeException(
                "neither docker compose nor docker-compose was found", "install one of them, or name one: " + COMPOSE);
    }

    /// The program that a variable names, or all of a name on the path, in its order.
    private static List<Program> programs(String name, String variable, Map<String, String> environment) {
        String chosen = environment.getOrDefault(variable, "");
        if (!chosen.isBlank()) {
            return List.of(Program.of(Path.of(chosen)));
        }
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Program::of)
                .toList();
    }

    public boolean has(String image) throws NodeException, InterruptedException {
        return docker.with("image", "inspect", "--format", "{{.Id}}", image)
                        .end()
                        .exitCode()
                == 0;
    }

    /// Builds an image from the `Dockerfile` in a folder.
    public void build(Path folder, String image, String base) throws NodeException, InterruptedException {
        String _ = docker.with("build", "--tag", image, "--build-arg", "BASE=" + base, folder.toString())
                .within(LONGEST_BUILD)
                .run();
    }

    /// A container of a network.
    ///
    /// @param pid of its process on this machine; 0 if it does not run
    /// @param project that compose made it for
    public record Container(String id, long pid, String node, String project) {
        public boolean running() {
            return pid > 0;
        }
    }

    /// All containers of a network, running or not.
    public List<Container> containers(String network) throws NodeException, InterruptedException {
        String[] ids = docker.with("ps", "--all", "--quiet", "--no-trunc", "--filter", labeled(network))
                .run()
                .lines()
                .toArray(String[]::new);
        if (ids.length == 0) {
            return List.of();
        }
        return docker.with("inspect", "--format", INSPECTED)
                .with(ids)
                .run()
                .lines()
                .map(line -> line.split(" ", -1))
                .map(parts -> new Container(parts[0], Long.parseLong(parts[1]), parts[2], parts[3]))
                .toList();
    }

    private static String labeled(String network) {
        return "label=" + NETWORK_LABEL + "=" + network;
    }

    /// Makes and starts containers of a compose file.
    public void up(Path file, String project, List<String> services) throws NodeException, InterruptedException {
        String _ = compose.with("--file", file.toString(), "--project-name", project)
                .with("up", "--detach", "--no-deps")
                .with(services.toArray(String[]::new))
                .within(LONGEST_UP)
                .run();
    }

    public void stop(List<Container> containers) throws NodeException, InterruptedException {
        run(docker.with("stop", "--time", String.valueOf(STOP.toSeconds())), containers);
    }

    public void kill(List<Container> containers) throws NodeException, InterruptedException {
        run(docker.with("kill", "--signal", "KILL"), containers);
    }

    public void remove(List<Container> containers) throws NodeException, InterruptedException {
        run(docker.with("rm", "--force", "--volumes"), containers);
    }

    private static void run(Program program, List<Container> containers) throws NodeException, InterruptedException {
        if (!containers.isEmpty()) {
            String _ = program.with(containers.stream().map(Container::id).toArray(String[]::new))
                    .within(LONGEST_UP)
                    .run();
        }
    }

    /// Removes the bridge of a network that has no containers any more.
    public void removeBridge(String network) throws NodeException, InterruptedException {
        Optional<String> id = docker.with("network", "ls", "--quiet", "--filter", labeled(network))
                .run()
                .lines()
                .findFirst();
        if (id.isPresent()) {
            String _ = docker.with("network", "rm", id.get()).run();
        }
    }

    /// The last lines that a container wrote.
    public List<String> lastLines(Container container, int count) throws NodeException, InterruptedException {
        Program.Ended logs = docker.with("logs", "--tail", String.valueOf(count), container.id())
                .end();
        List<String> all = (logs.out() + logs.err()).lines().toList();
        return List.copyOf(all.subList(Math.max(0, all.size() - count), all.size()));
    }
}
