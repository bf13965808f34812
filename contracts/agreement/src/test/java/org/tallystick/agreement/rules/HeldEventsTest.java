package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.agreement.rules.HeldStory.ANA;
import static org.tallystick.agreement.rules.HeldStory.AUDIT;
import static org.tallystick.agreement.rules.HeldStory.BEN;
import static org.tallystick.agreement.rules.HeldStory.CLEO;
import static org.tallystick.agreement.rules.HeldStory.HUB;
import static org.tallystick.agreement.rules.HeldStory.figure;
import static org.tallystick.agreement.rules.HeldStory.flagged;
import static org.tallystick.agreement.rules.HeldStory.id;
import static org.tallystick.agreement.rules.HeldStory.ids;
import static org.tallystick.agreement.rules.HeldStory.refund;
import static org.tallystick.agreement.rules.HeldStory.sale;
import static org.tallystick.agreement.rules.HeldStory.usage;
import static org.tallystick.agreement.rules.MemoryLedger.told;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.Schemas;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// Events that wait for others than their reporter, periods that are taken back or sealed, and claims.
final class HeldEventsTest {

    /// Of the member that hosts `ana`, and no side.
    private static final String SECOND = "east/ana-books";

    private static final Act.EventProof ATTESTED =
            new Act.EventProof(EventId.parse(id("shop", 1)).orElseThrow(), sale("2026-01-10", 100), 1, List.of());

    private final HeldStory at = new HeldStory();

    HeldEventsTest() {
        at.story.moveTo("2026-01-20T12:00:00Z");
    }

    private static Json.Obj effect(Json.Obj answer) {
        return (Json.Obj) answer.items("effects").getFirst();
    }

    private static void applied(Json.Obj answer) {
        assertThat(told(answer)).as(answer.toString()).isEqualTo("applied");
    }

    private static String values(Json.Obj answer) {
        return told(answer)
                + answer.find("values")
                        .map(values -> " " + values.canonical().utf8().orElseThrow())
                        .orElse("");
    }

    private long booked(String source, String period) {
        return at.story
                .ledger
                .find(Keys.total(Story.AGREEMENT, source, period))
                .map(total -> total.whole("count"))
                .orElse(0L);
    }

    private Json.Obj mark(String event) {
        return at.story
                .ledger
                .find(Keys.mark(Story.AGREEMENT, EventId.parse(event).orElseThrow()))
                .orElseThrow();
    }

    @Test
    void an_event_counts_once_everybody_who_must_has_attested_it() {
        Json.Obj report = at.reports("web", usage("2026-01-10", 5, "a"), sale("2026-01-11", 100));

        assertThat(effect(report).whole("held")).isEqualTo(1);
        assertThat(booked("web", "2026-01")).isEqualTo(1);
        assertThat(ids(at.attests(AUDIT, id("web", 1)))).isEmpty();
        assertThat(booked("web", "2026-01")).isEqualTo(1);
        assertThat(ids(at.attests(CLEO, id("web", 1)))).containsExactly(id("web", 1));
        assertThat(booked("web", "2026-01")).isEqualTo(2);
        assertThat(mark(id("web", 1)).text("booked")).isEqualTo("2026-01");
    }

    @Test
    void an_event_attested_after_its_period_was_declared_is_booked_in_the_next() {
        applied(at.reports("shop", flagged("2026-01-10", 300), sale("2026-01-11", 100)));
        at.story.moveTo("2026-02-01T12:00:00Z");
        assertThat(told(at.declares("shop", "2026-01"))).isEqualTo("applied");

        assertThat(ids(at.attests(HUB, id("shop", 1)))).containsExactly(id("shop", 1));

        assertThat(booked("shop", "2026-01")).isEqualTo(1);
        assertThat(booked("shop", "2026-02")).isEqualTo(1);
    }

