package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.VerifierKey;

final class PolicyTest {

    private static final Checkpoint HEAD = Some.head(Some.tree(5), 5);
    private static final LogSigner LOG = Some.log();
    private static final LogSigner A = Some.witness("a");
    private static final LogSigner B = Some.quantumWitness("b");
    private static final LogSigner C = Some.witness("c");
    private static final LogSigner D = Some.witness("d");
    private static final String LOG_LINE = "log " + key(LOG) + "\n";
    private static final String WITNESSES =
            "witness A " + key(A) + "\nwitness B " + key(B) + "\nwitness C " + key(C) + "\nwitness D " + key(D) + "\n";

    @Test
    void the_example_of_c2sp_is_a_policy_of_two_levels() {
        String example = Some.examples("tlog-policy.md").stream()
                .filter(text -> text.startsWith("log <vkey>"))
                .filter(text -> text.contains("quorum"))
                .findFirst()
                .orElseThrow();
        List<LogSigner> witnesses = new ArrayList<>();
        String text = example.replace("log <vkey>", LOG_LINE.strip());
        for (String name : List.of("x1", "x2", "x3", "y1", "y2", "y3")) {
            witnesses.add(Some.witness(name));
            text = text.replaceFirst("<vkey>", key(witnesses.getLast()).replace("$", "\\$"));
        }
        Policy policy = Some.good(Policy.parse(Some.utf8(text)));

        // At least two of the three X, and one of the three Y.
        for (int cosigned = 0; cosigned < 64; cosigned++) {
            int who = cosigned;
            List<LogSigner> signers = new ArrayList<>(List.of(LOG));
            IntStream.range(0, 6).filter(i -> (who >> i & 1) == 1).forEach(i -> signers.add(witnesses.get(i)));

            boolean enough = Integer.bitCount(cosigned & 7) >= 2 && cosigned >> 3 != 0;
            assertThat(policy.judge(Some.signed(HEAD, signers.toArray(LogSigner[]::new)))
                            .meets())
                    .as(Integer.toBinaryString(cosigned))
                    .isEqualTo(enough);
        }
    }

    @Test
    void it_says_which_logs_signed_and_which_witnesses_and_when() {
        Policy policy = policy(LOG_LINE + WITNESSES + "group G 2 A B C\nquorum G\n");

        Policy.Judgment judgment = policy.judge(Some.signed(HEAD, LOG, B, D, Some.witness("stranger")));

        assertThat(judgment).isInstanceOf(Policy.Judgment.Judged.class);
        Policy.Judgment.Judged judged = (Policy.Judgment.Judged) judgment;
        assertThat(judged.logs()).containsExactly(LOG.verifierKey());
        assertThat(judged.witnesses())
                .extracting(cosigned -> Some.text(cosigned.witness().name()))
                .containsExactly("B", "D");
        assertThat(judged.witnesses()).allMatch(cosigned -> cosigned.time().orElse(0) == Some.TIME);
        assertThat(judged.quorum()).isFalse();
        assertThat(judged.meets()).isFalse();
        assertThat(policy.judge(Some.signed(HEAD, LOG, B, A)).meets()).isTrue();
    }

    @Test
    void one_failing_signature_of_a_known_witness_spoils_what_others_made_good() {
        Policy policy = policy(LOG_LINE + WITNESSES + "quorum A\n");
        Note.Line false2 = new Note.Line(
                "d/witness", D.verifierKey().id(), A.sign(HEAD, Some.TIME).signature());
        SignedCheckpoint spoiled = Some.signed(HEAD, LOG, A).with(List.of(false2));

        assertThat(policy.judge(spoiled)).isInstanceOf(Policy.Judgment.Refused.class);
    }

    @Test
    void a_log_counts_for_its_own_origin_only() {
        LogSigner other = Some.signer("other.example/log", VerifierKey.Type.ED25519);
        Policy policy = policy("log " + key(other) + "\nquorum none\n");

        assertThat(policy.judge(Some.signed(HEAD, other)).meets()).isFalse();
        Checkpoint itsOwn = new Checkpoint("other.example/log", 5, HEAD.root());
        assertThat(policy.judge(Some.signed(itsOwn, other)).meets()).isTrue();
    }

    @Test
    void any_of_several_keys_of_a_log_is_enough_and_a_policy_without_logs_is_met_by_none() {
        LogSigner second = Some.signer(Some.ORIGIN, VerifierKey.Type.ML_DSA_44_COSIGNATURE, "second");
        String lines = LOG_LINE + "log " + key(second) + " https://log.example/\n";

        assertThat(policy(lines + "quorum none\n")
                        .judge(Some.signed(HEAD, second))
                        .meets())
                .isTrue();
        assertThat(policy(WITNESSES + "quorum A\n")
                        .judge(Some.signed(HEAD, A, LOG))
                        .meets())
                .isFalse();
    }

    @Test
    void a_name_is_octets_and_nothing_else() {
        Bytes kelvin = Bytes.concat(
                Some.utf8(LOG_LINE + "witness K " + key(A) + "\nwitness "),
                Bytes.ofHex("e284aa"),
                Some.utf8(" " + key(C) + "\nwitness "),
                Bytes.ofHex("ff"),
                Some.utf8(" " + key(D) + " "),
                Bytes.ofHex("c328"),
                Some.utf8("\n# "),
                Bytes.ofHex("fe85a0"),
                Some.utf8("\nquorum "),
                Bytes.ofHex("e284aa"),
                Some.utf8("\n"));

        Policy policy = Some.good(Policy.parse(kelvin));

        assertThat(policy.witnesses()).extracting(Policy.Witness::name).contains(Bytes.ofHex("ff"));
        assertThat(policy.judge(Some.signed(HEAD, LOG, C)).meets()).isTrue();
        assertThat(policy.judge(Some.signed(HEAD, LOG, A)).meets()).isFalse();
    }

