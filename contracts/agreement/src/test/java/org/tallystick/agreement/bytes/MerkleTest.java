package org.tallystick.agreement.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.json.Json;

final class MerkleTest {

    @Test
    void the_inclusion_proofs_of_transparency_dev_hold_or_fail_as_they_say() {
        List<Path> files =
                SharedVectors.files(SharedVectors.path("vectors/merkle-transparency-dev/testdata/inclusion"), ".json");
        int good = 0;

        for (Path file : files) {
            Json.Obj vector = SharedVectors.json(file);
            boolean holds = holds(vector, number(vector.get("leafIdx")), number(vector.get("treeSize")));

            assertThat(holds).as("%s: %s", file, vector.text("desc")).isEqualTo(!vector.bool("wantErr"));
            good += holds ? 1 : 0;
        }

        assertThat(files).hasSize(98);
        assertThat(good).isEqualTo(6);
    }

    @Test
    void the_consistency_proofs_of_transparency_dev_hold_or_fail_as_they_say() {
        List<Path> files = SharedVectors.files(
                SharedVectors.path("vectors/merkle-transparency-dev/testdata/consistency"), ".json");
        int good = 0;
        int ofNothing = 0;

        for (Path file : files) {
            Json.Obj vector = SharedVectors.json(file);
            long from = number(vector.get("size1"));
            boolean holds = consistent(vector, from, number(vector.get("size2")));

            assertThat(holds).as("%s: %s", file, vector.text("desc")).isEqualTo(!vector.bool("wantErr"));
            good += holds ? 1 : 0;
            ofNothing += from == 0 ? 1 : 0;
        }

        assertThat(files).hasSize(98);
        assertThat(good).isEqualTo(6);
        assertThat(ofNothing).as("from no leaves, which is refused").isEqualTo(9);
    }

    /// Which ranges are subtrees is not asked here, as nothing of ours signs them; a path within one is a path within a
    /// tree of its leaves.
    @Test
    void the_subtree_inclusion_proofs_of_transparency_dev_hold_as_paths_in_the_tree_of_the_subtree() {
        List<Path> files = SharedVectors.files(
                SharedVectors.path("vectors/merkle-transparency-dev/testdata/subtreeinclusion"), ".json");
        int good = 0;
        int subtrees = 0;

        for (Path file : files) {
            Json.Obj vector = SharedVectors.json(file);
            long start = number(vector.get("start"));
            long end = number(vector.get("end"));
            if (!isSubtree(start, end)) {
                assertThat(vector.bool("wantErr")).as("%s", file).isTrue();
                continue;
            }
            boolean holds = holds(vector, number(vector.get("leafIdx")) - start, end - start);

            assertThat(holds).as("%s: %s", file, vector.text("desc")).isEqualTo(!vector.bool("wantErr"));
            good += holds ? 1 : 0;
            subtrees++;
        }

        assertThat(files).hasSize(204);
        assertThat(subtrees).isEqualTo(185);
        assertThat(good).isEqualTo(12);
    }

    /// A subtree that begins with the first leaf is a tree; the proofs of others are none of ours.
    @Test
    void the_subtree_consistency_proofs_of_transparency_dev_from_the_first_leaf_hold_or_fail_as_they_say() {
        List<Path> files = SharedVectors.files(
                SharedVectors.path("vectors/merkle-transparency-dev/testdata/subtreeconsistency"), ".json");
        int good = 0;
        int trees = 0;

        for (Path file : files) {
            Json.Obj vector = SharedVectors.json(file);
            if (number(vector.get("start")) != 0 || number(vector.get("end")) == 0) {
                continue;
            }
            boolean holds = consistent(vector, number(vector.get("end")), number(vector.get("size")));

            assertThat(holds).as("%s: %s", file, vector.text("desc")).isEqualTo(!vector.bool("wantErr"));
            good += holds ? 1 : 0;
            trees++;
        }

        assertThat(files).hasSize(118);
        assertThat(trees).isEqualTo(91);
        assertThat(good).isEqualTo(6);
    }

    @Test
    void the_tree_of_no_leaves_is_the_hash_of_nothing() {
        assertThat(Merkle.root(List.of())).isEqualTo(Hash.of(Bytes.EMPTY));
    }

