package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;

final class LeavesProofTest {

    private static final List<Bytes> LEAVES = Naive.leaves(3_000);

    @Test
    void every_set_of_leaves_of_every_small_tree_has_the_root_and_the_nodes_of_the_definition() {
        for (int size = 1; size <= 9; size++) {
            List<Bytes> leaves = LEAVES.subList(0, size);
            Tree tree = Some.tree(leaves);
            for (int set = 0; set < 1 << size; set++) {
                List<Long> indexes = indexes(set);
                List<Bytes> nodes = nodes(tree, size, indexes);

                assertThat(nodes).isEqualTo(defined(indexes, 0, leaves));
                assertThat(root(size, indexes, lines(nodes))).contains(Naive.root(leaves));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void a_node_dropped_changed_swapped_repeated_or_added_gives_no_such_root(long seed) {
        Random random = new Random(seed);
        int size = 1 + random.nextInt(3_000);
        Tree tree = Some.tree(LEAVES.subList(0, size));
        TreeSet<Long> chosen = new TreeSet<>();
        for (int i = random.nextInt(40); i >= 0; i--) {
            chosen.add((long) random.nextInt(size));
        }
        List<Long> indexes = List.copyOf(chosen);
        List<String> nodes = lines(nodes(tree, size, indexes));
        Bytes root = tree.root(size);
        assertThat(root(size, indexes, nodes)).contains(root);

        for (int i = 0; i < nodes.size(); i++) {
            List<String> dropped = new ArrayList<>(nodes);
            dropped.remove(i);
            assertThat(root(size, indexes, dropped)).isEmpty();
            List<String> repeated = new ArrayList<>(nodes);
            repeated.add(i, nodes.get(i));
            assertThat(root(size, indexes, repeated)).isEmpty();
            List<String> changed = new ArrayList<>(nodes);
            changed.set(i, LEAVES.get(random.nextInt(size)).toBase64());
            assertThat(root(size, indexes, changed))
                    .isNotEqualTo(nodes.equals(changed) ? Optional.empty() : Optional.of(root));
            int other = random.nextInt(nodes.size());
            List<String> swapped = new ArrayList<>(nodes);
            Collections.swap(swapped, i, other);
            assertThat(root(size, indexes, swapped).equals(Optional.of(root))).isEqualTo(swapped.equals(nodes));
            for (String broken :
                    List.of("", "AAAA", nodes.get(i) + " ", nodes.get(i).replace("=", ""))) {
                List<String> misspelled = new ArrayList<>(nodes);
                misspelled.set(i, broken);
                assertThat(root(size, indexes, misspelled)).isEmpty();
            }
        }
        List<String> more = new ArrayList<>(nodes);
        more.add(LEAVES.getFirst().toBase64());
        assertThat(root(size, indexes, more)).isEmpty();
    }

    @Test
    void leaves_missing_repeated_out_of_order_or_outside_are_refused_or_give_another_root() {
        int size = 21;
        Tree tree = Some.tree(LEAVES.subList(0, size));
        List<Long> indexes = List.of(2L, 3L, 11L, 20L);
        List<String> nodes = lines(nodes(tree, size, indexes));

        for (List<Long> other : List.of(
                List.<Long>of(),
                List.of(2L, 3L, 11L),
                List.of(3L, 11L, 20L),
                List.of(2L, 2L, 3L, 11L, 20L),
                List.of(2L, 3L, 11L, 20L, 20L),
                List.of(3L, 2L, 11L, 20L),
                List.of(2L, 3L, 20L, 11L),
                List.of(2L, 3L, 11L, 20L, 21L),
                List.of(-1L, 2L, 3L, 11L, 20L),
                List.of(2L, 3L, 12L, 20L),
                List.of(2L, 3L, 11L, Long.MAX_VALUE))) {
            assertThat(root(size, other, nodes)).as("%s", other).isNotEqualTo(Optional.of(tree.root(size)));
        }
        assertThat(root(0, List.of(), List.of())).isEmpty();
        assertThat(root(-1, List.of(), List.of())).isEmpty();
    }

    @Test
    void a_leaf_with_another_hash_gives_another_root() {
        Tree tree = Some.tree(LEAVES.subList(0, 21));
        List<String> nodes = lines(nodes(tree, 21, List.of(4L)));

        Reading<Bytes> root = LeavesProof.root(
                21, List.of(new LeavesProof.Leaf(4, LEAVES.get(5))).iterator(), nodes.iterator());

        assertThat(Some.good(root)).isNotEqualTo(tree.root(21));
    }

    @Test
    void all_leaves_need_no_node_and_one_needs_its_inclusion_path() {
        Tree tree = Some.tree(LEAVES.subList(0, 1_000));

        assertThat(nodes(tree, 1_000, LongStream.range(0, 1_000).boxed().toList()))
                .isEmpty();
        for (long index : new long[] {0, 1, 255, 256, 511, 512, 777, 999}) {
            assertThat(new HashSet<>(nodes(tree, 1_000, List.of(index))))
                    .isEqualTo(new HashSet<>(tree.inclusion(index, 1_000)));
        }
    }

    @Test
    void an_earlier_size_is_proved_as_well() {
        Tree tree = Some.tree(LEAVES);
        List<Long> indexes = List.of(0L, 7L, 1_000L);

        assertThat(root(1_001, indexes, lines(nodes(tree, 1_001, indexes))))
                .contains(Naive.root(LEAVES.subList(0, 1_001)));
    }

    /// A tree of that size is nowhere: whoever claims it gets no further than the lines he brings.
    @Test
    void a_claimed_size_costs_no_more_than_the_lines_that_come_with_it() {
        List<Long> indexes = List.of(0L, Long.MAX_VALUE - 1);

        assertThat(LeavesProof.root(
                        Long.MAX_VALUE,
                        leaves(indexes, _ -> LEAVES.getFirst()),
                        List.<String>of().iterator()))
                .isEqualTo(new Reading.Fault<>("a node too few"));
    }

    @Test
    void indexes_that_are_not_in_order_are_a_mistake_of_ours() {
        Tree tree = Some.tree(20);
        for (List<Long> wrong : List.of(List.of(3L, 2L), List.of(3L, 3L), List.of(20L))) {
            assertThatThrownBy(() -> nodes(tree, 20, wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /// The text of pack-1 section 3.1, over lists.
    private static List<Bytes> defined(List<Long> indexes, long from, List<Bytes> range) {
        if (indexes.stream().noneMatch(index -> index >= from && index < from + range.size())) {
            return List.of(Naive.root(range));
        }
        if (range.size() == 1) {
            return List.of();
        }
        int k = Naive.split(range.size());
        List<Bytes> nodes = new ArrayList<>(defined(indexes, from, range.subList(0, k)));
        nodes.addAll(defined(indexes, from + k, range.subList(k, range.size())));
        return nodes;
    }

    private static List<Long> indexes(int set) {
        return IntStream.range(0, 32)
                .filter(i -> (set >> i & 1) == 1)
                .mapToObj(i -> (long) i)
                .collect(Collectors.toList());
    }

    private static List<Bytes> nodes(Tree tree, long size, List<Long> indexes) {
        List<Bytes> nodes = new ArrayList<>();
        LeavesProof.write(
                tree, size, indexes.stream().mapToLong(Long::longValue).iterator(), nodes::add);
        return nodes;
    }

    private static List<String> lines(List<Bytes> nodes) {
        return nodes.stream().map(Bytes::toBase64).toList();
    }

    private static Optional<Bytes> root(long size, List<Long> indexes, List<String> lines) {
        return LeavesProof.root(
                        size,
                        leaves(indexes, index -> LEAVES.get(Math.floorMod(index, LEAVES.size()))),
                        lines.iterator())
                .good();
    }

    private static java.util.Iterator<LeavesProof.Leaf> leaves(List<Long> indexes, LongFunction<Bytes> hash) {
        return indexes.stream()
                .map(index -> new LeavesProof.Leaf(index, hash.apply(index)))
                .iterator();
    }
}