    @Test
    void what_names_a_held_event_is_held_and_released_with_it() {
        applied(at.reports("shop", flagged("2026-01-10", 300), refund("2026-01-12", 50, id("shop", 1))));
        applied(at.reports("returns", refund("2026-01-13", 70, id("shop", 1))));

        assertThat(mark(id("shop", 1)).items("holds")).hasSize(2);
        assertThat(mark(id("returns", 1)).text("heldBy")).isEqualTo(id("shop", 1));
        assertThat(ids(at.attests(HUB, id("shop", 1)))).containsExactly(id("returns", 1), id("shop", 1), id("shop", 2));
        assertThat(booked("returns", "2026-01")).isEqualTo(1);
        assertThat(booked("shop", "2026-01")).isEqualTo(2);
        assertThat(at.head("returns").orElseThrow().whole("held")).isZero();
    }

    @Test
    void a_refund_of_what_was_released_is_not_booked_before_it() {
        applied(at.reports("shop", flagged("2026-01-10", 300)));
        at.story.moveTo("2026-02-01T12:00:00Z");
        applied(at.declares("shop", "2026-01"));
        applied(at.attests(HUB, id("shop", 1)));

        applied(at.reports("returns", refund("2026-01-31", 70, id("shop", 1))));

        assertThat(booked("returns", "2026-01")).isZero();
        assertThat(booked("returns", "2026-02")).isEqualTo(1);
    }

    /// Whoever owns the source of the refund would else keep another's sale from counting by letting the source end.
    @Test
    void a_sale_counts_whose_refund_is_of_a_source_that_has_ended_and_the_refund_is_reported_anew() {
        applied(at.reports("shop", flagged("2026-01-10", 300), sale("2026-01-11", 40)));
        applied(at.reports("kiosk", refund("2026-01-12", 50, id("shop", 1))));
        at.story.moveTo("2026-02-02T12:00:00Z");
        applied(at.declares("kiosk", "2026-01"));

        assertThat(ids(at.attests(HUB, id("shop", 1)))).containsExactly(id("shop", 1));

        assertThat(booked("shop", "2026-01")).isEqualTo(2);
        assertThat(mark(id("kiosk", 1)).text("originBooked")).isEqualTo("2026-01");
        assertThat(mark(id("kiosk", 1)).has("heldBy")).isFalse();
        assertThat(at.head("kiosk").orElseThrow().whole("held")).isEqualTo(1);
        assertThat(told(at.attests(HUB, id("kiosk", 1)))).isEqualTo("not_allowed");
        applied(at.reports("returns", refund("2026-01-12", 50, id("shop", 1))));
        at.story.moveTo("2026-04-20T12:00:00Z");
        for (String period : List.of("2026-01", "2026-02", "2026-03")) {
            applied(at.closesDespiteSilence(HUB, period));
        }
        assertThat(earnings("f")).isEqualTo((300 + 40 - 50) / 10);
        assertThat(booked("kiosk", "2026-01") + booked("kiosk", "2026-02")).isZero();
    }

    /// What a clause came to, in all settlements.
    private long earnings(String clause) {
        return at.story.ledger.state.keySet().stream()
                .filter(key -> key.startsWith("set/") && key.matches(".*/[0-9]+"))
                .flatMap(key -> at.story.ledger.json(key).items("lines").stream())
                .map(Json.Obj.class::cast)
                .filter(line -> line.text("clause").equals(clause))
                .mapToLong(line -> line.whole("amount"))
                .sum();
    }

    @Test
    void an_attestation_after_the_end_of_a_source_is_taken_and_releases_nothing_of_it() {
        applied(at.reports("kiosk", flagged("2026-01-10", 300)));
        applied(at.reports("shop", flagged("2026-01-10", 500), refund("2026-01-12", 5, id("kiosk", 1))));
        at.story.moveTo("2026-02-02T12:00:00Z");
        applied(at.declares("kiosk", "2026-01"));

        assertThat(ids(at.attests(HUB, id("kiosk", 1), id("shop", 1)))).containsExactly(id("shop", 1));

        assertThat(mark(id("kiosk", 1)).bool("held")).isTrue();
        assertThat(mark(id("kiosk", 1)).items("attested")).containsExactly(Json.text(HUB));
        assertThat(mark(id("kiosk", 1)).items("holds")).containsExactly(Json.text(id("shop", 2)));
        assertThat(told(at.attests(HUB, id("kiosk", 1)))).isEqualTo("already_attested");
    }

