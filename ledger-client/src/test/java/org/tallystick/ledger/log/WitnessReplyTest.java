package org.tallystick.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;

final class WitnessReplyTest {

    private static final Tree TREE = Some.tree(30);
    private static final SignedCheckpoint HEAD = Some.signed(Some.head(TREE, 20), Some.log());
    private static final AddCheckpoint ASKED = AddCheckpoint.of(TREE, 5, HEAD);
    private static final LogSigner ED = Some.witness("north");
    private static final LogSigner PQ = Some.quantumWitness("north");
    private static final List<VerifierKey> KEYS = List.of(ED.verifierKey(), PQ.verifierKey());

    @Test
    void cosignatures_that_hold_are_taken_and_those_of_others_are_passed_over() {
        Note.Line stranger = Some.witness("stranger").sign(HEAD.checkpoint(), 1);

        WitnessReply reply = read(200, lines(stranger, ed(), pq()));

        assertThat(reply).isEqualTo(new WitnessReply.Cosigned(List.of(ed(), pq())));
    }

    @Test
    void an_answer_without_any_or_with_one_that_does_not_hold_is_refused() {
        Note.Line elsewhere = ED.sign(Some.head(TREE, 21), Some.TIME);

        for (String body : List.of(
                "",
                "\n",
                lines(ed()).strip(),
                lines(ed()) + "\n",
                lines(ed()) + "x\n",
                lines(Some.witness("stranger").sign(HEAD.checkpoint(), 1)),
                lines(elsewhere),
                lines(pq(), elsewhere),
                Some.text(HEAD.octets()))) {
            assertThat(read(200, body)).as(body).isInstanceOf(WitnessReply.Refused.class);
        }
    }

    @Test
    void a_cosignature_without_a_time_is_refused() {
        var seed = SeedKey.ofSeed(SeedKey.Kind.ML_DSA_44, Hash.sha256(Some.utf8("north/witness")))
                .orElseThrow();
        Bytes signature = seed.sign(
                SignedMessage.of("north/witness", VerifierKey.Type.ML_DSA_44_COSIGNATURE, 0, HEAD.checkpoint()));
        Note.Line timeless =
                new Note.Line("north/witness", PQ.verifierKey().id(), Bytes.concat(SignedMessage.number(0), signature));

        assertThat(read(200, lines(timeless))).isEqualTo(new WitnessReply.Refused(200, "a cosignature without a time"));
    }

    @Test
    void after_a_conflict_it_is_asked_again_from_where_the_witness_is_or_with_a_tree_as_large() {
        assertThat(conflict("7\n")).isEqualTo(new WitnessReply.AskFrom(7));
        assertThat(conflict("0\n")).isEqualTo(new WitnessReply.AskFrom(0));
        assertThat(conflict("20\n")).isEqualTo(new WitnessReply.AskFrom(20));
        assertThat(conflict("21\n")).isEqualTo(new WitnessReply.Ahead(21));
        assertThat(conflict("9223372036854775807\n")).isEqualTo(new WitnessReply.Ahead(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "7", "07\n", "7\n\n", "7\n8\n", "-7\n", "9223372036854775808\n", "7 \n", "5\n"})
    void a_conflict_without_a_size_or_with_the_one_that_was_said_is_refused(String body) {
        assertThat(conflict(body)).isInstanceOf(WitnessReply.Refused.class);
    }

    @Test
    void a_conflict_of_another_type_is_refused() {
        assertThat(WitnessReply.read(ASKED, 409, "text/plain", Some.utf8("7\n"), KEYS))
                .isInstanceOf(WitnessReply.Refused.class);
        assertThat(WitnessReply.read(ASKED, 409, "", Some.utf8("7\n"), KEYS)).isInstanceOf(WitnessReply.Refused.class);
        assertThat(WitnessReply.read(ASKED, 409, "Text/X.tlog.size; charset=utf-8", Some.utf8("7\n"), KEYS))
                .isEqualTo(new WitnessReply.AskFrom(7));
    }

    @Test
    void what_is_not_decided_is_asked_later_and_what_is_refused_is_not() {
        for (int status : new int[] {429, 500, 502, 503}) {
            assertThat(read(status, "busy\n")).isEqualTo(new WitnessReply.Later(status));
        }
        assertThat(read(422, "the tree\nand more\n")).isEqualTo(new WitnessReply.Refused(422, "the tree"));
        for (int status : new int[] {201, 204, 301, 400, 403, 404, 413, 422}) {
            assertThat(read(status, "\u0000")).isEqualTo(new WitnessReply.Refused(status, ""));
        }
    }

    @Test
    void what_the_witness_answers_the_log_understands() {
        for (WitnessAnswer answer : List.of(
                new WitnessAnswer.Cosigned(List.of(ed())),
                new WitnessAnswer.Malformed("why"),
                new WitnessAnswer.NotSigned("why"),
                new WitnessAnswer.UnknownOrigin(),
                new WitnessAnswer.Conflict(7),
                new WitnessAnswer.Inconsistent("why"),
                new WitnessAnswer.Forked(),
                new WitnessAnswer.Behind())) {
            WitnessReply reply = WitnessReply.read(ASKED, answer.status(), answer.contentType(), answer.body(), KEYS);
            switch (answer) {
                case WitnessAnswer.Cosigned(List<Note.Line> lines) ->
                    assertThat(reply).isEqualTo(new WitnessReply.Cosigned(lines));
                case WitnessAnswer.Conflict(long size) -> assertThat(reply).isEqualTo(new WitnessReply.AskFrom(size));
                case WitnessAnswer.Behind _ -> assertThat(reply).isEqualTo(new WitnessReply.Later(503));
                case WitnessAnswer.Malformed _,
                        WitnessAnswer.NotSigned _,
                        WitnessAnswer.UnknownOrigin _,
                        WitnessAnswer.Inconsistent _,
                        WitnessAnswer.Forked _ -> assertThat(reply).isInstanceOf(WitnessReply.Refused.class);
            }
        }
    }

    private static Note.Line ed() {
        return ED.sign(HEAD.checkpoint(), Some.TIME);
    }

    private static Note.Line pq() {
        return PQ.sign(HEAD.checkpoint(), Some.TIME);
    }

    private static String lines(Note.Line... lines) {
        return Some.text(new WitnessAnswer.Cosigned(List.of(lines)).body());
    }

    private static WitnessReply read(int status, String body) {
        return WitnessReply.read(ASKED, status, "text/plain", Some.utf8(body), KEYS);
    }

    private static WitnessReply conflict(String body) {
        return WitnessReply.read(ASKED, 409, "text/x.tlog.size", Some.utf8(body), KEYS);
    }
}
