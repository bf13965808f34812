package org.tallystick.fabric.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.state.Net;
import org.tallystick.chaincode.Charter;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.ledger.LedgerException;

/// How a ledger begins on the smallest network of Fabric's own programs, of two members who must agree.
@Tag("slow")
@Timeout(300)
final class BeginningTest {

    private Optional<LocalNetwork> made = Optional.empty();

    @AfterEach
    void stop() throws Exception {
        if (made.isPresent()) {
            int _ = made.get().down();
            made.get().close();
        }
    }

    @Test
    void a_ledger_does_not_begin_while_a_member_was_told_something_else_of_it(@TempDir Path temporary)
            throws Exception {
        Optional<Binaries> binaries = Binaries.find(System.getenv());
        assumeTrue(binaries.isPresent(), "Fabric: no network, none of its programs were found");
        NetworkFolder folder = new NetworkFolder(temporary.resolve("network"));
        Topology topology = new Backend.Native().settled(TrialNetwork.shortLived("dev"));
        OwnerFiles.write(folder.topology(), TopologyFile.text(topology));
        LocalNetwork network = new LocalNetwork(topology, folder, new Backend.Native(), binaries.get(), _ -> {});
        made = Optional.of(network);
        Chaincode east =
                topology.member("east").orElseThrow().peers().getFirst().chaincode();
        Path file = folder.member("east").node(east.name()).charter();
        var _ = network.prepare(true);
        Charter told = Charter.read(Bytes.copyOf(Files.readAllBytes(file))).orElseThrow();
        OwnerFiles.write(file, new Charter(told.ledger(), false).text());

        assertThatThrownBy(() -> network.up(true)).isInstanceOfSatisfying(LedgerException.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo("charter_differs");
            assertThat(failed.values().get("trial").canonical()).isEqualTo(Bytes.ofUtf8("false"));
        });

        OwnerFiles.write(file, told.text());
        network.kill(List.of(east));
        Net begun = network.up(false).begun();

        assertThat(begun.trial()).as("what was said when the network was made").isTrue();
        assertThat(begun.ledger()).isEqualTo(told.ledger());
    }
}
