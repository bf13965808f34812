package org.tallystick.ledger.log;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.tallystick.agreement.bytes.Bytes;

/// Tiles in memory, gone with the process.
public final class MemoryTiles implements TileStore {

    private record Place(int level, long index) {}

    private final Map<Place, Bytes> tiles = new ConcurrentHashMap<>();
    private volatile long size;

    @Override
    public long size() {
        return size;
    }

    @Override
    public Optional<Bytes> tile(int level, long index) {
        return Optional.ofNullable(tiles.get(new Place(level, index)));
    }

    @Override
    public void append(long grown, List<Tile> changed) {
        // Readers look at nothing at or above the size, so it comes last.
        changed.forEach(tile -> tiles.put(new Place(tile.level(), tile.index()), tile.hashes()));
        size = grown;
    }
}
