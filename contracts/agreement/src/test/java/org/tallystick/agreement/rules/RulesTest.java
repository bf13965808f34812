package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Transactions.Failed;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.state.Markers;

/// What the ledger says to instructions, the good and the bad beside each other.
final class RulesTest {

    @Test
    void a_period_is_reported_declared_and_closed() {
        Story story = Story.inForce().at("2026-02-01T08:00:00Z");

        assertThat(story.told(story.report(1, 3, "2026-01-15"))).isEqualTo("applied");
        assertThat(story.told(story.declare("2026-01", 3, 3, 300))).isEqualTo("applied");
        assertThat(story.told(story.close("2026-01"))).isEqualTo("applied");

        Json.Obj payments =
                story.ledger.json("set/" + Story.AGREEMENT + "/2026-01").object("payments");
        assertThat(payments.members().keySet()).containsExactly("a", "b", "c");
    }

    @Promise({"P2", "P4"})
    @Test
    void the_same_bytes_have_the_same_verdict_again() {
        Story story = Story.withParties();
        Bytes offer = story.sign(
                story.payload(
                        "north/platform",
                        new Act.Offer(
                                Story.with(story.document(), "number", "2"),
                                story.now().plus(Duration.ofDays(1)))),
                "north/platform");

        Json.Obj first = story.submit(offer);
        int leaves = story.ledger.events.size();
        Json.Obj again = story.submit(offer);

        assertThat(MemoryLedger.told(first)).isEqualTo("version_wrong");
        assertThat(again.bool("repeat")).isTrue();
        TreeMap<String, Json> without = new TreeMap<>(again.members());
        without.remove("repeat");
        assertThat(new Json.Obj(without)).isEqualTo(first);
        assertThat(story.ledger.events).hasSize(leaves);
    }

    @Promise("P3")
    @Test
    void other_bytes_under_an_id_that_is_taken_are_refused_and_leave_nothing() {
        Story story = Story.inForce();
        Payload first = story.payload("east/ana", new Act.Close("2026-01"));
        Payload second = new Payload(
                first.ledger(),
                ActKind.CLOSE,
                first.party(),
                first.id(),
                first.from(),
                first.until(),
                first.scope(),
                Story.object("{\"period\":\"2026-02\"}"));
        story.moveTo("2026-03-10T00:00:00Z");
        Payload late = new Payload(
                first.ledger(),
                ActKind.DECLINE,
                first.party(),
                first.id(),
                first.from(),
                first.until(),
                first.scope(),
                Json.Obj.EMPTY);
        story.moveTo("2025-12-20T11:00:00Z");

        assertThat(story.told(story.sign(late, "east/ana"))).isEqualTo("offer_ended");
        assertThat(story.told(story.sign(second, "east/ana"))).isEqualTo("id_reused");
    }

    @Test
    void reports_in_the_wrong_order_wait_and_then_apply() {
        Story story = Story.inForce().at("2026-01-20T00:00:00Z");
        Bytes first = story.report(1, 2, "2026-01-15");
        Bytes second = story.report(3, 2, "2026-01-16");

        assertThat(story.told(second)).isEqualTo("gap");
        assertThat(story.told(first)).isEqualTo("applied");
        assertThat(story.told(second)).isEqualTo("applied");
    }

    @Test
    void a_report_whose_numbers_are_taken_writes_nothing() {
        Story story = Story.inForce().at("2026-01-20T00:00:00Z");
        Bytes report = story.report(1, 2, "2026-01-15");
        story.applies(report);
        TreeMap<String, Bytes> before = new TreeMap<>(story.ledger.state);

        assertThat(story.told(report)).isEqualTo("taken");
        assertThat(story.told(story.report(2, 2, "2026-01-15"))).isEqualTo("taken");
        assertThat(story.ledger.state).isEqualTo(before);
    }

    @Test
    void reports_of_one_transaction_share_a_run_until_another_act_of_the_source_comes_between() {
        Story story = Story.inForce().at("2026-02-01T08:00:00Z");

        List<String> answers = story.submitTogether(
                story.report(1, 2, "2026-01-15"),
                story.report(3, 1, "2026-01-16"),
                story.declare("2026-01", 3, 3, 300),
                story.report(4, 1, "2026-01-17"));

        assertThat(answers).containsOnly("applied");
        Json.Obj run = story.ledger.json("run/" + Story.AGREEMENT + "/sales/0000000001");
        assertThat(run.items("reports"))
                .extracting(report -> ((Json.Obj) report).members().keySet())
                .containsExactly(Set.of("count", "id", "root"), Set.of("id"));
        assertThat(run.whole("last")).isEqualTo(3);
        Json.Obj late = story.ledger.json("ev/" + Story.AGREEMENT + "/sales/0000000004");
        assertThat(late.object("later").text("0")).isEqualTo("2026-02");
    }

