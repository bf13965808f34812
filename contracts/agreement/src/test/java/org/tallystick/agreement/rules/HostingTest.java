package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PartyRecord;

/// Where parties are at home: they move by their own will or that of their recovery quorum, and with the new host's.
class HostingTest {
    private static final String ANA = "east/ana";
    private static final String BEN = "east/ben";
    private static final String CLEO = "west/cleo";
    private static final String PLATFORM = "north/platform";

    private Story story;

    @BeforeEach
    void members_and_parties() {
        story = Story.withParties();
    }

    private static Recovery recovery(int threshold, String... parties) {
        return new Recovery(Stream.of(parties).map(PartyId::new).toList(), threshold);
    }

    private Bytes rehost(String party, String member, String... owners) {
        return story.sign(story.registry(new PartyId(party), new Act.Rehost(new MemberId(member))), owners);
    }

    private Bytes recoverySet(String party, Recovery recovery) {
        return story.sign(story.registry(new PartyId(party), new Act.RecoverySet(recovery)), party);
    }

    private PartyRecord record(String party) {
        return PartyRecord.decode(story.ledger.json(Keys.party(party)));
    }

    @Test
    void a_party_moves_to_a_host_whose_registrar_agrees() {
        Json.Obj answer = story.submit(rehost(ANA, "west", ANA, "west"));

        assertThat(MemoryLedger.told(answer)).isEqualTo("applied");
        assertThat(answer.items("effects"))
                .containsExactly(Json.object()
                        .with("host", "west")
                        .with("kind", "party")
                        .with("party", ANA)
                        .build());
        assertThat(record(ANA).host()).isEqualTo("west");
        assertThat(record(ANA).at()).isEqualTo(story.now());
        assertThat(record(ANA).keys()).isEqualTo(1);
    }

    @Test
    void a_moved_party_signs_under_its_old_id_and_may_move_back() {
        story.applies(rehost(ANA, "west", ANA, "west"));

        story.applies(rehost(ANA, "east", ANA, "east"));

        assertThat(record(ANA).host()).isEqualTo("east");
    }

    @Test
    void a_party_does_not_move_to_where_it_is() {
        Json.Obj answer = story.submit(rehost(ANA, "east", ANA, "east"));

        assertThat(MemoryLedger.told(answer)).isEqualTo("same_host");
        assertThat(answer.object("values"))
                .isEqualTo(Json.object().with("member", "east").build());
    }

    @Test
    void whoever_does_not_sign_for_the_move_stops_it_and_it_leaves_nothing() {
        var before = new TreeMap<>(story.ledger.state);

        assertThat(story.told(rehost(ANA, "west", ANA))).isEqualTo("signers_wrong");
        assertThat(story.told(rehost(ANA, "west", "west"))).isEqualTo("signers_wrong");
        assertThat(story.told(rehost(ANA, "west", ANA, "north"))).isEqualTo("signers_wrong");
        assertThat(story.told(rehost(ANA, "west", ANA, "east"))).isEqualTo("signers_wrong");
        assertThat(story.told(rehost(ANA, "west", ANA, CLEO))).isEqualTo("signers_wrong");
        assertThat(story.told(rehost(ANA, "west", BEN, "west"))).isEqualTo("signers_wrong");
        assertThat(story.told(rehost(ANA, "west", ANA, "north", "west"))).isEqualTo("signers_wrong");

        assertThat(story.ledger.state).isEqualTo(before);
    }

    @Test
    void a_registrar_that_is_not_there_yet_is_waited_for() {
        assertThat(story.told(rehost(ANA, "south", ANA, "south"))).isEqualTo("registrar_unknown");
    }

