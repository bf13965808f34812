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
            boolean holds = holds(vector);

            assertThat(holds).as("%s: %s", file, vector.text("desc")).isEqualTo(!vector.bool("wantErr"));
            good += holds ? 1 : 0;
        }

        assertThat(files).hasSize(98);
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

    private static boolean holds(Json.Obj vector) {
        List<Optional<Hash>> path = vector.get("proof") instanceof Json.Arr(var items)
                ? items.stream().map(MerkleTest::hash).toList()
                : List.of();
        Optional<Hash> root = hash(vector.get("root"));
        Optional<Hash> leaf = hash(vector.get("leafHash"));
        long size = number(vector.get("treeSize"));
        if (root.isEmpty() || leaf.isEmpty() || path.stream().anyMatch(Optional::isEmpty)) {
            return false;
        }
        List<Hash> hashes = path.stream().map(Optional::orElseThrow).toList();
        return Merkle.root(leaf.get(), number(vector.get("leafIdx")), size, hashes)
                .equals(root);
    }

    /// Numbers of 64 bits without sign; those above 2^53 lie outside any tree of these vectors.
    private static long number(Json json) {
        return json instanceof Json.Whole(var number) ? number : Long.MAX_VALUE;
    }

    private static Optional<Hash> hash(Json json) {
        if (!(json instanceof Json.Text(var text))) {
            return Optional.empty();
        }
        byte[] octets = Base64.getDecoder().decode(text);
        return octets.length == 32 ? Optional.of(new Hash(Bytes.copyOf(octets).toHex())) : Optional.empty();
    }
}