    /// The period was taken back in between: what stayed held can be booked again, by another word of its attester.
    @Test
    void a_source_that_is_opened_again_takes_what_is_attested_anew() {
        applied(at.reports("kiosk", flagged("2026-01-10", 300)));
        at.story.moveTo("2026-02-02T12:00:00Z");
        applied(at.declares("kiosk", "2026-01"));
        assertThat(ids(at.attests(HUB, id("kiosk", 1)))).isEmpty();
        applied(at.takesBack("kiosk", "2026-01"));

        applied(at.contradicts(HUB, id("kiosk", 1)));

        assertThat(ids(at.attests(HUB, id("kiosk", 1)))).containsExactly(id("kiosk", 1));
        assertThat(booked("kiosk", "2026-01")).isEqualTo(1);
    }

    @ParameterizedTest(name = "a sale of {0}, flagged {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        2026-01-31 | true  | applied
        2026-01-31 | false | applied
        2026-02-01 | true  | source_ended {"last":"2026-01","source":"kiosk"}
        2026-02-01 | false | source_ended {"last":"2026-01","source":"kiosk"}
        """)
    void what_a_source_could_never_book_is_refused_whether_it_waits_or_not(String date, boolean waits, String answer) {
        at.story.moveTo("2026-02-01T12:00:00Z");

        assertThat(values(at.reports("kiosk", waits ? flagged(date, 300) : sale(date, 300))))
                .isEqualTo(answer);
    }

    @Test
    void a_contradicted_event_is_held_until_the_same_attester_attests_it() {
        applied(at.reports("web", usage("2026-01-10", 5, "a")));
        applied(at.attests(CLEO, id("web", 1)));
        assertThat(told(at.contradicts(CLEO, id("web", 1)))).isEqualTo("applied");

        assertThat(ids(at.attests(AUDIT, id("web", 1)))).isEmpty();
        assertThat(ids(at.attests(CLEO, id("web", 1)))).containsExactly(id("web", 1));
        assertThat(mark(id("web", 1)).items("contradicted")).isEmpty();
    }

    @Test
    void a_contradiction_of_what_is_booked_marks_it_and_moves_nothing() {
        applied(at.reports("web", usage("2026-01-10", 5, "a")));
        applied(at.attests(CLEO, id("web", 1)));
        applied(at.attests(AUDIT, id("web", 1)));

        assertThat(told(at.contradicts(AUDIT, id("web", 1)))).isEqualTo("applied");

        assertThat(booked("web", "2026-01")).isEqualTo(1);
        assertThat(mark(id("web", 1)).items("contradicted")).containsExactly(Json.text(AUDIT));
        assertThat(told(at.attests(AUDIT, id("web", 1)))).isEqualTo("not_held");
    }

    @Test
    void a_figure_counts_in_the_first_period_not_settled_whatever_was_declared() {
        applied(at.reports("figures", figure("2026-01-10", 3)));
        at.story.moveTo("2026-02-01T12:00:00Z");
        HeldStory.OWNERS.keySet().forEach(source -> applied(at.declares(source, "2026-01")));

        applied(at.attests(HUB, id("figures", 1)));

        assertThat(told(at.closes(HUB, "2026-01"))).isEqualTo("applied");
        Json.Obj settled = at.story.ledger.json(Keys.settlement(Story.AGREEMENT, "2026-01"));
        assertThat(settled.object("facts").object("kpi").whole("count")).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0} by {1} of {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
        attest     | north/platform | shop/0000000001 | applied
        attest     | east/ben       | shop/0000000001 | not_allowed {"role":"attester"}
        attest     | north/platform | shop/0000000002 | not_allowed {"role":"attester"}
        attest     | west/cleo      | web/0000000001  | already_attested {"event":"web/0000000001"}
        attest     | north/platform | figures/0000000001 | not_held {"event":"figures/0000000001"}
        contradict | east/ben       | shop/0000000001 | not_allowed {"role":"attester"}
        contradict | north/audit    | web/0000000001  | already_contradicted {"event":"web/0000000001"}
        contradict | west/cleo      | web/0000000001  | applied
        """)
    void only_attesters_say_something_and_only_what_is_new(String act, String party, String event, String answer) {
        applied(at.reports("shop", flagged("2026-01-10", 300), sale("2026-01-11", 100)));
        applied(at.reports("web", usage("2026-01-10", 5, "a")));
        applied(at.reports("figures", figure("2026-01-10", 3)));
        applied(at.attests(CLEO, id("web", 1)));
        applied(at.contradicts(AUDIT, id("web", 1)));
        applied(at.attests(HUB, id("figures", 1)));
        applied(at.contradicts(HUB, id("figures", 1)));

        Json.Obj told = act.equals("attest") ? at.attests(party, event) : at.contradicts(party, event);

        assertThat(values(told)).isEqualTo(answer);
    }