    @Test
    void one_bad_item_in_a_batch_harms_no_neighbor() {
        Story story = Story.inForce().at("2026-01-20T00:00:00Z");

        List<String> answers = story.submitTogether(
                story.report(1, 1, "2026-01-15"),
                Bytes.ofUtf8("{"),
                story.signed(
                        "east/ana",
                        new Act.Report(new SourceId("sales"), 2, List.of(Story.sale("2026-01-15", 1)), List.of())),
                story.report(2, 1, "2026-01-15"));

        assertThat(answers).containsExactly("applied", "not_json", "not_owner", "applied");
    }

    @Test
    void events_that_could_be_refused_later_are_answered_line_by_line_and_take_no_number() {
        Story story = Story.inForce().at("2026-01-20T00:00:00Z");

        Json.Obj answer = story.submit(story.report(
                1,
                Story.sale("2026-01-15", 100),
                Story.object("{\"date\":\"2026-01-15\",\"type\":\"sale\"}"),
                Story.sale("2025-12-31", 100),
                Story.object("{\"amount\":5,\"currency\":\"USD\",\"date\":\"2026-01-15\",\"type\":\"sale\"}"),
                Story.object(
                        "{\"amount\":5,\"date\":\"2026-01-15\",\"refOf\":\"sales/0000000099\",\"type\":\"refund\"}"),
                Story.object("{\"date\":\"2026-01-15\",\"quantity\":5,\"type\":\"usage\"}")));

        assertThat(MemoryLedger.told(answer)).isEqualTo("events_refused");
        assertThat(lines(answer))
                .containsExactly(
                        "1 EVENT_FORM",
                        "2 EVENT_PERIOD",
                        "2 before_start",
                        "3 no_fx",
                        "4 EVENT_REF",
                        "5 reporter_not_allowed");
        assertThat(story.ledger.state).doesNotContainKey("src/" + Story.AGREEMENT + "/sales");
    }

    private static List<String> lines(Json.Obj answer) {
        return answer.object("values").items("lines").stream()
                .map(line -> ((Json.Obj) line).whole("line") + " " + ((Json.Obj) line).text("code"))
                .toList();
    }

    @Test
    void a_refund_names_its_origin_with_a_proof() {
        Story story = Story.inForce().at("2026-01-20T00:00:00Z");
        Json.Obj sale = Story.sale("2026-01-15", 1000);
        Json.Obj refund = Story.object(
                "{\"amount\":300,\"date\":\"2026-01-18\",\"refOf\":\"sales/0000000002\",\"type\":\"refund\"}");
        story.applies(story.report(1, Story.sale("2026-01-14", 7), sale));
        List<Bytes> leaves = List.of(Story.sale("2026-01-14", 7).canonical(), sale.canonical());
        Act.EventProof proof =
                new Act.EventProof(EventId.parse("sales/0000000002").orElseThrow(), sale, 1, Merkle.path(leaves, 1));
        var source = new SourceId("sales");

        Act.EventProof forged = new Act.EventProof(proof.id(), Story.sale("2026-01-15", 9999), 1, proof.path());
        Act.EventProof elsewhere = new Act.EventProof(proof.id(), sale, 1, Merkle.path(leaves, 0));
        Act.EventProof pathless = new Act.EventProof(proof.id(), sale, 1, List.of());
        assertThat(lines(story.submit(story.report(3, refund)))).containsExactly("0 EVENT_REF", "0 proof_missing");
        for (Act.EventProof wrong : List.of(forged, elsewhere, pathless)) {
            Act.Report report = new Act.Report(source, 3, List.of(refund), List.of(wrong));
            assertThat(lines(story.submit(story.signed("north/platform", report))))
                    .containsExactly("0 EVENT_REF", "0 proof_wrong");
        }
        assertThat(story.told(
                        story.signed("north/platform", new Act.Report(source, 3, List.of(refund), List.of(proof)))))
                .isEqualTo("applied");
        assertThat(story.ledger
                        .json("ev/" + Story.AGREEMENT + "/sales/0000000003")
                        .object("origins")
                        .has("sales/0000000002"))
                .isTrue();
    }

