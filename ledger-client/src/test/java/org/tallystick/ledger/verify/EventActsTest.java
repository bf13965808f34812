package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.HeldEvents;
import org.tallystick.ledger.client.Snapshot;
import org.tallystick.ledger.monthend.MonthEnd;
import org.tallystick.ledger.monthend.Readiness;
import org.tallystick.ledger.verify.Report.Outcome;

/// Histories with events that wait for others, seals and claims: honest ones, and ones in which the members let pass
/// what the agreement does not allow.
final class EventActsTest {

    private static final String VENDOR = "north/vendor";
    private static final String SHOP = "east/shop";
    /// May close, and is no side.
    private static final String THIRD = "west/third";

    private static final SourceId SALES = new SourceId("sales");
    private static final SourceId WEB = new SourceId("web");
    private static final List<Json.Obj> REPORTED =
            List.of(TestStory.sale("2026-01-10", 1000), TestStory.sale("2026-01-11", 505));
    private static final Json.Obj CLAIMED = TestStory.sale("2026-01-12", 70);
    private static final Act.Evidence EVIDENCE =
            new Act.Evidence(Hash.of(Bytes.ofUtf8("an invoice")), "invoice.pdf", 10);

    private static Json.Obj document() {
        String roles = "{\"attesters\":{\"sale\":[\"shop\"]},\"closers\":[\"vendor\",\"west/third\"],\"sources\":["
                + "{\"first\":\"2026-01\",\"id\":\"sales\",\"owner\":\"vendor\",\"types\":[\"refund\",\"sale\"]},"
                + "{\"first\":\"2026-01\",\"id\":\"web\",\"owner\":\"shop\",\"types\":[\"refund\",\"sale\"]}]}";
        String text = TestStory.document().canonical().utf8().orElseThrow();
        String before = TestStory.document().object("roles").canonical().utf8().orElseThrow();
        return TestStory.object(text.replace(before, roles));
    }

    private static Act.EventProof proof(List<Json.Obj> reported, long first, int index) {
        List<Bytes> leaves = reported.stream().map(Json::canonical).toList();
        return new Act.EventProof(
                new EventId(SALES, first + index), reported.get(index), first, Merkle.path(leaves, index));
    }

    private static Act.Attest attestation() {
        return new Act.Attest(List.of(proof(REPORTED, 1, 0)));
    }

    private static Act.Contradict contradiction() {
        return new Act.Contradict(List.of(proof(REPORTED, 1, 1)), "it was never delivered", Optional.empty());
    }

    private static Act.Claim claim() {
        return new Act.Claim(SALES, CLAIMED, EVIDENCE, Optional.empty());
    }

    private static Hash hash(Json.Obj answer) {
        return new Hash(answer.text("hash"));
    }

    /// Two sales are reported, which wait for the shop.
    private static TestStory reported() {
        return reported("\"id\":\"web\"");
    }

    /// @param web what the agreement says of that source
    private static TestStory reported(String web) {
        TestStory story = new TestStory(41, false);
        story.enrolls(VENDOR, SHOP, THIRD);
        String document = document().canonical().utf8().orElseThrow();
        story.offers(TestStory.object(document.replace("\"id\":\"web\"", web)));
        story.applied(story.signed(SHOP, new Act.Accept(Optional.empty())));
        story.goesTo("2026-01-20T09:00:00Z");
        story.applied(story.report(1, REPORTED, List.of()));
        return story;
    }

    private static void closes(TestStory story) {
        story.goesTo("2026-02-11T00:00:00Z");
        story.applied(story.signed(SHOP, new Act.Seal(SALES, "2026-01")));
        story.applied(story.signed(VENDOR, new Act.Seal(WEB, "2026-01")));
        story.applied(story.signed(VENDOR, new Act.Close("2026-01")));
    }

    private static Report verify(TestStory story) {
        return VerifierTest.verify(story.pack(), Optional.of(story.ledger.network.trust(story.ledger.id())));
    }