    /// An agreement whose sales, all of `ana`, wait for these; one of them is reported.
    private static Story saleAttestedBy(String attesters) {
        Story story = Story.withParties(List.of(HUB, ANA, BEN, CLEO, SECOND));
        Json.Obj document = Story.with(story.document(), "roles", """
                {"attesters":{"sale":%s},"sources":[
                 {"first":"2026-01","id":"shop","owner":"a","types":["refund","sale"]}]}""".formatted(attesters));
        assertThat(told(story.offers(document))).isEqualTo("applied");
        List.of(ANA, BEN, CLEO).forEach(party -> story.applies(story.accept(party)));
        story.moveTo("2026-01-20T12:00:00Z");
        story.applies(story.signed(ANA, new Act.Report(new SourceId("shop"), 1, List.of(ATTESTED.event()), List.of())));
        return story;
    }

    private static Json.Obj attests(Story story, String party) {
        return story.submit(story.signed(party, new Act.Attest(List.of(ATTESTED))));
    }

    @Test
    void an_owner_never_attests_what_it_reports() {
        Story story = saleAttestedBy("[\"a\",\"b\"]");

        assertThat(values(attests(story, ANA))).isEqualTo("own_event {\"event\":\"shop/0000000001\"}");
        assertThat(ids(attests(story, BEN))).containsExactly(id("shop", 1));
    }

    /// Four eyes: the agreement names a second party of the reporter's own member, with other keys.
    @Test
    void a_party_s_own_report_waits_for_its_second_pair_of_eyes_where_the_agreement_asks() {
        Story story = saleAttestedBy("[\"" + SECOND + "\"]");

        assertThat(values(attests(story, ANA))).isEqualTo("not_allowed {\"role\":\"attester\"}");
        assertThat(values(attests(story, BEN))).isEqualTo("not_allowed {\"role\":\"attester\"}");
        assertThat(story.ledger.find(Keys.total(Story.AGREEMENT, "shop", "2026-01")))
                .isEmpty();
        assertThat(ids(attests(story, SECOND))).containsExactly(id("shop", 1));
        assertThat(story.ledger
                        .json(Keys.total(Story.AGREEMENT, "shop", "2026-01"))
                        .whole("count"))
                .isEqualTo(1);
    }

    @Test
    void who_only_attests_neither_reports_nor_seals_nor_claims() {
        Story story = saleAttestedBy("[\"" + SECOND + "\"]");
        SourceId shop = new SourceId("shop");
        Act report = new Act.Report(shop, 2, List.of(sale("2026-01-11", 5)), List.of());
        Act claim = new Act.Claim(shop, sale("2026-01-11", 5), HeldStory.evidence(), Optional.empty());

        assertThat(story.told(story.signed(SECOND, report))).isEqualTo("not_owner");
        assertThat(story.told(story.signed(SECOND, claim))).isEqualTo("not_allowed");
        story.moveTo("2026-02-20T12:00:00Z");
        assertThat(story.told(story.signed(SECOND, new Act.Seal(shop, "2026-01"))))
                .isEqualTo("not_allowed");
    }

