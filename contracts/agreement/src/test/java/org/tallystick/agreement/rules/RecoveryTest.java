package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.agreement.rules.KeyStory.ANA;
import static org.tallystick.agreement.rules.KeyStory.BEN;
import static org.tallystick.agreement.rules.KeyStory.CLEO;
import static org.tallystick.agreement.rules.KeyStory.PLATFORM;
import static org.tallystick.agreement.rules.KeyStory.recovery;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.state.PartyRecord;

/// A party that lost its keys, or to whose keys a thief has come, is given back to its owner by those it named.
final class RecoveryTest {

    private static final String OWNER = "east/ana 9";
    private static final String THIEF = "east/ana 6";
    private static final List<String> THIEVES = List.of("west/thea", "west/theo");

    private Story story;
    private KeyStory keys;

    @BeforeEach
    void parties() {
        story = Story.withParties(List.of(PLATFORM, ANA, BEN, CLEO, THIEVES.getFirst(), THIEVES.getLast()));
        keys = new KeyStory(story);
    }

    private void named(int threshold, String... parties) {
        story.applies(keys.recoverySet(ANA, recovery(threshold, parties)));
    }

    private void leavesNothing(Bytes envelope, String code) {
        TreeMap<String, Bytes> before = new TreeMap<>(story.ledger.state);
        assertThat(story.told(envelope)).isEqualTo(code);
        assertThat(story.ledger.state).isEqualTo(before);
    }

    private Json.Obj values(String code, Bytes envelope) {
        Json.Obj answer = story.submit(envelope);
        assertThat(MemoryLedger.told(answer)).isEqualTo(code);
        return answer.object("values");
    }

    @Test
    void the_recovery_parties_give_a_party_a_key_for_everything_and_end_the_others() {
        named(2, BEN, CLEO, PLATFORM);
        keys.adds("east/ana 2", ANA);
        story.applies(keys.add("east/ana 3", List.of(Purpose.SIGN), ANA));
        story.applies(keys.add("east/ana 4", List.of(Purpose.SIGN), ANA));

        Json.Obj answer = story.submit(keys.recover(OWNER, List.of(ANA, "east/ana 3"), BEN, CLEO));

        assertThat(MemoryLedger.told(answer)).isEqualTo("applied");
        assertThat(answer.items("effects").getFirst()).isEqualTo(keys.effect(OWNER, "active"));
        assertThat(answer.items("effects").subList(1, 4))
                .isSortedAccordingTo(
                        (one, other) -> ((Json.Obj) one).text("thumb").compareTo(((Json.Obj) other).text("thumb")))
                .containsExactlyInAnyOrder(
                        keys.effect(ANA, "revoked"),
                        keys.effect("east/ana 2", "revoked"),
                        keys.effect("east/ana 3", "revoked"));
        assertThat(keys.key(OWNER).purposes()).isEqualTo(Purpose.ALL);
        assertThat(keys.key(OWNER).limits()).isEmpty();
        assertThat(keys.key(ANA).revoked()).contains(new KeyRecord.Revocation(story.now(), "recovered"));
        assertThat(keys.key("east/ana 4").revoked()).isEmpty();
        assertThat(keys.record(ANA).keys()).isEqualTo(2);
        assertThat(keys.record(ANA).admins())
                .extracting(PartyRecord.Admin::thumb)
                .containsExactly(keys.thumb(OWNER));
        assertThat(keys.record(ANA).recovery()).contains(recovery(2, BEN, CLEO, PLATFORM));
        assertThat(keys.told(keys.add("east/ana 5", Purpose.ALL, ANA))).isEqualTo("key_revoked");
        keys.adds("east/ana 5", OWNER);
    }

    @Test
    void a_key_that_a_thief_made_while_the_others_were_signing_does_not_administer_after_the_recovery() {
        named(1, BEN);
        Bytes signed = keys.recover(OWNER, List.of(ANA), BEN);
        story.applies(keys.rotate(ANA, "east/ana 2"));
        keys.adds(THIEF, "east/ana 2");

        story.applies(signed);

        assertThat(keys.told(keys.revoke(OWNER, THIEF))).isEqualTo("key_revoked");
        assertThat(keys.told(keys.revoke(OWNER, "east/ana 2"))).isEqualTo("key_revoked");
        assertThat(keys.key(ANA).revoked().orElseThrow().reason()).isEqualTo("rotated");
    }

    @Test
    void a_party_that_named_nobody_cannot_be_recovered() {
        leavesNothing(keys.recover(OWNER, List.of(), BEN), "no_recovery");
        leavesNothing(keys.recover("east/nobody", List.of(), BEN), "no_recovery");
        assertThat(values("no_recovery", keys.recover(OWNER, List.of(), BEN)))
                .isEqualTo(Json.object().with("party", ANA).build());
    }

