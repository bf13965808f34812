package org.tallystick.ledger.log;

import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.TreeHash;

/// The nodes of a tree, each found in a tile or hashed from it. It keeps the last tile of each level at hand, since
/// whoever walks through a tree goes from one node to the next.
final class TreeNodes {

    /// Levels of nodes in a tile.
    static final int TILE_HEIGHT = 8;
    /// Levels of tiles that a tree of less than 2^63 leaves can have.
    static final int LEVELS = 8;

    private record Tile(long index, Bytes hashes) {}

    private final TileStore store;
    private final TreeHash hash = new TreeHash();
    private final @Nullable Tile[] last = new @Nullable Tile[LEVELS];

    TreeNodes(TileStore store) {
        this.store = store;
    }

    /// The end of the left one of the two trees that these leaves make: RFC 6962 section 2.1.
    static long split(long from, long to) {
        return from + Long.highestOneBit(to - from - 1);
    }

    /// The hash over the leaves of a range that is a node of some tree.
    Bytes hash(long from, long to) {
        long count = to - from;
        if (Long.bitCount(count) == 1) {
            return node(Long.numberOfTrailingZeros(count), from);
        }
        long split = split(from, to);
        Bytes left = hash(from, split);
        return hash.node(left, hash(split, to));
    }

    private Bytes node(int height, long from) {
        int level = height / TILE_HEIGHT;
        int count = 1 << (height % TILE_HEIGHT);
        long first = from >>> (TILE_HEIGHT * level);
        int at = (int) (first % LogPath.FULL);
        Bytes hashes = tile(level, first / LogPath.FULL, at + count);
        return hash.fold(
                hashes.slice(at * TreeHash.SIZE, (at + count) * TreeHash.SIZE).toArray());
    }

    private Bytes tile(int level, long index, int width) {
        Tile kept = last[level];
        if (kept == null || kept.index != index) {
            Bytes read = store.tile(level, index).orElse(Bytes.EMPTY);
            if (read.size() < width * TreeHash.SIZE) {
                throw new IllegalStateException("tile " + index + " of level " + level + " is not whole");
            }
            kept = new Tile(index, read);
            last[level] = kept;
        }
        return kept.hashes;
    }
}