    @Test
    void a_proof_of_another_event_or_of_none_is_not_taken() {
        applied(at.reports("shop", flagged("2026-01-10", 300), flagged("2026-01-11", 100)));
        Act.EventProof good = at.proof(EventId.parse(id("shop", 1)).orElseThrow());
        Act.EventProof lying = new Act.EventProof(good.id(), flagged("2026-01-10", 3), good.first(), good.path());
        Act.EventProof unknown =
                new Act.EventProof(EventId.parse(id("shop", 9)).orElseThrow(), good.event(), good.first(), good.path());
        Act.EventProof lost = new Act.EventProof(good.id(), good.event(), 2, good.path());

        assertThat(values(at.story.submit(at.story.signed(HUB, new Act.Attest(List.of(lying))))))
                .isEqualTo("proof_wrong {\"event\":\"shop/0000000001\"}");
        assertThat(at.story.told(at.story.signed(HUB, new Act.Attest(List.of(unknown)))))
                .isEqualTo("event_unknown");
        assertThat(at.story.told(at.story.signed(HUB, new Act.Attest(List.of(lost)))))
                .isEqualTo("hint_wrong");
        assertThat(told(at.attests(HUB, id("shop", 1), id("shop", 2)))).isEqualTo("applied");
    }

    @Test
    void proofs_of_other_events_than_are_named_have_not_the_form_of_an_attestation() {
        applied(at.reports("shop", flagged("2026-01-10", 300), flagged("2026-01-11", 100)));
        Json.Obj body = new Act.Attest(at.proofs(id("shop", 1))).body();
        TreeMap<String, Json> other = new TreeMap<>(body.members());
        other.put("events", Json.texts(List.of(id("shop", 2))));

        Json.Obj answer = at.story.submit(at.story.signed(
                HUB, ActKind.ATTEST, new Json.Obj(other).canonical().utf8().orElseThrow()));

        assertThat(told(answer)).isEqualTo("payload_form");
    }

    @Test
    void an_event_holds_a_hundred_others_and_no_more() {
        applied(at.reports("shop", flagged("2026-01-10", 5_000)));
        List<Json.Obj> refunds = new ArrayList<>();
        IntStream.range(0, 101).forEach(i -> refunds.add(refund("2026-01-12", 1L + i, id("shop", 1))));

        Json.Obj tooMany = at.reports("returns", refunds.toArray(Json.Obj[]::new));
        refunds.removeLast();

        assertThat(values(tooMany)).isEqualTo("events_refused {\"lines\":[{\"code\":\"too_many_held\",\"line\":100}]}");
        assertThat(told(at.reports("returns", refunds.toArray(Json.Obj[]::new))))
                .isEqualTo("applied");
        assertThat(told(at.reports("returns", refund("2026-01-12", 1, id("shop", 1)))))
                .isEqualTo("events_refused");
        assertThat(ids(at.attests(HUB, id("shop", 1)))).hasSize(101);
    }

    @Test
    void a_release_of_more_than_one_transaction_takes_is_refused_and_smaller_ones_are_not() {
        List<Json.Obj> sales = new ArrayList<>();
        IntStream.range(0, 6).forEach(i -> sales.add(flagged("2026-01-10", 5_000L + i)));
        applied(at.reports("shop", sales.toArray(Json.Obj[]::new)));
        for (int i = 1; i <= 6; i++) {
            List<Json.Obj> refunds = new ArrayList<>();
            String sale = id("shop", i);
            IntStream.range(0, 100).forEach(k -> refunds.add(refund("2026-01-12", 1L + k, sale)));
            applied(at.reports("returns", refunds.toArray(Json.Obj[]::new)));
        }
        String[] all = IntStream.rangeClosed(1, 6).mapToObj(i -> id("shop", i)).toArray(String[]::new);

        assertThat(values(at.attests(HUB, all))).isEqualTo("too_many_released {\"limit\":500}");
        assertThat(ids(at.attests(HUB, id("shop", 1), id("shop", 2), id("shop", 3), id("shop", 4))))
                .hasSize(404);
        assertThat(ids(at.attests(HUB, id("shop", 5), id("shop", 6)))).hasSize(202);
        assertThat(at.story.ledger.find(Keys.released(Story.AGREEMENT, "returns", "2026-01", 2)))
                .isPresent();
    }

