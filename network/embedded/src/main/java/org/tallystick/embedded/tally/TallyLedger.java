package org.tallystick.embedded.tally;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.state.Net;
import org.tallystick.chaincode.Charter;
import org.tallystick.chaincode.TallystickChaincode;
import org.tallystick.embedded.BatchLimits;
import org.tallystick.embedded.ChaincodeDefinition;
import org.tallystick.embedded.EmbeddedLedger;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Beginning;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.LedgerId;
import org.tallystick.ledger.fabric.MemberIdentity;

/// An embedded ledger that runs our chaincode and has begun: its id and kind are written, instructions may come.
public final class TallyLedger implements AutoCloseable {

    /// Part of what endorsers must agree on.
    private static final String CHAINCODE_VERSION = "1";

    private static final String PACKAGE = TallystickChaincode.NAME + ":" + CHAINCODE_VERSION;
    private static final Duration LONGEST_BEGIN = Duration.ofSeconds(30);
    private static final String CONNECTING_IDENTITY = "gateway";
    private static final String ADMIN_IDENTITY = "admin";

    private final EmbeddedLedger ledger;
    private final Path folder;
    private final List<String> members;
    private final Net net;

    private TallyLedger(EmbeddedLedger ledger, Path folder, List<String> members, Net net) {
        this.ledger = ledger;
        this.folder = folder;
        this.members = members;
        this.net = net;
    }

    /// How to run it.
    ///
    /// @param port empty: inside this process only; 0: free ports, the same again after a restart where possible
    /// @param trial whether a new ledger's clock may be moved; an old one stays what it is
    public record Settings(Path folder, List<String> members, OptionalInt port, boolean trial, Duration batchTimeout) {
        public Settings {
            members = List.copyOf(members);
        }
    }

    /// Starts the ledger in the folder, or goes on with the one that is there, and begins it if nobody has.
    public static TallyLedger start(Settings settings) throws IOException, LedgerException {
        EmbeddedLedger.Settings embedded = EmbeddedLedger.Settings.of(
                        settings.folder(), settings.members(), List.of(chaincode(settings.trial())))
                .withBatch(BatchLimits.USUAL.withTimeout(settings.batchTimeout()));
        EmbeddedLedger ledger = EmbeddedLedger.start(
                settings.port().isPresent() ? embedded.withPort(settings.port().getAsInt()) : embedded);
        try {
            Net net = begun(ledger, settings);
            return new TallyLedger(ledger, settings.folder(), settings.members(), net);
        } catch (IOException | LedgerException | RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    /// Our chaincode on the usual channel, as each member tells its own which ledger may begin.
    public static ChaincodeDefinition chaincode(boolean trial) {
        return new ChaincodeDefinition(
                TallystickChaincode.NAME,
                CHAINCODE_VERSION,
                genesis -> new TallystickChaincode(PACKAGE, charter(genesis, trial)));
    }

    /// What a member tells it, by the hash of the first block.
    public static Charter charter(ByteString genesis, boolean trial) {
        Hash block = new Hash(HexFormat.of().formatHex(genesis.toByteArray()));
        return new Charter(
                LedgerId.of(block, FabricLedger.Settings.USUAL_CHANNEL, FabricLedger.Settings.USUAL_CHAINCODE), trial);
    }

    private static Net begun(EmbeddedLedger ledger, Settings settings) throws IOException, LedgerException {
        String first = settings.members().getFirst();
        try (Ledger admin = connect(ledger, settings.folder(), first, ADMIN_IDENTITY)) {
            return Beginning.of(admin, settings.trial(), LONGEST_BEGIN);
        }
    }

    private static Ledger connect(EmbeddedLedger ledger, Path folder, String member, String identity)
            throws IOException, LedgerException {
        return FabricLedger.over(
                ledger.channel(member),
                MemberIdentity.read(member, folder.resolve("members").resolve(member), identity),
                FabricLedger.Settings.USUAL_CHANNEL,
                FabricLedger.Settings.USUAL_CHAINCODE);
    }

    /// This process's own connection to the peer of a member.
    public Ledger connect(String member) throws IOException, LedgerException {
        return connect(ledger, folder, member, CONNECTING_IDENTITY);
    }

    /// The same as the member's admin, who may register registrars.
    public Ledger connectAdmin(String member) throws IOException, LedgerException {
        return connect(ledger, folder, member, ADMIN_IDENTITY);
    }

    public EmbeddedLedger embedded() {
        return ledger;
    }

    public List<String> members() {
        return members;
    }

    public Net net() {
        return net;
    }

    @Override
    public void close() {
        ledger.close();
    }
}