    @Test
    void too_few_recovery_parties_are_told_how_many_they_are_and_must_be() {
        named(2, BEN, CLEO);
        keys.adds("east/ben 2", BEN);
        Json.Obj oneOfTwo = Json.object().with("have", 1).with("need", 2).build();

        assertThat(values("quorum_missing", keys.recover(OWNER, List.of(), BEN)))
                .isEqualTo(oneOfTwo);
        assertThat(values("quorum_missing", keys.recover(OWNER, List.of(), BEN, "east/ben 2")))
                .isEqualTo(oneOfTwo);
        assertThat(values("quorum_missing", keys.recover(OWNER, List.of(), BEN, PLATFORM)))
                .isEqualTo(oneOfTwo);
        assertThat(values("quorum_missing", keys.recover(OWNER, List.of(), BEN, ANA)))
                .isEqualTo(oneOfTwo);
        assertThat(values("quorum_missing", keys.recover(OWNER, List.of())))
                .isEqualTo(Json.object().with("have", 0).with("need", 2).build());
        leavesNothing(keys.recover(OWNER, List.of(), BEN), "quorum_missing");
    }

    @Test
    void one_signer_too_many_or_a_stranger_stops_a_recovery_and_it_leaves_nothing() {
        named(2, BEN, CLEO, PLATFORM);
        Act act = new Act.KeyRecover(story.key(OWNER).key(), List.of());

        leavesNothing(keys.recover(OWNER, List.of(), BEN, CLEO, PLATFORM), "signers_wrong");
        leavesNothing(keys.recover(OWNER, List.of(), BEN, CLEO, "west/thea"), "signers_wrong");
        leavesNothing(keys.recover(OWNER, List.of(), BEN, CLEO, "west"), "signers_wrong");
        leavesNothing(keys.recover(OWNER, List.of(), BEN, CLEO, ANA), "signers_wrong");
        leavesNothing(keys.act(ANA, act, BEN, CLEO), "signers_wrong");
        leavesNothing(keys.act(ANA, act, ANA, BEN, CLEO), "signers_wrong");
    }

    @Test
    void a_recovery_party_signs_with_a_good_key_that_administers() {
        named(1, BEN);
        story.applies(keys.add("east/ben 2", List.of(Purpose.REPORT, Purpose.SIGN), BEN));
        keys.adds("east/ben 3", BEN);
        story.applies(keys.revoke("east/ben 3", BEN));

        assertThat(keys.told(keys.recover(OWNER, List.of(), "east/ben 2"))).isEqualTo("key_purpose");
        leavesNothing(keys.recover(OWNER, List.of(), "east/ben 3"), "key_revoked");
        leavesNothing(keys.recover(OWNER, List.of(), "east/ben 4"), "key_unknown");
        assertThat(keys.has(OWNER)).isFalse();
    }

    @Test
    void a_recovery_names_keys_of_the_party_only() {
        named(1, BEN);

        Json.Obj values = values("no_such_key", keys.recover(OWNER, List.of(ANA, BEN), BEN));

        assertThat(values).isEqualTo(Json.object().with("key", keys.thumb(BEN)).build());
        assertThat(keys.told(keys.recover(OWNER, List.of(OWNER), BEN))).isEqualTo("no_such_key");
        assertThat(keys.key(ANA).revoked()).isEmpty();
        assertThat(keys.has(OWNER)).isFalse();
    }

    @Test
    void a_recovery_is_not_stopped_by_what_is_revoked_already() {
        named(1, BEN);
        keys.adds("east/ana 2", ANA);
        Bytes signed = keys.recover(OWNER, List.of(ANA, "east/ana 2"), BEN);
        story.applies(keys.revoke("east/ana 2", ANA));

        Json.Obj answer = story.submit(signed);

        assertThat(answer.items("effects")).containsExactly(keys.effect(OWNER, "active"), keys.effect(ANA, "revoked"));
        assertThat(keys.key("east/ana 2").revoked().orElseThrow().reason()).isEqualTo("left");
        assertThat(keys.record(ANA).keys()).isEqualTo(1);
    }

    @Test
    void whom_others_replaced_may_recover_the_party_for_14_days_more() {
        named(1, BEN);
        named(1, CLEO);

        story.moveTo("2026-01-03T09:59:59Z");
        assertThat(keys.told(keys.recover("east/ana 2", List.of(), BEN))).isEqualTo("applied");
    }

