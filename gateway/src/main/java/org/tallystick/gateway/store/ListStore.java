package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tallystick.gateway.store.Database.Lock;

/// The lists that are made from the blocks, in generations.
///
/// A generation has its position, the last block that is in it, in the transaction that writes what the block adds. A
/// block is added to each generation of these rules that ends just before it; who makes a new one brings it there,
/// block by block, and from then on it grows with the store. So it does not matter who else writes: what is not the
/// next block of a generation is not added to it.
public final class ListStore {

    /// The version of what is listed of a block, and how it is told.
    public static final int RULES = 1;

    /// Items that are looked at for one page.
    public static final int LOOKED_AT = 10_000;

    private static final String GENERATION = "SELECT generation, rules, block, stage FROM reading";

    private final Writer writer;
    private final Readers readers;

    ListStore(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    /// What becomes of a generation.
    public enum Stage {
        BUILDING,
        SERVED,
        OLD;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// All lists, made by the same rules.
    ///
    /// @param block the last that is in it
    public record Generation(long number, int rules, long block, Stage stage) {

        /// Whether it can be added to here.
        public boolean isOurs() {
            return rules == RULES && stage != Stage.OLD;
        }
    }

    /// What there is, and what the store has of the blocks.
    ///
    /// @param block the last one that is stored
    public record Standing(long block, List<Generation> generations) {
        public Standing {
            generations = List.copyOf(generations);
        }

        public Optional<Generation> at(Stage stage) {
            return generations.stream().filter(one -> one.stage() == stage).findFirst();
        }

        /// Whether no gateway of these rules or later ones serves a generation or makes one.
        public boolean isOutOfDate() {
            return generations.stream().noneMatch(one -> one.rules() >= RULES && one.stage() != Stage.OLD);
        }
    }

    public Standing standing() throws StoreException, InterruptedException {
        return readers.together(ListStore::standing);
    }

    private static Standing standing(Connection on) throws SQLException {
        return new Standing(block(on), Rows.all(on, GENERATION + " ORDER BY generation", ListStore::generation));
    }

    private static long block(Connection on) throws SQLException {
        return Rows.one(on, "SELECT block FROM ledger", row -> row.getLong(1)).orElse(-1L);
    }

    private static Generation generation(ResultSet row) throws SQLException {
        return new Generation(
                row.getLong("generation"),
                row.getInt("rules"),
                row.getLong("block"),
                Stage.valueOf(row.getString("stage").toUpperCase(Locale.ROOT)));
    }

    /// An empty store has its lists from the first block on.
    static void begin(Connection on) throws SQLException {
        Standing standing = standing(on);
        if (standing.generations().isEmpty() && standing.block() < 0) {
            insert(on, Stage.SERVED);
        }
    }

    private static void insert(Connection on, Stage stage) throws SQLException {
        Rows.run(on, "INSERT INTO reading (rules, block, stage) VALUES (?, -1, ?)", RULES, stage.text());
    }

    /// Adds a block that is being stored.
    static void append(Connection on, BlockChange change) throws SQLException {
        List<Long> generations = Rows.all(
                on,
                "UPDATE reading SET block = ? WHERE block = ? AND rules = ? AND stage <> 'old' RETURNING generation",
                row -> row.getLong(1),
                change.block(),
                change.block() - 1,
                RULES);
        for (long generation : generations) {
            new ListWriting(on, generation).add(change.lists());
        }
    }

    /// Begins a new generation.
    ///
    /// @param asked by an operator: whatever is served
    /// @return false if one is in the making, or nobody needs one
    public boolean begin(boolean asked) throws StoreException, InterruptedException {
        return writer.write(Lock.ALONE, on -> {
            Standing standing = standing(on);
            boolean making =
                    standing.at(Stage.BUILDING).filter(Generation::isOurs).isPresent();
            if (making || !(asked || standing.isOutOfDate())) {
                return false;
            }
            Rows.run(on, "UPDATE reading SET stage = 'old' WHERE stage = 'building'");
            insert(on, Stage.BUILDING);
            return true;
        });
    }

    /// Adds blocks to a generation that lacks them.
    ///
    /// @return false if it does not end before the first of them any more; then nothing is added
    public boolean add(long generation, List<BlockChange> blocks) throws StoreException, InterruptedException {
        // Not while a block is being stored, which may be the next of this generation.
        return writer.write(Lock.SHARED, on -> {
            int moved = Rows.update(
                    on,
                    "UPDATE reading SET block = ? WHERE generation = ? AND block = ? AND rules = ? AND stage <> 'old'",
                    blocks.getLast().block(),
                    generation,
                    blocks.getFirst().block() - 1,
                    RULES);
            if (moved > 0) {
                ListWriting writing = new ListWriting(on, generation);
                for (BlockChange block : blocks) {
                    writing.add(block.lists());
                }
            }
            return moved > 0;
        });
    }

    /// Serves a generation that has all blocks, in the place of the one before.
    ///
    /// @return false if it lacks some, or is not there any more
    public boolean serve(long generation) throws StoreException, InterruptedException {
        return writer.write(Lock.ALONE, on -> {
            Standing standing = standing(on);
            boolean ready = standing.at(Stage.BUILDING)
                    .filter(one -> one.number() == generation && one.block() == standing.block())
                    .isPresent();
            if (ready) {
                Rows.run(on, "UPDATE reading SET stage = 'old' WHERE stage = 'served'");
                Rows.run(on, "UPDATE reading SET stage = 'served' WHERE generation = ?", generation);
            }
            return ready;
        });
    }

    /// Deletes some of what is left of a generation that is served no more.
    ///
    /// @param most items at once
    /// @return false if nothing is left of it
    public boolean forget(long generation, int most) throws StoreException, InterruptedException {
        return writer.write(Lock.NONE, on -> {
            int deleted = Rows.update(
                            on,
                            "DELETE FROM reading_listed WHERE generation = ? AND (listing, block, tx, item, part) IN"
                                    + " (SELECT listing, block, tx, item, part FROM reading_listed WHERE generation = ?"
                                    + " LIMIT ?)",
                            generation,
                            generation,
                            most)
                    + Rows.update(
                            on,
                            "DELETE FROM reading_document WHERE generation = ? AND (agreement, version) IN"
                                    + " (SELECT agreement, version FROM reading_document WHERE generation = ? LIMIT ?)",
                            generation,
                            generation,
                            most);
            if (deleted == 0) {
                Rows.run(on, "DELETE FROM reading WHERE generation = ? AND stage = 'old'", generation);
            }
            return deleted > 0;
        });
    }

    /// What is asked of a list.
    ///
    /// @param since only what stands after this position
    /// @param after the place of the last item that was answered before
    /// @param newest whether the newest come first
    public record Question(
            Listing listing,
            Facets facets,
            Optional<Position> since,
            Optional<Place> after,
            boolean newest,
            int limit) {

        /// The same, going on after this place.
        public Question after(Optional<Place> place) {
            return new Question(listing, facets, since, place, newest, limit);
        }
    }

    /// Some items of a list.
    ///
    /// @param block the last that is in the list
    /// @param next the place of the last item that was looked at, if there may be more
    public record Page(long block, List<ListChange.Listed> items, Optional<Place> next) {
        public Page {
            items = List.copyOf(items);
        }
    }

    /// Nothing while no generation is served.
    public Optional<Page> page(Question question) throws StoreException, InterruptedException {
        return readers.together(on -> {
            Optional<Generation> served = Rows.one(on, GENERATION + " WHERE stage = 'served'", ListStore::generation);
            return served.isEmpty() ? Optional.empty() : Optional.of(ListPages.page(on, served.get(), question));
        });
    }
}
