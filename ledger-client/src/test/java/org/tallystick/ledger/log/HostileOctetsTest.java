package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.signing.VerifierKey;

/// Each octet of something good changed, left out, doubled, or the rest cut off: never an exception, and never read as
/// something else than it says.
final class HostileOctetsTest {

    private static final Tree TREE = Some.tree(11);
    private static final Checkpoint HEAD = Some.head(TREE, 11);
    private static final LogSigner LOG = Some.log();
    private static final LogSigner ED = Some.witness("a");
    private static final LogSigner PQ = Some.quantumWitness("b");
    private static final Policy POLICY = Some.good(Policy.parse(Some.utf8(policy())));

    /// @param again what was read, written again
    private record Format(String name, Bytes good, Function<Bytes, Optional<Bytes>> again) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Format> formats() {
        SignedCheckpoint signed = Some.signed(HEAD, LOG, ED);
        Note head = new HeadStatement(HEAD, "reg", 3, Hash.of(Some.utf8("leaf")))
                .sign(Some.signer("north/head", VerifierKey.Type.ED25519));
        Tree fork = Some.tree(Naive.leaves(12).subList(1, 12));
        return List.of(
                new Format(
                        "note",
                        head.octets(),
                        octets -> Note.parse(octets).good().map(Note::octets)),
                new Format(
                        "head statement",
                        head.octets(),
                        octets -> Note.parse(octets)
                                .good()
                                .flatMap(note -> HeadStatement.parse(note.text())
                                        .good()
                                        .map(read -> new Note(read.text(), note.signatures()).octets()))),
                new Format(
                        "checkpoint",
                        signed.octets(),
                        octets -> SignedCheckpoint.parse(octets).good().map(SignedCheckpoint::octets)),
                new Format(
                        "proof",
                        new TlogProof(Optional.of(Some.utf8("extra")), 7, TREE.inclusion(7, 11), signed).octets(),
                        octets -> TlogProof.parse(octets).good().map(TlogProof::octets)),
                new Format(
                        "request",
                        AddCheckpoint.of(TREE, 6, signed).octets(),
                        octets -> AddCheckpoint.parse(octets).good().map(AddCheckpoint::octets)),
                new Format(
                        "evidence",
                        Some.utf8(new Evidence(Some.signed(Some.head(fork, 11), LOG), signed).text()),
                        octets -> Evidence.parse(octets)
                                .good()
                                .map(all -> Some.utf8(String.join(
                                        "", all.stream().map(Evidence::text).toList())))),
                new Format(
                        "key",
                        Some.utf8(ED.verifierKey().text()),
                        octets -> octets.utf8()
                                .flatMap(text -> VerifierKey.parse(text))
                                .map(key -> Some.utf8(key.text()))),
                new Format(
                        "key of ML-DSA",
                        Some.utf8(PQ.verifierKey().text()),
                        octets -> octets.utf8()
                                .flatMap(text -> VerifierKey.parse(text))
                                .map(key -> Some.utf8(key.text()))),
                new Format(
                        "tile",
                        Some.utf8("tile/5/x001/x234/067.p/108"),
                        octets -> octets.utf8().flatMap(LogPath::parse).map(path -> Some.utf8(path.text()))),
                new Format(
                        "entries",
                        Some.utf8("tile/entries/x001/067"),
                        octets -> octets.utf8().flatMap(LogPath::parse).map(path -> Some.utf8(path.text()))),
                new Format(
                        "bundle",
                        new EntryBundle(List.of(Some.utf8("a"), Bytes.EMPTY, Some.utf8("leaf"))).octets(),
                        octets -> EntryBundle.parse(octets, 3).good().map(EntryBundle::octets)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void what_is_read_at_all_is_what_is_written_there(Format format) {
        assertThat(format.again.apply(format.good)).contains(format.good);

        changed(
                format.good,
                1,
                octets -> format.again
                        .apply(octets)
                        .ifPresent(again -> assertThat(again).isEqualTo(octets)));
    }

    @Test
    void a_proof_proves_its_leaf_only_as_it_is_or_with_something_else_beside_it() {
        TlogProof proof =
                new TlogProof(Optional.of(Some.utf8("extra")), 7, TREE.inclusion(7, 11), Some.signed(HEAD, LOG, ED));
        Bytes leaf = Naive.leaves(11).get(7);
        assertThat(proof.proves(leaf, POLICY)).isTrue();

        changed(
                proof.octets(),
                1,
                octets -> TlogProof.parse(octets).good().ifPresent(read -> {
                    if (read.proves(leaf, POLICY)) {
                        assertThat(new TlogProof(proof.extra(), read.index(), read.path(), read.checkpoint()))
                                .isEqualTo(proof);
                    }
                }));
    }

    @Test
    void a_checkpoint_with_ml_dsa_meets_the_policy_only_as_it_is() {
        SignedCheckpoint signed = Some.signed(HEAD, LOG, PQ);
        assertThat(POLICY.judge(signed).meets()).isTrue();

        changed(
                signed.octets(),
                23,
                octets -> SignedCheckpoint.parse(octets)
                        .good()
                        .filter(read -> !read.equals(signed))
                        .ifPresent(
                                read -> assertThat(POLICY.judge(read).meets()).isFalse()));
    }

    @Test
    void a_policy_is_refused_or_judges_without_an_exception() {
        List<SignedCheckpoint> checkpoints = List.of(Some.signed(HEAD, LOG, ED), Some.signed(HEAD, ED));
        int[] met = {0};
        // Keys of ML-DSA would make it long, and are read as all others.
        Bytes small = Some.utf8(policy().lines()
                .filter(line -> !line.startsWith("witness B"))
                .map(line -> line.replace(" A B", " A"))
                .reduce("", (all, line) -> all + line + "\n"));
        assertThat(Some.good(Policy.parse(small)).judge(checkpoints.getFirst()).meets())
                .isTrue();

        changed(
                small,
                1,
                octets -> Policy.parse(octets).good().ifPresent(policy -> {
                    // No change of one octet makes a log's signature dispensable.
                    assertThat(policy.judge(checkpoints.getLast()).meets()).isFalse();
                    met[0] += policy.judge(checkpoints.getFirst()).meets() ? 1 : 0;
                }));

        assertThat(met[0]).isPositive();
    }

    @Test
    void a_witness_answers_whatever_comes() {
        Witness witness = new Witness(
                List.of(ED),
                origin -> origin.equals(Some.ORIGIN) ? Optional.of(List.of(LOG.verifierKey())) : Optional.empty(),
                new Witness.Memory() {
                    @Override
                    public Optional<SignedCheckpoint> last(String origin) {
                        return Optional.of(Some.signed(Some.head(TREE, 6), LOG));
                    }

                    @Override
                    public boolean advance(Optional<Checkpoint> before, SignedCheckpoint next) {
                        assertThat(next.checkpoint()).isEqualTo(HEAD);
                        return true;
                    }
                },
                Optional.empty());
        Bytes request = AddCheckpoint.of(TREE, 6, Some.signed(HEAD, LOG)).octets();
        assertThat(witness.addCheckpoint(request, Some.TIME).status()).isEqualTo(200);

        changed(
                request,
                1,
                octets -> assertThat(witness.addCheckpoint(octets, Some.TIME).status())
                        .isIn(200, 400, 403, 404, 409, 422));
    }

    @Test
    void a_log_understands_or_refuses_whatever_a_witness_sends() {
        AddCheckpoint asked = AddCheckpoint.of(TREE, 6, Some.signed(HEAD, LOG));
        Bytes body = new WitnessAnswer.Cosigned(List.of(ED.sign(HEAD, Some.TIME))).body();

        changed(body, 1, octets -> {
            WitnessReply reply = WitnessReply.read(asked, 200, "", octets, List.of(ED.verifierKey()));
            assertThat(reply instanceof WitnessReply.Cosigned).isEqualTo(octets.equals(body));
        });
        changed(
                Some.utf8("123\n"),
                1,
                octets -> assertThat(
                                WitnessReply.read(asked, 409, WitnessAnswer.SIZE, octets, List.of(ED.verifierKey())))
                        .isNotInstanceOf(WitnessReply.Cosigned.class));
    }

    @Test
    void noise_is_refused() {
        Random random = new Random(1);
        for (int round = 0; round < 2_000; round++) {
            byte[] noise = new byte[1 + random.nextInt(300)];
            random.nextBytes(noise);
            Bytes octets = Bytes.copyOf(noise);
            for (Format format : formats()) {
                if (!format.name.equals("bundle")) {
                    assertThat(format.again.apply(octets)).isEmpty();
                }
            }
            assertThat(Policy.parse(octets).good()).isEmpty();
        }
    }

    /// @param every how many octets apart the changes are
    private static void changed(Bytes good, int every, Consumer<Bytes> each) {
        List<Integer> values = List.of(0x00, 0x0a, 0x0d, 0x20, 0x2b, 0x30, 0x31, 0x3d, 0x41, 0x7f, 0x80, 0xff);
        for (int at = 0; at < good.size(); at += every) {
            Bytes before = good.slice(0, at);
            Bytes after = good.slice(at + 1, good.size());
            Bytes here = good.slice(at, at + 1);
            each.accept(before);
            each.accept(Bytes.concat(before, after));
            each.accept(Bytes.concat(before, here, here, after));
            List<Integer> others = new ArrayList<>(values);
            IntStream.range(0, 8).forEach(bit -> others.add(here.at(0) ^ 1 << bit));
            for (int other : others) {
                if (other != here.at(0)) {
                    each.accept(Bytes.concat(before, Bytes.copyOf(new byte[] {(byte) other}), after));
                }
            }
        }
    }

    private static String policy() {
        return Stream.of(
                        "# who is trusted",
                        "log " + LOG.verifierKey().text(),
                        "witness A " + ED.verifierKey().text(),
                        "witness B " + PQ.verifierKey().text(),
                        "witness C " + Some.witness("c").verifierKey().text(),
                        "group G 1 A B",
                        "group H any G C",
                        "quorum H")
                .reduce("", (all, line) -> all + line + "\n");
    }
}
