package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.bytes.TreeHash;

final class TreeTest {

    private static final int SMALL = 70;
    private static final List<Bytes> LEAVES = Naive.leaves(70_000);

    /// Counts what is read, and keeps nothing but what the interface gives.
    private static final class Counted implements TileStore {
        private final MemoryTiles tiles = new MemoryTiles();
        private int read;
        private int written;

        @Override
        public long size() {
            return tiles.size();
        }

        @Override
        public Optional<Bytes> tile(int level, long index) {
            read++;
            return tiles.tile(level, index);
        }

        @Override
        public void append(long size, List<Tile> changed) {
            written += changed.size();
            tiles.append(size, changed);
        }
    }

    @Test
    void roots_and_proofs_of_all_small_sizes_are_those_of_rfc_6962_and_hold() {
        Tree tree = Some.tree(LEAVES.subList(0, SMALL));
        for (int size = 0; size <= SMALL; size++) {
            List<Bytes> leaves = LEAVES.subList(0, size);
            Bytes root = Naive.root(leaves);
            assertThat(tree.root(size)).as("root of %d", size).isEqualTo(root);

            for (int index = 0; index < size; index++) {
                List<Bytes> path = tree.inclusion(index, size);
                assertThat(path).as("leaf %d of %d", index, size).isEqualTo(Naive.path(index, leaves));
                assertThat(Merkle.root(leaves.get(index), index, size, path)).contains(root);
            }
            assertThat(tree.consistency(0, size)).isEmpty();
            for (int from = 1; from <= size; from++) {
                List<Bytes> proof = tree.consistency(from, size);
                Bytes before = Naive.root(LEAVES.subList(0, from));
                assertThat(proof).as("%d to %d", from, size).isEqualTo(Naive.consistency(from, leaves));
                assertThat(Merkle.consistent(from, before, size, root, proof)).isTrue();
            }
        }
    }

