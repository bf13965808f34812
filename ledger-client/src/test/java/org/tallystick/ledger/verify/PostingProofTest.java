package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.log.TlogProof;
import org.tallystick.ledger.pack.PackBuilder;
import org.tallystick.ledger.pack.PostingProof;
import org.tallystick.ledger.pack.TrustFile;
import org.tallystick.ledger.verify.Finding.Result;
import org.tallystick.ledger.verify.Report.Outcome;

/// The proof of one posting, a file to hand to a bank.
final class PostingProofTest {

    private static final TestStory STORY = TestStory.small(3);
    private static final AgreementId AGREEMENT = new AgreementId(TestStory.AGREEMENT);
    private static final TestLog LOG = log();
    private static final TrustFile TRUST =
            LOG.trust(STORY.ledger.network.trust(STORY.ledger.id()), 2, Optional.empty());

    private static TestLog log() {
        try {
            return new TestLog(STORY.ledger, STORY.ledger.height(), 5, "east", "north", "west");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static TlogProof proof(int number) throws Exception {
        return PostingProof.make(
                STORY.ledger,
                AGREEMENT,
                "2026-01",
                number,
                LOG.published(LOG.blocks(), Optional.empty(), "east", "north", "west"));
    }

    private static Report verify(Bytes octets, Optional<TrustFile> trust) {
        return VerifierTest.verify(octets.toArray(), trust);
    }

    private static Json.Obj extra(TlogProof proof) {
        return (Json.Obj)
                ((JsonReader.Value) JsonReader.readCanonical(proof.extra().orElseThrow())).json();
    }

    @Test
    void each_posting_is_proven_to_whoever_knows_the_members() throws Exception {
        long count = extra(proof(1)).object("settlement").whole("count");
        assertThat(count).isPositive();
        for (int number = 1; number <= count; number++) {
            Report report = verify(proof(number).octets(), Optional.of(TRUST));

            assertThat(report.outcome())
                    .as(String.join("\n", report.lines("proof")))
                    .isEqualTo(Outcome.HOLDS);
            assertThat(report.form()).isEqualTo(Report.Form.POSTING);
            String named = "posting " + number + " of " + count + " of 2026-01 of " + AGREEMENT;
            assertThat(report.lines("proof")).anyMatch(line -> line.contains(named));
        }
    }

    @Test
    void without_a_trust_file_nothing_is_better_than_not_checked() throws Exception {
        Report report = verify(proof(1).octets(), Optional.empty());

        assertThat(report.outcome()).isEqualTo(Outcome.COULD_NOT_CHECK);
        assertThat(verify(proof(1).octets(), Optional.of(STORY.ledger.network.trust(STORY.ledger.id())))
                        .outcome())
                .isEqualTo(Outcome.COULD_NOT_CHECK);
    }

    /// To whoever needs every witness, so that no signature could be left out.
    private static List<String> missed(byte[] good, IntStream bytes) {
        Optional<TrustFile> all =
                Optional.of(LOG.trust(STORY.ledger.network.trust(STORY.ledger.id()), 3, Optional.empty()));
        assertThat(verify(Bytes.copyOf(good), all).outcome()).isEqualTo(Outcome.HOLDS);
        return bytes.parallel()
                .mapToObj(at -> {
                    byte[] changed = good.clone();
                    changed[at] ^= (byte) (1 << (at % 8));
                    boolean refuted = isRefuted(verify(Bytes.copyOf(changed), all), at);
                    boolean cut = isRefuted(verify(Bytes.copyOf(good).slice(0, at), all), at);
                    return refuted && cut ? "" : "byte " + at;
                })
                .filter(missed -> !missed.isEmpty())
                .toList();
    }

    /// The first line says that it is a proof; what does not have it is something else.
    private static boolean isRefuted(Report report, int at) {
        boolean isProof = at >= "c2sp.org/tlog-proof@v1\n".length();
        return report.outcome() == (isProof ? Outcome.DOES_NOT_HOLD : Outcome.COULD_NOT_CHECK)
                && report.findings().stream()
                        .allMatch(finding -> finding.result() != Result.FAIL
                                || finding.place().isPresent());
    }

    @Test
    void a_proof_with_a_changed_byte_or_a_cut_end_is_refuted() throws Exception {
        byte[] good = proof(1).octets().toArray();

        assertThat(missed(good, IntStream.iterate(0, at -> at < good.length, at -> at + 37)))
                .isEmpty();
    }

    @Tag("long")
    @Test
    void a_proof_with_any_byte_changed_or_cut_anywhere_is_refuted() throws Exception {
        byte[] good = proof(1).octets().toArray();

        assertThat(missed(good, IntStream.range(0, good.length))).isEmpty();
    }

    @Test
    void what_is_not_there_is_not_proven() {
        PackBuilder.Published log = LOG.published(LOG.blocks(), Optional.empty(), "east", "north");

        assertThatThrownBy(() -> PostingProof.make(STORY.ledger, AGREEMENT, "2026-01", 1_000, log))
                .hasMessageContaining("postings; there is none of number 1000");
        assertThatThrownBy(() -> PostingProof.make(STORY.ledger, AGREEMENT, "2031-01", 1, log))
                .hasMessageContaining("has not settled 2031-01");
    }
}
