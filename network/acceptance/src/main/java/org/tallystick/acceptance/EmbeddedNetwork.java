package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.MemberIdentity;

/// An embedded ledger of three members as the product starts it: `tally ledger` in a process of its own.
public final class EmbeddedNetwork implements Network {

    private static final List<String> MEMBERS = List.of("north", "east", "west");
    private static final String ANNOUNCES_LEDGER = "ledger ";
    private static final int ID_DIGITS = 64;

    private final Path folder;
    private final List<String> java;
    private TallyProcess process;

    private EmbeddedNetwork(Path folder, List<String> java, TallyProcess process) {
        this.folder = folder;
        this.java = java;
        this.process = process;
    }

    /// Starts it on free ports of loopback; its blocks and identities are in `ledger` in the folder.
    public static EmbeddedNetwork start(Path folder) throws IOException {
        return start(folder, TallyProcess.SHORT);
    }

    /// @param java options of the Java machine it runs on
    public static EmbeddedNetwork start(Path folder, List<String> java) throws IOException {
        return new EmbeddedNetwork(folder, java, process(folder, java));
    }

    private static TallyProcess process(Path folder, List<String> java) throws IOException {
        List<String> arguments = List.of(
                "ledger",
                "--folder",
                folder.resolve("ledger").toString(),
                "--members",
                String.join(",", MEMBERS),
                "--trial");
        return TallyProcess.server(java, arguments, folder.resolve("ledger.log"));
    }

    @Override
    public List<String> members() {
        return MEMBERS;
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
        return process.announced();
    }

    private Path identities(String member) {
        return folder.resolve("ledger/members").resolve(member);
    }

    @Override
    public List<String> access(String member) {
        return List.of("--identity", identities(member).toString());
    }

    @Override
    public Path authority(String member) {
        return identities(member).resolve("ca.pem");
    }

    @Override
    public Ledger connect(String member) throws IOException, LedgerException {
        MemberIdentity identity = MemberIdentity.read(member, identities(member), "gateway");
        String address = Files.readString(identities(member).resolve("address")).strip();
        return FabricLedger.connect(FabricLedger.Settings.of(address, identity));
    }

    /// The one process that the whole ledger is.
    public ProcessHandle handle() {
        return process.handle();
    }

    @Override
    public boolean canBeKilled() {
        return true;
    }

    @Override
    public void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void restart() throws IOException {
        process = process(folder, java);
    }

    @Override
    public void close() {
        process.close();
    }
}