    /// Of such a report the run has no root: the proof is held against the event itself, among those of its neighbors.
    @Test
    void a_refund_names_the_only_event_of_a_report() {
        Story story = Story.inForce().at("2026-01-20T00:00:00Z");
        Json.Obj neighbor = Story.sale("2026-01-14", 7);
        Json.Obj sale = Story.sale("2026-01-15", 1000);
        Json.Obj refund = Story.object(
                "{\"amount\":300,\"date\":\"2026-01-18\",\"refOf\":\"sales/0000000003\",\"type\":\"refund\"}");
        assertThat(story.submitTogether(
                        story.report(1, neighbor, neighbor), story.report(3, sale), story.report(4, neighbor)))
                .containsOnly("applied");
        EventId third = EventId.parse("sales/0000000003").orElseThrow();
        Bytes hints = Bytes.ofUtf8("{\"hints\":[[0,0,1]]}");
        var source = new SourceId("sales");

        for (Act.EventProof wrong : List.of(
                new Act.EventProof(third, Story.sale("2026-01-15", 9999), 3, List.of()),
                new Act.EventProof(third, neighbor, 3, List.of()),
                new Act.EventProof(third, sale, 3, List.of(Hash.ZERO)))) {
            Act.Report report = new Act.Report(source, 5, List.of(refund), List.of(wrong));
            assertThat(lines(story.submit(story.signed("north/platform", report), hints)))
                    .containsExactly("0 EVENT_REF", "0 proof_wrong");
        }
        Act.EventProof good = new Act.EventProof(third, sale, 3, List.of());
        assertThat(MemoryLedger.told(story.submit(
                        story.signed("north/platform", new Act.Report(source, 5, List.of(refund), List.of(good))),
                        hints)))
                .isEqualTo("applied");
    }

    @Test
    void an_event_of_the_future_waits_until_its_day_has_begun_somewhere() {
        Story story = Story.inForce().at("2026-01-20T09:59:59Z");
        Bytes report = story.report(1, 1, "2026-01-21");

        assertThat(story.told(report)).isEqualTo("event_future");
        assertThat(story.at("2026-01-20T10:00:00Z").told(report)).isEqualTo("applied");
    }

