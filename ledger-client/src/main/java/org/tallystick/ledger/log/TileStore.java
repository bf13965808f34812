package org.tallystick.ledger.log;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;

/// Where a [Tree] keeps its hashes: full tiles, which never change, and the right edge, one tile of each level that is
/// not full yet and grows.
public interface TileStore {

    /// @param hashes one behind the other; as many as there are yet, at most 256
    record Tile(int level, long index, Bytes hashes) {}

    /// How many leaves there are.
    long size();

    /// The hashes of a tile, as many as there are; nothing if there are none. Those below [#size] are there.
    Optional<Bytes> tile(int level, long index);

    /// Puts tiles in the place of those of the same level and index, which they begin with, and grows to this size: all
    /// of it or nothing. One thread at a time does so, while others read.
    void append(long size, List<Tile> tiles);
}
