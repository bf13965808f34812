package org.tallystick.agreement.bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The Merkle tree of RFC 6962 section 2.1 with SHA-256: its root, and the path that leads from one leaf to it.
public final class Merkle {

    private static final Bytes LEAF = Bytes.ofHex("00");
    private static final Bytes NODE = Bytes.ofHex("01");

    private Merkle() {}

    public static Hash leaf(Bytes content) {
        return hash(Hash.sha256(LEAF, content));
    }

    private static Hash hash(Bytes bytes) {
        return new Hash(bytes.toHex());
    }

    /// The root over the leaves with these contents; of no leaves, the hash of nothing.
    public static Hash root(List<Bytes> contents) {
        return contents.isEmpty() ? Hash.of(Bytes.EMPTY) : hash(subtree(leaves(contents)));
    }

    /// The audit path of leaf `index` (RFC 6962 section 2.1.1), from the leaf upwards.
    public static List<Hash> path(List<Bytes> contents, int index) {
        List<Hash> path = new ArrayList<>();
        collect(leaves(contents), index, path);
        return List.copyOf(path);
    }

    /// The root that leaf `index` of a tree of `size` leaves has with this path, or nothing if the path has another
    /// length than that place asks for (RFC 9162 section 2.1.3.2).
    public static Optional<Hash> root(Hash leaf, long index, long size, List<Hash> path) {
        if (index < 0 || index >= size) {
            return Optional.empty();
        }
        long position = index;
        long last = size - 1;
        Hash root = leaf;
        for (Hash sibling : path) {
            if (last == 0) {
                return Optional.empty();
            }
            if ((position & 1) == 1 || position == last) {
                root = node(sibling, root);
                while ((position & 1) == 0 && position != 0) {
                    position >>= 1;
                    last >>= 1;
                }
            } else {
                root = node(root, sibling);
            }
            position >>= 1;
            last >>= 1;
        }
        return last == 0 ? Optional.of(root) : Optional.empty();
    }

    private static List<Bytes> leaves(List<Bytes> contents) {
        return contents.stream().map(content -> Hash.sha256(LEAF, content)).toList();
    }

    private static Hash node(Hash left, Hash right) {
        return hash(node(left.bytes(), right.bytes()));
    }

    private static Bytes node(Bytes left, Bytes right) {
        return Hash.sha256(NODE, left, right);
    }

    private static Bytes subtree(List<Bytes> leaves) {
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int split = split(leaves.size());
        return node(subtree(leaves.subList(0, split)), subtree(leaves.subList(split, leaves.size())));
    }

    private static void collect(List<Bytes> leaves, int index, List<Hash> path) {
        if (leaves.size() == 1) {
            return;
        }
        int split = split(leaves.size());
        List<Bytes> left = leaves.subList(0, split);
        List<Bytes> right = leaves.subList(split, leaves.size());
        if (index < split) {
            collect(left, index, path);
            path.add(hash(subtree(right)));
        } else {
            collect(right, index - split, path);
            path.add(hash(subtree(left)));
        }
    }

    /// The largest power of two below `size`.
    private static int split(int size) {
        return Integer.highestOneBit(size - 1);
    }
}
