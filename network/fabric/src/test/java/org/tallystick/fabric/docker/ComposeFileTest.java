package org.tallystick.fabric.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.lifecycle.Code;
import org.tallystick.fabric.lifecycle.Packaged;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.fabric.topology.TopologyReading;

final class ComposeFileTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String NETWORK = "tallystick-0123456789ab";
    private static final Packaged PACKAGED =
            new Packaged(new Code(Path.of("/srv/network/public/chaincode/1-c0de"), "1-c0de"), "tallystick_1-c0de:abcd");

    @TempDir
    Path temporary;

    private static Topology topology(String profile) throws NodeException {
        return settled(TopologyFile.profile(profile).orElseThrow());
    }

    private static Topology settled(String yaml) throws NodeException {
        Topology loopback = switch (TopologyFile.read(yaml)) {
            case TopologyReading.Read(var topology) -> topology;
            case TopologyReading.Faulty(var faults) -> throw new AssertionError(faults);
        };
        return new Subnet("10.77.1.").settled(loopback);
    }

    private static String text(Topology topology, String folder) throws NodeException {
        return new ComposeFile(topology, new NetworkFolder(Path.of(folder)), Images.USUAL, NETWORK)
                .text(PACKAGED, "1000:1001");
    }

    @Test
    void the_smallest_network_is_written_as_in_the_published_example() throws Exception {
        String expected;
        try (InputStream in = ComposeFileTest.class.getResourceAsStream("dev-compose.yaml")) {
            expected = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(text(topology("dev"), "/srv/network")).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"dev", "raft", "bft"})
    void the_same_topology_gives_the_same_bytes(String profile) throws Exception {
        assertThat(text(topology(profile), "/srv/network")).isEqualTo(text(topology(profile), "/srv/network"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"dev", "raft", "bft"})
    void a_container_sees_its_own_node_s_folder_and_writes_only_the_ledger(String profile) throws Exception {
        Topology topology = topology(profile);
        NetworkFolder folder = new NetworkFolder(Path.of("/srv/network"));

        JsonNode services = YAML.readTree(text(topology, "/srv/network")).path("services");

        assertThat(services.size()).isEqualTo(topology.nodes().size());
        for (Node node : topology.nodes()) {
            JsonNode service = services.path(node.name());
            Path own = folder.member(topology.memberOf(node).name())
                    .node(node.name())
                    .path();
            List<String> written = new ArrayList<>();
            for (JsonNode volume : service.path("volumes")) {
                assertThat(Path.of(volume.path("source").textValue()).startsWith(own))
                        .as(volume.toString())
                        .isTrue();
                assertThat(volume.path("target")).isEqualTo(volume.path("source"));
                if (!volume.path("read_only").booleanValue()) {
                    written.add(own.relativize(Path.of(volume.path("source").textValue()))
                            .toString());
                }
            }
            assertThat(List.of("data", "snapshots")).containsAll(written);
            assertThat(service.path("read_only").booleanValue()).isTrue();
            assertThat(service.path("user").textValue()).isEqualTo("1000:1001");
            assertThat(service.path("networks")
                            .path("nodes")
                            .path("ipv4_address")
                            .textValue())
                    .isEqualTo(node.host());
            assertThat(service.path("labels").path("org.tallystick.network").textValue())
                    .isEqualTo(NETWORK);
            assertThat(service.path("labels").path("org.tallystick.node").textValue())
                    .isEqualTo(node.name());
        }
    }

    @Test
    void a_dollar_sign_in_a_path_or_an_option_is_no_variable() throws Exception {
        Topology topology = settled(TopologyFile.profile("dev")
                .orElseThrow()
                .replace("port: 7052}", "port: 7052, java: [\"-Dprice=$5\", \"-Dname='it'\"]}"));

        JsonNode services = YAML.readTree(text(topology, "/srv/\"net\" $HOME")).path("services");

        assertThat(services.path("peer0.north")
                        .path("environment")
                        .path("FABRIC_CFG_PATH")
                        .textValue())
                .isEqualTo("/srv/\"net\" $$HOME/members/north/nodes/peer0.north");
        assertThat(services.path("chaincode0.north")
                        .path("environment")
                        .path("JDK_JAVA_OPTIONS")
                        .textValue())
                .endsWith("\"-Dprice=$$5\" \"-Dname='it'\"");
    }

    @Test
    void what_is_mounted_is_there_before_an_engine_would_make_it_as_root() throws Exception {
        NetworkFolder folder = new NetworkFolder(temporary);

        new ComposeFile(topology("dev"), folder, Images.USUAL, NETWORK).write(PACKAGED);

        assertThat(folder.member("north").node("peer0.north").data()).isDirectory();
        assertThat(folder.member("north").node("peer0.north").snapshots()).isDirectory();
        assertThat(folder.member("north").node("orderer0.north").data()).isDirectory();
        assertThat(Files.readString(folder.composeProject())).isEqualTo("COMPOSE_PROJECT_NAME=" + NETWORK + "\n");
        assertThat(Files.readString(folder.compose()))
                .contains("user: \"" + Files.getAttribute(temporary, "unix:uid") + ":"
                        + Files.getAttribute(temporary, "unix:gid") + "\"");
    }
}
