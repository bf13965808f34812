package org.tallystick.fabric.network;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.state.Net;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Progress;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.fabric.topology.TopologyReading;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// A network with a trial ledger, for tests and rehearsals: at addresses that are free, and stopped when closed.
public final class TrialNetwork implements AutoCloseable {

    private static final Duration FEW_CALLERS = Duration.ofMillis(20);

    private final LocalNetwork network;
    private final Net net;

    private TrialNetwork(LocalNetwork network, Net net) {
        this.network = network;
        this.net = net;
    }

    /// Starts a network of processes of a profile in an empty folder.
    public static TrialNetwork start(Path folder, String profile, Binaries binaries, Progress progress)
            throws IOException, NodeException, LedgerException, InterruptedException {
        return start(folder, profile(profile), new Backend.Native(), binaries, progress);
    }

    /// Starts a network of a topology, but for its addresses, in an empty folder.
    public static TrialNetwork start(
            Path folder, Topology wanted, Backend backend, Binaries binaries, Progress progress)
            throws IOException, NodeException, LedgerException, InterruptedException {
        Topology topology = backend.settled(wanted);
        NetworkFolder files = new NetworkFolder(folder);
        OwnerFiles.write(files.topology(), TopologyFile.text(topology));
        LocalNetwork network = new LocalNetwork(topology, files, backend, binaries, progress);
        boolean up = false;
        try {
            TrialNetwork started = new TrialNetwork(network, network.up(true).begun());
            up = true;
            return started;
        } finally {
            if (!up) {
                int _ = network.down();
                network.close();
            }
        }
    }

    /// The topology that a profile stands for.
    public static Topology profile(String name) {
        String yaml = TopologyFile.profile(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no profile " + name));
        return switch (TopologyFile.read(yaml)) {
            case TopologyReading.Read(var topology) -> topology;
            case TopologyReading.Faulty(var faults) ->
                throw new IllegalStateException("profile " + name + ": " + faults);
        };
    }

    /// A profile for a network that lives for minutes and has few callers: neither to compile its chaincode well would
    /// pay, nor to wait for more that goes into a block.
    public static Topology shortLived(String name) {
        Topology topology = profile(name).cutAfter(FEW_CALLERS);
        for (String member : topology.memberNames()) {
            topology = topology.withJava(member, List.of("-XX:TieredStopAtLevel=1"));
        }
        return topology;
    }

    public LocalNetwork network() {
        return network;
    }

    public List<String> members() {
        return network.topology().memberNames();
    }

    /// The ledger's id.
    public Hash ledger() {
        return net.ledger();
    }

    /// The folder of a member's identities, with the way to its peer: for `--identity`.
    public Path identities(String member) {
        return network.folder().member(member).path();
    }

    /// The certificate of the authority that issues a member's identities.
    public Path authority(String member) {
        return network.folder().member(member).authority().certificate();
    }

    /// A connection to the member's peer in the name of its gateway; whoever asks closes it.
    public Ledger connect(String member) throws IOException, LedgerException {
        return network.connect(member, MemberKeys.GATEWAY);
    }

    /// Kills every orderer and every peer, without a goodbye.
    public void kill() throws IOException, NodeException, InterruptedException {
        Topology topology = network.topology();
        network.kill(Stream.<Node>concat(topology.orderers().stream(), topology.peers().stream())
                .toList());
    }

    /// Starts what was killed, on what is left of it.
    public void restart() throws IOException, NodeException, LedgerException, InterruptedException {
        Net again = network.up(true).begun();
        if (!again.ledger().equals(net.ledger())) {
            throw new IllegalStateException("another ledger came back: " + again.ledger());
        }
    }

    @Override
    public void close() {
        try {
            int _ = network.down();
        } catch (IOException | NodeException e) {
            throw new IllegalStateException(
                    "nodes are left running in " + network.folder().path(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "nodes may be left running in " + network.folder().path(), e);
        } finally {
            network.close();
        }
    }
}