    @ParameterizedTest(name = "last {0}, count {1}, amount {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            3 | 3 | 300 | applied
            4 | 3 | 300 | gap
            2 | 3 | 300 | declaration_wrong
            3 | 2 | 300 | declaration_wrong
            3 | 3 | 299 | declaration_wrong
            3 | 0 | 0   | declaration_wrong
            """)
    void a_declaration_is_held_against_what_was_booked(long last, long count, long amount, String answer) {
        Story story = Story.inForce().at("2026-02-01T08:00:00Z");
        story.applies(story.report(1, 3, "2026-01-15"));

        assertThat(story.told(story.declare("2026-01", last, count, amount))).isEqualTo(answer);
    }

    @Test
    void a_period_is_declared_after_its_end_and_in_order() {
        Story story = Story.inForce().at("2026-01-31T23:59:59Z");

        assertThat(story.told(story.declare("2026-01", 0, 0, 0))).isEqualTo("period_not_over");
        story.moveTo("2026-03-01T00:00:00Z");
        assertThat(story.told(story.declare("2026-02", 0, 0, 0))).isEqualTo("declare_in_order");
        assertThat(story.told(story.declare("2026-01", 0, 0, 0))).isEqualTo("applied");
        assertThat(story.told(story.declare("2026-01", 0, 0, 0))).isEqualTo("already_declared");
        assertThat(story.told(story.declare("2026-Q1", 0, 0, 0))).isEqualTo("period_wrong");
        assertThat(story.told(story.declare("2026-02", 0, 0, 0))).isEqualTo("applied");
    }

    @Test
    void a_period_is_closed_once_by_a_closer_when_all_is_declared() {
        Story story = Story.inForce().at("2026-02-01T00:00:00Z");

        assertThat(story.told(story.close("2026-01"))).isEqualTo("not_declared_yet");
        story.applies(story.declare("2026-01", 0, 0, 0));
        assertThat(story.told(story.signed("east/ana", new Act.Close("2026-01"))))
                .isEqualTo("not_closer_yet");
        assertThat(story.told(story.close("2026-02"))).isEqualTo("not_next_period");
        assertThat(story.told(story.close("2026-01"))).isEqualTo("applied");
        assertThat(story.told(story.close("2026-01"))).isEqualTo("period_settled");
    }

    @Test
    void after_the_agreed_days_any_side_may_close() {
        Story story = Story.inForce().at("2026-02-21T00:00:00Z");
        story.applies(story.declare("2026-01", 0, 0, 0));

        assertThat(story.told(story.signed("east/ana", new Act.Close("2026-01"))))
                .isEqualTo("applied");
    }

    @Test
    void a_stranger_leaves_no_trace_in_an_agreement() {
        Story story = Story.inForce();
        story.applies(story.enrollment("west/mallory"));
        TreeMap<String, Bytes> before = new TreeMap<>(story.ledger.state);

        assertThat(story.told(story.signed("west/mallory", new Act.Close("2026-01"))))
                .isEqualTo("not_a_party");
        assertThat(story.told(story.signed("west/mallory", ActKind.DECLINE, "{}")))
                .isEqualTo("not_a_party");
        assertThat(story.ledger.state).isEqualTo(before);
    }

    @Test
    void an_agreement_is_adopted_once_all_sides_have_accepted() {
        Story story = Story.withParties();
        assertThat(story.told(story.close("2026-01"))).isEqualTo("agreement_unknown");
        assertThat(MemoryLedger.told(story.offers(story.document()))).isEqualTo("applied");

        assertThat(story.told(story.close("2026-01"))).isEqualTo("agreement_offered");
        assertThat(story.told(story.accept("north/platform"))).isEqualTo("already_accepted");
        assertThat(story.told(story.accept("east/ana"))).isEqualTo("applied");
        assertThat(story.told(story.accept("east/ben"))).isEqualTo("applied");
        assertThat(story.submit(story.accept("west/cleo")).items("effects")).hasSize(2);
        assertThat(story.told(story.accept("west/cleo"))).isEqualTo("offer_ended");
    }

    @Test
    void an_offer_that_nobody_adopts_lapses_and_may_be_made_again() {
        Story story = Story.withParties();
        story.offered();
        story.moveTo("2026-01-19T10:00:00Z");

        assertThat(story.told(story.accept("east/ana"))).isEqualTo("offer_ended");
        assertThat(story.told(story.close("2026-01"))).isEqualTo("agreement_lapsed");
        assertThat(MemoryLedger.told(story.offers(story.document()))).isEqualTo("applied");
        assertThat(story.told(story.accept("east/ana"))).isEqualTo("applied");
    }

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            governance | {"kind":"board","need":1,"seats":[]}                | document_refused
            governance | {"kind":"board","need":2,"seats":[{"party":"a","seat":"s1"}]} | document_refused
            governance | {"kind":"board","need":1,"seats":[{"party":"a","seat":"s1"},{"party":"east/ana","seat":"s2"}]} | document_refused
            governance | {"kind":"principal","noticeDays":30,"principal":"z"} | document_refused
            governance | {"kind":"weighted","lockHours":1,"quorum":"1/2","threshold":"3/2","weights":{"a":1}} | document_refused
            governance | {"kind":"weighted","lockHours":1,"quorum":"1/2","threshold":"1/2","weights":{"z":1}} | document_refused
            governance | {"kind":"unanimous","successors":{"a":{"days":30,"party":"east/ana"}}} | document_refused
            governance | {"kind":"monarchy"}                                 | document_refused
            home       | {"kind":"private","members":["east","west"],"salt":"AAAAAAAAAAAAAAAAAAAAAA"} | not_supported_yet
            number     | 2                                                   | not_first_offer
            opening    | "2026-02"                                           | document_refused
            starts     | "2026-Q1"                                           | document_refused
            parties    | {"a":"east/ana","b":"east/ben","platform":"north/platform"} | document_refused
            roles      | {"sources":[{"first":"2026-01","id":"sales","owner":"platform","types":["sale"]}]} | document_refused
            roles      | {"arbiter":"z","sources":[{"first":"2026-01","id":"sales","owner":"platform","types":["refund","sale"]}]} | document_refused
            payment    | {"chain":1}                                         | not_supported_yet
            extra      | 1                                                   | document_refused
            """)
    void a_document_with_something_wrong_is_refused(String member, String value, String answer) {
        Story story = Story.withParties();

        Json.Obj told = story.offers(Story.with(story.document(), member, value));

        assertThat(MemoryLedger.told(told)).isEqualTo(answer);
        assertThat(story.ledger.state).doesNotContainKey("agr/" + Story.AGREEMENT);
    }

