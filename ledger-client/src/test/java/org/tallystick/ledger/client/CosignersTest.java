package org.tallystick.ledger.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.PartlySigned;
import org.tallystick.agreement.signing.SigningKey;

/// Who has signed what goes from one to the next, and who must still.
final class CosignersTest {

    private static final PartyId VENDOR = new PartyId("north/vendor");
    private static final PartyId FUND = new PartyId("east/fund");
    private static final PartyId HUB = new PartyId("west/hub");
    private static final PartyId NOTARY = new PartyId("west/notary");
    private static final MemberId EAST = new MemberId("east");
    private static final LedgerTime FROM = LedgerTime.of("2026-03-01T12:00:00Z");
    private static final Recovery TWO_OF_THREE = new Recovery(List.of(FUND, HUB, NOTARY), 2);

    private final SigningKey fresh = SigningKey.generate(Algorithm.ES256, new Random(1));
    private final SigningKey old = SigningKey.generate(Algorithm.ES256, new Random(2));

    private static PartlySigned partlySigned(Act act) {
        return PartlySigned.of(Payload.of(
                Hash.ZERO,
                VENDOR,
                Ulid.of(FROM.seconds() * 1000, Bytes.ofHex("00".repeat(10))),
                FROM,
                LedgerTime.of("2026-03-02T12:00:00Z"),
                Optional.empty(),
                act));
    }

    private static Envelope.Hand hand(Owner owner) {
        return new Envelope.Hand(
                owner,
                SigningKey.generate(Algorithm.ED25519, new Random(owner.text().hashCode())));
    }

    private static List<String> missing(PartlySigned partlySigned, Recovery... standing) {
        return new Cosigners(partlySigned, List.of(standing)).missing();
    }

    @Test
    void a_recovery_lacks_the_new_key_and_as_many_of_the_recovery_parties_as_must_act() {
        PartlySigned partlySigned = partlySigned(new Act.KeyRecover(fresh.key(), List.of()));

        assertThat(missing(partlySigned, TWO_OF_THREE))
                .containsExactly("the new key " + fresh.kid(VENDOR), "2 of east/fund, west/hub, west/notary");
        partlySigned = partlySigned.signedBy(new Envelope.Hand(VENDOR, fresh));
        assertThat(missing(partlySigned.signedBy(hand(HUB)), TWO_OF_THREE))
                .containsExactly("1 of east/fund, west/notary");
        assertThat(missing(partlySigned.signedBy(hand(HUB)).signedBy(hand(FUND)), TWO_OF_THREE))
                .isEmpty();
        assertThat(missing(partlySigned)).containsExactly("the recovery parties of north/vendor");
    }

    /// Those who were replaced may act for a while: whoever is nearest is told to go on.
    @Test
    void of_several_quorums_the_one_counts_that_those_who_signed_are_nearest_to() {
        Recovery replaced = new Recovery(List.of(FUND, HUB), 2);
        Recovery newest = new Recovery(List.of(NOTARY), 1);
        PartlySigned partlySigned =
                partlySigned(new Act.KeyRecover(fresh.key(), List.of())).signedBy(new Envelope.Hand(VENDOR, fresh));

        assertThat(missing(partlySigned, replaced, newest)).containsExactly("west/notary");
        assertThat(missing(partlySigned.signedBy(hand(HUB)), replaced, newest)).containsExactly("west/notary");
        assertThat(missing(partlySigned.signedBy(hand(HUB)), replaced)).containsExactly("east/fund");
        assertThat(missing(partlySigned.signedBy(hand(HUB)).signedBy(hand(FUND)), replaced, newest))
                .isEmpty();
    }

    @Test
    void a_move_lacks_the_party_or_its_quorum_and_the_new_hosts_registrar() {
        PartlySigned partlySigned = partlySigned(new Act.Rehost(EAST));

        assertThat(missing(partlySigned, TWO_OF_THREE))
                .containsExactly(
                        "a key of north/vendor that administers, or 2 of east/fund, west/hub, west/notary",
                        "the registrar of east");
        assertThat(missing(partlySigned.signedBy(hand(HUB)), TWO_OF_THREE))
                .containsExactly("1 of east/fund, west/notary", "the registrar of east");
        assertThat(missing(partlySigned.signedBy(hand(EAST)).signedBy(hand(VENDOR)), TWO_OF_THREE))
                .isEmpty();
    }

    @Test
    void one_more_key_and_a_rotation_lack_the_key_that_was_there_before_and_the_new_one() {
        PartlySigned add = partlySigned(new Act.KeyAdd(
                fresh.key(),
                List.of(Purpose.REPORT),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        PartlySigned rotate = partlySigned(new Act.KeyRotate(old.key().thumb(), fresh.key()));

        assertThat(missing(add.signedBy(new Envelope.Hand(VENDOR, fresh))))
                .containsExactly("a key of north/vendor that administers");
        assertThat(missing(add.signedBy(new Envelope.Hand(VENDOR, old))))
                .containsExactly("the new key " + fresh.kid(VENDOR));
        assertThat(missing(rotate))
                .containsExactly("the new key " + fresh.kid(VENDOR), "the old key " + old.kid(VENDOR));
        assertThat(missing(rotate.signedBy(new Envelope.Hand(VENDOR, fresh)).signedBy(new Envelope.Hand(VENDOR, old))))
                .isEmpty();
    }

    @Test
    void whoever_has_no_part_in_an_act_is_not_asked() {
        Cosigners move = new Cosigners(partlySigned(new Act.Rehost(EAST)), List.of(TWO_OF_THREE));
        Cosigners revoke =
                new Cosigners(partlySigned(new Act.KeyRevoke(old.key().thumb(), "lost")), List.of(TWO_OF_THREE));

        assertThat(List.of(VENDOR, FUND, HUB)).allMatch(move::isAsked);
        assertThat(move.isAsked(EAST)).isTrue();
        assertThat(move.isAsked(new PartyId("east/stranger"))).isFalse();
        assertThat(move.isAsked(new MemberId("north"))).isFalse();
        assertThat(revoke.isAsked(VENDOR)).isTrue();
        assertThat(revoke.isAsked(FUND)).isFalse();
    }
}
