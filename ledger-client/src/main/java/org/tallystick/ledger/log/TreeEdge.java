package org.tallystick.ledger.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.TreeHash;

/// The right edge of a tree while leaves are appended: of each level the tile that is not full yet.
final class TreeEdge {

    private static final int TILE = LogPath.FULL * TreeHash.SIZE;

    /// A tile that grows.
    private static final class Growing {
        private final byte[] hashes = new byte[TILE];
        private final int level;
        private long index;
        private int length;

        Growing(int level, long index) {
            this.level = level;
            this.index = index;
        }

        TileStore.Tile tile() {
            return new TileStore.Tile(level, index, Bytes.copyOf(Arrays.copyOf(hashes, length)));
        }
    }

    private final TileStore store;
    private final long size;
    private final TreeHash hash = new TreeHash();
    private final List<Growing> levels = new ArrayList<>();
    private final List<TileStore.Tile> full = new ArrayList<>();

    TreeEdge(TileStore store) {
        this.store = store;
        this.size = store.size();
    }

    void add(Bytes leaf) {
        if (leaf.size() != TreeHash.SIZE) {
            throw new IllegalArgumentException("no hash: " + leaf);
        }
        add(0, leaf);
    }

    private void add(int level, Bytes node) {
        if (level == levels.size()) {
            levels.add(growing(level));
        }
        Growing tile = levels.get(level);
        node.copyTo(tile.hashes, tile.length);
        tile.length += TreeHash.SIZE;
        if (tile.length == TILE) {
            full.add(tile.tile());
            tile.length = 0;
            tile.index++;
            add(level + 1, hash.fold(tile.hashes));
        }
    }

    private Growing growing(int level) {
        long nodes = size >>> (TreeNodes.TILE_HEIGHT * level);
        Growing tile = new Growing(level, nodes / LogPath.FULL);
        int length = (int) (nodes % LogPath.FULL) * TreeHash.SIZE;
        if (length > 0) {
            Bytes hashes = store.tile(level, tile.index).orElse(Bytes.EMPTY);
            if (hashes.size() < length) {
                throw new IllegalStateException("tile " + tile.index + " of level " + level + " is not whole");
            }
            // What a crash may have left behind the tree's end is not taken.
            hashes.slice(0, length).copyTo(tile.hashes, 0);
            tile.length = length;
        }
        return tile;
    }

    /// The tiles that are new or longer now.
    List<TileStore.Tile> changed() {
        List<TileStore.Tile> changed = new ArrayList<>(full);
        levels.stream().filter(tile -> tile.length > 0).forEach(tile -> changed.add(tile.tile()));
        return changed;
    }
}
