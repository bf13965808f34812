package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// The answers to the instructions of one transaction: with all of them at hand the same as one by one.
final class SignedTogetherTest {

    private static final Envelope.Hand ANA = new Envelope.Hand(Instructions.ANA, Instructions.key(Algorithm.ES256, 1));
    private static final Envelope.Hand OTHER_OF_ANA =
            new Envelope.Hand(Instructions.ANA, Instructions.key(Algorithm.ES256, 2));
    private static final Envelope.Hand BEN =
            new Envelope.Hand(new PartyId("east/ben"), Instructions.key(Algorithm.ED25519, 3));
    private static final Envelope.Hand UNKNOWN =
            new Envelope.Hand(Instructions.ANA, Instructions.key(Algorithm.ES256, 4));
    private static final Envelope.Hand NORTH =
            new Envelope.Hand(Instructions.NORTH, Instructions.key(Algorithm.ES256, 5));
    private static final Function<Kid, Optional<KeyRecord>> RECORDS =
            Instructions.records(ANA, OTHER_OF_ANA, BEN, NORTH);

    /// Made once: signing takes longer than what is tested.
    private static final List<Bytes> ANAS =
            IntStream.range(0, 40).mapToObj(number -> envelope(number, ANA)).toList();

    private static final List<Bytes> OTHERS = IntStream.range(0, 6)
            .mapToObj(number ->
                    envelope(50 + number, List.of(OTHER_OF_ANA, BEN, UNKNOWN).get(number % 3)))
            .toList();

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    private static Bytes envelope(int number, Envelope.Hand hand) {
        Payload.Scope scope = Payload.Scope.of(Instructions.AGREEMENT, Hash.of(Bytes.ofUtf8("a version")));
        return Envelope.sign(
                Payload.of(
                        Instructions.LEDGER,
                        hand.owner(),
                        Instructions.id(number),
                        Instructions.FROM,
                        Instructions.UNTIL,
                        Optional.of(scope),
                        new Act.Accept(Optional.empty())),
                hand);
    }

    /// The first envelope with the signatures of the other.
    private static Bytes withSignaturesOf(Bytes one, Bytes other) {
        return Json.object()
                .with("payload", object(one).text("payload"))
                .with("signatures", Json.array(object(other).items("signatures")))
                .build()
                .canonical();
    }

    private static Json.Obj object(Bytes envelope) {
        if (JsonReader.readCanonical(envelope) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IllegalArgumentException(envelope.toString());
    }

    private static List<Read> read(List<Bytes> envelopes) {
        return envelopes.stream().map(Signed::read).toList();
    }

    /// The code of the answer with its values, or who has signed.
    private static String told(Verification verification) {
        return switch (verification) {
            case Answered(No no) ->
                no.code().text() + " " + no.values().canonical().utf8().orElseThrow();
            case Verified verified -> "verified " + verified.signers();
        };
    }

    private static String alone(Signed signed) {
        return told(signed.verify(Instructions.NOW, RECORDS, Instructions::noRecovery));
    }

    private static String among(Signed signed, SignedTogether together) {
        return told(signed.verify(Instructions.NOW, RECORDS, Instructions::noRecovery, together));
    }

    private static List<String> answers(List<Read> items) {
        SignedTogether together = new SignedTogether(items);
        List<String> answers = new ArrayList<>();
        for (Read item : items) {
            if (item instanceof Signed signed) {
                String answer = among(signed, together);
                assertThat(answer).isEqualTo(alone(signed));
                answers.add(answer.substring(0, answer.indexOf(' ')));
            }
        }
        return answers;
    }

    private static boolean proves(List<Bytes> envelopes) {
        List<Read> items = read(envelopes);
        Signed first = (Signed) items.getFirst();
        return new SignedTogether(items).proves(first, first.signatures().getFirst(), (Key.P256)
                ANA.key().key());
    }

    /// Instructions of several signers, some with signatures of other instructions, in any order, some twice.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_answers_of_a_transaction_are_those_that_each_instruction_has_alone(long seed) {
        Random random = new Random(seed);
        List<Bytes> envelopes = new ArrayList<>();
        int count = 14 + random.nextInt(8);
        int wrong = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
        for (int i = 0; i < count; i++) {
            envelopes.add(
                    i < wrong
                            ? withSignaturesOf(ANAS.get(i), ANAS.get(39 - random.nextInt(3)))
                            : ANAS.get(random.nextInt(36)));
        }
        for (Bytes other : OTHERS) {
            if (random.nextBoolean()) {
                envelopes.add(random.nextInt(envelopes.size() + 1), other);
            }
        }
        envelopes.add(random.nextInt(envelopes.size()), Bytes.ofUtf8("{}"));
        List<Read> items = read(envelopes);

        List<String> answers = answers(items);

        assertThat(answers).hasSize(envelopes.size() - 1);
        assertThat(answers.stream().filter("signature_wrong"::equals).count()).isEqualTo(wrong);
    }