    @Test
    void nobody_may_offer_under_the_name_of_another() {
        Story story = Story.withParties();
        story.version = Hash.of(story.document().canonical());

        Bytes offer = story.signed(
                "east/ana", new Act.Offer(story.document(), story.now().plus(Duration.ofDays(1))));

        assertThat(story.told(offer)).isEqualTo("not_a_party");
    }

    @Test
    void the_window_is_held_against_ledger_time() {
        Story story = Story.inForce().at("2026-02-01T00:00:00Z");
        Bytes close = story.close("2026-01");

        assertThat(story.at("2026-01-31T23:59:59Z").told(close)).isEqualTo("not_yet_valid");
        assertThat(story.at("2026-02-03T00:00:00Z").told(close)).isEqualTo("expired");
        assertThat(story.at("2026-02-04T00:00:00Z").submit(close).bool("repeat"))
                .isTrue();
    }

    @Test
    void an_instruction_is_expired_for_good_once_its_marker_may_be_swept() {
        Story story = Story.inForce();
        Bytes wrong = story.signed("east/ana", ActKind.DECLINE, "{}");
        assertThat(story.told(wrong)).isEqualTo("offer_ended");
        String[] markers = story.ledger.state.keySet().stream()
                .filter(key -> key.startsWith("once/"))
                .toArray(String[]::new);

        assertThat(story.ledger.sweep("2026-01-18T23:59:59Z", markers)).isInstanceOf(Failed.class);
        assertThat(story.ledger.sweep("2026-01-19T00:00:00Z", markers)).isInstanceOf(Transactions.Done.class);

        assertThat(story.ledger.state.keySet()).noneMatch(key -> key.startsWith("once/"));
        assertThat(story.at("2026-01-19T00:00:00Z").told(wrong)).isEqualTo("expired");
    }

    @Test
    void markers_of_one_time_share_a_key_until_it_is_full_and_each_is_found_again() {
        Story story = Story.inForce();
        List<Bytes> wrong = new ArrayList<>();
        for (int i = 0; i < 3 * Markers.MOST; i++) {
            wrong.add(story.signed("east/ana", ActKind.DECLINE, "{\"reason\":\"" + i + "\"}"));
        }
        List<Json.Obj> first = wrong.stream().map(story::submit).toList();

        List<Json.Obj> again = wrong.stream().map(story::submit).toList();

        List<String> keys = story.ledger.state.keySet().stream()
                .filter(key -> key.matches("once/.*/east/ana/.*") && !key.contains("/reg/"))
                .toList();
        assertThat(keys).hasSizeBetween(3, 3 + 3 * Markers.MOST);
        assertThat(keys.getFirst().substring(keys.getFirst().lastIndexOf('/') + 1))
                .hasSize(Markers.SHORTEST);
        assertThat(keys)
                .allSatisfy(key -> assertThat(
                                story.ledger.json(key).object("markers").members())
                        .hasSizeLessThanOrEqualTo(Markers.MOST));
        for (int i = 0; i < wrong.size(); i++) {
            assertThat(again.get(i).bool("repeat")).isTrue();
            assertThat(again.get(i).text("hash")).isEqualTo(first.get(i).text("hash"));
        }
    }

    @Test
    void only_markers_are_swept() {
        Story story = Story.inForce();

        assertThat(story.ledger.sweep("2030-01-01T00:00:00Z", "agr/" + Story.AGREEMENT))
                .isInstanceOf(Failed.class);
        assertThat(story.ledger.sweep("2030-01-01T00:00:00Z", "once/2025122X/reg/a/b"))
                .isInstanceOf(Failed.class);
        assertThat(story.ledger.state).containsKey("agr/" + Story.AGREEMENT);
    }