    @Test
    void a_party_may_name_its_recovery_parties_when_it_enrolls() {
        Act act = new Act.Enroll(
                story.key("east/zoe").key(),
                List.of(Purpose.ADMINISTER),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(recovery(1, ANA)));
        story.applies(story.sign(story.registry(new PartyId("east/zoe"), act), "east/zoe", "east"));

        assertThat(record("east/zoe").recovery()).contains(recovery(1, ANA));
        assertThat(story.told(rehost("east/zoe", "west", ANA, "west"))).isEqualTo("applied");
        assertThat(record("east/zoe").host()).isEqualTo("west");
    }

    @Test
    void the_recovery_quorum_moves_a_party_that_lost_its_key() {
        story.applies(recoverySet(ANA, recovery(2, BEN, PLATFORM, CLEO)));

        story.applies(rehost(ANA, "west", BEN, CLEO, "west"));

        assertThat(record(ANA).host()).isEqualTo("west");
        assertThat(record(ANA).recovery()).contains(recovery(2, BEN, PLATFORM, CLEO));
    }

    @Test
    void a_quorum_is_as_many_recovery_parties_as_agreed_and_nobody_else() {
        story.applies(recoverySet(ANA, recovery(2, BEN, PLATFORM)));
        var before = new TreeMap<>(story.ledger.state);

        assertThat(story.told(rehost(ANA, "west", BEN, "west"))).isEqualTo("signers_wrong");
        assertThat(story.told(rehost(ANA, "west", BEN, CLEO, "west"))).isEqualTo("signers_wrong");
        assertThat(story.told(rehost(ANA, "west", BEN, PLATFORM))).isEqualTo("signers_wrong");
        assertThat(story.told(rehost(ANA, "west", BEN, PLATFORM, CLEO, "west"))).isEqualTo("signers_wrong");
        assertThat(story.told(rehost(ANA, "north", BEN, PLATFORM, "west"))).isEqualTo("signers_wrong");
        assertThat(story.told(rehost(BEN, "west", ANA, PLATFORM, "west"))).isEqualTo("signers_wrong");

        assertThat(story.ledger.state).isEqualTo(before);
        story.applies(rehost(ANA, "west", BEN, PLATFORM, "west"));
    }

    @Test
    void new_recovery_parties_take_the_place_of_the_old_ones_after_14_days() {
        story.applies(recoverySet(ANA, recovery(1, BEN)));

        Json.Obj answer = story.submit(recoverySet(ANA, recovery(1, CLEO)));

        assertThat(MemoryLedger.told(answer)).isEqualTo("applied");
        assertThat(answer.items("effects")).isEmpty();
        story.moveTo("2026-01-03T10:00:00Z");
        assertThat(story.told(rehost(ANA, "west", BEN, "west"))).isEqualTo("signers_wrong");
        assertThat(story.told(rehost(ANA, "west", CLEO, "west"))).isEqualTo("applied");
    }

    @Test
    void a_threshold_that_cannot_be_met_is_refused_with_both_numbers() {
        for (int threshold : List.of(-1, 0, 3)) {
            Json.Obj answer = story.submit(recoverySet(ANA, recovery(threshold, BEN, CLEO)));

            assertThat(MemoryLedger.told(answer)).isEqualTo("threshold_wrong");
            assertThat(answer.object("values"))
                    .isEqualTo(Json.object()
                            .with("have", 2)
                            .with("need", threshold)
                            .build());
        }
    }

    @Test
    void a_recovery_party_that_is_not_enrolled_is_named() {
        Json.Obj answer = story.submit(recoverySet(ANA, recovery(1, BEN, "west/nobody")));

        assertThat(MemoryLedger.told(answer)).isEqualTo("party_unknown");
        assertThat(answer.object("values"))
                .isEqualTo(Json.object().with("party", "west/nobody").build());
        assertThat(record(ANA).recovery()).isEmpty();
    }

    @Test
    void nobody_recovers_itself() {
        Json.Obj answer = story.submit(recoverySet(ANA, recovery(1, ANA, BEN)));

        assertThat(MemoryLedger.told(answer)).isEqualTo("payload_form");
        assertThat(answer.object("values"))
                .isEqualTo(Json.object().with("at", "/body/parties/0").build());
    }
}
