package org.tallystick.gateway.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.log.TileStore;

/// The tiles of the tree as the tables have them. What is appended is kept here, for who writes it into the tables.
final class LogTiles implements TileStore {

    static final String TILE = "SELECT hashes FROM log_tile WHERE level = ? AND number = ?";

    private final Lookup lookup;
    private final List<Tile> changed = new ArrayList<>();
    private long size;

    @FunctionalInterface
    interface Lookup {
        Optional<Bytes> tile(int level, long index) throws SQLException, StoreException, InterruptedException;
    }

    /// A lookup that failed, on its way through the tree.
    static final class Unread extends UncheckedIOException {
        private static final long serialVersionUID = 1;

        private final transient Exception why;

        Unread(Exception cause) {
            super(new IOException(cause.getMessage(), cause));
            why = cause;
        }

        SQLException sql() throws SQLException {
            throw why instanceof SQLException e ? e : new SQLException(why);
        }

        StoreException store() throws StoreException, InterruptedException {
            if (why instanceof InterruptedException e) {
                throw e;
            }
            throw why instanceof StoreException e ? e : new StoreException("not read: " + why, why);
        }
    }

    LogTiles(long size, Lookup lookup) {
        this.size = size;
        this.lookup = lookup;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Optional<Bytes> tile(int level, long index) {
        try {
            return lookup.tile(level, index);
        } catch (SQLException | StoreException | InterruptedException e) {
            throw new Unread(e);
        }
    }

    @Override
    public void append(long grown, List<Tile> tiles) {
        changed.addAll(tiles);
        size = grown;
    }

    List<Tile> changed() {
        return List.copyOf(changed);
    }
}
