package org.tallystick.fabric.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.fabric.docker.Images;
import org.tallystick.fabric.files.OwnerFiles;

/// What the table of `./scripts/test` says when a network cannot be tried.
final class FoundTest {

    private static final String FOUND = "exit 0";

    @TempDir
    Path temporary;

    private void program(String name, String does) throws IOException {
        OwnerFiles.writeProgram(temporary.resolve("bin").resolve(name), "#!/bin/sh\n" + does + "\n");
    }

    private void fabric() throws IOException {
        for (String name : List.of("peer", "orderer", "osnadmin", "configtxgen", "configtxlator")) {
            program(name, FOUND);
        }
    }

    private Map<String, String> environment() {
        return Map.of(
                "HOME", temporary.toString(), "PATH", temporary.resolve("bin").toString());
    }

    @Test
    void without_fabric_s_programs_the_ways_to_them_are_named() throws Exception {
        assertThat(FabricFound.lacking(environment()))
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("Fabric: its programs were not found; set FABRIC_BIN to ")
                        .contains(temporary.toString()));
        assertThat(DockerFound.lacking(environment(), Images.USUAL))
                .contains("Docker: Fabric's programs were not found, which admins work with");

        fabric();

        assertThat(FabricFound.lacking(environment())).isEmpty();
    }

    @Test
    void without_an_engine_or_an_image_this_is_named() throws Exception {
        fabric();

        assertThat(DockerFound.lacking(environment(), Images.USUAL)).contains("Docker: there is no docker on the PATH");

        program("docker", "echo 'permission denied' >&2; exit 1");
        assertThat(DockerFound.lacking(environment(), Images.USUAL))
                .contains("Docker: no Docker engine answers: permission denied");

        program("docker", "case \"$*\" in image*temurin*) exit 1 ;; esac");
        assertThat(DockerFound.lacking(environment(), Images.USUAL))
                .contains("Docker: the engine has no image eclipse-temurin:25-jre");

        program("docker", FOUND);
        assertThat(DockerFound.lacking(environment(), Images.USUAL)).isEmpty();
    }
}
