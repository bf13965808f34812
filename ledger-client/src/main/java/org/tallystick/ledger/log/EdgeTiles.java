package org.tallystick.ledger.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;

/// Of each level the last tile alone: enough to append, and for the root of the whole tree, in a few kilobytes however
/// large it grows.
public final class EdgeTiles implements TileStore {

    private final List<Tile> last = new ArrayList<>();
    private long size;

    @Override
    public long size() {
        return size;
    }

    @Override
    public Optional<Bytes> tile(int level, long index) {
        return Optional.of(level)
                .filter(known -> known < last.size())
                .map(last::get)
                .filter(tile -> tile.index() == index)
                .map(Tile::hashes);
    }

    @Override
    public void append(long grown, List<Tile> tiles) {
        for (Tile tile : tiles) {
            while (last.size() <= tile.level()) {
                last.add(new Tile(last.size(), 0, Bytes.EMPTY));
            }
            if (tile.index() >= last.get(tile.level()).index()) {
                last.set(tile.level(), tile);
            }
        }
        size = grown;
    }
}
