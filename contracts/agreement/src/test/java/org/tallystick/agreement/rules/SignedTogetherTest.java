package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.SigningKey;

/// A transaction whose signatures are checked together, beside transactions of one instruction each.
final class SignedTogetherTest {

    private static final int PARTIES = 24;

    private final Story story = new Story();
    private final Random random = new Random(3);
    private final SigningKey registrar = SigningKey.generate(Algorithm.ES256, random);
    private final Envelope.Hand north = new Envelope.Hand(new MemberId("north"), registrar);

    private Bytes registration() {
        Act act = new Act.RegisterRegistrar(
                registrar.key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return Envelope.sign(story.registry(north.owner(), act), north);
    }

    /// @param by the registrar: the member's or another
    private Bytes enrollment(int number, SigningKey by) {
        SigningKey key = SigningKey.generate(Algorithm.ES256, random);
        PartyId party = new PartyId("north/party" + number);
        Payload payload = story.registry(
                party,
                new Act.Enroll(
                        key.key(),
                        Purpose.ALL,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        return Envelope.sign(payload, new Envelope.Hand(party, key), new Envelope.Hand(north.owner(), by));
    }

    private void sameAsAlone(List<Bytes> envelopes, List<String> expected) {
        Bytes registration = registration();
        MemoryLedger together =
                MemoryLedger.begun(Story.LEDGER, true, story.now().text());
        MemoryLedger alone = MemoryLedger.begun(Story.LEDGER, true, story.now().text());
        assertThat(together.submit(story.now().text(), "north", registration))
                .isEqualTo(alone.submit(story.now().text(), "north", registration));

        List<Json.Obj> answers = together.submit(story.now().text(), "north", envelopes.toArray(Bytes[]::new));
        List<Json.Obj> each = envelopes.stream()
                .map(envelope ->
                        alone.submit(story.now().text(), "north", envelope).getFirst())
                .toList();

        assertThat(answers).isEqualTo(each);
        assertThat(together.state).isEqualTo(alone.state);
        assertThat(answers.stream().map(MemoryLedger::told)).isEqualTo(expected);
    }

    @Test
    void good_instructions_come_to_the_same_together_as_alone() {
        List<Bytes> envelopes = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < PARTIES; i++) {
            envelopes.add(enrollment(i, registrar));
            expected.add("applied");
        }

        sameAsAlone(envelopes, expected);
    }

    @Test
    void instructions_of_which_some_are_not_good_come_to_the_same_together_as_alone() {
        SigningKey stranger = SigningKey.generate(Algorithm.ES256, random);
        List<Bytes> envelopes = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < PARTIES; i++) {
            boolean good = i % 7 != 3;
            envelopes.add(enrollment(i, good ? registrar : stranger));
            expected.add(good ? "applied" : "registrar_unknown");
        }
        Bytes text = envelopes.get(5);
        byte[] octets = text.toArray();
        int last = text.utf8().orElseThrow().lastIndexOf("\"}]}") - 20;
        octets[last] = (byte) (octets[last] == 'A' ? 'B' : 'A');
        envelopes.set(5, Bytes.copyOf(octets));
        expected.set(5, "signature_wrong");

        sameAsAlone(envelopes, expected);
    }
}
