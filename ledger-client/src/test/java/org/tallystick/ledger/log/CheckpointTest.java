package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;

final class CheckpointTest {

    private static final Checkpoint HEAD = Some.head(Some.tree(11), 11);
    private static final String ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    @Test
    void the_examples_of_c2sp_are_checkpoints() {
        List<String> examples = Stream.concat(
                        Some.examples("tlog-checkpoint.md").stream(), Some.examples("tlog-cosignature.md").stream())
                .filter(text -> text.startsWith("example.com/behind-the-sofa\n"))
                .toList();

        assertThat(examples).hasSize(2);
        for (String example : examples) {
            SignedCheckpoint read = Some.good(SignedCheckpoint.parse(Some.utf8(example)));

            assertThat(read.checkpoint())
                    .isEqualTo(new Checkpoint(
                            "example.com/behind-the-sofa",
                            20_852_163,
                            Some.good(Spelling.reading(() -> Spelling.hash(ROOT)))));
            assertThat(Some.text(read.octets())).isEqualTo(example);
        }
        assertThat(Some.good(SignedCheckpoint.parse(Some.utf8(examples.getLast())))
                        .signatures())
                .extracting(Note.Line::name)
                .containsExactly("example.com/behind-the-sofa", "witness.example.com/w1");
    }

    @Test
    void the_message_of_an_ed25519_cosignature_is_that_of_the_text() {
        String example = Some.examples("tlog-cosignature.md").stream()
                .filter(text -> text.startsWith("cosignature/v1"))
                .findFirst()
                .orElseThrow();
        Checkpoint checkpoint = Some.good(Checkpoint.parse("example.com/behind-the-sofa\n20852163\n" + ROOT + "\n"));

        Bytes message = SignedMessage.of("w", VerifierKey.Type.ED25519_COSIGNATURE, 1_679_315_147, checkpoint);

        assertThat(Some.text(message)).isEqualTo(example);
    }

    @Test
    void the_checkpoint_of_the_vectors_is_signed_by_five_keys_and_made_again_from_their_seeds() {
        Json.Obj cases = SharedVectors.json(SharedVectors.path("vectors/generated-tlog/cases.json"));
        Json.Obj seeds = cases.object("seedsHex");
        Policy policy =
                Some.good(Policy.parse(SharedVectors.bytes(SharedVectors.path("vectors/generated-tlog/policy.txt"))));
        SignedCheckpoint read = Some.good(
                SignedCheckpoint.parse(SharedVectors.bytes(SharedVectors.path("vectors/generated-tlog/checkpoint"))));
        List<VerifierKey> keys = Stream.concat(
                        policy.logs().stream().map(Policy.Log::key),
                        policy.witnesses().stream().map(Policy.Witness::key))
                .toList();

        for (VerifierKey key : keys) {
            SeedKey seed = SeedKey.ofSeed(key.type().kind(), Bytes.ofHex(seeds.text(key.name())))
                    .orElseThrow();
            LogSigner signer = new LogSigner(key.name(), key.type(), seed);

            assertThat(signer.verifierKey()).isEqualTo(key);
            Note.Line made = signer.sign(read.checkpoint(), Some.TIME);
            if (key.type().kind() == SeedKey.Kind.ED25519) {
                // Theirs of ML-DSA are hedged.
                assertThat(read.signatures()).contains(made);
            }
        }
        KnownKeys.Signers by = signers(new KnownKeys(keys).open(read));
        assertThat(by.keys()).hasSize(5).containsExactlyElementsOf(keys);
        assertThat(keys.stream().map(by::time).map(time -> time.orElse(0)))
                .containsExactly(0L, Some.TIME, Some.TIME, Some.TIME, Some.TIME);
    }

    @ParameterizedTest
    @EnumSource
    void what_a_key_signed_holds_and_nothing_near_it_does(VerifierKey.Type type) {
        LogSigner signer = Some.signer("north", type);
        Note.Line line = signer.sign(HEAD, Some.TIME);
        KnownKeys keys = new KnownKeys(List.of(signer.verifierKey()));

        KnownKeys.Signers by = signers(keys.open(new SignedCheckpoint(HEAD, List.of(line))));
        assertThat(by.has(signer.verifierKey())).isTrue();
        assertThat(by.time(signer.verifierKey()))
                .isEqualTo(type.isCosignature() ? OptionalLong.of(Some.TIME) : OptionalLong.empty());

        for (Checkpoint other : List.of(
                new Checkpoint(HEAD.origin() + "x", HEAD.size(), HEAD.root()),
                new Checkpoint(HEAD.origin(), HEAD.size() + 1, HEAD.root()),
                new Checkpoint(HEAD.origin(), HEAD.size(), Checkpoint.EMPTY_ROOT))) {
            assertThat(keys.open(new SignedCheckpoint(other, List.of(line))))
                    .isInstanceOf(KnownKeys.Opened.Refused.class);
        }
        for (int at = 0; at < line.signature().size(); at += at < 80 ? 1 : 97) {
            byte[] octets = line.signature().toArray();
            octets[at] ^= 1;
            Note.Line changed = new Note.Line(line.name(), line.id(), Bytes.copyOf(octets));
            assertThat(keys.open(new SignedCheckpoint(HEAD, List.of(changed))))
                    .as("octet %d", at)
                    .isInstanceOf(KnownKeys.Opened.Refused.class);
        }
    }

