package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.network.NodeStatus;
import org.tallystick.fabric.network.TrialNetwork;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.ledger.cli.Tally;

/// Disks of Fabric's nodes that fill up while they run.
@Tag("slow")
final class FullFabricDiskTest {

    private static final int PEER_MIB = 16;
    private static final int ORDERER_MIB = 160;
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final String NO_SPACE = "no space left on device";

    private Path home = Path.of("");
    private Optional<TrialNetwork> started = Optional.empty();

    private record Ended(int exitCode, String output) {}

    private Ended tally(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--home", home.toString()));
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(output, true, StandardCharsets.UTF_8);
        int exitCode = new Tally().run(all, both, both);
        return new Ended(exitCode, output.toString(StandardCharsets.UTF_8));
    }

    private Ended network(String verb) {
        return tally(
                "network", verb, "--folder", trial().network().folder().path().toString());
    }

    private TrialNetwork trial() {
        return started.orElseThrow();
    }

    private NodeStatus status(String node) throws Exception {
        return trial().network().status().nodes().stream()
                .filter(one -> one.node().name().equals(node))
                .findFirst()
                .orElseThrow();
    }

    /// Parties are enrolled, one instruction each, until the node has ended.
    private int enrolledUntilEnd(String node) throws Exception {
        Instant end = Instant.now().plus(LONGEST);
        int enrolled = 0;
        while (status(node).pid().isPresent()) {
            assertThat(Instant.now()).as(node + " runs on").isBefore(end);
            enroll(node.replaceAll("[^a-z]", "") + enrolled);
            enrolled++;
        }
        return enrolled;
    }

    private void enroll(String name) {
        String identity = trial().identities("north").toString();
        assertThat(tally("key", "create", "north/" + name, "--unencrypted").exitCode())
                .isZero();
        Ended ended = tally("party", "enroll", "north/" + name, "--identity", identity);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }

    @Test
    void a_node_without_room_ends_the_others_go_on_and_room_and_another_up_bring_it_back(@TempDir Path temporary)
            throws Exception {
        Optional<Binaries> binaries = Binaries.find(System.getenv());
        assumeTrue(binaries.isPresent(), "Fabric: no network, none of its programs were found");
        home = temporary.resolve("home");
        NetworkFolder folder = new NetworkFolder(temporary.resolve("network"));
        Path peerData = folder.member("east").node("peer0.east").data();
        Path ordererData = folder.member("west").node("orderer0.west").data();
        try (SmallDisk peerDisk = SmallDisk.mount(peerData, PEER_MIB);
                SmallDisk ordererDisk = SmallDisk.mount(ordererData, ORDERER_MIB);
                TrialNetwork trial = TrialNetwork.start(
                        folder.path(),
                        TrialNetwork.shortLived("raft"),
                        new Backend.Native(),
                        binaries.get(),
                        _ -> {})) {
            started = Optional.of(trial);
            String identity = trial.identities("north").toString();
            assertThat(tally("key", "create", "north", "--unencrypted").exitCode())
                    .isZero();
            assertThat(tally("member", "register", "north", "--identity", identity)
                            .exitCode())
                    .isZero();

            fills("peer0.east", peerDisk);
            fills("orderer0.west", ordererDisk);
        }
    }

    private void fills(String node, SmallDisk disk) throws Exception {
        disk.fill(0);
        int enrolled = enrolledUntilEnd(node);
        assertThat(enrolled).isPositive();
        assertThat(String.join("\n", trial().network().lastLines(status(node).node(), 200)))
                .contains(NO_SPACE);
        assertThat(network("status").exitCode()).isEqualTo(1);

        Ended full = network("up");
        assertThat(full.exitCode()).isEqualTo(2);
        assertThat(full.output()).contains("0 MiB are free where the ledger of " + node + " is");
        enroll("while" + enrolled + node.replaceAll("[^a-z]", ""));

        disk.free();
        Ended up = network("up");
        assertThat(up.exitCode()).as(up.output()).isZero();
        assertThat(network("status").exitCode()).isZero();
        Ended snapshot = network("snapshot");
        assertThat(snapshot.output()).contains("are equal");
    }
}
