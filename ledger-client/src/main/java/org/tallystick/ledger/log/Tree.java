package org.tallystick.ledger.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.TreeHash;

/// The tree of a log, over the hashes of its leaves: it grows, and answers for each size that it has had.
///
/// Kept as tiles, so that nothing needs more than a few of each level: a level is for 256 times as many leaves as the
/// one
/// below. One thread at a time may append; any number may ask meanwhile.
public final class Tree {

    private final TileStore store;

    public Tree(TileStore store) {
        this.store = store;
    }

    public long size() {
        return store.size();
    }

    /// Appends leaves with these hashes, all or none.
    public void append(List<Bytes> leaves) {
        if (leaves.isEmpty()) {
            return;
        }
        TreeEdge edge = new TreeEdge(store);
        leaves.forEach(edge::add);
        store.append(store.size() + leaves.size(), edge.changed());
    }

    /// The root that the tree had at a size.
    public Bytes root(long size) {
        need(0, size, size);
        return size == 0 ? Checkpoint.EMPTY_ROOT : new TreeNodes(store).hash(0, size);
    }

    /// The path from a leaf to the root at a size (RFC 6962 section 2.1.1).
    public List<Bytes> inclusion(long index, long size) {
        need(0, index, size - 1);
        need(0, size, size);
        List<Bytes> path = new ArrayList<>();
        include(new TreeNodes(store), index, 0, size, path);
        return List.copyOf(path);
    }

    private static void include(TreeNodes nodes, long index, long from, long to, List<Bytes> path) {
        if (to - from == 1) {
            return;
        }
        long split = TreeNodes.split(from, to);
        if (index < split) {
            include(nodes, index, from, split, path);
            path.add(nodes.hash(split, to));
        } else {
            include(nodes, index, split, to, path);
            path.add(nodes.hash(from, split));
        }
    }

    /// The proof that the tree of size `to` goes on from that of size `from` (RFC 6962 section 2.1.2). From nothing
    /// every tree goes on, so that no hash is needed.
    public List<Bytes> consistency(long from, long to) {
        need(0, from, to);
        need(0, to, to);
        List<Bytes> proof = new ArrayList<>();
        if (from > 0) {
            prove(new TreeNodes(store), from, 0, to, true, proof);
        }
        return List.copyOf(proof);
    }

    /// @param known whether who asks has the root of the range, if it ends where its tree ends
    private static void prove(TreeNodes nodes, long end, long from, long to, boolean known, List<Bytes> proof) {
        if (end == to) {
            if (!known) {
                proof.add(nodes.hash(from, to));
            }
            return;
        }
        long split = TreeNodes.split(from, to);
        if (end <= split) {
            prove(nodes, end, from, split, known, proof);
            proof.add(nodes.hash(split, to));
        } else {
            prove(nodes, end, split, to, false, proof);
            proof.add(nodes.hash(from, split));
        }
    }

    /// The hashes of a tile as it is served, or nothing if it is not there, or not that wide.
    public Optional<Bytes> tile(LogPath.Tile tile) {
        int octets = tile.width() * TreeHash.SIZE;
        return store.tile(tile.level(), tile.index())
                .filter(hashes -> hashes.size() >= octets)
                .map(hashes -> hashes.slice(0, octets));
    }

    /// The nodes of the tree, for one that walks through it.
    TreeNodes nodes(long size) {
        need(0, size, size);
        return new TreeNodes(store);
    }

    private void need(long least, long number, long most) {
        if (number < least || number > most || most > store.size()) {
            throw new IllegalArgumentException(
                    "not in a tree of " + store.size() + " leaves: " + least + ", " + number + ", " + most);
        }
    }
}
