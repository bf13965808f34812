package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.MemberIdentity;

/// An embedded ledger of three members as the product starts it: `tally ledger` in a process of its own.
public final class EmbeddedNetwork implements Network {

    public static final String KIND = "embedded";

    private static final List<String> MEMBERS = List.of("north", "east", "west");
    private static final String ANNOUNCES_LEDGER = "ledger ";
    private static final int ID_DIGITS = 64;

    private final Servers servers;

    private EmbeddedNetwork(Servers servers) {
        this.servers = servers;
    }

    /// Starts it on free ports of loopback; its blocks and identities are in `ledger` in the folder.
    public static EmbeddedNetwork start(Path folder) throws IOException {
        return start(folder, TallyProcess.SHORT);
    }

    /// @param java options of the Java machine it runs on
    public static EmbeddedNetwork start(Path folder, List<String> java) throws IOException {
        Servers servers = new Servers(folder, MEMBERS, true, java);
        servers.startLedger();
        return new EmbeddedNetwork(servers);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public List<String> members() {
        return MEMBERS;
    }

    /// Its members are those it was founded with.
    @Override
    public SortedMap<String, Long> removed() {
        return new TreeMap<>();
    }

    @Override
    public Hash ledger() {
        return announced().stream()
                .filter(line -> line.startsWith(ANNOUNCES_LEDGER))
                .map(line -> line.substring(ANNOUNCES_LEDGER.length()))
                .map(line -> new Hash(line.substring(0, ID_DIGITS)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the ledger did not tell its id: " + announced()));
    }

    @Override
    public List<String> announced() {
        return servers.ledger().announced();
    }

    @Override
    public List<String> access(String member) {
        return List.of("--identity", servers.identity(member).toString());
    }

    @Override
    public Path authority(String member) {
        return servers.identity(member).resolve("ca.pem");
    }

    @Override
    public Ledger connect(String member, String identity) throws IOException, LedgerException {
        return FabricLedger.connect(FabricLedger.Settings.of(
                address(member), MemberIdentity.read(member, servers.identity(member), identity)));
    }

    /// Where the member's peer listens, as HOST:PORT.
    public String address(String member) throws IOException {
        return Files.readString(servers.identity(member).resolve("address")).strip();
    }

    /// The one process that the whole ledger is.
    public ProcessHandle handle() {
        return servers.ledger().handle();
    }

    @Override
    public boolean canBeKilled() {
        return true;
    }

    @Override
    public void kill() throws InterruptedException {
        servers.ledger().kill();
    }

    @Override
    public void restart() throws IOException {
        servers.startLedger();
    }

    @Override
    public void close() {
        servers.close();
    }
}
