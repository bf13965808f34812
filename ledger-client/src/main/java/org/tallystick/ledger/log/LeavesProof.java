package org.tallystick.ledger.log;

import java.util.Iterator;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.function.Consumer;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.TreeHash;
import org.tallystick.ledger.log.Spelling.Stop;

/// One proof for all leaves of a pack: the hashes of the nodes that do not follow from them, from left to right
/// (`docs/spec/pack-1.md` section 3.1).
///
/// Written and checked in one walk through the tree, so that only one node of each height is in memory.
public final class LeavesProof {

    /// @param hash of its content
    public record Leaf(long index, Bytes hash) {}

    private LeavesProof() {}

    /// Gives out the nodes in their order.
    ///
    /// @param indexes of the leaves, ascending
    public static void write(Tree tree, long size, PrimitiveIterator.OfLong indexes, Consumer<Bytes> nodes) {
        Writing writing = new Writing(tree.nodes(size), indexes, nodes);
        writing.take();
        writing.walk(0, size);
        if (writing.next >= 0) {
            throw new IllegalArgumentException("no leaf of " + size + ", or not in order: " + writing.next);
        }
    }

    /// A node as a line of `log/nodes`.
    public static String line(Bytes node) {
        return node.toBase64() + "\n";
    }

    /// The node in a line without its end.
    public static Reading<Bytes> node(String line) {
        return Spelling.reading(() -> Spelling.hash(line));
    }

    private static final class Writing {
        private final TreeNodes tree;
        private final PrimitiveIterator.OfLong indexes;
        private final Consumer<Bytes> nodes;
        private long next;

        Writing(TreeNodes tree, PrimitiveIterator.OfLong indexes, Consumer<Bytes> nodes) {
            this.tree = tree;
            this.indexes = indexes;
            this.nodes = nodes;
        }

        void take() {
            next = indexes.hasNext() ? indexes.nextLong() : -1;
        }

        void walk(long from, long to) {
            if (next < from || next >= to) {
                nodes.accept(tree.hash(from, to));
            } else if (to - from == 1) {
                take();
            } else {
                long split = TreeNodes.split(from, to);
                walk(from, split);
                walk(split, to);
            }
        }
    }

    /// The root of the tree of this size that has these leaves, and these nodes where it has others. A fault, if there
    /// are more or fewer nodes than that takes.
    ///
    /// @param leaves ascending
    /// @param lines the nodes in base64
    public static Reading<Bytes> root(long size, Iterator<Leaf> leaves, Iterator<String> lines) {
        return Spelling.reading(() -> {
            Spelling.need(size > 0, "an empty tree has no leaves");
            Checking checking = new Checking(leaves, lines);
            checking.take();
            Bytes root = checking.hash(0, size);
            Spelling.need(checking.next.isEmpty(), "a leaf outside the tree, or not in order");
            Spelling.need(!lines.hasNext(), "a node too many");
            return root;
        });
    }

    private static final class Checking {
        private final Iterator<Leaf> leaves;
        private final Iterator<String> lines;
        private final TreeHash tree = new TreeHash();
        private Optional<Leaf> next = Optional.empty();

        Checking(Iterator<Leaf> leaves, Iterator<String> lines) {
            this.leaves = leaves;
            this.lines = lines;
        }

        void take() {
            next = leaves.hasNext() ? Optional.of(leaves.next()) : Optional.empty();
        }

        Bytes hash(long from, long to) throws Stop {
            if (next.isEmpty() || next.get().index < from || next.get().index >= to) {
                Spelling.need(lines.hasNext(), "a node too few");
                return Spelling.hash(lines.next());
            }
            if (to - from == 1) {
                Bytes leaf = next.get().hash;
                take();
                return leaf;
            }
            long split = TreeNodes.split(from, to);
            Bytes left = hash(from, split);
            return tree.node(left, hash(split, to));
        }
    }
}
