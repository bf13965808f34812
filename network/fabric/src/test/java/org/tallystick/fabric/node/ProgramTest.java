package org.tallystick.fabric.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.fabric.files.OwnerFiles;

final class ProgramTest {

    @TempDir
    Path folder;

    private Program saying(String... lines) throws Exception {
        Path program = folder.resolve("peer");
        OwnerFiles.writeProgram(program, "#!/bin/sh\nprintf '%s\\n' '" + String.join("' '", lines) + "' >&2\nexit 1\n");
        return Program.of(program, "channel");
    }

    @Test
    void a_program_that_explains_itself_after_an_error_is_quoted_with_the_error() throws Exception {
        Program peer = saying("Error: no leader", "Usage:", "  peer channel", "  --tls", "  --cafile");

        assertThatThrownBy(peer::run)
                .isInstanceOf(NodeException.class)
                .hasMessage("peer channel failed: Error: no leader");
    }

    @Test
    void another_is_quoted_with_its_last_lines() throws Exception {
        Program peer = saying("begins", "goes on", "panics", "at once");

        assertThatThrownBy(peer::run).isInstanceOf(NodeException.class).hasMessageContaining("panics at once");
    }
}