    /// Every act on events; one is attested when its period is settled.
    static TestStory acted() {
        TestStory story = reported();
        story.applied(story.signed(SHOP, new Act.Report(WEB, 1, List.of(TestStory.sale("2026-01-15", 40)), List.of())));
        story.applied(story.signed(SHOP, attestation()));
        story.applied(story.signed(SHOP, contradiction()));
        Hash claim = claim(story);
        story.applied(story.report(3, List.of(CLAIMED), List.of()));
        Act.Reply event = new Act.Reply.Reported(proof(List.of(CLAIMED), 3, 0));
        story.applied(story.signed(VENDOR, new Act.ClaimAnswer(claim, event, Optional.empty())));
        Hash other = claim(story);
        story.goesTo("2026-02-05T09:00:00Z");
        Act.Reply refusal = new Act.Reply.Refusal("the order was cancelled");
        story.applied(story.signed(VENDOR, new Act.ClaimAnswer(other, refusal, Optional.empty())));
        story.applied(story.signed(
                VENDOR, new Act.Declare(SALES, "2026-01", 3, 1, 2, List.of(TestStory.total("sale", 1, 1000)))));
        story.applied(story.signed(VENDOR, new Act.TakeBack(SALES, "2026-01")));
        closes(story);
        story.applied(story.signed(SHOP, new Act.Attest(List.of(proof(List.of(CLAIMED), 3, 0)))));
        return story;
    }

    private static Hash claim(TestStory story) {
        return hash(story.answered(story.signed(SHOP, claim())));
    }

    @Test
    void a_history_with_every_act_on_events_holds_and_says_what_an_auditor_asks() {
        Report report = verify(acted());

        assertThat(report.outcome()).as(String.join("\n", report.lines("acts"))).isEqualTo(Outcome.HOLDS);
        assertThat(report.findings())
                .extracting(Finding::text)
                .contains(
                        "1 of the events of source web count as attested by their reporter",
                        "east/shop contradicts sales/0000000002: it was never delivered",
                        "east/shop claims an event of source sales",
                        "source sales was sealed for 2026-01 by east/shop",
                        "source web was sealed for 2026-01 by north/vendor",
                        "1 of the events of source sales booked later than their date",
                        "1 events of source sales are still held")
                .anyMatch(text -> text.matches("the claim [0-9a-f]{64} was answered with sales/0000000003"))
                .anyMatch(text -> text.matches("the claim [0-9a-f]{64} was refused: the order was cancelled, late"));
    }

    /// The refund waits for the sale, and its source ends before the sale is attested.
    @Test
    void a_refund_whose_source_ended_stays_held_and_its_sale_counts() throws Exception {
        TestStory story = reported("\"id\":\"web\",\"last\":\"2026-01\"");
        Json.Obj refund = TestStory.object(
                "{\"amount\":70,\"date\":\"2026-01-15\",\"refOf\":\"sales/0000000001\"," + "\"type\":\"refund\"}");
        story.applied(story.signed(SHOP, new Act.Report(WEB, 1, List.of(refund), List.of(proof(REPORTED, 1, 0)))));
        story.goesTo("2026-02-05T09:00:00Z");
        story.applied(story.signed(SHOP, new Act.Declare(WEB, "2026-01", 1, 0, 1, List.of())));
        story.applied(story.signed(SHOP, attestation()));
        story.goesTo("2026-02-11T00:00:00Z");
        story.applied(story.signed(SHOP, new Act.Seal(SALES, "2026-01")));
        story.applied(story.signed(VENDOR, new Act.Close("2026-01")));

        Report report = verify(story);

        assertThat(report.outcome())
                .as(String.join("\n", report.lines("ended")))
                .isEqualTo(Outcome.HOLDS);
        assertThat(report.findings())
                .extracting(Finding::text)
                .contains("1 events of source web are still held", "1 events of source sales are still held");
        Snapshot ledger = snapshot(story);
        AgreementView view = new Agreements(ledger)
                .find(new AgreementId(TestStory.AGREEMENT))
                .orElseThrow();
        assertThat(new HeldEvents(ledger, view, view.inEffect().orElseThrow()).all())
                .extracting(held -> held.id().text(), HeldEvents.Held::ended)
                .containsExactly(
                        tuple("sales/0000000002", Optional.empty()),
                        tuple("web/0000000001", Optional.of(Period.ofText("2026-01"))));
        assertThat(new MonthEnd(ledger, new PartyId(VENDOR), story.now).of(Period.ofText("2026-02")))
                .flatExtracting(Readiness::open)
                .filteredOn(Readiness.Attestation.class::isInstance)
                .hasSize(1);
    }

    private static Snapshot snapshot(TestStory story) {
        Snapshot snapshot = new Snapshot();
        story.ledger.state.forEach((key, value) -> {
            if (JsonReader.readCanonical(value) instanceof JsonReader.Value(Json.Obj object)) {
                snapshot.values.put(key, object);
            }
        });
        snapshot.agreements.add(new AgreementId(TestStory.AGREEMENT));
        return snapshot;
    }

    /// What the rules refuse is said to be applied.
    private static Done letPass(Done done) {
        String response = done.response()
                .canonical()
                .utf8()
                .orElseThrow()
                .replaceAll("\\{\"code\":\"[a-z_]+\",", "{\"effects\":[],")
                .replace("\"result\":\"refused\"", "\"result\":\"applied\"")
                .replaceAll("\"values\":\\{[^}]*},", "");
        return new Done(TestStory.object(response), done.event(), done.writes());
    }

