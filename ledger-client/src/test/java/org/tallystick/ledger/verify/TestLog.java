package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.HeadStatement;
import org.tallystick.ledger.log.LogSigner;
import org.tallystick.ledger.log.MemoryTiles;
import org.tallystick.ledger.log.Note;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.Tree;
import org.tallystick.ledger.pack.BlockLeaves;
import org.tallystick.ledger.pack.ChainLeaves;
import org.tallystick.ledger.pack.PackBuilder;
import org.tallystick.ledger.pack.TrustFile;

/// The log of a ledger of the tests, with the keys of its members.
final class TestLog {

    private static final long COSIGNED = 1_780_000_000;

    final Tree tree = new Tree(new MemoryTiles());
    private final List<SortedMap<String, ChainLeaves.End>> ends = new ArrayList<>();
    private final List<Long> sizes = new ArrayList<>();
    private final String origin;
    private final Hash ledger;
    private final TreeMap<String, Keys> members = new TreeMap<>();

    /// A member's keys.
    record Keys(LogSigner log, LogSigner witness, LogSigner head) {}

    TestLog(Ledger ledger, long blocks, long seed, String... names) throws Exception {
        this.ledger = ledger.id();
        origin = "tallystick/" + ledger.id();
        Random random = new Random(seed);
        for (String name : names) {
            boolean quantum = members.isEmpty();
            SeedKey.Kind kind = quantum ? SeedKey.Kind.ML_DSA_44 : SeedKey.Kind.ED25519;
            members.put(
                    name,
                    new Keys(
                            new LogSigner(origin, VerifierKey.Type.ED25519, key(SeedKey.Kind.ED25519, random)),
                            new LogSigner(
                                    name + "/witness",
                                    quantum
                                            ? VerifierKey.Type.ML_DSA_44_COSIGNATURE
                                            : VerifierKey.Type.ED25519_COSIGNATURE,
                                    key(kind, random)),
                            new LogSigner(
                                    name + "/head", VerifierKey.Type.ED25519, key(SeedKey.Kind.ED25519, random))));
        }
        BlockLeaves leaves = new BlockLeaves(new ChainLeaves());
        try (BlockStream stream = ledger.blocks(0)) {
            for (long number = 0; number < blocks; number++) {
                tree.append(leaves.next(stream.next()).stream()
                        .map(leaf -> leaf.hash().bytes())
                        .toList());
                sizes.add(tree.size());
                ends.add(new TreeMap<>(leaves.ends()));
            }
        }
    }

    Hash ledger() {
        return ledger;
    }

    static SeedKey key(SeedKey.Kind kind, Random random) {
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        return SeedKey.ofSeed(kind, Bytes.copyOf(seed)).orElseThrow();
    }

    Keys keys(String member) {
        return Objects.requireNonNull(members.get(member));
    }

    Checkpoint checkpoint(int blocks) {
        long size = sizes.get(blocks - 1);
        return new Checkpoint(origin, size, tree.root(size));
    }

    int blocks() {
        return sizes.size();
    }

    /// With the log signature of the first and the cosignatures of all of these.
    SignedCheckpoint signed(Checkpoint checkpoint, String... by) {
        List<Note.Line> lines = new ArrayList<>();
        lines.add(keys(by[0]).log().sign(checkpoint, 0));
        for (String member : by) {
            lines.add(keys(member).witness().sign(checkpoint, COSIGNED));
        }
        return new SignedCheckpoint(checkpoint, lines);
    }

    Note head(String member, Checkpoint checkpoint, String chain, ChainLeaves.End end) {
        return new HeadStatement(checkpoint, chain, end.count(), end.last())
                .sign(keys(member).head());
    }

    ChainLeaves.End end(int blocks, String chain) {
        return ends.get(blocks - 1).getOrDefault(chain, new ChainLeaves.End(0, Hash.ZERO));
    }

    /// What these members publish after so many blocks.
    PackBuilder.Published published(int blocks, Optional<PackBuilder.Older> older, String... by) {
        Checkpoint checkpoint = checkpoint(blocks);
        return new PackBuilder.Published(
                signed(checkpoint, by),
                chain -> List.of(by).stream()
                        .map(member -> head(member, checkpoint, chain, end(blocks, chain)))
                        .toList(),
                older);
    }

    PackBuilder.Older older(int blocks) {
        Checkpoint checkpoint = checkpoint(blocks);
        return new PackBuilder.Older(
                checkpoint.size(), new Hash(checkpoint.root().toHex()));
    }

    /// The policy and the keys for heads, beside what the trust file of the first form has.
    TrustFile trust(TrustFile first, int need, Optional<PackBuilder.Older> older) {
        StringBuilder policy = new StringBuilder();
        members.values()
                .forEach(keys -> policy.append("log ")
                        .append(keys.log().verifierKey().text())
                        .append('\n'));
        members.forEach((name, keys) -> policy.append("witness ")
                .append(name)
                .append(' ')
                .append(keys.witness().verifierKey().text())
                .append('\n'));
        policy.append("group members ")
                .append(need)
                .append(' ')
                .append(String.join(" ", members.keySet()))
                .append("\nquorum members\n");
        List<String> heads = members.values().stream()
                .map(keys -> keys.head().verifierKey().text())
                .sorted()
                .toList();
        Json.Builder rest = Json.object()
                .with(
                        "heads",
                        Json.object()
                                .with("keys", Json.texts(heads))
                                .with("need", need)
                                .build())
                .with("policy", policy.toString())
                .with(
                        "older",
                        older.map(one -> Json.object()
                                .with("root", one.root().hex())
                                .with("size", one.size())
                                .build()));
        return new TrustFile(ledger, first.members(), first.need(), rest.build());
    }
}
