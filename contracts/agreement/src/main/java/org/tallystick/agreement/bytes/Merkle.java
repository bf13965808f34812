package org.tallystick.agreement.bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The Merkle tree of RFC 6962 section 2.1 with SHA-256: its root, the path that leads from one leaf to it, and the
/// proof that a later tree goes on from an earlier one.
public final class Merkle {

    private Merkle() {}

    public static Hash leaf(Bytes content) {
        return hash(new TreeHash().leaf(content));
    }

    private static Hash hash(Bytes bytes) {
        return new Hash(bytes.toHex());
    }

    /// The root over the leaves with these contents; of no leaves, the hash of nothing.
    public static Hash root(List<Bytes> contents) {
        return contents.isEmpty() ? Hash.of(Bytes.EMPTY) : hash(new TreeHash().root(contents));
    }

    /// The audit path of leaf `index` (RFC 6962 section 2.1.1), from the leaf upwards.
    public static List<Hash> path(List<Bytes> contents, int index) {
        List<Hash> path = new ArrayList<>();
        collect(new TreeHash(), contents, index, path);
        return List.copyOf(path);
    }

    /// The root that leaf `index` of a tree of `size` leaves has with this path, or nothing if the path has another
    /// length than that place asks for (RFC 9162 section 2.1.3.2).
    public static Optional<Hash> root(Hash leaf, long index, long size, List<Hash> path) {
        return root(leaf.bytes(), index, size, path.stream().map(Hash::bytes).toList())
                .map(Merkle::hash);
    }

    /// The same in octets, which is much faster.
    public static Optional<Bytes> root(Bytes leaf, long index, long size, List<Bytes> path) {
        if (index < 0 || index >= size || !areHashes(path) || leaf.size() != TreeHash.SIZE) {
            return Optional.empty();
        }
        long position = index;
        long last = size - 1;
        TreeHash tree = new TreeHash();
        tree.hold(leaf);
        for (Bytes sibling : path) {
            if (last == 0) {
                return Optional.empty();
            }
            if (isRight(position, last)) {
                tree.after(sibling);
                int levels = Long.numberOfTrailingZeros(position);
                position >>= position == 0 ? 0 : levels;
                last >>= position == 0 ? 0 : levels;
            } else {
                tree.before(sibling);
            }
            position >>= 1;
            last >>= 1;
        }
        return last == 0 ? Optional.of(tree.held()) : Optional.empty();
    }

    /// Whether the tree of `to` leaves has those of the one of `from` leaves first, which must be at least one
    /// (RFC 9162 section 2.1.4.2).
    public static boolean consistent(long from, Bytes fromRoot, long to, Bytes toRoot, List<Bytes> proof) {
        if (from <= 0 || from > to) {
            return false;
        }
        if (from == to) {
            return proof.isEmpty() && fromRoot.equals(toRoot);
        }
        if (!areHashes(proof) || fromRoot.size() != TreeHash.SIZE) {
            return false;
        }
        int shared = Long.numberOfTrailingZeros(from);
        boolean whole = from == Long.lowestOneBit(from);
        if (!whole && proof.isEmpty()) {
            return false;
        }
        long position = (from - 1) >> shared;
        long last = (to - 1) >> shared;
        Bytes first = whole ? fromRoot : proof.getFirst();
        TreeHash earlier = new TreeHash();
        TreeHash later = new TreeHash();
        earlier.hold(first);
        later.hold(first);
        for (Bytes hash : whole ? proof : proof.subList(1, proof.size())) {
            if (last == 0) {
                return false;
            }
            if (isRight(position, last)) {
                earlier.after(hash);
                later.after(hash);
                int levels = Long.numberOfTrailingZeros(position);
                position >>= position == 0 ? 0 : levels;
                last >>= position == 0 ? 0 : levels;
            } else {
                later.before(hash);
            }
            position >>= 1;
            last >>= 1;
        }
        return last == 0 && earlier.held().equals(fromRoot) && later.held().equals(toRoot);
    }

    private static boolean areHashes(List<Bytes> octets) {
        for (Bytes each : octets) {
            if (each.size() != TreeHash.SIZE) {
                return false;
            }
        }
        return true;
    }

    /// Whether the next hash stands on the left: the node is a right one, or the last of its level, which goes up alone
    /// until it is a right one.
    private static boolean isRight(long position, long last) {
        return (position & 1) == 1 || position == last;
    }

    private static void collect(TreeHash tree, List<Bytes> contents, int index, List<Hash> path) {
        if (contents.size() == 1) {
            return;
        }
        int split = split(contents.size());
        List<Bytes> left = contents.subList(0, split);
        List<Bytes> right = contents.subList(split, contents.size());
        if (index < split) {
            collect(tree, left, index, path);
            path.add(hash(tree.root(right)));
        } else {
            collect(tree, right, index - split, path);
            path.add(hash(tree.root(left)));
        }
    }

    /// The largest power of two below `size`.
    private static int split(int size) {
        return Integer.highestOneBit(size - 1);
    }
}
