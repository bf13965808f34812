package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;

final class TlogProofTest {

    private static final Tree TREE = Some.tree(11);
    private static final SignedCheckpoint HEAD =
            Some.signed(Some.head(TREE, 11), Some.log(), Some.witness("a"), Some.quantumWitness("b"));
    private static final Bytes EXTRA = Some.utf8("{\"line\":3}");

    @Test
    void the_vectors_prove_or_not_as_they_say() {
        Json.Obj file = SharedVectors.json(SharedVectors.path("vectors/generated-tlog/cases.json"));
        Policy policy =
                Some.good(Policy.parse(SharedVectors.bytes(SharedVectors.path("vectors/generated-tlog/policy.txt"))));
        List<Json> cases = ((Json.Arr) file.get("cases")).items();
        int good = 0;

        for (Json each : cases) {
            Json.Obj vector = (Json.Obj) each;
            Bytes octets = SharedVectors.bytes(SharedVectors.path("vectors/generated-tlog/" + vector.text("file")));
            Bytes leaf = Naive.leaf(Bytes.copyOf(Base64.getDecoder().decode(vector.text("entryB64"))));
            Optional<TlogProof> proof = TlogProof.parse(octets).good();

            boolean proves = proof.filter(read -> read.proves(leaf, policy)).isPresent();

            assertThat(proves)
                    .as("%s: %s", vector.text("file"), vector.text("why"))
                    .isEqualTo(vector.bool("valid"));
            proof.ifPresent(read -> assertThat(read.octets()).isEqualTo(octets));
            good += proves ? 1 : 0;
        }

        assertThat(cases).hasSize(15);
        assertThat(good).isEqualTo(4);
    }

    @Test
    void the_vectors_have_the_root_that_is_computed_here() {
        Json.Obj file = SharedVectors.json(SharedVectors.path("vectors/generated-tlog/cases.json"));
        List<Bytes> leaves = ((Json.Arr) file.get("entriesB64"))
                .items().stream()
                        .map(item -> Naive.leaf(Bytes.copyOf(Base64.getDecoder().decode(((Json.Text) item).value()))))
                        .toList();

        assertThat(Some.tree(leaves).root(11).toBase64()).isEqualTo(file.text("rootB64"));
    }

    /// Its signatures are shortened for the reader, and its extra is no base64: neither is taken, the rest is.
    @Test
    void the_example_of_c2sp_is_a_proof_but_for_what_it_leaves_out() {
        String example = Some.examples("tlog-proof.md").stream()
                .filter(text -> text.startsWith("c2sp.org/tlog-proof"))
                .findFirst()
                .orElseThrow();
        assertThat(TlogProof.is(Some.utf8(example))).isTrue();
        assertThat(TlogProof.parse(Some.utf8(example)).good()).isEmpty();

        String whole = example.replaceAll("\\[\\.\\.\\.]", "AAAA")
                .replaceAll("(?m)^extra .*\n", "")
                .replaceAll("(?m)^(— \\S+) .*$", "$1 AAAAAAAA");
        TlogProof proof = Some.good(TlogProof.parse(Some.utf8(whole)));

        assertThat(proof.index()).isEqualTo(73_894);
        assertThat(proof.path()).hasSize(5);
        assertThat(proof.checkpoint().checkpoint().size()).isEqualTo(109_482);
        assertThat(proof.checkpoint().signatures()).hasSize(4);
    }

    @Test
    void a_proof_is_read_as_it_is_written_and_leads_its_own_leaf_to_the_root() {
        for (long index = 0; index < 11; index++) {
            TlogProof proof = proof(index, index % 2 == 0 ? Optional.of(EXTRA) : Optional.empty());

            assertThat(Some.good(TlogProof.parse(proof.octets()))).isEqualTo(proof);
            for (int i = 0; i < 11; i++) {
                assertThat(proof.leads(Naive.leaves(11).get(i))).isEqualTo(i == index);
            }
        }
    }

    static List<String> malformed() {
        String good = Some.text(proof(7, Optional.of(EXTRA)).octets());
        String extra = "extra " + EXTRA.toBase64() + "\n";
        String hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
        return List.of(
                "",
                "c2sp.org/tlog-proof@v1\n",
                "c2sp.org/tlog-proof@v1\n\n",
                "c2sp.org/tlog-proof@v1\n" + extra + "\n" + Some.text(HEAD.octets()),
                good.replace("@v1", "@v2"),
                " " + good,
                "\n" + good,
                good.replace("\n", "\r\n"),
                good.replace(extra, extra + extra),
                good.replace(extra, "extra \n"),
                good.replace(extra, "extra\n"),
                good.replace("extra ", "extra  "),
                good.replace(extra, extra.replace("=", "")),
                good.replace("index 7", "index 07"),
                good.replace("index 7", "index -7"),
                good.replace("index 7", "index  7"),
                good.replace("index 7", "index 9223372036854775808"),
                good.replace("index 7", "index"),
                good.replace("index 7\n", ""),
                good.replace("index 7\n", "index 7\nindex 7\n"),
                good.replace("index 7\n", "index 7\nAAAA\n"),
                good.replace("index 7\n", "index 7\n" + hash.repeat(64)),
                good.replace("\n\n" + Some.ORIGIN, "\n" + Some.ORIGIN),
                good.replace("\n\n" + Some.ORIGIN, "\n\n\n" + Some.ORIGIN),
                good + "\n",
                good.strip());
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void what_is_not_spelled_as_a_proof_is_refused(String text) {
        assertThat(TlogProof.parse(Some.utf8(text)).good()).isEmpty();
    }

    @Test
    void an_index_outside_the_tree_leads_nowhere() {
        TlogProof proof = proof(10, Optional.empty());
        for (long index : new long[] {11, 12, 26, Long.MAX_VALUE}) {
            TlogProof moved = new TlogProof(proof.extra(), index, proof.path(), proof.checkpoint());
            assertThat(moved.leads(Naive.leaves(11).get(10))).isFalse();
        }
    }

    private static TlogProof proof(long index, Optional<Bytes> extra) {
        return new TlogProof(extra, index, TREE.inclusion(index, 11), HEAD);
    }
}