    @Test
    void the_roots_are_those_of_rfc_6962_certificate_transparency_tests() {
        List<Bytes> leaves = List.of(
                Bytes.EMPTY,
                Bytes.ofHex("00"),
                Bytes.ofHex("10"),
                Bytes.ofHex("2021"),
                Bytes.ofHex("3031"),
                Bytes.ofHex("40414243"),
                Bytes.ofHex("5051525354555657"),
                Bytes.ofHex("606162636465666768696a6b6c6d6e6f"));

        assertThat(Merkle.root(leaves.subList(0, 1)))
                .hasToString("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assertThat(Merkle.root(leaves)).hasToString("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    @ParameterizedTest(name = "a tree of {0} leaves")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100})
    void the_path_of_each_leaf_leads_to_the_root_and_to_no_other_place(int size) {
        List<Bytes> leaves = IntStream.range(0, size)
                .mapToObj(i -> Bytes.ofUtf8("leaf " + i))
                .toList();
        Hash root = Merkle.root(leaves);

        for (int i = 0; i < size; i++) {
            List<Hash> path = Merkle.path(leaves, i);
            Hash leaf = Merkle.leaf(leaves.get(i));

            assertThat(Merkle.root(leaf, i, size, path)).contains(root);
            for (int other = 0; other < size; other++) {
                if (other != i) {
                    assertThat(Merkle.root(leaf, other, size, path)).isNotEqualTo(Optional.of(root));
                }
            }
            List<Hash> longer = new ArrayList<>(path);
            longer.add(Hash.ZERO);
            assertThat(Merkle.root(leaf, i, size, longer)).isEmpty();
            assertThat(path.isEmpty() ? Optional.empty() : Merkle.root(leaf, i, size, path.subList(1, path.size())))
                    .isEmpty();
        }
    }

    private static boolean holds(Json.Obj vector, long index, long size) {
        Optional<List<Bytes>> path = proof(vector);
        Optional<Bytes> root = hash(vector.get("root"));
        Optional<Bytes> leaf = hash(vector.get("leafHash"));
        if (root.isEmpty() || leaf.isEmpty() || path.isEmpty()) {
            return false;
        }
        boolean holds = Merkle.root(leaf.get(), index, size, path.get()).equals(root);
        List<Hash> inHex =
                path.get().stream().map(hash -> new Hash(hash.toHex())).toList();
        assertThat(Merkle.root(new Hash(leaf.get().toHex()), index, size, inHex)
                        .map(Hash::bytes)
                        .equals(root))
                .isEqualTo(holds);
        return holds;
    }

    private static boolean consistent(Json.Obj vector, long from, long to) {
        List<Bytes> proof = vector.get("proof") instanceof Json.Arr(var items)
                ? items.stream().map(item -> octets(item).orElseThrow()).toList()
                : List.of();
        Optional<Bytes> first = octets(vector.get("root1"));
        Optional<Bytes> second = octets(vector.get("root2"));
        return first.isPresent() && second.isPresent() && Merkle.consistent(from, first.get(), to, second.get(), proof);
    }

    /// draft-ietf-plants-merkle-tree-certs section 4.1.
    private static boolean isSubtree(long start, long end) {
        long leaves = end - start;
        return start >= 0
                && start < end
                && (leaves == 1 || start == 0 || start % (Long.highestOneBit(leaves - 1) << 1) == 0);
    }

    private static Optional<List<Bytes>> proof(Json.Obj vector) {
        List<Optional<Bytes>> hashes = vector.get("proof") instanceof Json.Arr(var items)
                ? items.stream().map(MerkleTest::hash).toList()
                : List.of();
        return hashes.stream().anyMatch(Optional::isEmpty)
                ? Optional.empty()
                : Optional.of(hashes.stream().map(Optional::orElseThrow).toList());
    }

    /// Numbers of 64 bits without sign; those above 2^53 lie outside any tree of these vectors.
    private static long number(Json json) {
        return json instanceof Json.Whole(var number) ? number : Long.MAX_VALUE;
    }

    private static Optional<Bytes> hash(Json json) {
        return octets(json).filter(octets -> octets.size() == TreeHash.SIZE);
    }

    private static Optional<Bytes> octets(Json json) {
        return json instanceof Json.Text(var text)
                ? Optional.of(Bytes.copyOf(Base64.getDecoder().decode(text)))
                : Optional.empty();
    }
}
