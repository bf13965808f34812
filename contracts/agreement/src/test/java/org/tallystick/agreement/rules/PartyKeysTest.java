package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.agreement.rules.KeyStory.ANA;
import static org.tallystick.agreement.rules.KeyStory.BEN;
import static org.tallystick.agreement.rules.KeyStory.CLEO;
import static org.tallystick.agreement.rules.KeyStory.PLATFORM;
import static org.tallystick.agreement.rules.KeyStory.recovery;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Act.KeyLimits;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Envelope.Hand;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.state.PartyRecord;

/// A party's keys come and go by the will of those that administer it.
final class PartyKeysTest {

    private static final LedgerTime LATER = LedgerTime.of("2025-12-24T00:00:00Z");

    private Story story;
    private KeyStory keys;

    @BeforeEach
    void an_agreement_in_force() {
        story = Story.inForce();
        keys = new KeyStory(story);
    }

    private List<Json> effects(Bytes envelope) {
        Json.Obj answer = story.submit(envelope);
        assertThat(MemoryLedger.told(answer)).isEqualTo("applied");
        return answer.items("effects");
    }

    /// An act that needs any purpose, signed by a key of ana.
    private String signs(String key) {
        return story.told(story.sign(story.payload(ANA, new Act.Accept(Optional.empty())), key));
    }

    private void leavesNothing(Bytes envelope, String code) {
        TreeMap<String, Bytes> before = new TreeMap<>(story.ledger.state);
        assertThat(story.told(envelope)).isEqualTo(code);
        assertThat(story.ledger.state).isEqualTo(before);
    }

    @Test
    void a_second_key_is_added_with_all_that_is_said_of_it_and_signs() {
        KeyLimits limits = new KeyLimits(Optional.of(BigInteger.TEN), Optional.of(List.of("refund", "sale")));
        Act act = new Act.KeyAdd(
                story.key("east/ana 2").key(),
                List.of(Purpose.REPORT, Purpose.SIGN),
                Optional.of("clerk"),
                Optional.of(limits),
                Optional.empty(),
                Optional.of(LATER));

        List<Json> effects = effects(keys.act(ANA, act, ANA, "east/ana 2"));

        assertThat(effects).containsExactly(keys.effect("east/ana 2", "active"));
        KeyRecord record = keys.key("east/ana 2");
        assertThat(record.at()).isEqualTo(story.now());
        assertThat(record.holder()).contains("clerk");
        assertThat(record.limits()).contains(limits);
        assertThat(record.until()).contains(LATER);
        assertThat(record.purposes()).containsExactly(Purpose.REPORT, Purpose.SIGN);
        assertThat(keys.record(ANA).keys()).isEqualTo(2);
        assertThat(keys.record(ANA).admins()).hasSize(1);
        assertThat(signs("east/ana 2")).isEqualTo("offer_ended");
    }

