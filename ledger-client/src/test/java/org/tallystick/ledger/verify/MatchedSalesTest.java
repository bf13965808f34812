package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.ledger.verify.Report.Outcome;

/// Histories in which a vendor's sales count once its shop gives notice of them: honest ones, and ones in which the
/// members say that a notice did what it did not.
final class MatchedSalesTest {

    private static final String VENDOR = "north/vendor";
    static final String SHOP = "east/shop";
    static final SourceId NOTICES = new SourceId("notices");

    private static Json.Obj document() {
        String roles = "{\"closers\":[\"vendor\"],\"matching\":[{\"by\":\"invoice\",\"counts\":\"sales\","
                + "\"notices\":\"notices\",\"rule\":\"agree\",\"types\":[\"sale\"]}],\"sources\":["
                + "{\"first\":\"2026-01\",\"id\":\"notices\",\"owner\":\"shop\",\"types\":[\"sale\"]},"
                + "{\"first\":\"2026-01\",\"id\":\"sales\",\"owner\":\"vendor\",\"types\":[\"refund\",\"sale\"]}]}";
        String text = TestStory.document().canonical().utf8().orElseThrow();
        String before = TestStory.document().object("roles").canonical().utf8().orElseThrow();
        return TestStory.object(text.replace(before, roles));
    }

    static Json.Obj sale(String invoice, long amount) {
        return TestStory.object(
                "{\"amount\":%d,\"attrs\":{\"invoice\":\"%s\"},\"currency\":\"EUR\",\"date\":\"2026-01-10\",\"type\":\"sale\"}"
                        .formatted(amount, invoice));
    }

    private static void notices(TestStory story, long first, Json.Obj... events) {
        story.applied(story.signed(SHOP, new Act.Report(NOTICES, first, List.of(events), List.of())));
    }

    /// Four sales are reported, which wait for the shop; of the fourth it has given notice.
    static TestStory reported() {
        TestStory story = new TestStory(47, false);
        story.enrolls(VENDOR, SHOP);
        story.offers(document());
        story.applied(story.signed(SHOP, new Act.Accept(Optional.empty())));
        story.goesTo("2026-01-20T09:00:00Z");
        notices(story, 1, sale("R-4", 400));
        story.reports(1, sale("R-1", 100), sale("R-2", 200), sale("R-3", 300), sale("R-4", 400));
        return story;
    }

    private static Report verify(TestStory story) {
        return VerifierTest.verify(story.pack(), Optional.of(story.ledger.network.trust(story.ledger.id())));
    }

    /// The notice of one sale comes when its period is settled.
    static TestStory matched() {
        TestStory story = reported();
        notices(story, 2, sale("R-1", 100), sale("R-2", 220), sale("R-9", 900));
        story.goesTo("2026-02-01T09:00:00Z");
        story.applied(story.signed(
                VENDOR,
                new Act.Declare(new SourceId("sales"), "2026-01", 4, 2, 2, List.of(TestStory.total("sale", 2, 500)))));
        story.applied(story.signed(VENDOR, new Act.Close("2026-01")));
        notices(story, 5, sale("R-3", 300));
        return story;
    }

    @Test
    void a_history_of_matched_sales_holds_and_says_what_differs_and_what_only_one_side_has() {
        Report report = verify(matched());

        assertThat(report.outcome())
                .as(String.join("\n", report.lines("matched")))
                .isEqualTo(Outcome.HOLDS);
        assertThat(report.findings().stream()
                        .filter(finding -> finding.check() == Check.ATTENTION_MATCHED)
                        .map(Finding::text))
                .containsExactly(
                        "sale \"R-2\": the two differ: sales/0000000002 says {\"amount\":\"200\",\"currency\":\"EUR\"}, "
                                + "notices/0000000003 says {\"amount\":\"220\",\"currency\":\"EUR\"}",
                        "sale \"R-9\": only one side has it: notices/0000000004 says "
                                + "{\"amount\":\"900\",\"currency\":\"EUR\"}");
        assertThat(report.findings())
                .filteredOn(finding -> finding.check() == Check.ATTENTION_LATE)
                .extracting(Finding::text)
                .containsExactly("1 of the events of source sales booked later than their date");
    }

    private static UnaryOperator<Done> says(String from, String to) {
        return done -> {
            String response = done.response().canonical().utf8().orElseThrow();
            assertThat(response).contains(from);
            return new Done(TestStory.object(response.replace(from, to)), done.event(), done.writes());
        };
    }

    private static Arguments lie(String title, Consumer<TestStory> told) {
        return Arguments.of(title, told);
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                lie("a notice releases another event than it agrees to", story -> {
                    story.ledger.lie = says("[\"sales/0000000001\"]", "[\"sales/0000000002\"]");
                    notices(story, 2, sale("R-1", 100));
                }),
                lie("a notice that differs releases an event", story -> {
                    story.ledger.lie = says(
                            "{\"booked\":{}}",
                            "{\"effects\":[{\"booked\":{},\"first\":2,\"held\":0,\"kind\":\"report\",\"last\":2},"
                                    + "{\"events\":[\"sales/0000000001\"],\"kind\":\"released\"}],\"hash\":\""
                                    + "0".repeat(64)
                                    + "\",\"result\":\"applied\",\"t\":\"2026-01-20T09:00:00Z\",\"verdict\":\"1\"}");
                    notices(story, 2, sale("R-1", 101));
                }),
                lie("a notice is said to be booked", story -> {
                    story.ledger.lie = says("\"booked\":{}", "\"booked\":{\"2026-01\":1}");
                    notices(story, 2, sale("R-1", 101));
                }),
                lie("an event without a notice is said to be booked", story -> {
                    story.ledger.lie = says("\"booked\":{}", "\"booked\":{\"2026-01\":1}");
                    story.reports(5, sale("R-5", 500));
                }),
                lie("an event of which there is a notice is said to be held", story -> {
                    notices(story, 2, sale("R-5", 500));
                    story.ledger.lie = says("\"booked\":{\"2026-01\":1}", "\"booked\":{},\"held\":1");
                    story.reports(5, sale("R-5", 500));
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void what_no_notice_did_is_found_whatever_the_members_say(String title, Consumer<TestStory> told) {
        TestStory story = reported();

        told.accept(story);
        Report report = verify(story);

        Refuted.by(report, title, Check.CUTOFF_BOOKING, Check.ACCURACY_VERDICTS);
    }
}
