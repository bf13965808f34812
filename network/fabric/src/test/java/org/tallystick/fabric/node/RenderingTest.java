package org.tallystick.fabric.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.fabric.topology.TopologyReading;

final class RenderingTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @TempDir
    Path temporary;

    private static Topology topology(String profile) {
        return switch (TopologyFile.read(TopologyFile.profile(profile).orElseThrow())) {
            case TopologyReading.Read(var topology) -> topology;
            case TopologyReading.Faulty(var faults) -> throw new AssertionError(faults);
        };
    }

    private NetworkFolder rendered(Topology topology) throws IOException {
        NetworkFolder folder = new NetworkFolder(temporary.resolve("net \"work\""));
        for (Member member : topology.members()) {
            new MemberKeys(member, folder.member(member.name()), Instant.now()).complete();
            new Rendering(topology, folder).write(member);
        }
        return folder;
    }

    private static Map<Path, FileTime> files(Path folder) throws IOException {
        Map<Path, FileTime> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(file, Files.getLastModifiedTime(file));
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"dev", "raft", "bft"})
    void every_node_finds_its_files_where_its_configuration_says(String profile) throws IOException {
        Topology topology = topology(profile);

        NetworkFolder folder = rendered(topology);

        for (Member member : topology.members()) {
            for (Orderer orderer : member.orderers()) {
                JsonNode general = YAML.readTree(folder.member(member.name())
                                .node(orderer.name())
                                .path()
                                .resolve("orderer.yaml")
                                .toFile())
                        .path("General");
                assertThat(general.path("ListenPort").intValue()).isEqualTo(orderer.port());
                assertThat(Path.of(general.path("TLS").path("PrivateKey").textValue()))
                        .isRegularFile();
                assertThat(Path.of(general.path("LocalMSPDir").textValue()).resolve("signcerts/cert.pem"))
                        .isRegularFile();
            }
            for (Peer peer : member.peers()) {
                JsonNode core = YAML.readTree(folder.member(member.name())
                        .node(peer.name())
                        .path()
                        .resolve("core.yaml")
                        .toFile());
                assertThat(core.path("peer").path("address").textValue()).isEqualTo(peer.address());
                assertThat(core.path("peer")
                                .path("authentication")
                                .path("timewindow")
                                .textValue())
                        .isEqualTo("120s");
                assertThat(core.path("vm").path("endpoint").isNull()).isTrue();
                Path builder = Path.of(core.path("chaincode")
                        .path("externalBuilders")
                        .path(0)
                        .path("path")
                        .textValue());
                assertThat(builder.resolve("bin/detect")).isExecutable();
                assertThat(builder.resolve("bin/release")).isExecutable();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"dev", "raft", "bft"})
    void what_is_rendered_again_from_the_same_keys_is_not_written_again(String profile) throws IOException {
        Topology topology = topology(profile);
        NetworkFolder folder = rendered(topology);
        Map<Path, FileTime> before = files(folder.path().resolve("members"));

        NetworkFolder _ = rendered(topology);

        // The MSP folders are copied as a whole.
        before.keySet().removeIf(file -> file.toString().contains("/msp/"));
        assertThat(files(folder.path().resolve("members"))).containsAllEntriesOf(before);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"dev", "raft", "bft"})
    void the_first_block_s_input_names_every_member_and_every_consenter(String profile) throws IOException {
        Topology topology = topology(profile);
        NetworkFolder folder = rendered(topology);

        String text = new Genesis(topology, folder, new Binaries(temporary)).configuration();

        JsonNode channel = YAML.readTree(text).path("Profiles").path("Tallystick");
        assertThat(channel.path("Capabilities").path("V3_0").booleanValue()).isTrue();
        assertThat(channel.path("Application").path("Organizations").size())
                .isEqualTo(topology.members().size());
        assertThat(channel.path("Orderer").path("BatchTimeout").textValue()).isEqualTo("200ms");
        assertThat(text.split("ServerTLSCert", -1)).hasSize(topology.orderers().size() + 1);
        assertThat(text.split("AnchorPeers", -1)).hasSize(topology.members().size() + 1);
    }
}
