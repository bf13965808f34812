package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.acceptance.Network;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.agreement.state.LogKeys;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
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

/// What the gateways of all members would publish of a ledger's log, at its end: made here, with keys of its own.
final class PublishedLog {

    private static final int SEED = 32;
    private static final long NOW = System.currentTimeMillis() / 1_000;

    private final Checkpoint checkpoint;
    private final SortedMap<String, ChainLeaves.End> ends;
    private final SortedMap<String, Keys> members = new TreeMap<>();

    private record Keys(LogSigner log, LogSigner witness, LogSigner head) {
        static Keys of(String member, String origin) {
            return new Keys(
                    new LogSigner(origin, VerifierKey.Type.ED25519, seed()),
                    new LogSigner(member + "/witness", VerifierKey.Type.ED25519_COSIGNATURE, seed()),
                    new LogSigner(member + "/head", VerifierKey.Type.ED25519, seed()));
        }

        private static SeedKey seed() {
            byte[] seed = new byte[SEED];
            new SecureRandom().nextBytes(seed);
            return SeedKey.ofSeed(SeedKey.Kind.ED25519, Bytes.copyOf(seed)).orElseThrow();
        }
    }

    private PublishedLog(List<String> names, Checkpoint checkpoint, SortedMap<String, ChainLeaves.End> ends) {
        this.checkpoint = checkpoint;
        this.ends = ends;
        names.forEach(name -> members.put(name, Keys.of(name, checkpoint.origin())));
    }

    static PublishedLog of(Ledger ledger, List<String> members) throws LedgerException {
        Tree tree = new Tree(new MemoryTiles());
        BlockLeaves leaves = new BlockLeaves(new ChainLeaves());
        long height = ledger.height();
        try (BlockStream blocks = ledger.blocks(0)) {
            for (long number = 0; number < height; number++) {
                LedgerBlock block = blocks.next();
                tree.append(leaves.next(block).stream()
                        .map(leaf -> leaf.hash().bytes())
                        .toList());
            }
        }
        Checkpoint checkpoint = new Checkpoint(LogKeys.origin(ledger.id()), tree.size(), tree.root(tree.size()));
        return new PublishedLog(members, checkpoint, leaves.ends());
    }

    PackBuilder.Published published() {
        List<Note.Line> lines = new ArrayList<>();
        members.values().forEach(keys -> {
            lines.add(keys.log().sign(checkpoint, 0));
            lines.add(keys.witness().sign(checkpoint, NOW));
        });
        return new PackBuilder.Published(
                new SignedCheckpoint(checkpoint, lines),
                chain -> members.values().stream()
                        .map(keys -> head(chain).sign(keys.head()))
                        .toList(),
                Optional.empty());
    }

    private HeadStatement head(String chain) {
        ChainLeaves.End end = ends.getOrDefault(chain, new ChainLeaves.End(0, Hash.ZERO));
        return new HeadStatement(checkpoint, chain, end.count(), end.last());
    }

    /// Trusts a majority of the members, for the ledger and for its log.
    TrustFile trust(Network network) throws IOException {
        List<TrustFile.Trusted> trusted = new ArrayList<>();
        for (String member : network.members()) {
            trusted.add(new TrustFile.Trusted(
                    member, List.of(Files.readString(network.authority(member))), Optional.empty(), Optional.empty()));
        }
        int need = members.size() / 2 + 1;
        StringBuilder policy = new StringBuilder();
        members.values()
                .forEach(keys -> policy.append("log " + keys.log().verifierKey().text() + "\n"));
        members.forEach((name, keys) -> policy.append(
                "witness " + name + " " + keys.witness().verifierKey().text() + "\n"));
        policy.append("group members " + need + " " + String.join(" ", members.keySet()) + "\nquorum members\n");
        List<String> heads = members.values().stream()
                .map(keys -> keys.head().verifierKey().text())
                .sorted()
                .toList();
        Json.Obj rest = Json.object()
                .with(
                        "heads",
                        Json.object()
                                .with("keys", Json.texts(heads))
                                .with("need", need)
                                .build())
                .with("policy", policy.toString())
                .build();
        TrustFile first = TrustFile.of(network.ledger(), trusted);
        return new TrustFile(first.ledger(), first.members(), first.need(), rest);
    }
}
