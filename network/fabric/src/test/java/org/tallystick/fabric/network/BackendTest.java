package org.tallystick.fabric.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.fabric.docker.Images;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.ledger.cli.Tally;

final class BackendTest {

    @TempDir
    Path temporary;

    private NetworkFolder folder() {
        return new NetworkFolder(temporary.resolve("network"));
    }

    @Test
    void a_network_s_folder_says_what_its_nodes_run_as() throws IOException {
        Backend docker = Backend.Docker.of(new Images("a/peer:1", "b/orderer:2", "c/chaincode", "d/java:25"));

        docker.write(folder());

        assertThat(Backend.of(folder())).contains(docker);
        new Backend.Native().write(folder());
        assertThat(Backend.of(folder())).contains(new Backend.Native());
    }

    @Test
    void no_two_networks_are_known_by_the_same_id() {
        assertThat(Backend.Docker.of(Images.USUAL)).isNotEqualTo(Backend.Docker.of(Images.USUAL));
    }

    @Test
    void a_network_from_before_there_were_containers_runs_as_processes_and_an_empty_folder_as_nothing()
            throws IOException {
        assertThat(Backend.of(folder())).isEmpty();

        OwnerFiles.write(folder().topology(), TopologyFile.profile("dev").orElseThrow());

        assertThat(Backend.of(folder())).contains(new Backend.Native());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            []                                           | does not say what the nodes run as
            {"backend":"podman"}                         | names podman, no backend
            {"backend":"docker","network":"tallystick-"} | does not say what the nodes run as
            """)
    void a_file_that_makes_no_sense_is_named(String text, String expected) throws IOException {
        OwnerFiles.write(folder().backend(), text);

        assertThatThrownBy(() -> Backend.of(folder()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder().backend().toString())
                .hasMessageContaining(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            --backend podman                | there is no backend podman
            --backend native                | began as docker, not as native
            --peer-image Peer               | not a name of an image: 'Peer'
            """)
    void up_refuses_what_a_network_of_containers_cannot_be(String options, String expected) throws IOException {
        Backend.Docker.of(Images.USUAL).write(folder());
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(output, true, StandardCharsets.UTF_8);

        int exitCode = new Tally()
                .run(List.of(("network up --folder " + folder().path() + " " + options).split(" ", -1)), both, both);

        assertThat(exitCode).isEqualTo(2);
        assertThat(output.toString(StandardCharsets.UTF_8)).contains(expected);
        assertThat(folder().topology()).doesNotExist();
    }
}
