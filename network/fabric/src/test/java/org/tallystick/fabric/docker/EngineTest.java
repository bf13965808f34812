package org.tallystick.fabric.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.node.NodeException;

final class EngineTest {

    @TempDir
    Path temporary;

    private Path called() {
        return temporary.resolve("called");
    }

    /// A program that writes down how it is called, and then does what is said.
    private String program(String folder, String name, String does) throws IOException {
        Path own = temporary.resolve(folder);
        OwnerFiles.writeProgram(
                own.resolve(name),
                "#!/bin/sh\necho \"" + folder + "/" + name + " $*\" >> '" + called() + "'\n" + does + "\n");
        return own.toString();
    }

    private static Map<String, String> path(String... folders) {
        return Map.of("PATH", String.join(":", folders));
    }

    private List<String> upped() throws IOException {
        return Files.readAllLines(called()).stream()
                .filter(line -> line.contains(" up "))
                .toList();
    }

    private void up(Engine engine) throws NodeException, InterruptedException {
        engine.up(Path.of("/srv/network/docker-compose.yaml"), "tallystick-1", List.of("peer0.north"));
    }

    @Test
    void a_docker_that_reaches_no_engine_is_passed_over() throws Exception {
        String broken = program("first", "docker", "echo 'no engine' >&2; exit 1");
        String good = program("second", "docker", "exit 0");

        up(Engine.find(path(broken, good)));

        assertThat(upped())
                .containsExactly("second/docker compose --file /srv/network/docker-compose.yaml"
                        + " --project-name tallystick-1 up --detach --no-deps peer0.north");
    }

    @Test
    void a_compose_of_the_older_generation_will_do() throws Exception {
        String docker = program("bin", "docker", "[ \"$1\" != compose ]");
        String compose = program("bin", "docker-compose", "exit 0");

        up(Engine.find(path(docker, compose)));

        assertThat(upped()).singleElement().asString().startsWith("bin/docker-compose --file ");
    }

    @Test
    void variables_name_other_programs_than_those_on_the_path() throws Exception {
        String usual = program("usual", "docker", "exit 0");
        String docker = program("chosen", "docker", "exit 0") + "/docker";
        String compose = program("chosen", "podman-compose", "exit 0") + "/podman-compose";

        up(Engine.find(Map.of("PATH", usual, "TALLYSTICK_DOCKER", docker, "TALLYSTICK_COMPOSE", compose)));

        assertThat(upped()).singleElement().asString().startsWith("chosen/podman-compose ");
        assertThat(Files.readAllLines(called())).noneMatch(line -> line.startsWith("usual/"));
    }

    @Test
    void what_is_missing_is_named_with_what_to_do() throws Exception {
        String broken = program("broken", "docker", "echo 'permission denied' >&2; exit 1");
        String alone = program("alone", "docker", "[ \"$1\" != compose ]");
        String rootless = program("rootless", "docker", "echo '[name=seccomp name=rootless]'");

        assertThatThrownBy(() -> Engine.find(Map.of()))
                .isInstanceOf(NodeException.class)
                .hasMessage("there is no docker on the PATH");
        assertThatThrownBy(() -> Engine.find(path(broken)))
                .isInstanceOf(NodeException.class)
                .hasMessage("no Docker engine answers: permission denied");
        assertThatThrownBy(() -> Engine.find(path(alone)))
                .isInstanceOf(NodeException.class)
                .hasMessage("neither docker compose nor docker-compose was found");
        assertThatThrownBy(() -> Engine.find(path(rootless)))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("rootless");
    }

    @Test
    void only_containers_with_the_label_of_the_network_are_found() throws Exception {
        String docker = program("bin", "docker", """
                case "$*" in
                "ps --all --quiet --no-trunc --filter label=org.tallystick.network=tallystick-1") echo c1; echo c2 ;;
                inspect*c1\\ c2) echo 'c1 4711 peer0.north project'; echo 'c2 0 peer0.east project' ;;
                esac""");

        Engine engine = Engine.find(path(docker));

        assertThat(engine.containers("tallystick-1"))
                .containsExactly(
                        new Engine.Container("c1", 4711, "peer0.north", "project"),
                        new Engine.Container("c2", 0, "peer0.east", "project"));
        assertThat(engine.containers("tallystick-2")).isEmpty();
    }
}
