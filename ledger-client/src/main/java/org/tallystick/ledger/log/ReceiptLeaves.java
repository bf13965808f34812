package org.tallystick.ledger.log;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.TreeHash;

/// The tree under a receipt, with the paths of all its leaves: made at once, where a log computes each anew.
public final class ReceiptLeaves {

    private final List<ReceiptItem.Leaf> leaves;
    /// The hashes of the leaves, and above them those of each level; an odd last one goes up alone.
    private final List<List<Bytes>> levels = new ArrayList<>();

    /// @param leaves at least one
    public ReceiptLeaves(List<ReceiptItem.Leaf> leaves) {
        this.leaves = List.copyOf(leaves);
        TreeHash hash = new TreeHash();
        List<Bytes> level =
                this.leaves.stream().map(leaf -> hash.leaf(leaf.octets())).toList();
        levels.add(level);
        while (level.size() > 1) {
            List<Bytes> above = new ArrayList<>();
            for (int i = 0; i + 1 < level.size(); i += 2) {
                above.add(hash.node(level.get(i), level.get(i + 1)));
            }
            if (level.size() % 2 == 1) {
                above.add(level.getLast());
            }
            levels.add(above);
            level = above;
        }
    }

    public Hash root() {
        return hash(levels.getLast().getFirst());
    }

    public int count() {
        return leaves.size();
    }

    public ReceiptItem item(int index) {
        List<Hash> path = new ArrayList<>();
        int at = index;
        for (List<Bytes> level : levels.subList(0, levels.size() - 1)) {
            int beside = at ^ 1;
            if (beside < level.size()) {
                path.add(hash(level.get(beside)));
            }
            at >>= 1;
        }
        return new ReceiptItem(leaves.get(index), index, path);
    }

    private static Hash hash(Bytes octets) {
        return new Hash(octets.toHex());
    }
}