    @Test
    void enough_good_signatures_under_one_kid_are_proven_and_fewer_are_not_tried() {
        assertThat(proves(ANAS.subList(0, Es256Batch.LEAST))).isTrue();
        assertThat(proves(ANAS.subList(0, Es256Batch.LEAST - 1))).isFalse();
    }

    @Test
    void signatures_of_another_kid_neither_help_nor_harm() {
        List<Bytes> envelopes = new ArrayList<>(ANAS.subList(0, Es256Batch.LEAST - 1));
        envelopes.add(envelope(60, OTHER_OF_ANA));

        assertThat(proves(envelopes)).isFalse();
        envelopes.add(ANAS.get(Es256Batch.LEAST));
        envelopes.add(withSignaturesOf(envelope(61, OTHER_OF_ANA), envelope(62, OTHER_OF_ANA)));
        assertThat(proves(envelopes)).isTrue();
    }

    @Test
    void one_wrong_signature_and_each_is_checked_alone() {
        List<Bytes> envelopes = new ArrayList<>(ANAS.subList(0, 20));
        envelopes.set(11, withSignaturesOf(ANAS.get(11), ANAS.get(12)));

        assertThat(proves(envelopes)).isFalse();
        List<String> answers = answers(read(envelopes));
        assertThat(answers.get(11)).isEqualTo("signature_wrong");
        assertThat(answers.stream().filter("verified"::equals)).hasSize(19);
    }

    @Test
    void what_is_not_of_the_transaction_is_not_proven_by_it() {
        SignedTogether together = new SignedTogether(read(ANAS.subList(0, 20)));
        Signed wrong = Instructions.signed(withSignaturesOf(ANAS.get(30), ANAS.get(0)));
        Signed again = Instructions.signed(ANAS.get(0));

        assertThat(among(wrong, together)).isEqualTo(alone(wrong)).startsWith("signature_wrong");
        assertThat(among(again, together)).isEqualTo(alone(again)).startsWith("verified");
        assertThat(together.proves(again, again.signatures().getFirst(), (Key.P256)
                        ANA.key().key()))
                .isFalse();
    }

    @Test
    void another_key_under_the_kid_proves_nothing() {
        List<Read> items = read(ANAS.subList(0, 20));
        Signed first = (Signed) items.getFirst();
        Signature signature = first.signatures().getFirst();
        SignedTogether together = new SignedTogether(items);

        assertThat(together.proves(
                        first, signature, (Key.P256) OTHER_OF_ANA.key().key()))
                .isFalse();
        assertThat(together.proves(first, signature, (Key.P256) ANA.key().key()))
                .isTrue();
        assertThat(together.proves(
                        first, signature, (Key.P256) OTHER_OF_ANA.key().key()))
                .isFalse();
    }

    /// The registrar signs each enrollment in second place.
    @Test
    void signatures_in_any_place_are_checked_together() {
        List<Bytes> envelopes = IntStream.range(0, 20)
                .mapToObj(number -> Envelope.sign(
                        Instructions.enroll(Instructions.key(Algorithm.ED25519, 100 + number)),
                        new Envelope.Hand(Instructions.ANA, Instructions.key(Algorithm.ED25519, 100 + number)),
                        NORTH))
                .toList();
        List<Read> items = read(envelopes);
        Signed first = (Signed) items.getFirst();

        assertThat(new SignedTogether(items).proves(first, first.signatures().getLast(), (Key.P256)
                        NORTH.key().key()))
                .isTrue();
        assertThat(answers(items)).hasSize(20).containsOnly("verified");
    }
}
