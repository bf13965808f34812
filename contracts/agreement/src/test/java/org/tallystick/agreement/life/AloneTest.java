package org.tallystick.agreement.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.SharedVectors;

/// The model is worth something as long as it shares nothing with what it is held beside.
class AloneTest {

    private static final Path SOURCES = SharedVectors.path(
            "contracts/agreement/src/test/java/org/tallystick/agreement/life", "no copy of the sources");

    @Test
    void the_model_knows_nothing_but_the_language_it_is_written_in() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(SOURCES)) {
            files = all.filter(file -> !file.endsWith("AloneTest.java")).toList();
        }

        assertThat(files).hasSizeGreaterThan(6);
        for (Path file : files) {
            assertThat(Files.readAllLines(file).stream()
                            .filter(line -> line.startsWith("import "))
                            .filter(line -> !line.startsWith("import java.util.")
                                    && !line.startsWith("import java.time.")
                                    && !line.startsWith("import org.jspecify.")))
                    .as(file.toString())
                    .isEmpty();
        }
    }
}
