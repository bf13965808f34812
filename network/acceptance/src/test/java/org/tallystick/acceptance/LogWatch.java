package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.agreement.state.LogKeys;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.keys.LogKeyFolder;
import org.tallystick.ledger.log.AddCheckpoint;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.KnownKeys;
import org.tallystick.ledger.log.LogSigner;
import org.tallystick.ledger.log.MemoryTiles;
import org.tallystick.ledger.log.ReceiptFile;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.Tree;
import org.tallystick.ledger.pack.BlockLeaves;
import org.tallystick.ledger.pack.ChainLeaves;

/// Somebody who looks at the log of the first member's gateway without a pause, asks its witness in the name of the
/// second member, and remembers all that was shown, however often the gateway is killed.
final class LogWatch implements AutoCloseable {

    private static final String MEMBER = Partnership.MEMBERS.getFirst();
    private static final String OTHER = Partnership.MEMBERS.get(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int OK = 200;

    private final Path keys;
    private final Map<LogKey.Kind, LogKey> own = new TreeMap<>();
    private final LogKey other;
    private final TreeMap<Long, Bytes> shown = new TreeMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private long cosigned;
    private int asked;
    private Optional<Hash> watched = Optional.empty();
    private Optional<Thread> thread = Optional.empty();
    private volatile boolean over;
    private volatile Optional<Throwable> wrong = Optional.empty();

    private LogWatch(Path keys) throws IOException, KeyFolderException {
        this.keys = keys;
        LogKeyFolder folder = new LogKeyFolder(keys);
        for (LogKey.Kind kind : LogKey.Kind.values()) {
            own.put(kind, folder.create(kind, SeedKey.Kind.ED25519));
        }
        other = new LogKeyFolder(keys.resolveSibling("other-log-keys")).create(LogKey.Kind.LOG, SeedKey.Kind.ED25519);
    }

    /// Makes the keys of both members in and beside this folder.
    static LogWatch withKeys(Path folder) throws IOException, KeyFolderException {
        return new LogWatch(folder);
    }

    /// Where the gateway finds its keys.
    Path keys() {
        return keys;
    }

    /// Has the ledger name the keys, and begins to look.
    LogWatch begin(Servers servers, Partnership partnership) throws IOException, LedgerException {
        Hash ledger;
        try (HttpCourier courier = new HttpCourier(servers.address())) {
            for (LogKey key : own.values()) {
                partnership.registers(MEMBER, key, courier);
            }
            partnership.registers(OTHER, other, courier);
            ledger = courier.net().ledger();
        }
        watched = Optional.of(ledger);
        thread = Optional.of(Thread.ofVirtual().start(() -> watch(servers, ledger)));
        return this;
    }

    /// Whether the member's log signed this receipt for this ledger, and all of it holds.
    boolean gave(ReceiptFile receipt) {
        Hash ledger = watched.orElseThrow();
        LogKey key = Optional.ofNullable(own.get(LogKey.Kind.LOG)).orElseThrow();
        MemberId member = new MemberId(MEMBER);
        return receipt.faults(ledger, member, key.signer(member, ledger).verifierKey())
                .isEmpty();
    }

    private void watch(Servers servers, Hash ledger) {
        try {
            while (!over) {
                try {
                    look(servers, ledger);
                } catch (IOException _) {
                    // It was killed, and is not back yet.
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | AssertionError e) {
            wrong = Optional.of(e);
        }
    }

    private void look(Servers servers, Hash ledger) throws IOException, InterruptedException {
        Optional<SignedCheckpoint> newest = checkpoint(servers, "checkpoint");
        if (newest.isEmpty()) {
            assertThat(shown).as("a checkpoint was shown before").isEmpty();
            return;
        }
        isSigned(newest.get(), ledger);
        Checkpoint now = newest.get().checkpoint();
        assertThat(now.size()).as("what was shown is not taken back").isGreaterThanOrEqualTo(largest());
        Bytes before = shown.put(now.size(), now.root());
        assertThat(before == null || before.equals(now.root()))
                .as("one root at size %s", now.size())
                .isTrue();
        if (ask(servers, ledger, now) == OK) {
            cosigned = Math.max(cosigned, now.size());
        }
        long last = checkpoint(servers, origin(ledger) + "/checkpoint")
                .map(note -> note.checkpoint().size())
                .orElse(0L);
        assertThat(last).as("what the witness cosigned last").isGreaterThanOrEqualTo(Math.max(cosigned, now.size()));
        Map.Entry<Long, Bytes> below = shown.lowerEntry(now.size());
        if (below != null) {
            Checkpoint older = new Checkpoint(now.origin(), below.getKey(), below.getValue());
            assertThat(ask(servers, ledger, older))
                    .as("size %s behind %s", older.size(), now.size())
                    .isNotEqualTo(OK);
        }
    }

    private long largest() {
        return shown.isEmpty() ? 0 : shown.lastKey();
    }

    private static String origin(Hash ledger) {
        return Hash.of(Bytes.ofUtf8(LogKeys.origin(ledger))).hex();
    }

    private void isSigned(SignedCheckpoint note, Hash ledger) {
        List<VerifierKey> known = own.values().stream()
                .filter(key -> key.kind() != LogKey.Kind.HEAD)
                .map(key -> key.signer(new MemberId(MEMBER), ledger).verifierKey())
                .toList();
        assertThat(new KnownKeys(known).open(note))
                .isInstanceOfSatisfying(
                        KnownKeys.Opened.Signed.class,
                        signed -> assertThat(signed.by().keys()).hasSize(2));
    }

    /// Asks the witness to cosign what the other member's log signs, as if it had cosigned that before.
    private int ask(Servers servers, Hash ledger, Checkpoint checkpoint) throws IOException, InterruptedException {
        LogSigner signer = other.signer(new MemberId(OTHER), ledger);
        SignedCheckpoint theirs = new SignedCheckpoint(checkpoint, List.of(signer.sign(checkpoint, 0)));
        AddCheckpoint add = new AddCheckpoint(checkpoint.size(), List.of(), theirs);
        int status = send(HttpRequest.newBuilder(servers.address().resolve("/log/add-checkpoint"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(
                                add.octets().toArray())))
                .statusCode();
        asked += status == OK ? 1 : 0;
        return status;
    }

    private Optional<SignedCheckpoint> checkpoint(Servers servers, String path)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                send(HttpRequest.newBuilder(servers.address().resolve("/log/" + path)));
        return response.statusCode() == OK
                ? Optional.of(SignedCheckpoint.parse(Bytes.copyOf(response.body()))
                        .good()
                        .orElseThrow())
                : Optional.empty();
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /// All that was shown is of one tree, that of the ledger's blocks as another member's peer has them.
    void end(Servers servers) throws IOException, LedgerException {
        close();
        assertThat(wrong).as("what was seen of the log").isEmpty();
        Tree tree = new Tree(new MemoryTiles());
        BlockLeaves leaves = new BlockLeaves(new ChainLeaves());
        try (Ledger ledger = Scene.peer(servers, OTHER, "gateway");
                BlockStream blocks = ledger.blocks(0)) {
            for (long left = ledger.height(); left > 0; left--) {
                tree.append(leaves.next(blocks.take()).stream()
                        .map(leaf -> leaf.hash().bytes())
                        .toList());
            }
        }
        assertThat(shown).hasSizeGreaterThan(2);
        assertThat(asked).as("how often the witness cosigned").isPositive();
        shown.forEach((size, root) ->
                assertThat(tree.root(size)).as("root at size %s", size).isEqualTo(root));
        System.out.println("the log was shown at " + shown.size() + " sizes up to " + largest() + ", and cosigned "
                + asked + " times");
    }

    @Override
    public void close() {
        over = true;
        try {
            if (thread.isPresent()) {
                thread.get().join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