    @Test
    void spaces_tabs_comments_and_empty_lines_mean_nothing() {
        String text = "# a comment\n\n \t \n\t# another\n" + LOG_LINE.replace(" ", "\t \t") + "  " + WITNESSES
                + " \tgroup\tall  all   A\tB \n quorum all \n#";

        assertThat(policy(text + "\n").judge(Some.signed(HEAD, LOG, A, B)).meets())
                .isTrue();
        assertThat(Policy.parse(Some.utf8(text)).good())
                .as("without an end of its last line")
                .isEmpty();
    }

    static List<String> malformed() {
        String good = LOG_LINE + WITNESSES;
        String sameKey = Some.signer("other/witness", A.verifierKey().type(), "a/witness")
                .verifierKey()
                .text();
        String sameKeyOfLog = Some.signer("other.example/log", LOG.verifierKey().type(), Some.ORIGIN)
                .verifierKey()
                .text();
        return List.of(
                "",
                good,
                good + "quorum\n",
                good + "quorum A B\n",
                good + "quorum E\n",
                good + "quorum a\n",
                good + "quorum A\nquorum A\n",
                good + "quorum none\nquorum A\n",
                "quorum A\n" + good,
                good + "Quorum A\n",
                good + "quorum A\r\n",
                good + "quorum A\u0000\n",
                good + "quorum A\u007f\n",
                good + "quorum A # why\n",
                good + "group G any\nquorum G\n",
                good + "group G any G\nquorum G\n",
                good + "group G any H\ngroup H any A\nquorum G\n",
                good + "group G any none\nquorum G\n",
                good + "group G some A\nquorum G\n",
                good + "group G 0 A\nquorum G\n",
                good + "group G 2 A\nquorum G\n",
                good + "group G 01 A\nquorum G\n",
                good + "group G -1 A\nquorum G\n",
                good + "group G 4294967297 A\nquorum G\n",
                good + "group G ALL A\nquorum G\n",
                good + "group G 1 A A\nquorum G\n",
                good + "group G 1 A B\ngroup H 1 A C\nquorum H\n",
                good + "group G 1 A\ngroup H 1 G\ngroup I 1 G\nquorum H\n",
                good + "group A 1 B\nquorum A\n",
                good + "group G 1 A\ngroup G 1 B\nquorum G\n",
                good + "group none 1 A\nquorum none\n",
                good + "witness A " + key(Some.witness("e")) + "\nquorum A\n",
                good + "witness none " + key(Some.witness("e")) + "\nquorum none\n",
                good + "witness E " + sameKey + "\nquorum A\n",
                good + "log " + sameKeyOfLog + "\nquorum A\n",
                good + LOG_LINE + "quorum A\n",
                good + "witness E " + key(Some.signer("e", VerifierKey.Type.ED25519)) + "\nquorum E\n",
                good + "witness E\nquorum A\n",
                good + "witness E " + key(Some.witness("e")) + " url more\nquorum A\n",
                good + "log\nquorum A\n",
                good + "log " + key(Some.signer("o", VerifierKey.Type.ED25519)) + " url more\nquorum A\n",
                good + "log nothing\nquorum A\n");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void what_is_not_a_policy_is_refused(String text) {
        assertThat(Policy.parse(Bytes.copyOf(text.getBytes(StandardCharsets.ISO_8859_1)))
                        .good())
                .isEmpty();
    }

    @Test
    void at_least_32_logs_witnesses_and_groups_are_taken_and_no_more_than_the_limits() {
        assertThat(Policy.parse(Some.utf8(large(32))).good()).isPresent();
        assertThat(Policy.parse(Some.utf8(large(256))).good()).isPresent();
        for (String more : List.of(
                "log " + key(Some.signer("more", VerifierKey.Type.ED25519)),
                "witness more " + key(Some.witness("more")),
                "group more any W255")) {
            assertThat(Policy.parse(Some.utf8(large(256) + more + "\n")).good())
                    .as(more)
                    .isEmpty();
        }
        assertThat(Policy.parse(Some.utf8("#" + "x".repeat(LogLimits.POLICY) + "\nquorum none\n"))
                        .good())
                .isEmpty();
    }

    @Test
    void a_chain_of_groups_as_deep_as_there_may_be_is_judged() {
        String groups = IntStream.range(1, 256)
                .mapToObj(i -> "group G" + i + " all " + (i == 1 ? "A" : "G" + (i - 1)) + "\n")
                .collect(Collectors.joining());

        Policy policy = policy(LOG_LINE + WITNESSES + groups + "quorum G255\n");

        assertThat(policy.judge(Some.signed(HEAD, LOG, A)).meets()).isTrue();
        assertThat(policy.judge(Some.signed(HEAD, LOG, B)).meets()).isFalse();
    }

    private static String large(int count) {
        return Stream.of(
                        IntStream.range(0, count)
                                .mapToObj(i -> "log " + key(Some.signer("log" + i, VerifierKey.Type.ED25519))),
                        IntStream.range(0, count).mapToObj(i -> "witness W" + i + " " + key(Some.witness("w" + i))),
                        IntStream.range(0, count).mapToObj(i -> "group G" + i + " 1 W" + i),
                        Stream.of("quorum G0"))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static Policy policy(String text) {
        return Some.good(Policy.parse(Some.utf8(text)));
    }

    private static String key(LogSigner signer) {
        return signer.verifierKey().text();
    }
}