    @Test
    void a_consistency_proof_holds_for_no_other_roots_or_hashes() {
        Tree tree = Some.tree(LEAVES.subList(0, 20));
        for (int from = 1; from <= 20; from++) {
            for (int to = from; to <= 20; to++) {
                List<Bytes> proof = tree.consistency(from, to);
                Bytes first = tree.root(from);
                Bytes second = tree.root(to);

                assertThat(Merkle.consistent(from, second, to, first, proof)).isEqualTo(from == to);
                for (int i = 0; i < proof.size(); i++) {
                    List<Bytes> fewer = new ArrayList<>(proof);
                    fewer.remove(i);
                    assertThat(Merkle.consistent(from, first, to, second, fewer))
                            .isFalse();
                    List<Bytes> more = new ArrayList<>(proof);
                    more.add(i, proof.get(i));
                    assertThat(Merkle.consistent(from, first, to, second, more)).isFalse();
                    List<Bytes> changed = new ArrayList<>(proof);
                    changed.set(i, first);
                    assertThat(Merkle.consistent(from, first, to, second, changed))
                            .isEqualTo(first.equals(proof.get(i)));
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void large_trees_grown_in_pieces_have_the_roots_and_proofs_of_rfc_6962(long seed) {
        Random random = new Random(seed);
        Tree tree = new Tree(new MemoryTiles());
        while (tree.size() < 5_000) {
            int more = random.nextInt(1 << random.nextInt(10));
            tree.append(LEAVES.subList((int) tree.size(), (int) tree.size() + more));
        }
        for (int round = 0; round < 12; round++) {
            int size = 1 + random.nextInt((int) tree.size());
            int index = random.nextInt(size);
            int from = 1 + random.nextInt(size);
            List<Bytes> leaves = LEAVES.subList(0, size);

            assertThat(tree.root(size)).isEqualTo(Naive.root(leaves));
            assertThat(tree.inclusion(index, size)).isEqualTo(Naive.path(index, leaves));
            assertThat(tree.consistency(from, size)).isEqualTo(Naive.consistency(from, leaves));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 257, 1000, 65_535, 65_536, 65_537, 70_000})
    void tiles_are_those_of_the_definition(int size) {
        Tree tree = Some.tree(LEAVES.subList(0, size));
        long width = 1;
        for (int level = 0; level < 3; level++) {
            long hashes = size / width;
            for (long n = 0; n <= hashes / 256; n++) {
                int there = (int) Math.min(256, hashes - 256 * n);
                if (there == 0) {
                    assertThat(tree.tile(new LogPath.Tile(level, n, 1))).isEmpty();
                    continue;
                }
                Bytes tile = tree.tile(new LogPath.Tile(level, n, there)).orElseThrow();
                assertThat(tile.size()).isEqualTo(there * TreeHash.SIZE);
                for (int i = 0; i < there; i += level == 0 ? 17 : 1) {
                    int from = (int) ((256 * n + i) * width);
                    assertThat(tile.slice(i * TreeHash.SIZE, (i + 1) * TreeHash.SIZE))
                            .isEqualTo(Naive.root(LEAVES.subList(from, from + (int) width)));
                }
                if (there < 256) {
                    assertThat(tree.tile(new LogPath.Tile(level, n, there + 1))).isEmpty();
                }
            }
            width *= 256;
        }
    }

    /// The example of C2SP tlog-tiles.
    @Test
    void a_tree_of_70_000_has_the_tiles_that_c2sp_says() {
        Tree tree = Some.tree(LEAVES);

        assertThat(tree.tile(new LogPath.Tile(0, 272, 256))).isPresent();
        assertThat(tree.tile(new LogPath.Tile(0, 273, 112))).isPresent();
        assertThat(tree.tile(new LogPath.Tile(0, 273, 113))).isEmpty();
        assertThat(tree.tile(new LogPath.Tile(1, 0, 256))).isPresent();
        assertThat(tree.tile(new LogPath.Tile(1, 1, 17))).isPresent();
        assertThat(tree.tile(new LogPath.Tile(1, 1, 18))).isEmpty();
        assertThat(tree.tile(new LogPath.Tile(2, 0, 1))).isPresent();
        assertThat(tree.tile(new LogPath.Tile(2, 0, 2))).isEmpty();
        assertThat(tree.tile(new LogPath.Tile(3, 0, 1))).isEmpty();
        assertThat(tree.tile(new LogPath.Tile(63, 0, 1))).isEmpty();
    }

    @Test
    void appending_and_proving_take_a_few_tiles_of_each_level() {
        Counted store = new Counted();
        Tree tree = new Tree(store);
        tree.append(LEAVES.subList(0, 69_990));
        int levels = 3;

        store.read = 0;
        store.written = 0;
        tree.append(LEAVES.subList(69_990, 70_000));
        assertThat(store.read).isLessThanOrEqualTo(levels);
        assertThat(store.written).isLessThanOrEqualTo(2 * levels);

        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            int size = 1 + random.nextInt(70_000);
            store.read = 0;
            List<Bytes> path = tree.inclusion(random.nextInt(size), size);
            assertThat(path.size()).isLessThanOrEqualTo(17);
            assertThat(store.read).isLessThanOrEqualTo(3 * levels);
            store.read = 0;
            List<Bytes> proof = tree.consistency(1 + random.nextInt(size), size);
            assertThat(proof.size()).isLessThanOrEqualTo(18);
            assertThat(store.read).isLessThanOrEqualTo(4 * levels);
        }
    }

    @Test
    void the_last_tiles_alone_are_enough_for_the_root_whatever_was_appended() {
        Tree all = new Tree(new MemoryTiles());
        Tree edge = new Tree(new EdgeTiles());
        Random random = new Random(5);
        for (int from = 0; from < LEAVES.size(); ) {
            // Also across the end of a tile, of several, and exactly to it.
            int width = random.nextInt(4) == 0 ? 256 - from % 256 : 1 + random.nextInt(700);
            int to = Math.min(LEAVES.size(), from + width);
            all.append(LEAVES.subList(from, to));
            edge.append(LEAVES.subList(from, to));
            assertThat(edge.root(to)).as("size %d", to).isEqualTo(all.root(to));
            from = to;
        }
        assertThat(edge.size()).isEqualTo(LEAVES.size());
    }

    @Test
    void what_a_crash_left_behind_the_end_is_not_taken() {
        MemoryTiles tiles = new MemoryTiles();
        Tree tree = new Tree(tiles);
        tree.append(LEAVES.subList(0, 10));
        Bytes whole = tiles.tile(0, 0).orElseThrow();
        tiles.append(10, List.of(new TileStore.Tile(0, 0, Bytes.concat(whole, LEAVES.get(99)))));

        tree.append(LEAVES.subList(10, 20));

        assertThat(tree.root(20)).isEqualTo(Naive.root(LEAVES.subList(0, 20)));
    }

    @Test
    void one_asks_in_vain_for_what_is_not_there_yet() {
        Tree tree = Some.tree(5);

        assertThatThrownBy(() -> tree.root(6)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.root(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.inclusion(5, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.inclusion(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.inclusion(0, 6)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.consistency(6, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.consistency(1, 6)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.append(List.of(Bytes.EMPTY))).isInstanceOf(IllegalArgumentException.class);
        assertThat(tree.size()).isEqualTo(5);
    }

    @Test
    void no_path_of_one_leaf_leads_another_to_the_root() {
        Tree tree = Some.tree(33);
        Set<List<Bytes>> paths = new HashSet<>();
        for (int index = 0; index < 33; index++) {
            assertThat(paths.add(tree.inclusion(index, 33))).isTrue();
        }
    }
}
