package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Said.tally;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator says and sees of the configuration: `tally gateway --config`, `--check` and `--print-config`.
class GatewayCommandTest {

    @TempDir
    Path folder = Path.of(".");

    private String file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("gateway.yaml"), yaml).toString();
    }

    @Test
    void a_configuration_that_is_right_is_told_so_and_nothing_is_started() throws IOException {
        Path store = folder.resolve("gateway.db");
        String config = file("version: gateway/1\nstore: {address: " + store + "}\n");

        Said said = tally("gateway", "--config", config, "--check");

        assertThat(said).isEqualTo(new Said(0, "ok\n", ""));
        assertThat(store).doesNotExist();
    }

    @Test
    void all_that_is_wrong_is_an_answer_to_who_asks_and_else_the_reason_why_it_does_not_start() throws IOException {
        String config = file("version: gateway/1\nlisten: here\nlog: {keys: none, pace: 1}\n");

        Said checked = tally("gateway", "--config", config, "--check", "--instance", "a b");
        Said started = tally("gateway", "--config", config, "--store", "a.db", "--identity", folder.toString());

        assertThat(checked.exitCode()).isEqualTo(1);
        assertThat(checked.out().lines())
                .hasSize(4)
                .anyMatch(line -> line.startsWith("/listen 'here' is not"))
                .anyMatch(line -> line.startsWith("--instance 'a b' is not"))
                .anyMatch(line -> line.startsWith("/log/pace is not known"))
                .anyMatch(line -> line.startsWith("/store/address is missing"));
        assertThat(started.exitCode()).isEqualTo(2);
        assertThat(started.error())
                .startsWith("tally: error: the configuration is wrong:\n")
                .contains("\n  /listen 'here' is not");
    }

    @Test
    void what_is_named_and_is_not_there_is_wrong_too() throws IOException {
        String config = file("version: gateway/1\nstore: {address: a.db}\nlog: {keys: none}\n");

        Said checked = tally("gateway", "--config", config, "--check");
        Said unread = tally("gateway", "--config", folder.resolve("none.yaml").toString(), "--check");

        assertThat(checked).isEqualTo(new Said(1, "/log/keys is not there: none\n", ""));
        assertThat(unread.exitCode()).isEqualTo(2);
        assertThat(unread.error()).contains("there is no file");
    }

    @Test
    void what_counts_is_printed_and_can_be_read_again() throws IOException {
        Said first =
                tally("gateway", "--store", "a.db", "--listen", "localhost:1", "--channel", "other", "--print-config");
        Said again = tally("gateway", "--config", file(first.out()), "--print-config");

        assertThat(first.exitCode()).isZero();
        assertThat(first.out()).contains("listen: localhost:1\n").contains("channel: other\n");
        assertThat(again).isEqualTo(first);
    }

    @Test
    void without_a_store_a_gateway_does_not_start() {
        Said said = tally("gateway", "--identity", folder.toString());

        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.error()).contains("/store/address is missing");
    }
}