    @Test
    void whoever_does_not_sign_for_a_new_key_stops_it_and_it_leaves_nothing() {
        Act act = new Act.KeyAdd(
                story.key("east/ana 2").key(),
                Purpose.ALL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        keys.adds("east/ana 3", ANA);

        leavesNothing(keys.act(ANA, act, ANA), "signers_wrong");
        leavesNothing(keys.act(ANA, act, "east/ana 2"), "signers_wrong");
        leavesNothing(keys.act(ANA, act, ANA, "east/ana 3"), "signers_wrong");
        leavesNothing(keys.act(ANA, act, ANA, "east/ana 2", "east/ana 3"), "signers_wrong");
        leavesNothing(keys.act(ANA, act, "east/ana 2", BEN), "signers_wrong");
        leavesNothing(keys.act(ANA, act, "east/ana 2", "east"), "signers_wrong");
        leavesNothing(keys.act(ANA, act, "east/ana 2", "east/ana 4"), "key_unknown");
    }

    @Test
    void only_a_key_that_administers_adds_keys() {
        story.applies(keys.add("east/ana 2", List.of(Purpose.DECIDE, Purpose.REPORT, Purpose.SIGN), ANA));

        Json.Obj values = keys.values(keys.add("east/ana 3", List.of(Purpose.SIGN), "east/ana 2"));

        assertThat(values)
                .isEqualTo(Json.object()
                        .with("kid", "east/ana#" + keys.thumb("east/ana 2"))
                        .with("need", "administer")
                        .build());
        assertThat(keys.has("east/ana 3")).isFalse();
    }

    @Test
    void a_key_is_registered_once_on_a_ledger_whatever_the_party() {
        Act add = new Act.KeyAdd(
                story.key(BEN).key(),
                Purpose.ALL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Json.Obj known = Json.object().with("kid", BEN + "#" + keys.thumb(BEN)).build();
        story.applies(keys.recoverySet(ANA, recovery(1, CLEO)));
        Act rotate = new Act.KeyRotate(keys.thumb(ANA), story.key(BEN).key());
        Act recover = new Act.KeyRecover(story.key(BEN).key(), List.of());
        Hand ana = new Hand(new PartyId(ANA), story.key(ANA));
        Hand benAsAna = new Hand(new PartyId(ANA), story.key(BEN));
        Hand cleo = new Hand(new PartyId(CLEO), story.key(CLEO));

        assertThat(refused("key_known", Envelope.sign(of(add), ana, benAsAna))).isEqualTo(known);
        assertThat(refused("key_known", Envelope.sign(of(rotate), ana, benAsAna)))
                .isEqualTo(known);
        assertThat(refused("key_known", Envelope.sign(of(recover), benAsAna, cleo)))
                .isEqualTo(known);
        assertThat(keys.record(ANA).keys()).isEqualTo(1);
    }

    private Payload of(Act act) {
        return story.registry(new PartyId(ANA), act);
    }

    /// What a refusal with this code says besides.
    private Json.Obj refused(String code, Bytes envelope) {
        Json.Obj answer = story.submit(envelope);
        assertThat(MemoryLedger.told(answer)).isEqualTo(code);
        return answer.object("values");
    }

    @Test
    void the_65th_key_is_one_too_many_until_one_is_revoked() {
        for (int i = 2; i <= 64; i++) {
            story.applies(keys.add("east/ana " + i, List.of(Purpose.REPORT), ANA));
        }
        assertThat(keys.record(ANA).keys()).isEqualTo(64);

        Json.Obj values = keys.values(keys.add("east/ana 65", List.of(Purpose.REPORT), ANA));

        assertThat(values).isEqualTo(Json.object().with("limit", 64).build());
        assertThat(keys.told(keys.rotate("east/ana 64", "east/ana 66"))).isEqualTo("applied");
        story.applies(keys.revoke("east/ana 2", ANA));
        assertThat(keys.told(keys.add("east/ana 67", List.of(Purpose.REPORT), ANA)))
                .isEqualTo("applied");
        assertThat(keys.record(ANA).keys()).isEqualTo(64);
    }

    @Test
    void a_recovery_finds_room_for_its_key_beside_64() {
        story.applies(keys.recoverySet(ANA, recovery(1, BEN)));
        for (int i = 2; i <= 64; i++) {
            story.applies(keys.add("east/ana " + i, List.of(Purpose.REPORT), ANA));
        }

        assertThat(keys.told(keys.recover("east/ana 65", List.of(), BEN))).isEqualTo("applied");

        assertThat(keys.record(ANA).keys()).isEqualTo(64);
        assertThat(keys.key(ANA).revoked()).isPresent();
    }

    @Test
    void a_key_is_good_from_its_beginning_to_its_end() {
        LedgerTime from = LedgerTime.of("2025-12-21T00:00:00Z");
        story.applies(keys.add(
                "east/ana 2", List.of(Purpose.SIGN), Optional.empty(), Optional.of(from), Optional.of(LATER), ANA));

        assertThat(signs("east/ana 2")).isEqualTo("key_not_yet_valid");
        story.moveTo("2025-12-20T23:59:59Z");
        assertThat(signs("east/ana 2")).isEqualTo("key_not_yet_valid");
        story.moveTo("2025-12-21T00:00:00Z");
        assertThat(signs("east/ana 2")).isEqualTo("offer_ended");
        story.moveTo("2025-12-23T23:59:59Z");
        assertThat(signs("east/ana 2")).isEqualTo("offer_ended");
        story.moveTo("2025-12-24T00:00:00Z");
        assertThat(signs("east/ana 2")).isEqualTo("key_expired");
    }

    @Test
    void a_rotated_key_gives_what_it_may_and_its_end_to_the_next_and_signs_no_more() {
        KeyLimits limits = new KeyLimits(Optional.of(BigInteger.TEN), Optional.empty());
        Act act = new Act.KeyAdd(
                story.key("east/ana 2").key(),
                List.of(Purpose.SIGN),
                Optional.of("clerk"),
                Optional.of(limits),
                Optional.of(story.now()),
                Optional.of(LATER));
        story.applies(keys.act(ANA, act, ANA, "east/ana 2"));
        story.moveTo("2025-12-20T11:00:00Z");

        List<Json> effects = effects(keys.rotate("east/ana 2", "east/ana 3"));

        assertThat(effects).containsExactly(keys.effect("east/ana 3", "active"), keys.effect("east/ana 2", "revoked"));
        KeyRecord next = keys.key("east/ana 3");
        assertThat(next.purposes()).containsExactly(Purpose.SIGN);
        assertThat(next.holder()).contains("clerk");
        assertThat(next.limits()).contains(limits);
        assertThat(next.until()).contains(LATER);
        assertThat(next.from()).isEmpty();
        assertThat(next.at()).isEqualTo(story.now());
        assertThat(keys.key("east/ana 2").revoked()).contains(new KeyRecord.Revocation(story.now(), "rotated"));
        assertThat(keys.record(ANA).keys()).isEqualTo(2);
        assertThat(signs("east/ana 2")).isEqualTo("key_revoked");
        assertThat(signs("east/ana 3")).isEqualTo("offer_ended");
    }

    @Test
    void the_only_key_of_a_party_rotates_and_the_next_one_administers() {
        story.applies(keys.rotate(ANA, "east/ana 2"));

        assertThat(keys.record(ANA).admins())
                .extracting(PartyRecord.Admin::thumb)
                .containsExactly(keys.thumb("east/ana 2"));
        assertThat(keys.told(keys.rotate(ANA, "east/ana 3"))).isEqualTo("key_revoked");
        keys.adds("east/ana 3", "east/ana 2");
    }

    @Test
    void a_rotation_is_signed_by_the_old_key_and_the_new_one_and_no_other() {
        keys.adds("east/ana 2", ANA);
        Act act = new Act.KeyRotate(
                keys.thumb("east/ana 2"), story.key("east/ana 3").key());

        leavesNothing(keys.act(ANA, act, "east/ana 2"), "signers_wrong");
        leavesNothing(keys.act(ANA, act, "east/ana 3"), "signers_wrong");
        leavesNothing(keys.act(ANA, act, ANA, "east/ana 3"), "signers_wrong");
        leavesNothing(keys.act(ANA, act, ANA, "east/ana 2", "east/ana 3"), "signers_wrong");
        Act itself = new Act.KeyRotate(
                keys.thumb("east/ana 2"), story.key("east/ana 2").key());
        leavesNothing(keys.act(ANA, itself, "east/ana 2"), "signers_wrong");
        leavesNothing(keys.act(ANA, itself, ANA, "east/ana 2"), "signers_wrong");
    }

    @ParameterizedTest(name = "purpose {0}")
    @EnumSource
    void a_key_ends_itself_whatever_it_is_for(Purpose purpose) {
        story.applies(keys.add("east/ana 2", List.of(purpose), ANA));

        List<Json> effects = effects(keys.revoke("east/ana 2", "east/ana 2"));

        assertThat(effects).containsExactly(keys.effect("east/ana 2", "revoked"));
        assertThat(keys.key("east/ana 2").revoked()).contains(new KeyRecord.Revocation(story.now(), "left"));
        assertThat(keys.record(ANA).keys()).isEqualTo(1);
        assertThat(keys.record(ANA).admins()).hasSize(1);
        assertThat(signs("east/ana 2")).isEqualTo("key_revoked");
    }

    @Test
    void a_key_that_does_not_administer_ends_no_other() {
        story.applies(keys.add("east/ana 2", List.of(Purpose.SIGN), ANA));
        keys.adds("east/ana 3", ANA);

        assertThat(keys.told(keys.revoke("east/ana 3", "east/ana 2"))).isEqualTo("key_purpose");
        leavesNothing(keys.revoke("east/ana 3", BEN), "signers_wrong");
        leavesNothing(keys.act(ANA, new Act.KeyRevoke(keys.thumb(ANA), "left"), ANA, "east/ana 3"), "signers_wrong");
    }

    @Test
    void a_second_key_that_administers_ends_the_first() {
        keys.adds("east/ana 2", ANA);

        assertThat(keys.told(keys.revoke(ANA, "east/ana 2"))).isEqualTo("applied");

        assertThat(keys.told(keys.revoke("east/ana 2", ANA))).isEqualTo("key_revoked");
        assertThat(signs(ANA)).isEqualTo("key_revoked");
        assertThat(keys.record(ANA).admins())
                .extracting(PartyRecord.Admin::thumb)
                .containsExactly(keys.thumb("east/ana 2"));
    }

    @Test
    void what_is_not_there_or_ended_already_is_not_revoked() {
        keys.adds("east/ana 2", ANA);
        story.applies(keys.revoke("east/ana 2", ANA));
        Json.Obj second = Json.object().with("key", keys.thumb("east/ana 2")).build();
        Act strangers = new Act.KeyRevoke(keys.thumb(BEN), "lost");

        assertThat(refused("key_revoked_already", keys.revoke("east/ana 2", ANA)))
                .isEqualTo(second);
        assertThat(refused("no_such_key", keys.act(ANA, strangers, ANA)))
                .isEqualTo(Json.object().with("key", keys.thumb(BEN)).build());
        assertThat(keys.key(BEN).revoked()).isEmpty();
        assertThat(keys.key("east/ana 2").revoked().orElseThrow().reason()).isEqualTo("left");
    }

    @Test
    void the_last_key_that_administers_is_not_revoked_by_itself_or_another() {
        story.applies(keys.add("east/ana 2", List.of(Purpose.DECIDE, Purpose.REPORT, Purpose.SIGN), ANA));
        Json.Obj last = Json.object().with("key", keys.thumb(ANA)).build();

        assertThat(refused("last_administer_key", keys.revoke(ANA, ANA))).isEqualTo(last);
        assertThat(keys.key(ANA).revoked()).isEmpty();
    }

    @Test
    void a_key_that_the_clock_ends_is_none_that_is_left() {
        story.applies(keys.add("east/ana 2", Purpose.ALL, Optional.empty(), Optional.empty(), Optional.of(LATER), ANA));

        assertThat(keys.told(keys.revoke(ANA, ANA))).isEqualTo("last_administer_key");
        assertThat(keys.told(keys.revoke(ANA, "east/ana 2"))).isEqualTo("last_administer_key");
        assertThat(keys.told(keys.revoke("east/ana 2", "east/ana 2"))).isEqualTo("applied");
    }

    @Test
    void a_key_that_has_not_begun_is_none_that_is_left_and_is_one_once_it_has() {
        story.applies(keys.add("east/ana 2", Purpose.ALL, Optional.empty(), Optional.of(LATER), Optional.empty(), ANA));

        assertThat(keys.told(keys.revoke(ANA, ANA))).isEqualTo("last_administer_key");
        story.moveTo("2025-12-24T00:00:00Z");
        assertThat(keys.told(keys.revoke(ANA, ANA))).isEqualTo("applied");
    }

    @Test
    void a_key_that_is_compromised_ends_and_says_since_when() {
        keys.adds("east/ana 2", ANA);

        List<Json> effects = effects(keys.compromised("east/ana 2", "2025-12-19T00:00:00Z", ANA));

        assertThat(effects).containsExactly(keys.effect("east/ana 2", "revoked"));
        KeyRecord record = keys.key("east/ana 2");
        assertThat(record.revoked()).contains(new KeyRecord.Revocation(story.now(), "compromised"));
        assertThat(record.since()).contains(LedgerTime.of("2025-12-19T00:00:00Z"));
        assertThat(keys.record(ANA).keys()).isEqualTo(1);
        assertThat(keys.record(ANA).admins()).hasSize(1);
        assertThat(signs("east/ana 2")).isEqualTo("key_revoked");
    }

    @Test
    void of_two_times_since_when_a_key_is_compromised_the_earlier_stands_and_a_revocation_stays_as_it_was() {
        keys.adds("east/ana 2", ANA);
        story.applies(keys.revoke("east/ana 2", ANA));
        KeyRecord.Revocation revoked = keys.key("east/ana 2").revoked().orElseThrow();
        story.moveTo("2025-12-20T12:00:00Z");

        story.applies(keys.compromised("east/ana 2", "2025-12-20T10:00:00Z", ANA));
        story.applies(keys.compromised("east/ana 2", "2025-12-20T11:00:00Z", ANA));
        assertThat(keys.key("east/ana 2").since()).contains(LedgerTime.of("2025-12-20T10:00:00Z"));
        story.applies(keys.compromised("east/ana 2", "2025-12-20T09:00:00Z", ANA));

        assertThat(keys.key("east/ana 2").since()).contains(LedgerTime.of("2025-12-20T09:00:00Z"));
        assertThat(keys.key("east/ana 2").revoked()).contains(revoked);
        assertThat(keys.record(ANA).keys()).isEqualTo(1);
        assertThat(keys.record(ANA).at()).isEqualTo(story.now());
    }

    @Test
    void the_last_key_that_administers_may_be_compromised_and_then_the_recovery_parties_are_left() {
        story.applies(keys.recoverySet(ANA, recovery(1, BEN)));

        story.applies(keys.compromised(ANA, "2025-12-20T09:00:00Z", ANA));

        assertThat(keys.record(ANA).admins()).isEmpty();
        assertThat(keys.record(ANA).keys()).isZero();
        assertThat(keys.told(keys.add("east/ana 2", Purpose.ALL, ANA))).isEqualTo("key_revoked");
        assertThat(keys.told(keys.recover("east/ana 2", List.of(), BEN))).isEqualTo("applied");
        assertThat(signs("east/ana 2")).isEqualTo("offer_ended");
    }

    @Test
    void no_key_is_compromised_in_the_future_and_none_that_is_not_there() {
        Json.Obj values = keys.values(keys.compromised(ANA, "2025-12-20T10:00:01Z", ANA));

        assertThat(values)
                .isEqualTo(Json.object().with("since", "2025-12-20T10:00:01Z").build());
        assertThat(keys.told(keys.compromised("east/ana 2", "2025-12-20T10:00:01Z", ANA)))
                .isEqualTo("no_such_key");
        assertThat(keys.key(ANA).since()).isEmpty();
        assertThat(keys.told(keys.compromised(ANA, "2025-12-20T10:00:00Z", ANA)))
                .isEqualTo("applied");
    }

    @Test
    void only_a_key_that_administers_or_the_recovery_quorum_says_that_a_key_is_compromised() {
        story.applies(keys.recoverySet(ANA, recovery(2, BEN, CLEO)));
        story.applies(keys.add("east/ana 2", List.of(Purpose.SIGN), ANA));

        assertThat(keys.told(keys.compromised("east/ana 2", "2025-12-20T09:00:00Z", "east/ana 2")))
                .isEqualTo("key_purpose");
        leavesNothing(keys.compromised(ANA, "2025-12-20T09:00:00Z", BEN), "signers_wrong");
        leavesNothing(keys.compromised(ANA, "2025-12-20T09:00:00Z", PLATFORM, CLEO), "signers_wrong");
        leavesNothing(keys.compromised(ANA, "2025-12-20T09:00:00Z", ANA, BEN, CLEO), "signers_wrong");
        assertThat(keys.told(keys.compromised(ANA, "2025-12-20T09:00:00Z", BEN, CLEO)))
                .isEqualTo("applied");
        assertThat(signs(ANA)).isEqualTo("key_revoked");
    }

    @Test
    void a_thousand_instructions_that_were_signed_before_their_key_was_revoked_are_all_refused() {
        keys.adds("north/platform 2", PLATFORM);
        List<Bytes> inFlight = new ArrayList<>();
        for (int i = 1; i <= 1000; i++) {
            Act report = report(i, Story.sale("2026-01-01", 100));
            inFlight.add(story.sign(story.payload(PLATFORM, report), "north/platform 2"));
        }
        story.applies(keys.revoke("north/platform 2", PLATFORM));
        TreeMap<String, Bytes> before = new TreeMap<>(story.ledger.state);

        List<String> together = story.submitTogether(inFlight.toArray(Bytes[]::new));

        assertThat(together).hasSize(1000).containsOnly("key_revoked");
        assertThat(story.ledger.state).isEqualTo(before);
    }

    private static Act.Report report(long first, Json.Obj... events) {
        return new Act.Report(new SourceId("sales"), first, List.of(events), List.of());
    }

    @ParameterizedTest(name = "at {0}")
    @ValueSource(strings = {"2025-12-20T09:58:00Z", "2025-12-20T10:02:00Z"})
    void a_revocation_counts_by_its_position_whatever_the_time_of_a_transaction(String time) {
        keys.adds("east/ana 2", ANA);
        Bytes signed = story.sign(
                story.registry(
                        new PartyId(ANA),
                        new Act.KeyRotate(
                                keys.thumb("east/ana 2"),
                                story.key("east/ana 3").key())),
                "east/ana 2",
                "east/ana 3");
        story.applies(keys.revoke("east/ana 2", ANA));

        Json.Obj answer = story.ledger.submit(time, "north", signed).getFirst();

        assertThat(MemoryLedger.told(answer)).isEqualTo("key_revoked");
    }

    @Test
    void a_verdict_from_before_the_revocation_stays_and_is_told_again() {
        keys.adds("east/ana 2", ANA);
        Bytes set = story.sign(story.registry(new PartyId(ANA), new Act.RecoverySet(recovery(1, BEN))), "east/ana 2");
        story.applies(set);
        story.applies(keys.revoke("east/ana 2", ANA));

        Json.Obj again = story.submit(set);

        assertThat(again.bool("repeat")).isTrue();
        assertThat(MemoryLedger.told(again)).isEqualTo("applied");
    }

    @Test
    void of_two_acts_in_one_transaction_the_second_sees_what_the_first_did() {
        keys.adds("east/ana 2", ANA);

        List<String> answers = story.submitTogether(
                keys.revoke("east/ana 2", ANA),
                keys.revoke("east/ana 2", ANA),
                keys.revoke(ANA, "east/ana 2"),
                keys.rotate(ANA, "east/ana 3"),
                keys.rotate(ANA, "east/ana 4"),
                keys.add("east/ana 3", Purpose.ALL, "east/ana 3"),
                keys.add("east/ana 5", Purpose.ALL, "east/ana 3"),
                keys.add("east/ana 5", Purpose.ALL, "east/ana 3"));

        assertThat(answers)
                .containsExactly(
                        "applied",
                        "key_revoked_already",
                        "key_revoked",
                        "applied",
                        "key_revoked",
                        "signature_order",
                        "applied",
                        "key_known");
        assertThat(keys.has("east/ana 4")).isFalse();
        assertThat(keys.record(ANA).keys()).isEqualTo(2);
        assertThat(keys.record(ANA).admins())
                .extracting(PartyRecord.Admin::thumb)
                .containsExactlyInAnyOrder(keys.thumb("east/ana 3"), keys.thumb("east/ana 5"));
    }

    @Test
    void two_keys_that_each_end_the_other_in_one_transaction_leave_one() {
        keys.adds("east/ana 2", ANA);

        List<String> answers = story.submitTogether(keys.revoke(ANA, "east/ana 2"), keys.revoke("east/ana 2", ANA));

        assertThat(answers).containsExactly("applied", "key_revoked");
        assertThat(keys.record(ANA).admins()).hasSize(1);
    }

    @Test
    void a_party_may_enroll_with_a_key_that_has_limits() {
        KeyLimits limits = new KeyLimits(Optional.of(BigInteger.TEN), Optional.empty());
        Act act = new Act.Enroll(
                story.key("east/zoe").key(),
                Purpose.ALL,
                Optional.of("zoe"),
                Optional.of(limits),
                Optional.empty(),
                Optional.empty());

        story.applies(story.sign(story.registry(new PartyId("east/zoe"), act), "east/zoe", "east"));

        assertThat(keys.key("east/zoe").limits()).contains(limits);
        assertThat(keys.key("east/zoe").holder()).contains("zoe");
    }

    @Test
    void the_record_of_a_party_counts_its_keys_that_are_not_revoked() {
        keys.adds("east/ana 2", ANA);
        story.applies(keys.add("east/ana 3", List.of(Purpose.SIGN), "east/ana 2"));
        story.applies(keys.rotate("east/ana 3", "east/ana 4"));
        story.applies(keys.revoke(ANA, "east/ana 2"));

        List<KeyRecord> live = story.ledger.state.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("key/" + ANA + "/"))
                .map(Map.Entry::getValue)
                .map(KeyRecord::decode)
                .filter(record -> record.revoked().isEmpty())
                .toList();
        assertThat(live).hasSize(2);
        assertThat(keys.record(ANA).keys()).isEqualTo(2);
        assertThat(keys.record(ANA).admins())
                .extracting(PartyRecord.Admin::thumb)
                .containsExactly(keys.thumb("east/ana 2"));
    }
}
