package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
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

    private static TlogProof proof(int index) throws Exception {
        return PostingProof.make(
                STORY.ledger,
                AGREEMENT,
                "2026-01",
                index,
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
        long count = extra(proof(0)).object("settlement").whole("count");
        assertThat(count).isPositive();
        for (int index = 0; index < count; index++) {
            Report report = verify(proof(index).octets(), Optional.of(TRUST));

            assertThat(report.outcome())
                    .as(String.join("\n", report.lines("proof")))
                    .isEqualTo(Outcome.HOLDS);
            assertThat(report.form()).isEqualTo(Report.Form.POSTING);
            assertThat(report.lines("proof")).anyMatch(line -> line.contains("of 2026-01 of " + AGREEMENT));
        }
    }

    @Test
    void without_a_trust_file_nothing_is_better_than_not_checked() throws Exception {
        Report report = verify(proof(0).octets(), Optional.empty());

        assertThat(report.outcome()).isEqualTo(Outcome.COULD_NOT_CHECK);
        assertThat(verify(proof(0).octets(), Optional.of(STORY.ledger.network.trust(STORY.ledger.id())))
                        .outcome())
                .isEqualTo(Outcome.COULD_NOT_CHECK);
    }

    @Test
    void another_amount_another_settlement_and_another_place_are_refuted() throws Exception {
        TlogProof proof = proof(0);
        String text = proof.extra().orElseThrow().utf8().orElseThrow();
        String amount = "\"amount\":" + extra(proof).object("line").whole("amount");
        for (String changed : new String[] {
            text.replace(amount, amount + "0"),
            text.replace("\"index\":0", "\"index\":1"),
            text.replaceFirst("\"period\":\"2026-01\"", "\"period\":\"2026-02\""),
            text.replaceFirst("\"seq\":([0-9]+)", "\"seq\":1$1"),
            text.replaceFirst("\"result\":\"applied\"", "\"result\":\"refused\""),
            text.replaceFirst("\"count\":([0-9]+)", "\"count\":1$1"),
            text.replaceFirst("\"proof\":\"1\"", "\"proof\":\"2\"")
        }) {
            assertThat(changed).isNotEqualTo(text);
            TlogProof other =
                    new TlogProof(Optional.of(Bytes.ofUtf8(changed)), proof.index(), proof.path(), proof.checkpoint());

            assertThat(verify(other.octets(), Optional.of(TRUST)).outcome())
                    .as(changed)
                    .isEqualTo(Outcome.DOES_NOT_HOLD);
        }
    }

    @Test
    void no_byte_of_a_proof_can_be_changed_for_a_better_answer() throws Exception {
        byte[] good = proof(0).octets().toArray();
        String text = new String(good, StandardCharsets.UTF_8);
        int signatures = text.lastIndexOf("\n\n");
        Random random = new Random(1);
        for (int at = 0; at < good.length; at += 1 + random.nextInt(7)) {
            byte[] changed = good.clone();
            changed[at] ^= 1;
            Report report = verify(Bytes.copyOf(changed), Optional.of(TRUST));
            // Two of three are enough: the signature of one may be another's, or nobody's.
            boolean ofOne = at > text.substring(0, signatures).getBytes(StandardCharsets.UTF_8).length;
            if (!ofOne) {
                assertThat(report.outcome()).as("byte %s", at).isNotEqualTo(Outcome.HOLDS);
            }
            assertThat(report.findings())
                    .noneMatch(finding ->
                            finding.result() == Result.FAIL && finding.text().contains("Exception"));
        }
        for (int length = 0; length < good.length; length += 1 + random.nextInt(9)) {
            assertThat(verify(Bytes.copyOf(good).slice(0, length), Optional.of(TRUST))
                            .outcome())
                    .as("cut to %s", length)
                    .isNotEqualTo(Outcome.HOLDS);
        }
    }

    @Test
    void what_is_not_there_is_not_proven() {
        PackBuilder.Published log = LOG.published(LOG.blocks(), Optional.empty(), "east", "north");

        assertThatThrownBy(() -> PostingProof.make(STORY.ledger, AGREEMENT, "2026-01", 1_000, log))
                .hasMessageContaining("postings, numbered from 0");
        assertThatThrownBy(() -> PostingProof.make(STORY.ledger, AGREEMENT, "2031-01", 0, log))
                .hasMessageContaining("has not settled 2031-01");
    }
}