    private static UnaryOperator<Done> says(String from, String to) {
        return done -> new Done(
                TestStory.object(
                        done.response().canonical().utf8().orElseThrow().replace(from, to)),
                done.event(),
                done.writes());
    }

    private static Arguments lie(String title, Consumer<TestStory> told, Check check) {
        return Arguments.of(title, told, check);
    }

    private static Arguments passes(String title, String party, Act act, Check check) {
        return passes(title, "2026-01-21T09:00:00Z", party, act, check);
    }

    private static Arguments passes(String title, String time, String party, Act act, Check check) {
        return lie(
                title,
                story -> {
                    story.goesTo(time);
                    story.ledger.lie = EventActsTest::letPass;
                    story.applied(story.signed(party, act));
                },
                check);
    }

    static Stream<Arguments> lies() {
        Act.EventProof other = proof(REPORTED, 1, 0);
        Act.Attest lying = new Act.Attest(
                List.of(new Act.EventProof(other.id(), TestStory.sale("2026-01-10", 9), other.first(), other.path())));
        return Stream.of(
                passes("who owns the source attests", VENDOR, attestation(), Check.AUTHORIZATION_ROLES),
                passes("who is no attester attests", THIRD, attestation(), Check.AUTHORIZATION_ROLES),
                passes("who is no attester contradicts", VENDOR, contradiction(), Check.AUTHORIZATION_ROLES),
                passes("another event is attested than was reported", SHOP, lying, Check.CUTOFF_BOOKING),
                passes(
                        "who is no side seals",
                        "2026-02-11T00:00:00Z",
                        THIRD,
                        new Act.Seal(SALES, "2026-01"),
                        Check.AUTHORIZATION_ROLES),
                passes("the owner claims", VENDOR, claim(), Check.AUTHORIZATION_ROLES),
                passes("who is no side claims", THIRD, claim(), Check.AUTHORIZATION_ROLES),
                passes("a claim comes too late", "2026-05-02T00:00:00Z", SHOP, claim(), Check.CUTOFF_WINDOWS),
                lie(
                        "a claim is answered twice",
                        story -> {
                            Hash claim = hash(story.answered(story.signed(SHOP, claim())));
                            Act answer = new Act.ClaimAnswer(claim, new Act.Reply.Refusal("no"), Optional.empty());
                            story.applied(story.signed(VENDOR, answer));
                            story.ledger.lie = EventActsTest::letPass;
                            story.applied(story.signed(VENDOR, answer));
                        },
                        Check.AUTHORIZATION_ROLES),
                lie(
                        "a claim is answered by who made it",
                        story -> {
                            Hash claim = hash(story.answered(story.signed(SHOP, claim())));
                            story.ledger.lie = EventActsTest::letPass;
                            story.applied(story.signed(
                                    SHOP, new Act.ClaimAnswer(claim, new Act.Reply.Refusal("no"), Optional.empty())));
                        },
                        Check.AUTHORIZATION_ROLES),
                lie(
                        "a period is taken back after the grace",
                        story -> {
                            story.goesTo("2026-02-05T09:00:00Z");
                            story.applied(story.signed(VENDOR, new Act.Declare(SALES, "2026-01", 2, 0, 2, List.of())));
                            story.goesTo("2026-02-11T00:00:00Z");
                            story.ledger.lie = EventActsTest::letPass;
                            story.applied(story.signed(VENDOR, new Act.TakeBack(SALES, "2026-01")));
                        },
                        Check.CUTOFF_WINDOWS),
                lie(
                        "an attestation releases another event",
                        story -> {
                            story.ledger.lie =
                                    says("\"events\":[\"sales/0000000001\"]", "\"events\":[\"sales/0000000002\"]");
                            story.applied(story.signed(SHOP, attestation()));
                        },
                        Check.CUTOFF_BOOKING),
                lie(
                        "an event that waits is said to be booked",
                        story -> {
                            story.ledger.lie = says("\"booked\":{}", "\"booked\":{\"2026-01\":1}");
                            story.applied(story.report(3, List.of(CLAIMED), List.of()));
                        },
                        Check.CUTOFF_BOOKING));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void what_the_agreement_does_not_allow_is_found_whatever_the_members_say(
            String title, Consumer<TestStory> told, Check check) {
        TestStory story = reported();

        told.accept(story);
        Report report = verify(story);

        Refuted.by(report, title, check, Check.ACCURACY_VERDICTS);
    }
}
