package org.tallystick.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.state.LogKeys;
import org.tallystick.gateway.log.LogSettings;
import org.tallystick.gateway.log.WitnessAddress;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.keys.LogKeyFolder;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.LogSigner;
import org.tallystick.ledger.log.MemoryTiles;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.Tree;
import org.tallystick.ledger.pack.BlockLeaves;
import org.tallystick.ledger.pack.ChainLeaves;

/// The gateways of three members over one ledger, each with a log and a witness, that ask each other.
final class Trio implements AutoCloseable {

    static final String ORIGIN = LogKeys.origin(FakeLedger.ID);

    /// Before a test has one.
    static final Trio NONE = new Trio(Path.of("."), 0, Duration.ZERO);

    final FakeLedger ledger;
    final Partners partners;
    private final Path folder;
    private final Duration pace;
    private final Map<String, Integer> ports = new TreeMap<>();
    private final Map<String, Map<LogKey.Kind, LogSigner>> keys = new TreeMap<>();
    private final Map<String, Stand> stands = new TreeMap<>();

    private Trio(Path folder, long seed, Duration pace) {
        this.folder = folder;
        this.pace = pace;
        this.ledger = new FakeLedger(seed, true);
        this.partners = new Partners(seed);
    }

    /// All keys are made and registered, and nobody runs yet.
    static Trio at(Path folder, long seed) {
        return at(folder, seed, Duration.ofMillis(20));
    }

    /// @param pace of the checkpoints
    static Trio at(Path folder, long seed, Duration pace) {
        Trio trio = new Trio(folder, seed, pace);
        for (String member : FakeLedger.MEMBERS) {
            trio.ports.put(member, freePort());
            for (LogKey.Kind kind : LogKey.Kind.values()) {
                // One of each kind of witness.
                boolean lattice = kind == LogKey.Kind.WITNESS && member.equals("south");
                trio.register(member, kind, lattice ? SeedKey.Kind.ML_DSA_44 : SeedKey.Kind.ED25519);
            }
        }
        return trio;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes a key and lets the ledger name it, behind those before it.
    void register(String member, LogKey.Kind kind, SeedKey.Kind algorithm) {
        try {
            LogKey key = new LogKeyFolder(keys(member)).create(kind, algorithm);
            LogSigner signer = key.signer(new MemberId(member), FakeLedger.ID);
            ledger.put(
                    "log/" + member + "/" + kind.text(),
                    Json.object()
                            .with(
                                    "vkeys",
                                    Json.array(List.of(Json.object()
                                            .with("at", "2026-01-01T00:00:00Z")
                                            .with("vkey", signer.verifierKey().text())
                                            .build())))
                            .build());
            keys.computeIfAbsent(member, _ -> new TreeMap<>()).put(kind, signer);
        } catch (IOException | KeyFolderException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path keys(String member) {
        return folder.resolve(member + "-keys");
    }

    LogSigner signer(String member, LogKey.Kind kind) {
        return Objects.requireNonNull(Objects.requireNonNull(keys.get(member)).get(kind));
    }

    void start(String... members) {
        for (String member : members) {
            start(member, UnaryOperator.identity());
        }
    }

    void startAll() {
        FakeLedger.MEMBERS.forEach(member -> start(member));
    }

    void start(String member, UnaryOperator<LogSettings> change) {
        start(member, change, UnaryOperator.identity());
    }

    void start(String member, UnaryOperator<LogSettings> change, UnaryOperator<GatewaySettings> more) {
        List<WitnessAddress> others = new ArrayList<>();
        ports.forEach((other, port) -> {
            if (!other.equals(member)) {
                others.add(WitnessAddress.parse("http://127.0.0.1:" + port + "/log")
                        .orElseThrow());
            }
        });
        LogSettings log =
                LogSettings.NONE.withKeys(keys(member)).withWitnesses(others).withPace(pace);
        GatewaySettings settings = GatewaySettings.of(
                        "127.0.0.1", port(member), folder.resolve(member + ".db"), () -> ledger.connect(member))
                .withPatience(Duration.ofMillis(100))
                .withLog(change.apply(log));
        GatewaySettings all = more.apply(settings);
        stands.put(member, new Stand(ledger, partners, all, Stand.begin(all)));
    }

    /// A member's gateway, as partners use it.
    Stand stand(String member) {
        return Objects.requireNonNull(stands.get(member));
    }

    void kill(String member) {
        Objects.requireNonNull(stands.remove(member)).kill();
    }

    /// A member that lost its store, and has nothing but the blocks of its peer and its keys.
    void forget(String member) {
        kill(member);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith(member + ".db"))
                    .toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(member);
    }

    private int port(String member) {
        return Objects.requireNonNull(ports.get(member));
    }

    LogClient client(String member) {
        return new LogClient(port(member));
    }

    Json.Obj standing(String member) {
        return Stand.send(port(member), "GET", "/health/ready", "", new byte[0])
                .body()
                .object("log");
    }

    /// So many transactions more, each in a block of its own.
    void grow(int transactions) {
        for (int i = 0; i < transactions; i++) {
            ledger.commit(partners.registrar());
        }
    }

    /// The tree of the ledger's blocks, as somebody else builds it.
    Tree tree() {
        Tree tree = new Tree(new MemoryTiles());
        BlockLeaves leaves = new BlockLeaves(new ChainLeaves());
        try {
            for (LedgerBlock block : ledger.blocks()) {
                tree.append(leaves.next(block).stream()
                        .map(leaf -> leaf.hash().bytes())
                        .toList());
            }
        } catch (LedgerException e) {
            throw new IllegalStateException(e);
        }
        return tree;
    }

    /// A checkpoint as a member's log signs it.
    SignedCheckpoint signed(String member, long size, Bytes root) {
        Checkpoint checkpoint = new Checkpoint(ORIGIN, size, root);
        return new SignedCheckpoint(
                checkpoint, List.of(signer(member, LogKey.Kind.LOG).sign(checkpoint, 0)));
    }

    static void eventually(BooleanSupplier holds) {
        Stand.eventually(holds);
    }

    @Override
    public void close() {
        stands.values().forEach(Stand::close);
    }
}
