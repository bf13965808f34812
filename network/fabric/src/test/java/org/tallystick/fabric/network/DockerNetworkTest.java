package org.tallystick.fabric.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.Mount;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Image;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.fabric.docker.Images;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Program;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.ledger.cli.Tally;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.DockerComposeContainer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.lifecycle.Startable;

/// The life of one network of containers, which Testcontainers starts from the compose file that was rendered: each
/// test goes on from where the one before has left it.
@Tag("slow")
@ExtendWith(DockerFound.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DockerNetworkTest {

    private static final Images IMAGES = new Images(
            Images.USUAL.peer(), Images.USUAL.orderer(), "tallystick/chaincode-of-a-test", Images.USUAL.base());
    private static final String NETWORK_LABEL = "org.tallystick.network";
    private static final Duration LONGEST_RESTART = Duration.ofMinutes(2);

    private final Backend.Docker backend = Backend.Docker.of(IMAGES);
    /// What is to be ended, the newest first.
    private final List<AutoCloseable> ending = new ArrayList<>();
    private Path folder = Path.of("");
    private Path home = Path.of("");
    private Optional<LocalNetwork> made = Optional.empty();
    private Map<String, Long> composed = Map.of();

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        Binaries binaries = Binaries.find(System.getenv()).orElseThrow();
        folder = temporary.resolve("network");
        home = temporary.resolve("home");
        NetworkFolder files = new NetworkFolder(folder);
        Topology topology = backend.settled(TrialNetwork.profile("dev"));
        OwnerFiles.write(files.topology(), TopologyFile.text(topology));
        LocalNetwork network = new LocalNetwork(topology, files, backend, binaries, _ -> {});
        made = Optional.of(network);
        ending.addFirst(network);
        ending.addFirst(() -> {
            int _ = network.down();
        });
        ending.addFirst(this::removeImages);
        var _ = network.prepare(true);
        Startable compose = compose(files.compose().toFile());
        ending.addFirst(compose::stop);
        compose.start();
        composed = processes();
        var _ = network.up(true);
    }

    /// Testcontainers with the compose of this machine, of either generation.
    private static Startable compose(File file) throws NodeException, InterruptedException {
        boolean plugin =
                Program.of(Path.of("docker"), "compose", "version").end().exitCode() == 0;
        return plugin ? new ComposeContainer(file) : new DockerComposeContainer<>(file);
    }

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable one : ending) {
            one.close();
        }
    }

    private void removeImages() {
        DockerClient client = DockerClientFactory.instance().client();
        for (Image image :
                client.listImagesCmd().withReferenceFilter(IMAGES.chaincode()).exec()) {
            // By name: the same image may have another that is not ours.
            Arrays.stream(image.getRepoTags())
                    .filter(name -> name.startsWith(IMAGES.chaincode()))
                    .forEach(name -> {
                        var _ = client.removeImageCmd(name).exec();
                    });
        }
    }

    private LocalNetwork network() {
        return made.orElseThrow();
    }

    private Map<String, Long> processes() throws Exception {
        Map<String, Long> all = new TreeMap<>();
        for (NodeStatus node : network().status().nodes()) {
            node.pid().ifPresent(pid -> all.put(node.node().name(), pid));
        }
        return all;
    }

    private record Ended(int exitCode, String output) {}

    private Ended tally(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--home", home.toString()));
        if (arguments[0].equals("network")) {
            all.addAll(List.of("--folder", folder.toString()));
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(output, true, StandardCharsets.UTF_8);
        int exitCode = new Tally().run(all, both, both);
        return new Ended(exitCode, output.toString(StandardCharsets.UTF_8));
    }

    private String told(String... arguments) {
        Ended ended = tally(arguments);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }

    private void register(String member) {
        String _ = told("key", "create", member, "--unencrypted");
        assertThat(told(
                        "member",
                        "register",
                        member,
                        "--identity",
                        new NetworkFolder(folder).member(member).path().toString()))
                .contains("applied");
    }

    private List<Container> containers() {
        return DockerClientFactory.instance().client().listContainersCmd().withShowAll(true).exec().stream()
                .filter(container ->
                        backend.network().equals(container.getLabels().get(NETWORK_LABEL)))
                .toList();
    }

    @Test
    @Order(1)
    void up_goes_on_with_the_containers_that_compose_has_started() throws Exception {
        NetworkStatus status = network().status();

        assertThat(composed).hasSize(5);
        assertThat(processes()).isEqualTo(composed);
        assertThat(status.nodes()).hasSize(5).allMatch(NodeStatus::ready);
        assertThat(status.nodes()).filteredOn(NodeStatus::leads).hasSize(1);
        assertThat(status.nodes()).allMatch(node -> node.residentKib().orElse(0) > 0);
        assertThat(status.chaincode().orElseThrow().approvals().values()).containsExactly(true, true);
        register("north");
    }

    @Test
    @Order(2)
    void a_container_has_no_right_it_does_not_need_and_sees_no_other_node() throws Exception {
        String owner = Files.getAttribute(folder, "unix:uid") + ":" + Files.getAttribute(folder, "unix:gid");
        NetworkFolder files = new NetworkFolder(folder);

        for (Container container : containers()) {
            String name = String.valueOf(container.getLabels().get("org.tallystick.node"));
            Node node = network().topology().node(name).orElseThrow();
            InspectContainerResponse seen = DockerClientFactory.instance()
                    .client()
                    .inspectContainerCmd(container.getId())
                    .exec();
            Path own = files.member(network().topology().memberOf(node).name())
                    .node(node.name())
                    .path();
            assertThat(seen.getConfig().getUser()).isEqualTo(owner);
            assertThat(seen.getHostConfig().getReadonlyRootfs()).isTrue();
            assertThat(seen.getHostConfig().getCapDrop()).containsExactly(Capability.ALL);
            assertThat(seen.getHostConfig().getMemory()).isPositive();
            assertThat(seen.getMounts())
                    .isNotEmpty()
                    .extracting(Mount::getSource)
                    .allMatch(source -> source != null && Path.of(source).startsWith(own));
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.toList()) {
                assertThat(Files.getAttribute(file, "unix:uid") + ":" + Files.getAttribute(file, "unix:gid"))
                        .as(file.toString())
                        .isEqualTo(owner);
            }
        }
    }

    @Test
    @Order(3)
    void a_peer_that_dies_is_started_again_by_the_engine_on_what_is_left_of_it() throws Exception {
        Node peer = network().topology().peers().getFirst();
        long before = Objects.requireNonNull(processes().get(peer.name()));
        ProcessHandle process = ProcessHandle.of(before).orElseThrow();

        assertThat(process.destroyForcibly()).isTrue();
        var _ = process.onExit().get(1, TimeUnit.MINUTES);

        Instant end = Instant.now().plus(LONGEST_RESTART);
        while (!ready(peer, before) && Instant.now().isBefore(end)) {
            Thread.sleep(200);
        }
        assertThat(ready(peer, before)).isTrue();
        register("east");
    }

    private boolean ready(Node node, long before) throws Exception {
        return network().status().nodes().stream()
                .filter(one -> one.node().equals(node))
                .allMatch(one ->
                        one.ready() && one.pid().isPresent() && !one.pid().equals(OptionalLong.of(before)));
    }

    @Test
    @Order(4)
    void what_was_killed_comes_back_with_up_as_the_same_ledger() throws Exception {
        Map<String, Long> before = processes();
        String ledger = told("network", "up", "--json");

        network().kill(network().topology().nodes());

        assertThat(processes()).isEmpty();
        assertThat(tally("network", "status").exitCode()).isEqualTo(1);
        assertThat(told("network", "up", "--json")).isEqualTo(ledger);
        assertThat(processes()).hasSameSizeAs(before);
        assertThat(told("network", "logs", "peer0.north", "--lines", "5")).isNotBlank();
        assertThat(told("network", "snapshot")).contains("are equal");
    }

    @Test
    @Order(5)
    void another_version_of_the_chaincode_runs_from_an_image_of_its_own() throws Exception {
        Path now = folder.resolve("public/chaincode")
                .resolve(network().status().chaincode().orElseThrow().version());
        Path next = folder.resolveSibling("next");
        OwnerFiles.copy(now, next);
        OwnerFiles.write(next.resolve("note.txt"), "another version");
        Map<String, Long> before = processes();

        assertThat(told("network", "deploy", next.toString())).contains(", sequence 2");

        String version = network().status().chaincode().orElseThrow().version();
        assertThat(containers().stream().map(Container::getImage).filter(image -> image.startsWith(IMAGES.chaincode())))
                .hasSize(2)
                .containsOnly(IMAGES.chaincode() + ":" + version);
        assertThat(processes().get("chaincode0.east")).isNotEqualTo(before.get("chaincode0.east"));
        assertThat(processes().get("peer0.east")).isEqualTo(before.get("peer0.east"));
        assertThat(told("key", "create", "east/buyer", "--unencrypted")).isNotBlank();
        assertThat(told(
                        "party",
                        "enroll",
                        "east/buyer",
                        "--identity",
                        new NetworkFolder(folder).member("east").path().toString()))
                .contains("applied");
    }

    @Test
    @Order(6)
    void down_stops_the_network_s_containers_and_leaves_another_s_alone() {
        try (GenericContainer<?> other = new GenericContainer<>(IMAGES.peer())
                .withCommand("sleep", "600")
                .withLabel(NETWORK_LABEL, "tallystick-000000000000")) {
            other.start();

            assertThat(told("network", "down")).isEqualTo("down: 5 processes stopped\n");

            assertThat(containers()).isEmpty();
            assertThat(DockerClientFactory.instance().client().listNetworksCmd().exec())
                    .noneMatch(network ->
                            backend.network().equals(network.getLabels().get(NETWORK_LABEL)));
            assertThat(other.isRunning()).isTrue();
            assertThat(told("network", "down")).isEqualTo("down: 0 processes stopped\n");
        }
    }
}
