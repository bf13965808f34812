package org.tallystick.ledger.pack;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// The chains of leaves that follow from blocks: `docs/spec/ledger-1.md` section 14.
///
/// A projection: whoever has the same blocks, or of each chain the same transactions, has the same leaves.
public final class ChainLeaves {

    /// The chain of the registry, where configuration blocks have their leaves too.
    public static final String REGISTRY = Keys.REGISTRY;

    private final TreeMap<String, End> ends = new TreeMap<>();
    private final TreeMap<Long, ConfigBlock> ahead = new TreeMap<>();

    /// How far a chain goes.
    public record End(long count, Hash last) {}

    /// Takes in a configuration block; its leaf comes before those of later blocks, whenever these are taken in.
    public void add(ConfigBlock block) {
        ahead.put(block.number(), block);
    }

    private void addConfigurationsBefore(long block) {
        while (!ahead.isEmpty() && ahead.firstKey() < block) {
            leaf(ahead.pollFirstEntry().getValue());
        }
    }

    private void leaf(ConfigBlock block) {
        Json.Builder leaf = Json.object()
                .with("at", Json.array(List.of(Json.whole(block.number()), Json.whole(0), Json.whole(0))))
                .with("chain", REGISTRY)
                .with("config", block.data().hex())
                .with("kind", "config");
        add(REGISTRY, leaf, block.time(), block.transaction());
    }

    /// Takes in one leaf of a valid transaction, in ledger order.
    public void add(long block, int index, LedgerTime time, String transaction, Leaf leaf) {
        addConfigurationsBefore(block);
        Json.Builder placed = Json.object()
                .with("at", Json.array(List.of(Json.whole(block), Json.whole(index), Json.whole(leaf.n()))))
                .with("chain", leaf.chain())
                .with("v", leaf.answer().hex());
        placed = leaf.instruction().isPresent()
                ? placed.with("i", leaf.instruction().get().hex()).with("kind", "verdict")
                : placed.with("f", leaf.function()).with("kind", "function");
        add(leaf.chain(), placed, time, transaction);
    }

    private void add(String chain, Json.Builder leaf, LedgerTime time, String transaction) {
        End before = ends.getOrDefault(chain, new End(0, Hash.ZERO));
        long seq = before.count() + 1;
        Bytes bytes = leaf.with("leaf", "1")
                .with("prev", before.last().hex())
                .with("seq", seq)
                .with("t", time.text())
                .with("tx", transaction)
                .build()
                .canonical();
        ends.put(chain, new End(seq, Merkle.leaf(bytes)));
    }

    /// Each chain that has a leaf, with its end.
    public SortedMap<String, End> ends() {
        addConfigurationsBefore(Long.MAX_VALUE);
        return Collections.unmodifiableSortedMap(ends);
    }
}
