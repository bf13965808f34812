package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.gateway.store.Database.Lock;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.EntryBundle;
import org.tallystick.ledger.log.Evidence;
import org.tallystick.ledger.log.LogPath;
import org.tallystick.ledger.log.Note;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.TileStore;
import org.tallystick.ledger.log.Tree;
import org.tallystick.ledger.pack.ChainLeaves;
import org.tallystick.ledger.pack.ChainLeaves.End;

/// The transparency log in the store: its leaves and tree, which grow with the blocks, and what was signed
/// of it.
///
/// Several gateways of one member have one log and one witness: what compares and then writes does both
/// alone.
public final class LogStore {

    /// Own checkpoints that are kept while cosignatures may still come.
    private static final int KEPT = 16;

    private static final String DISTRUST = "INSERT INTO log_distrusted (vkey) VALUES (?) ON CONFLICT DO NOTHING";

    private static final String CHECKPOINT = "SELECT note, signed, majority FROM log_checkpoint";

    private final Writer writer;
    private final Readers readers;

    LogStore(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    /// A checkpoint that this member's log signed.
    ///
    /// @param majority whether a majority of the members cosigned it
    public record Published(SignedCheckpoint note, Instant signed, boolean majority) {}

    /// Appends what a block adds, in the transaction that stores the block.
    static void append(Connection on, LogChange change) throws SQLException {
        if (change.members().isPresent()) {
            Rows.run(on, "DELETE FROM log_member");
            Rows.each(
                    on,
                    "INSERT INTO log_member (member) VALUES (?)",
                    change.members().get().stream()
                            .map(member -> new Object[] {member})
                            .toList());
        }
        if (change.leaves().isEmpty()) {
            return;
        }
        long size = size(on);
        LogTiles tiles =
                new LogTiles(size, (level, index) -> Rows.one(on, LogTiles.TILE, LogStore::hashes, level, index));
        Map<String, Long> chains = grow(on, change.leaves());
        List<Bytes> hashes = new ArrayList<>();
        List<Object[]> rows = new ArrayList<>();
        for (ChainLeaves.Placed leaf : change.leaves()) {
            rows.add(new Object[] {
                size + rows.size(),
                chains.get(leaf.chain()),
                leaf.seq(),
                leaf.bytes().toArray()
            });
            hashes.add(leaf.hash().bytes());
        }
        Rows.each(on, "INSERT INTO log_leaf (number, chain, seq, entry) VALUES (?, ?, ?, ?)", rows);
        try {
            new Tree(tiles).append(hashes);
        } catch (LogTiles.Unread e) {
            throw e.sql();
        }
        for (TileStore.Tile tile : tiles.changed()) {
            Rows.run(
                    on,
                    "INSERT INTO log_tile (level, number, hashes) VALUES (?, ?, ?) ON CONFLICT (level, number)"
                            + " DO UPDATE SET hashes = excluded.hashes",
                    tile.level(),
                    tile.index(),
                    tile.hashes().toArray());
        }
        Rows.run(on, "UPDATE ledger SET leaves = ?", size + hashes.size());
    }

    /// Notes where chains end with these leaves.
    ///
    /// @return the number of each chain
    private static Map<String, Long> grow(Connection on, List<ChainLeaves.Placed> leaves) throws SQLException {
        Map<String, ChainLeaves.Placed> ends = new TreeMap<>();
        leaves.forEach(leaf -> ends.put(leaf.chain(), leaf));
        Map<String, Long> numbers = new TreeMap<>();
        for (ChainLeaves.Placed end : ends.values()) {
            numbers.put(
                    end.chain(),
                    Rows.one(
                                    on,
                                    "INSERT INTO log_chain (name, count, last) VALUES (?, ?, ?) ON CONFLICT (name)"
                                            + " DO UPDATE SET count = excluded.count, last = excluded.last RETURNING id",
                                    row -> row.getLong(1),
                                    end.chain(),
                                    end.seq(),
                                    end.hash().hex())
                            .orElseThrow());
        }
        return numbers;
    }

    private static long size(Connection on) throws SQLException {
        return Rows.one(on, "SELECT leaves FROM ledger", row -> row.getLong(1)).orElse(0L);
    }

    private static Bytes hashes(ResultSet row) throws SQLException {
        return Bytes.copyOf(row.getBytes(1));
    }

    /// How many leaves there are: always the end of a block.
    public long size() throws StoreException, InterruptedException {
        return readers.one("SELECT leaves FROM ledger", row -> row.getLong(1)).orElse(0L);
    }

    /// The last block that is stored, and how far each chain goes with it: read at once, since another
    /// instance may store the next meanwhile.
    CourierStore.Stored stored() throws StoreException, InterruptedException {
        record Named(long block, Optional<String> chain, End end) {}
        List<Named> all = readers.all(
                "SELECT block, name, count, last FROM ledger LEFT JOIN log_chain ON TRUE",
                row -> new Named(
                        row.getLong(1),
                        Optional.ofNullable(row.getString(2)),
                        row.getString(2) == null
                                ? new End(0, Hash.ZERO)
                                : new End(row.getLong(3), new Hash(row.getString(4)))));
        TreeMap<String, End> ends = new TreeMap<>();
        all.forEach(named -> named.chain().ifPresent(chain -> ends.put(chain, named.end())));
        return new CourierStore.Stored(all.getFirst().block(), ends);
    }

    Optional<ChainLeaves.Committed> committed() throws StoreException, InterruptedException {
        return readers.one(
                "SELECT entry FROM log_leaf WHERE chain = (SELECT id FROM log_chain WHERE name = ?)"
                        + " ORDER BY number DESC LIMIT 1",
                row -> ChainLeaves.Committed.ofLeaf(Bytes.copyOf(row.getBytes(1))),
                ChainLeaves.COMMIT);
    }

    /// Where a chain ended when the log had this size; nothing if it had no leaf yet.
    public Optional<End> end(String chain, long size) throws StoreException, InterruptedException {
        return readers.one(
                "SELECT seq, entry FROM log_leaf WHERE chain = (SELECT id FROM log_chain WHERE name = ?)"
                        + " AND number < ? ORDER BY number DESC LIMIT 1",
                row -> new End(row.getLong(1), Merkle.leaf(Bytes.copyOf(row.getBytes(2)))),
                chain,
                size);
    }

    /// The members of the channel, by its newest configuration.
    public List<String> members() throws StoreException, InterruptedException {
        return readers.all("SELECT member FROM log_member ORDER BY member", row -> row.getString(1));
    }

    /// A question to the tree of now.
    private interface Question<T> {
        T ask(Tree tree);
    }

    /// The tree of now. A read that fails leaves it as an [UncheckedIOException].
    public Tree tree() throws StoreException, InterruptedException {
        return new Tree(
                new LogTiles(size(), (level, index) -> readers.one(LogTiles.TILE, LogStore::hashes, level, index)));
    }

    private <T> T tree(Question<T> question) throws StoreException, InterruptedException {
        try {
            return question.ask(tree());
        } catch (LogTiles.Unread e) {
            throw e.store();
        }
    }

    /// The root at a size that the log has or had; nothing if it is not that large.
    public Optional<Bytes> root(long size) throws StoreException, InterruptedException {
        return tree(tree -> size <= tree.size() ? Optional.of(tree.root(size)) : Optional.empty());
    }

    /// The proof that the tree of size `to` goes on from that of size `from`.
    public List<Bytes> consistency(long from, long to) throws StoreException, InterruptedException {
        return tree(tree -> tree.consistency(from, to));
    }

    /// The hashes of a tile, as it is served; nothing if it is not there, or not that wide.
    public Optional<Bytes> tile(LogPath.Tile tile) throws StoreException, InterruptedException {
        return tree(tree -> tree.tile(tile));
    }

    /// The leaves under a tile, as they are served; nothing if there are not that many.
    public Optional<Bytes> entries(LogPath.Entries bundle) throws StoreException, InterruptedException {
        if (bundle.index() > size() / LogPath.FULL) {
            return Optional.empty();
        }
        long first = bundle.index() * LogPath.FULL;
        List<Bytes> entries = readers.all(
                "SELECT entry FROM log_leaf WHERE number >= ? AND number < ? ORDER BY number",
                row -> Bytes.copyOf(row.getBytes(1)),
                first,
                first + bundle.width());
        return entries.size() == bundle.width() ? Optional.of(new EntryBundle(entries).octets()) : Optional.empty();
    }

    private static Published published(ResultSet row) throws SQLException {
        return new Published(note(row), Instant.ofEpochSecond(row.getLong(2)), row.getBoolean(3));
    }

    private static SignedCheckpoint note(ResultSet row) throws SQLException {
        return SignedCheckpoint.parse(Bytes.copyOf(row.getBytes(1)))
                .good()
                .orElseThrow(() -> new IllegalStateException("the store holds what is no checkpoint"));
    }

    /// The newest checkpoint that this member's log signed.
    public Optional<Published> newest() throws StoreException, InterruptedException {
        return readers.one(CHECKPOINT + " ORDER BY size DESC LIMIT 1", LogStore::published);
    }

    /// The newest one that a majority of the members cosigned.
    public Optional<Published> cosigned() throws StoreException, InterruptedException {
        return readers.one(CHECKPOINT + " WHERE majority ORDER BY size DESC LIMIT 1", LogStore::published);
    }

    /// The checkpoint that this member's witness cosigned last.
    public Optional<SignedCheckpoint> witnessed() throws StoreException, InterruptedException {
        return readers.one("SELECT note FROM log_witnessed", LogStore::note);
    }

    /// Records that this member's witness cosigns this checkpoint, if what it cosigned last is still
    /// `before`.
    public boolean advance(Optional<Checkpoint> before, SignedCheckpoint next)
            throws StoreException, InterruptedException {
        return writer.write(Lock.ALONE, on -> advance(on, before, next));
    }

    private static boolean advance(Connection on, Optional<Checkpoint> before, SignedCheckpoint next)
            throws SQLException {
        Optional<Checkpoint> last =
                Rows.one(on, "SELECT note FROM log_witnessed", LogStore::note).map(SignedCheckpoint::checkpoint);
        if (!last.equals(before)) {
            return false;
        }
        Rows.run(
                on,
                "INSERT INTO log_witnessed (one, note) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET note = excluded.note",
                next.octets().toArray());
        Rows.run(
                on,
                "INSERT INTO log_cosigned (size) VALUES (?) ON CONFLICT DO NOTHING",
                next.checkpoint().size());
        return true;
    }

    /// Records a checkpoint that this member's log signs and its witness cosigns: larger than any that it
    /// signed, and not smaller than what the witness cosigned last, which is still `before`.
    public boolean sign(Optional<Checkpoint> before, Published next) throws StoreException, InterruptedException {
        return writer.write(Lock.ALONE, on -> {
            long size = next.note().checkpoint().size();
            long newest = Rows.one(on, "SELECT max(size) FROM log_checkpoint", row -> row.getLong(1))
                    .orElse(0L);
            if (size <= newest
                    || before.filter(last -> last.size() > size).isPresent()
                    || !advance(on, before, next.note())) {
                return false;
            }
            Rows.run(
                    on,
                    "INSERT INTO log_checkpoint (size, signed, majority, note) VALUES (?, ?, ?, ?)",
                    size,
                    next.signed().getEpochSecond(),
                    next.majority(),
                    next.note().octets().toArray());
            Rows.run(
                    on,
                    "DELETE FROM log_checkpoint WHERE size NOT IN"
                            + " (SELECT size FROM log_checkpoint ORDER BY size DESC LIMIT ?) AND size IS DISTINCT FROM"
                            + " (SELECT max(size) FROM log_checkpoint WHERE majority)",
                    KEPT);
            return true;
        });
    }

    /// Puts cosignatures, which hold, under the own checkpoint of this size.
    ///
    /// @param majority whether a checkpoint is cosigned by a majority of the members
    /// @return the checkpoint with them, if it is still kept
    public Optional<SignedCheckpoint> gather(long size, List<Note.Line> lines, Predicate<SignedCheckpoint> majority)
            throws StoreException, InterruptedException {
        return writer.write(Lock.ALONE, on -> {
            Optional<SignedCheckpoint> gathered = Rows.one(
                            on, CHECKPOINT + " WHERE size = ?", LogStore::published, size)
                    .map(published -> published.note().with(lines));
            if (gathered.isPresent()) {
                Rows.run(
                        on,
                        "UPDATE log_checkpoint SET note = ?, majority = ? WHERE size = ?",
                        gathered.get().octets().toArray(),
                        majority.test(gathered.get()),
                        size);
            }
            return gathered;
        });
    }

    /// Whether this member's witness cosigned a checkpoint of this size.
    public boolean hasCosigned(long size) throws StoreException, InterruptedException {
        return readers.one("SELECT size FROM log_cosigned WHERE size = ?", row -> row.getLong(1), size)
                .isPresent();
    }

    /// Keeps evidence, and distrusts the keys that signed the other checkpoint.
    public void convict(Evidence evidence, List<String> vkeys) throws StoreException, InterruptedException {
        writer.run(Lock.NONE, on -> {
            Rows.run(
                    on,
                    "INSERT INTO log_evidence (hash, text) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    Hash.of(Bytes.ofUtf8(evidence.text())).hex(),
                    evidence.text());
            for (String vkey : vkeys) {
                Rows.run(on, DISTRUST, vkey);
            }
        });
    }

    /// All evidence, in the order in which it came.
    public List<String> evidence() throws StoreException, InterruptedException {
        return readers.all("SELECT text FROM log_evidence ORDER BY number", row -> row.getString(1));
    }

    /// Log keys whose checkpoints are not cosigned.
    public List<String> distrusted() throws StoreException, InterruptedException {
        return readers.all("SELECT vkey FROM log_distrusted ORDER BY vkey", row -> row.getString(1));
    }

    public void distrust(String vkey) throws StoreException, InterruptedException {
        writer.run(Lock.NONE, on -> Rows.run(on, DISTRUST, vkey));
    }

    /// @return whether it was distrusted
    public boolean trust(String vkey) throws StoreException, InterruptedException {
        return writer.write(Lock.NONE, on -> Rows.update(on, "DELETE FROM log_distrusted WHERE vkey = ?", vkey) == 1);
    }
}