    @Test
    void a_period_is_taken_back_until_its_grace_ends_and_declared_again() {
        applied(at.reports("shop", sale("2026-01-10", 300)));
        at.story.moveTo("2026-02-03T12:00:00Z");
        assertThat(values(at.takesBack("shop", "2026-01")))
                .isEqualTo("not_declared {\"period\":\"2026-01\",\"source\":\"shop\"}");
        applied(at.declares("shop", "2026-01"));

        assertThat(told(at.takesBack("shop", "2026-01"))).isEqualTo("applied");
        applied(at.reports("shop", sale("2026-01-11", 400)));
        assertThat(booked("shop", "2026-01")).isEqualTo(2);
        assertThat(told(at.declares("shop", "2026-01"))).isEqualTo("applied");
        at.story.moveTo("2026-02-11T00:00:00Z");
        assertThat(values(at.takesBack("shop", "2026-01")))
                .isEqualTo("grace_over {\"until\":\"2026-02-11T00:00:00Z\"}");
    }

    @Test
    void only_the_newest_declared_period_is_taken_back_and_only_by_the_owner() {
        at.story.moveTo("2026-03-01T12:00:00Z");
        applied(at.declares("shop", "2026-01"));
        applied(at.declares("shop", "2026-02"));

        assertThat(values(at.takesBack("shop", "2026-01")))
                .isEqualTo("not_newest {\"period\":\"2026-01\",\"source\":\"shop\"}");
        assertThat(at.story.told(at.story.signed(BEN, new Act.TakeBack(new SourceId("shop"), "2026-02"))))
                .isEqualTo("not_owner");
        assertThat(told(at.takesBack("shop", "2026-02"))).isEqualTo("applied");
    }

    @Test
    void a_silent_source_is_sealed_by_a_side_after_the_grace_and_the_settlement_says_so() {
        applied(at.reports("shop", sale("2026-01-10", 300)));
        at.story.moveTo("2026-02-10T23:59:59Z");
        assertThat(told(at.seals(BEN, "shop", "2026-01"))).isEqualTo("grace_running");
        at.story.moveTo("2026-02-11T00:00:00Z");
        assertThat(values(at.seals(AUDIT, "shop", "2026-01"))).isEqualTo("not_allowed {\"role\":\"side\"}");
        assertThat(told(at.seals(BEN, "nowhere", "2026-01"))).isEqualTo("source_unknown");
        assertThat(told(at.seals(BEN, "shop", "2026-02"))).isEqualTo("declare_in_order");

        assertThat(effect(at.seals(BEN, "shop", "2026-01")).bool("sealed")).isTrue();

        assertThat(told(at.takesBack("shop", "2026-01"))).isEqualTo("grace_over");
        assertThat(told(at.seals(BEN, "shop", "2026-01"))).isEqualTo("already_declared");
        assertThat(told(at.closesDespiteSilence(HUB, "2026-01"))).isEqualTo("applied");
        Json.Obj settled = at.story.ledger.json(Keys.settlement(Story.AGREEMENT, "2026-01"));
        assertThat(settled.items("consumed"))
                .allMatch(source -> ((Json.Obj) source).bool("sealed"))
                .hasSize(5);
        assertThat(told(at.seals(BEN, "shop", "2026-01"))).isEqualTo("period_settled");
    }

