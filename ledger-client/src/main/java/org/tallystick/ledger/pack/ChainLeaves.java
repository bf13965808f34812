package org.tallystick.ledger.pack;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.state.Keys;

/// The leaves of the log, each behind the one before it in its chain: `docs/spec/ledger-1.md` section 14.
///
/// A projection: whoever has the same blocks, or of each chain the same transactions, has the same leaves.
public final class ChainLeaves {

    /// The chain of the registry, where configuration blocks have their leaves too.
    public static final String REGISTRY = Keys.REGISTRY;

    /// The chain of the commit hashes, one for each block.
    public static final String COMMIT = "commit";

    private final TreeMap<String, End> ends = new TreeMap<>();
    private final TreeMap<Long, ConfigBlock> ahead = new TreeMap<>();

    /// How far a chain goes.
    public record End(long count, Hash last) {}

    /// What a leaf of [#COMMIT] says: the commit hash of a block.
    public record Committed(long block, Hash commit) {

        /// @throws IllegalArgumentException if these are not the bytes of such a leaf
        public static Committed ofLeaf(Bytes leaf) {
            if (JsonReader.readCanonical(leaf) instanceof JsonReader.Value(Json.Obj said)
                    && said.findText("chain").equals(Optional.of(COMMIT))
                    && said.items("at").getFirst() instanceof Json.Whole(long block)) {
                return new Committed(block, new Hash(said.text("commit")));
            }
            throw new IllegalArgumentException("no leaf of a commit hash");
        }
    }

    /// A leaf in its place.
    ///
    /// @param seq its number in the chain, from 1
    /// @param index of the transaction in the block
    /// @param hash of the leaf, as RFC 6962 has it
    public record Placed(String chain, long seq, long block, int index, Bytes bytes, Hash hash) {}

    public ChainLeaves() {}

    /// Goes on where these chains end.
    public ChainLeaves(SortedMap<String, End> ends) {
        this.ends.putAll(ends);
    }

    /// Takes in a configuration block; its leaf comes before those of later blocks, whenever these are taken in.
    public void add(ConfigBlock block) {
        ahead.put(block.number(), block);
    }

    private void addConfigurationsBefore(long block, List<Placed> placed) {
        while (!ahead.isEmpty() && ahead.firstKey() < block) {
            placed.add(leaf(ahead.pollFirstEntry().getValue()));
        }
    }

    private Placed leaf(ConfigBlock block) {
        Json.Builder leaf = at(block.number(), 0, 0)
                .with("chain", REGISTRY)
                .with("config", block.data().hex())
                .with("kind", "config");
        return add(REGISTRY, block.number(), 0, withOrigin(leaf, block.time(), block.transaction()));
    }

    /// Takes in one leaf of a valid transaction, in ledger order.
    ///
    /// @return it, behind those of the configuration blocks before it
    public List<Placed> add(long block, int index, LedgerTime time, String transaction, Leaf leaf) {
        List<Placed> placed = new ArrayList<>();
        addConfigurationsBefore(block, placed);
        Json.Builder put = at(block, index, leaf.n())
                .with("chain", leaf.chain())
                .with("v", leaf.answer().hex());
        put = leaf.instruction().isPresent()
                ? put.with("i", leaf.instruction().get().hex()).with("kind", "verdict")
                : put.with("f", leaf.function()).with("kind", "function");
        placed.add(add(leaf.chain(), block, index, withOrigin(put, time, transaction)));
        return placed;
    }

    /// Takes in the commit hash of a block, behind all that the block has.
    ///
    /// @param transactions how many the block has
    public List<Placed> commit(long block, int transactions, Hash commit) {
        List<Placed> placed = rest();
        placed.add(add(
                COMMIT,
                block,
                transactions,
                at(block, transactions, 0)
                        .with("chain", COMMIT)
                        .with("commit", commit.hex())
                        .with("kind", COMMIT)));
        return placed;
    }

    /// The leaves of configuration blocks behind all others.
    public List<Placed> rest() {
        List<Placed> placed = new ArrayList<>();
        addConfigurationsBefore(Long.MAX_VALUE, placed);
        return placed;
    }

    private static Json.Builder at(long block, int index, int n) {
        return Json.object().with("at", Json.array(List.of(Json.whole(block), Json.whole(index), Json.whole(n))));
    }

    private static Json.Builder withOrigin(Json.Builder leaf, LedgerTime time, String transaction) {
        return leaf.with("t", time.text()).with("tx", transaction);
    }

    private Placed add(String chain, long block, int index, Json.Builder leaf) {
        End before = ends.getOrDefault(chain, new End(0, Hash.ZERO));
        long seq = before.count() + 1;
        Bytes bytes = leaf.with("leaf", "1")
                .with("prev", before.last().hex())
                .with("seq", seq)
                .build()
                .canonical();
        Hash hash = Merkle.leaf(bytes);
        ends.put(chain, new End(seq, hash));
        return new Placed(chain, seq, block, index, bytes, hash);
    }

    /// Each chain that has a leaf, with its end.
    public SortedMap<String, End> ends() {
        List<Placed> _ = rest();
        return Collections.unmodifiableSortedMap(ends);
    }
}