    @Test
    void an_epoch_lasts_at_least_an_hour() {
        Story story = new Story();

        assertThat(story.ledger.advanceEpoch("2025-12-20T10:59:59Z")).isInstanceOf(Failed.class);
        assertThat(story.ledger.advanceEpoch("2025-12-20T11:00:00Z")).isInstanceOf(Transactions.Done.class);
        assertThat(story.ledger.json("net").whole("epoch")).isEqualTo(2);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"an epoch begins", "the clock of a trial is moved"})
    void once_newer_code_wrote_to_the_net_older_code_decides_nothing_any_more(String what) {
        Story story = Story.withParties();
        Payload clock = story.registry(new MemberId("north"), new Act.TrialClock(86_400));
        String now = "2025-12-20T12:00:00Z";

        story.ledger.runs(Edition.of(7));
        if (what.equals("an epoch begins")) {
            assertThat(story.ledger.advanceEpoch(now)).isInstanceOf(Transactions.Done.class);
        } else {
            assertThat(story.told(story.sign(clock, "north"))).isEqualTo("applied");
        }
        assertThat(story.ledger.json("net").whole("rules")).isEqualTo(7);
        story.ledger.runs(Edition.THIS);

        Failed unknown =
                new Failed("rules_unknown", Json.object().with("rules", 7).build());
        assertThat(List.of(
                        story.ledger.attempt(now, "north", MemoryLedger.NO_HINTS, story.enrollment("east/ana")),
                        story.ledger.step(now, Story.AGREEMENT, "2026-01"),
                        story.ledger.sweep("2026-03-01T00:00:00Z", "once/20251220/reg/north/01"),
                        story.ledger.advanceEpoch("2025-12-20T14:00:00Z")))
                .containsOnly(unknown);
    }

    @Test
    void the_clock_of_a_trial_goes_forward_only() {
        Story story = Story.withParties();

        assertThat(story.told(story.sign(story.registry(new MemberId("north"), new Act.TrialClock(86_400)), "north")))
                .isEqualTo("applied");
        story.moveTo("2025-12-20T10:00:00Z");
        assertThat(story.ledger.json("net").whole("offset")).isEqualTo(86_400);
        Payload back = story.registry(new MemberId("north"), new Act.TrialClock(86_399));
        assertThat(story.told(story.sign(back, "north"))).isIn("clock_back", "expired");
    }

    @Test
    void a_registrar_is_registered_by_its_own_member_s_admin_only() {
        Story story = new Story();
        Act act = new Act.RegisterRegistrar(
                story.key("east").key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        Bytes envelope = story.sign(story.registry(new MemberId("east"), act), "east");

        assertThat(story.told(envelope)).isEqualTo("not_member_admin");
    }

    @Test
    void a_party_enrolls_once_with_a_key_that_nobody_has() {
        Story story = Story.withParties();

        assertThat(story.told(story.enrollment("east/ana"))).isEqualTo("party_known");
        Act stolen = new Act.Enroll(
                story.key("east/ana").key(),
                Purpose.ALL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Payload payload = story.registry(new PartyId("east/eve"), stolen);
        Bytes envelope = Envelope.sign(
                payload,
                new Envelope.Hand(payload.party(), story.key("east/ana")),
                new Envelope.Hand(new MemberId("east"), story.key("east")));
        assertThat(story.told(envelope)).isEqualTo("key_known");
    }

    @Test
    void instructions_of_two_agreements_do_not_travel_together_and_a_close_travels_alone() {
        Story story = Story.inForce().at("2026-02-01T00:00:00Z");

        assertThat(code(story.ledger.attempt(
                        story.now().text(),
                        "north",
                        MemoryLedger.NO_HINTS,
                        story.accept("east/ana"),
                        story.enrollment("east/zoe"))))
                .isEqualTo("mixed_batch");
        assertThat(code(story.ledger.attempt(
                        story.now().text(),
                        "north",
                        MemoryLedger.NO_HINTS,
                        story.accept("east/ana"),
                        story.close("2026-01"))))
                .isEqualTo("not_alone");
        assertThat(code(story.ledger.attempt(
                        story.now().text(), "north", Bytes.ofUtf8("{\"hints\":[[1,2]]}"), story.close("2026-01"))))
                .isEqualTo("arguments_wrong");
    }

    private static String code(Transactions.Outcome outcome) {
        return outcome instanceof Failed(String code, Json.Obj _) ? code : "done";
    }
}
