package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Recovery;

/// An instruction that goes from one signer to the next.
final class PartlySignedTest {

    private static final MemberId EAST = new MemberId("east");
    private static final Recovery QUORUM =
            new Recovery(List.of(new PartyId("east/fund"), new PartyId("south/bank"), new PartyId("west/hub")), 2);

    private final Envelope.Hand ana = hand(Instructions.ANA, Algorithm.ES256, 1);
    private final Envelope.Hand fund = hand(new PartyId("east/fund"), Algorithm.ED25519, 2);
    private final Envelope.Hand hub = hand(new PartyId("west/hub"), Algorithm.EIP712, 3);
    private final Envelope.Hand host = hand(EAST, Algorithm.ES256, 4);

    private final Payload rehost = Payload.of(
            Instructions.LEDGER,
            Instructions.ANA,
            Instructions.id(3),
            Instructions.FROM,
            Instructions.UNTIL,
            Optional.empty(),
            new Act.Rehost(EAST));

    @Test
    void whoever_signs_first_the_envelope_is_the_same() {
        Bytes together = Envelope.sign(rehost, fund, hub, host);
        List<Envelope.Hand> hands = new ArrayList<>(List.of(fund, hub, host));
        for (int seed = 0; seed < 6; seed++) {
            Collections.shuffle(hands, new Random(seed));
            PartlySigned partlySigned = PartlySigned.of(rehost);
            for (Envelope.Hand hand : hands) {
                partlySigned = read(partlySigned.envelope()).signedBy(hand);
            }

            assertThat(partlySigned.envelope()).isEqualTo(together);
            assertThat(partlySigned.isComplete(List.of(QUORUM))).isTrue();
            assertThat(Signed.read(partlySigned.envelope())).isInstanceOf(Signed.class);
        }
    }

    @Test
    void it_is_complete_with_all_who_must_sign_and_nobody_else() {
        PartlySigned partlySigned = PartlySigned.of(rehost);

        assertThat(partlySigned.isComplete(List.of(QUORUM))).isFalse();
        assertThat(partlySigned.signedBy(fund).signedBy(host).isComplete(List.of(QUORUM)))
                .isFalse();
        assertThat(partlySigned.signedBy(fund).signedBy(hub).signedBy(host).isComplete(List.of()))
                .isFalse();
        assertThat(partlySigned.signedBy(ana).signedBy(host).isComplete(List.of()))
                .isTrue();
    }

    @Test
    void what_nobody_has_signed_is_a_draft_and_no_instruction() {
        PartlySigned partlySigned = PartlySigned.of(rehost);

        assertThat(partlySigned.envelope().utf8().orElseThrow()).endsWith("\"signatures\":[]}");
        assertThat(read(partlySigned.envelope()).kids()).isEmpty();
        assertThat(Signed.read(partlySigned.envelope())).isInstanceOf(Answered.class);
    }

    @Test
    void signatures_made_apart_are_put_together_once() {
        PartlySigned partlySigned = PartlySigned.of(rehost);
        PartlySigned one = partlySigned.signedBy(fund);
        PartlySigned other = partlySigned.signedBy(hub);

        assertThat(one.and(other).envelope()).isEqualTo(other.and(one).envelope());
        assertThat(one.and(one).envelope()).isEqualTo(one.envelope());
        assertThatThrownBy(() -> one.signedBy(fund)).hasMessageContaining("a signature too many");
        assertThatThrownBy(() -> one.and(PartlySigned.of(Instructions.accept())))
                .hasMessageContaining("another instruction");
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void a_signature_is_that_of_its_payload_and_key_alone(Algorithm algorithm) {
        Envelope.Hand hand = hand(Instructions.ANA, algorithm, 5);
        PartlySigned signed = PartlySigned.of(rehost).signedBy(hand);
        Bytes octets = hand.key().sign(signed.input(Instructions.ANA, hand.key().key()));

        assertThat(signed.isSignedBy(Instructions.ANA, hand.key().key())).isTrue();
        assertThat(signed.isSignedBy(Instructions.ANA, ana.key().key())).isFalse();
        assertThat(PartlySigned.of(Instructions.accept())
                        .signedBy(Instructions.ANA, hand.key().key(), octets)
                        .isSignedBy(Instructions.ANA, hand.key().key()))
                .isFalse();
    }

    /// Programs and wallets spell signatures otherwise.
    @Test
    void a_signature_made_elsewhere_is_taken_in_its_usual_spellings() {
        Key p256 = ana.key().key();
        SigningInput input = PartlySigned.of(rehost).input(Instructions.ANA, p256);
        Bytes good = ana.key().sign(input);
        Bytes high = high(good, Es256.ORDER);

        assertThat(input.taken(p256, good)).contains(good);
        assertThat(input.taken(p256, high)).contains(good);
        assertThat(input.taken(p256, der(good))).contains(good);
        assertThat(input.taken(p256, der(high))).contains(good);
        assertThat(input.taken(p256, good.slice(1, 64))).isEmpty();
        assertThat(input.taken(p256, Bytes.EMPTY)).isEmpty();
        assertThat(input.taken(fund.key().key(), good)).isEmpty();
    }

    @Test
    void a_wallet_may_count_from_0_or_27_and_answer_the_high_s() {
        Key wallet = hub.key().key();
        SigningInput input = PartlySigned.of(rehost).input(hub.owner(), wallet);
        Bytes good = hub.key().sign(input);
        int v = good.at(64);

        assertThat(PartlySigned.of(rehost).wallet(good)).contains((Key.Wallet) wallet);
        assertThat(PartlySigned.of(rehost).wallet(ending(high(good.slice(0, 64), Secp256k1.ORDER), 28 - v)))
                .contains((Key.Wallet) wallet);
        assertThat(PartlySigned.of(rehost).wallet(ending(Bytes.copyOf(new byte[64]), 27)))
                .isEmpty();
        assertThat(input.taken(wallet, good)).contains(good);
        assertThat(input.taken(wallet, ending(good.slice(0, 64), v - 27))).contains(good);
        assertThat(input.taken(wallet, ending(high(good.slice(0, 64), Secp256k1.ORDER), 55 - v)))
                .contains(good);
        assertThat(input.taken(wallet, good.slice(0, 64))).isEmpty();
        assertThat(PartlySigned.of(Instructions.accept())
                        .input(hub.owner(), wallet)
                        .taken(wallet, good))
                .isEmpty();
    }

    private static Bytes high(Bytes octets, BigInteger order) {
        BigInteger s = order.subtract(SignatureForm.number(octets, 32));
        return Bytes.concat(octets.slice(0, 32), Bytes.ofHex(String.format("%064x", s)));
    }

    private static Bytes ending(Bytes octets, int v) {
        return Bytes.concat(octets, Bytes.copyOf(new byte[] {(byte) v}));
    }

    private static Bytes der(Bytes octets) {
        try {
            return Bytes.copyOf(StandardDSAEncoding.INSTANCE.encode(
                    Es256.ORDER, SignatureForm.number(octets, 0), SignatureForm.number(octets, 32)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static PartlySigned read(Bytes envelope) {
        return switch (PartlySigned.read(envelope)) {
            case PartlySigned partlySigned -> partlySigned;
            case Answered(var no) -> throw new AssertionError(no.toString());
        };
    }

    private static Envelope.Hand hand(Owner owner, Algorithm algorithm, long seed) {
        return new Envelope.Hand(owner, Instructions.key(algorithm, seed));
    }
}