    @Test
    void a_declaration_says_how_many_events_are_held() {
        applied(at.reports("shop", flagged("2026-01-10", 300)));
        at.story.moveTo("2026-02-01T12:00:00Z");
        String body = "{\"count\":0,\"held\":0,\"last\":1,\"period\":\"2026-01\",\"source\":\"shop\",\"totals\":[]}";

        assertThat(values(at.story.submit(at.story.signed(ANA, ActKind.DECLARE, body))))
                .isEqualTo("declaration_wrong {\"computed\":1,\"stated\":0,\"what\":\"held\"}");
        assertThat(told(at.declares("shop", "2026-01"))).isEqualTo("applied");
    }

    private Hash claimed(Json.Obj answer) {
        return new Hash(effect(answer).text("claim"));
    }

    @Test
    void a_claim_ends_in_the_event_or_in_a_reasoned_refusal_and_is_answered_once() {
        Hash claim = claimed(at.claims(BEN, "shop", sale("2026-01-05", 700)));
        Hash other = claimed(at.claims(BEN, "shop", sale("2026-01-06", 900)));
        applied(at.reports("shop", sale("2026-01-05", 700)));
        Act.Reply reported =
                new Act.Reply.Reported(at.proof(EventId.parse(id("shop", 1)).orElseThrow()));

        assertThat(told(at.answers(BEN, claim, reported))).isEqualTo("not_owner");
        assertThat(effect(at.answers(ANA, claim, reported)).text("state")).isEqualTo("event");
        at.story.moveTo("2026-02-03T12:00:00Z");
        Json.Obj refusal = at.answers(ANA, other, new Act.Reply.Refusal("it was cancelled"));
        assertThat(effect(refusal).text("state")).isEqualTo("refused");
        assertThat(effect(refusal).bool("late")).isTrue();
        assertThat(values(at.answers(ANA, claim, reported))).isEqualTo("claim_answered {\"claim\":\"" + claim + "\"}");
        assertThat(told(at.answers(ANA, Hash.ZERO, reported))).isEqualTo("claim_unknown");
    }

    @ParameterizedTest(name = "at {0}, {1} of a sale on {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
        2026-01-20T12:00:00Z | east/ben    | 2026-01-05 | applied
        2026-05-01T23:59:59Z | east/ben    | 2026-01-05 | applied
        2026-05-02T00:00:00Z | east/ben    | 2026-01-05 | claim_too_late {"until":"2026-05-02T00:00:00Z"}
        2026-05-01T23:59:59Z | east/ben    | 1250-01-05 | applied
        2026-01-20T12:00:00Z | east/ben    | 9999-12-31 | event_future {"earliest":"9999-12-30T10:00:00Z"}
        2026-01-20T12:00:00Z | east/ana    | 2026-01-05 | own_event {"source":"shop"}
        2026-01-20T12:00:00Z | north/audit | 2026-01-05 | not_allowed {"role":"side"}
        """)
    void a_side_claims_what_others_did_not_report_within_the_agreed_days(
            String time, String party, String date, String answer) {
        at.story.moveTo(time);

        assertThat(values(at.claims(party, "shop", sale(date, 700)))).isEqualTo(answer);
    }

    @Test
    void an_answer_names_an_event_of_the_source_that_was_asked() {
        Hash claim = claimed(at.claims(CLEO, "shop", sale("2026-01-05", 700)));
        applied(at.reports("web", sale("2026-01-05", 700)));
        Act.Reply elsewhere =
                new Act.Reply.Reported(at.proof(EventId.parse(id("web", 1)).orElseThrow()));

        assertThat(values(at.answers(ANA, claim, elsewhere))).isEqualTo("proof_wrong {\"event\":\"web/0000000001\"}");
    }

    /// What claims write is read by no close.
    @Test
    void claims_leave_the_heads_of_the_agreement_and_of_its_sources_as_they_were() {
        applied(at.reports("shop", sale("2026-01-05", 700)));
        TreeMap<String, Bytes> before = new TreeMap<>(at.story.ledger.state);

        Hash claim = claimed(at.claims(BEN, "shop", sale("2026-01-05", 700)));
        applied(at.answers(ANA, claim, new Act.Reply.Refusal("it was cancelled")));

        TreeMap<String, Bytes> after = new TreeMap<>(at.story.ledger.state);
        after.keySet().removeIf(key -> key.startsWith("once/") || key.startsWith("clm/"));
        before.keySet().removeIf(key -> key.startsWith("once/"));
        assertThat(after).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        {"attesters":{"sale":["nobody"]},"sources":[SHOP]}                          | person_unknown
        {"attesters":{"suspend":["a"]},"sources":[SHOP]}                            | form
        {"held":{"territory":"hold"},"sources":[OWN]}                               | attester_missing
        {"held":{"territory":"mark"},"sources":[OWN]}                               | applied
        {"held":{"territory":"hold"},"attesters":{"sale":["a"]},"sources":[OWN]}    | applied
        {"held":{"territory":"hold"},"sources":[SHOP]}                              | applied
        """)
    void a_document_names_attesters_that_can_attest(String roles, String answer) {
        Story story = Story.withParties();
        String rest = "\"first\":\"2026-01\",\"id\":\"shop\",\"types\":[\"refund\",\"sale\"]";
        Json.Obj document = Story.with(
                story.document(),
                "roles",
                roles.replace("SHOP", "{" + rest + ",\"owner\":\"a\"}")
                        .replace("OWN", "{" + rest + ",\"owner\":\"platform\"}"));

        Json.Obj told = story.offers(document);

        assertThat(told(told).equals("document_refused") ? told.object("values").get("codes") : Json.text(told(told)))
                .isEqualTo(answer.equals("applied") ? Json.text("applied") : Json.array(List.of(Json.text(answer))));
    }