    @Test
    void after_14_days_only_those_named_last_may() {
        named(1, BEN);
        named(1, CLEO);

        story.moveTo("2026-01-03T10:00:00Z");
        leavesNothing(keys.recover(OWNER, List.of(), BEN), "quorum_missing");
        assertThat(keys.told(keys.recover(OWNER, List.of(), CLEO))).isEqualTo("applied");
    }

    @Test
    void those_named_last_may_at_once_and_nobody_is_put_back() {
        named(1, BEN);
        named(1, CLEO);

        story.applies(keys.recover(OWNER, List.of(), CLEO));

        assertThat(keys.record(ANA).recovery()).contains(recovery(1, CLEO));
        assertThat(keys.record(ANA).replaced())
                .extracting(PartyRecord.Replaced::recovery)
                .containsExactly(recovery(1, BEN));
    }

    /// The thief names others, even with all the real ones among them, and waits; the real ones take the party back,
    /// and nobody the thief named has a say any more.
    @ParameterizedTest(name = "{0} quorums of the thief")
    @ValueSource(ints = {1, 2, 7, 8})
    void a_thief_who_names_others_loses_them_to_the_real_ones(int times) {
        named(2, BEN, CLEO);
        keys.adds(THIEF, ANA);
        for (int i = 0; i < times; i++) {
            Recovery thieves = i % 2 == 0
                    ? recovery(2, THIEVES.toArray(String[]::new))
                    : recovery(2, BEN, CLEO, THIEVES.getFirst(), THIEVES.getLast());
            story.applies(keys.recoverySet(THIEF, thieves));
        }
        story.applies(keys.revoke(ANA, THIEF));
        story.moveTo("2026-01-03T09:59:59Z");

        story.applies(keys.recover(OWNER, List.of(), BEN, CLEO));

        assertThat(keys.record(ANA).recovery()).contains(recovery(2, BEN, CLEO));
        assertThat(keys.record(ANA).replaced()).isEmpty();
        leavesNothing(keys.recover("east/ana 7", List.of(), "west/thea", "west/theo"), "quorum_missing");
        assertThat(keys.told(keys.revoke(OWNER, THIEF))).isEqualTo("key_revoked");
        keys.adds("east/ana 2", OWNER);
    }

    @Test
    void a_ninth_replacement_waits_until_the_first_has_ended_and_pushes_out_nobody() {
        named(1, BEN);
        for (int i = 0; i < 8; i++) {
            named(1, i % 2 == 0 ? CLEO : PLATFORM);
        }
        Bytes ninth = keys.recoverySet(ANA, recovery(1, CLEO));

        leavesNothing(ninth, "too_many_recoveries");
        assertThat(values("too_many_recoveries", ninth))
                .isEqualTo(Json.object().with("until", "2026-01-03T10:00:00Z").build());
        assertThat(keys.record(ANA).replaced().getFirst().recovery()).isEqualTo(recovery(1, BEN));

        story.moveTo("2026-01-03T10:00:00Z");
        named(1, CLEO);
        assertThat(keys.record(ANA).replaced())
                .extracting(PartyRecord.Replaced::recovery)
                .containsExactly(recovery(1, PLATFORM));
    }

    @Test
    void a_replaced_quorum_that_moves_the_party_or_ends_a_key_is_in_its_place_again() {
        Act west = new Act.Rehost(new MemberId("west"));
        named(1, BEN);
        named(1, CLEO);
        named(1, "west/thea");

        story.applies(story.sign(story.registry(new PartyId(ANA), west), CLEO, "west"));
        assertThat(keys.record(ANA).recovery()).contains(recovery(1, CLEO));
        assertThat(keys.record(ANA).replaced())
                .extracting(PartyRecord.Replaced::recovery)
                .containsExactly(recovery(1, BEN));
        assertThat(keys.record(ANA).host()).isEqualTo("west");

        story.applies(keys.compromised(ANA, "2025-12-20T10:00:00Z", BEN));
        assertThat(keys.record(ANA).recovery()).contains(recovery(1, BEN));
        assertThat(keys.record(ANA).replaced()).isEmpty();
        leavesNothing(keys.recover(OWNER, List.of(), CLEO), "quorum_missing");
    }

    @Test
    void a_quorum_that_does_nothing_but_sign_as_too_many_puts_nobody_back() {
        named(1, BEN);
        named(2, CLEO, PLATFORM);

        leavesNothing(keys.recover(OWNER, List.of(), BEN, CLEO), "quorum_missing");
        leavesNothing(keys.recover(OWNER, List.of(), BEN, CLEO, PLATFORM), "signers_wrong");
        assertThat(keys.told(keys.recover(OWNER, List.of("east/ana 2"), BEN))).isEqualTo("no_such_key");
        assertThat(keys.record(ANA).recovery()).contains(recovery(2, CLEO, PLATFORM));
    }
}
