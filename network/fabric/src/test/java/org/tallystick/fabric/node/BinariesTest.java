package org.tallystick.fabric.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.fabric.files.OwnerFiles;

final class BinariesTest {

    @TempDir
    Path temporary;

    private Path programs(String folder, String... names) throws IOException {
        for (String name : names) {
            OwnerFiles.writeProgram(temporary.resolve(folder).resolve(name), "#!/bin/sh\n");
        }
        return temporary.resolve(folder);
    }

    private Path complete(String folder) throws IOException {
        return programs(folder, "peer", "orderer", "osnadmin", "configtxgen", "configtxlator");
    }

    @Test
    void the_chosen_folder_comes_first_then_the_cache_then_the_path() throws IOException {
        Path cache = complete("home/.cache/tallystick/fabric/3.1.5/bin");
        Path chosen = complete("chosen");
        Path onPath = complete("path");
        String home = temporary.resolve("home").toString();
        String path = temporary.resolve("nothing") + ":" + onPath;

        assertThat(Binaries.find(Map.of("FABRIC_BIN", chosen.toString(), "HOME", home, "PATH", path)))
                .contains(new Binaries(chosen));
        assertThat(Binaries.find(Map.of("HOME", home, "PATH", path))).contains(new Binaries(cache));
        assertThat(Binaries.find(Map.of("HOME", temporary.toString(), "PATH", path)))
                .contains(new Binaries(onPath));
    }

    @Test
    void a_folder_that_lacks_a_program_is_no_place() throws IOException {
        Path some = programs("some", "peer", "orderer");

        assertThat(Binaries.find(Map.of("FABRIC_BIN", some.toString(), "HOME", temporary.toString(), "PATH", "")))
                .isEmpty();
    }

    @Test
    void three_ways_to_come_by_them_are_named() {
        List<String> ways = Binaries.ways(Map.of("HOME", "/home/ann"));

        assertThat(ways).hasSize(3);
        assertThat(ways.get(0)).contains("FABRIC_BIN");
        assertThat(ways.get(1)).contains("/home/ann/.cache/tallystick/fabric/3.1.5/bin");
        assertThat(ways.get(2)).contains("PATH");
    }
}