    @Test
    void every_value_that_these_acts_write_has_its_form() {
        applied(at.reports("shop", flagged("2026-01-10", 300), refund("2026-01-11", 1, id("shop", 1))));
        applied(at.reports("web", usage("2026-01-10", 5, "a"), usage("2026-01-10", 6, "b"), sale("2026-01-10", 5)));
        applied(at.contradicts(CLEO, id("web", 2)));
        List<Json.Obj> answers = new ArrayList<>();
        answers.add(at.attests(HUB, id("shop", 1)));
        answers.add(at.attests(AUDIT, id("web", 1), id("web", 2)));
        answers.add(at.claims(BEN, "shop", sale("2026-01-05", 700)));
        answers.add(at.claims(CLEO, "shop", sale("2026-01-05", 700)));
        answers.add(at.answers(ANA, claimed(answers.get(2)), new Act.Reply.Refusal("no")));
        answers.add(at.answers(
                ANA,
                claimed(answers.get(3)),
                new Act.Reply.Reported(at.proof(EventId.parse(id("shop", 1)).orElseThrow()))));
        at.story.moveTo("2026-02-01T12:00:00Z");
        answers.add(at.declares("web", "2026-01"));
        answers.add(at.takesBack("web", "2026-01"));
        at.story.moveTo("2026-02-15T12:00:00Z");
        answers.add(at.seals(ANA, "web", "2026-01"));

        assertThat(answers).allMatch(answer -> told(answer).equals("applied"));
        for (Json answer : answers) {
            assertThat(Schemas.faults("ledger-1#/$defs/item", answer))
                    .as(answer.toString())
                    .isEmpty();
        }
        for (String key : at.story.ledger.state.keySet()) {
            String first = key.contains("/") ? key.substring(0, key.indexOf('/')) : key;
            if (List.of("src", "tot", "rel", "mark", "dec", "clm", "ev").contains(first)) {
                Json.Obj value = at.story.ledger.json(key);
                assertThat(Schemas.faults("ledger-1#/$defs/" + first, value))
                        .as(key + " " + value)
                        .isEmpty();
            }
        }
        assertThat(at.story.ledger.find(Keys.released(Story.AGREEMENT, "shop", "2026-01", 1)))
                .isNotEqualTo(Optional.empty());
    }
}
