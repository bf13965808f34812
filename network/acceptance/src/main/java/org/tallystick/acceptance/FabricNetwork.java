package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.network.TrialNetwork;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// Fabric's own peers and orderers on this machine, three of each, as `tally network up` starts them: as processes
/// or in containers.
///
/// Each member's chaincode runs in a place of its own: another language, time zone, encoding and order of hashes. What
/// depends on any of these cannot be endorsed by two members alike.
public final class FabricNetwork implements Network {

    /// With processes.
    public static final String KIND = "fabric";

    /// With containers.
    public static final String DOCKER = "docker";

    private static final String PROFILE = "raft";
    /// Members' places, in the order of the members.
    private static final List<List<String>> PLACES = List.of(
            place("tr", "TR", "Pacific/Kiritimati", "ISO-8859-9", 1),
            place("ar", "EG", "America/St_Johns", "windows-1256", 4),
            place("de", "CH", "Asia/Kathmandu", "US-ASCII", 0));

    private final TrialNetwork trial;
    private final Path folder;
    private final String kind;
    private final TreeMap<String, Long> removed = new TreeMap<>();

    private FabricNetwork(TrialNetwork trial, Path folder, String kind) {
        this.trial = trial;
        this.folder = folder;
        this.kind = kind;
    }

    /// For processes that live for a few hundred transactions, so that compiling them well would not pay.
    ///
    /// @param hashes how the machine makes identity hash codes; 5, its usual way, is none of these
    private static List<String> place(String language, String country, String zone, String encoding, int hashes) {
        return List.of(
                "-XX:TieredStopAtLevel=1",
                "-Duser.language=" + language,
                "-Duser.country=" + country,
                "-Duser.timezone=" + zone,
                "-Dfile.encoding=" + encoding,
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:hashCode=" + hashes);
    }

    /// Starts one at free addresses; all its files are in `network` in the folder.
    public static FabricNetwork start(Path folder, Backend backend, Binaries binaries) throws IOException {
        return start(folder, topology(), backend, binaries);
    }

    /// @param topology at any addresses: free ones are taken
    public static FabricNetwork start(Path folder, Topology topology, Backend backend, Binaries binaries)
            throws IOException {
        Path own = folder.resolve("network");
        String kind = switch (backend) {
            case Backend.Native _ -> KIND;
            case Backend.Docker _ -> DOCKER;
        };
        try {
            return new FabricNetwork(TrialNetwork.start(own, topology, backend, binaries, _ -> {}), own, kind);
        } catch (NodeException | LedgerException e) {
            throw new IOException("the network did not come up: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the network came up", e);
        }
    }

    /// Three members with an orderer and a peer each.
    public static Topology raft() {
        return TrialNetwork.profile(PROFILE);
    }

    private static Topology topology() {
        Topology topology = TrialNetwork.shortLived(PROFILE);
        List<String> names = topology.memberNames();
        for (int i = 0; i < names.size(); i++) {
            topology = topology.withJava(names.get(i), PLACES.get(i));
        }
        return topology;
    }

    /// The network itself, for what only Fabric has.
    public TrialNetwork trial() {
        return trial;
    }

    /// The folder that `tally network` commands name.
    public Path folder() {
        return folder;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public List<String> members() {
        return trial.members().stream()
                .filter(member -> !removed.containsKey(member))
                .toList();
    }

    @Override
    public Hash ledger() {
        return trial.ledger();
    }

    @Override
    public List<String> announced() {
        return List.of(
                "ledger " + ledger() + " on Fabric " + Binaries.VERSION + ", profile " + PROFILE + " (" + kind + ")");
    }

    @Override
    public List<String> access(String member) {
        return List.of("--identity", trial.identities(member).toString());
    }

    @Override
    public Path authority(String member) {
        return trial.authority(member);
    }

    @Override
    public Ledger connect(String member, String identity) throws IOException, LedgerException {
        return trial.network().connect(member, identity);
    }

    @Override
    public boolean canBeKilled() {
        return true;
    }

    @Override
    public void kill() throws InterruptedException {
        try {
            trial.kill();
        } catch (IOException | NodeException e) {
            throw new IllegalStateException("the nodes cannot be killed", e);
        }
    }

    @Override
    public void restart() throws IOException {
        try {
            trial.restart();
        } catch (NodeException | LedgerException e) {
            throw new IOException("the network did not come back: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the network came back", e);
        }
    }

    /// Who is a member of the channel, as an orderer tells it.
    public List<String> admitted() throws IOException {
        try {
            return trial.network().channel().admitted();
        } catch (NodeException e) {
            throw new IOException("the orderers do not tell the configuration: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the orderers were asked", e);
        }
    }

    /// Takes note that a member was removed: nobody is to ask its peer any more.
    public void left(String member) throws IOException {
        String deed = "removes Channel/Application/" + member;
        try {
            long block = trial.network().history().stream()
                    .filter(one -> one.valid() && one.what().equals(deed))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(member + " was not removed"))
                    .block();
            Long _ = removed.put(member, block);
        } catch (NodeException | LedgerException e) {
            throw new IOException("the history cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public SortedMap<String, Long> removed() {
        return new TreeMap<>(removed);
    }

    @Override
    public void close() {
        trial.close();
    }
}