    @Test
    void an_ml_dsa_cosignature_is_bound_to_the_name_of_its_cosigner() {
        LogSigner north = Some.signer("north", VerifierKey.Type.ML_DSA_44_COSIGNATURE, "one seed");
        LogSigner south = Some.signer("south", VerifierKey.Type.ML_DSA_44_COSIGNATURE, "one seed");
        Note.Line taken = new Note.Line(
                "south", south.verifierKey().id(), north.sign(HEAD, Some.TIME).signature());

        assertThat(new KnownKeys(List.of(south.verifierKey())).open(new SignedCheckpoint(HEAD, List.of(taken))))
                .isInstanceOf(KnownKeys.Opened.Refused.class);
    }

    @Test
    void of_two_cosignatures_by_one_key_the_later_time_counts() {
        LogSigner north = Some.witness("north");
        SignedCheckpoint twice =
                new SignedCheckpoint(HEAD, List.of(north.sign(HEAD, Some.TIME + 5), north.sign(HEAD, Some.TIME)));

        KnownKeys.Signers by = signers(new KnownKeys(List.of(north.verifierKey())).open(twice));

        assertThat(by.keys()).containsExactly(north.verifierKey());
        assertThat(by.time(north.verifierKey())).hasValue(Some.TIME + 5);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ED25519")
    void a_time_of_2_to_the_63_or_more_is_refused_and_none_is_signed_without_one(VerifierKey.Type type) {
        LogSigner signer = Some.signer("north", type);
        SeedKey key =
                SeedKey.ofSeed(type.kind(), Hash.sha256(Some.utf8("north"))).orElseThrow();
        Bytes signature = key.sign(SignedMessage.of("north", type, Long.MIN_VALUE, HEAD));
        Note.Line line = new Note.Line(
                "north", signer.verifierKey().id(), Bytes.concat(SignedMessage.number(Long.MIN_VALUE), signature));

        assertThat(new KnownKeys(List.of(signer.verifierKey())).open(new SignedCheckpoint(HEAD, List.of(line))))
                .isInstanceOf(KnownKeys.Opened.Refused.class);
        assertThatThrownBy(() -> signer.sign(HEAD, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void new_cosignatures_take_the_place_of_older_ones_by_the_same_key() {
        LogSigner north = Some.witness("north");
        SignedCheckpoint signed = Some.signed(HEAD, Some.log(), north);

        SignedCheckpoint again = signed.with(
                List.of(north.sign(HEAD, Some.TIME + 9), Some.witness("east").sign(HEAD, 1)));

        assertThat(again.signatures())
                .extracting(Note.Line::name)
                .containsExactly(Some.ORIGIN, "north/witness", "east/witness");
    }

    static List<String> malformed() {
        String good = "o\n7\n" + ROOT + "\n";
        return List.of(
                "",
                "\n",
                "o\n7\n",
                "o\n7\n" + ROOT,
                "\n7\n" + ROOT + "\n",
                "o\n07\n" + ROOT + "\n",
                "o\n00\n" + ROOT + "\n",
                "o\n-1\n" + ROOT + "\n",
                "o\n+7\n" + ROOT + "\n",
                "o\n 7\n" + ROOT + "\n",
                "o\n٧\n" + ROOT + "\n",
                "o\n\n" + ROOT + "\n",
                "o\n9223372036854775808\n" + ROOT + "\n",
                "o\n7\n\n",
                "o\n7\n" + ROOT + " \n",
                "o\n7\n" + ROOT.replace("=", "") + "\n",
                "o\n7\n" + ROOT.replace("2I=", "2J=") + "\n",
                "o\n7\nAAAA\n",
                good + "\n",
                good + "an extension\n",
                "o".repeat(256) + "\n7\n" + ROOT + "\n");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void what_is_not_spelled_as_a_checkpoint_is_refused(String text) {
        assertThat(Checkpoint.parse(text).good()).isEmpty();
    }

    @Test
    void sizes_go_from_0_to_below_2_to_the_63_and_an_origin_may_have_spaces() {
        for (String text : List.of("o\n0\n", "an origin + more\n9223372036854775807\n")) {
            assertThat(Some.good(Checkpoint.parse(text + ROOT + "\n")).text()).isEqualTo(text + ROOT + "\n");
        }
    }

    private static KnownKeys.Signers signers(KnownKeys.Opened opened) {
        return switch (opened) {
            case KnownKeys.Opened.Signed(KnownKeys.Signers by) -> by;
            case KnownKeys.Opened.Refused(String why) -> throw new AssertionError(why);
        };
    }
}
