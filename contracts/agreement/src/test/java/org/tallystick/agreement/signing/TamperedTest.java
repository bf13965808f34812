package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Payload;

/// Nothing of a signed instruction can be changed: every octet stands for itself or for what was signed.
final class TamperedTest {

    /// Each bit at each place; the slow test has all.
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void each_octet_of_an_envelope_changed_is_refused(Algorithm algorithm) {
        tamper(algorithm, new int[] {1, 2, 4, 8, 16, 32, 64, 128});
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void each_octet_of_an_envelope_changed_to_each_other_value_is_refused(Algorithm algorithm) {
        tamper(algorithm, IntStream.range(1, 256).toArray());
    }

    private static void tamper(Algorithm algorithm, int[] changes) {
        Envelope.Hand ana = new Envelope.Hand(Instructions.ANA, Instructions.key(algorithm, 7));
        Bytes envelope = Envelope.sign(Instructions.accept(), ana);
        var records = Instructions.records(ana);
        Map<String, Integer> answers = new TreeMap<>();

        assertThat(Instructions.answer(envelope, records)).isEqualTo("verified");
        byte[] octets = envelope.toArray();
        for (int i = 0; i < octets.length; i++) {
            for (int change : changes) {
                octets[i] ^= (byte) change;
                String answer = Instructions.answer(Bytes.copyOf(octets), records);
                assertThat(answer).as("octet %d, exclusive or %d", i, change).isNotEqualTo("verified");
                answers.merge(answer, 1, Integer::sum);
                octets[i] ^= (byte) change;
            }
        }

        assertThat(answers.values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(changes.length * octets.length);
        assertThat(answers).containsKeys("not_json", "base64_form", "payload_form", "key_unknown", "signature_wrong");
    }

    /// Whoever signs whatever with whichever key, it verifies, and with any bit changed it does not.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_is_signed_verifies_until_a_bit_is_changed(long seed) {
        Random random = new Random(seed);
        Algorithm algorithm = any(random);
        Envelope.Hand ana = new Envelope.Hand(Instructions.ANA, Instructions.key(algorithm, seed));
        Envelope.Hand north = new Envelope.Hand(Instructions.NORTH, Instructions.key(any(random), seed + 1000));
        boolean enrolls = random.nextBoolean();
        Payload payload = enrolls ? Instructions.enroll(ana.key()) : Instructions.accept();
        var records = enrolls ? Instructions.records(north) : Instructions.records(ana);

        Bytes envelope = enrolls ? Envelope.sign(payload, north, ana) : Envelope.sign(payload, ana);

        assertThat(Instructions.answer(envelope, records)).isEqualTo("verified");
        for (int i = 0; i < 5; i++) {
            byte[] octets = envelope.toArray();
            octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(Instructions.answer(Bytes.copyOf(octets), records)).isNotEqualTo("verified");
        }
    }

    private static Algorithm any(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Algorithm.ES256;
            case 1 -> Algorithm.ED25519;
            default -> Algorithm.EIP712;
        };
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }
}
