package org.tallystick.fabric.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.files.MemberFolder.NodeFolder;
import org.tallystick.fabric.files.OwnerFiles;

final class NodeProcessTest {

    private static final List<String> LONG = List.of("/bin/sh", "-c", "echo begun; exec sleep 60");

    @TempDir
    Path temporary;

    private NodeFolder folder() {
        return new NodeFolder(temporary.resolve("node"));
    }

    private NodeProcess node() {
        return new NodeProcess("peer0.north", folder());
    }

    /// Told to end before that, the process would leave no line.
    private void awaitBegun() throws IOException, InterruptedException {
        Instant latest = Instant.now().plusSeconds(10);
        while (node().lastLines(1).isEmpty() && Instant.now().isBefore(latest)) {
            Thread.sleep(10);
        }
    }

    private void claim(long pid, Instant began) throws IOException {
        Json said =
                Json.object().with("pid", pid).with("began", began.toString()).build();
        OwnerFiles.write(folder().process(), said.canonical().toArray());
    }

    @Test
    void a_process_is_found_again_by_who_did_not_start_it_and_ends_when_told() throws Exception {
        ProcessHandle started = node().start(LONG);
        awaitBegun();

        assertThat(node().running()).contains(started);
        assertThat(node().askToEnd()).isTrue();
        node().end();
        assertThat(started.isAlive()).isFalse();
        assertThat(node().running()).isEmpty();
        assertThat(node().askToEnd()).isFalse();
        assertThat(node().lastLines(5)).containsExactly("begun");
    }

    @Test
    void a_process_with_the_number_of_an_old_one_is_somebody_else_s_and_is_left_alone() throws Exception {
        Process other = new ProcessBuilder("/bin/sh", "-c", "exec sleep 60").start();
        try {
            claim(other.pid(), Instant.now().minus(Duration.ofHours(1)));

            assertThat(node().running()).isEmpty();
            assertThat(node().askToEnd()).isFalse();
            node().end();
            node().kill();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_file_that_says_nothing_of_use_is_named_and_nothing_is_ended() throws Exception {
        OwnerFiles.write(folder().process(), "{\"pid\":\"7\"}");

        assertThatThrownBy(() -> node().askToEnd())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder().process().toString());
    }

    @Test
    void no_variable_of_the_caller_s_environment_reaches_a_node() throws Exception {
        ProcessHandle started = node().start(List.of("/usr/bin/env"));
        started.onExit().get(10, TimeUnit.SECONDS);

        assertThat(Files.readAllLines(folder().log()))
                .contains("FABRIC_CFG_PATH=" + folder().path())
                .noneMatch(line -> line.startsWith("CORE_") || line.startsWith("ORDERER_"));
    }
}
