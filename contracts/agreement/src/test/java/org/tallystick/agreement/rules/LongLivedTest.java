package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// What keeps an agreement alive over years: facts that somebody withholds, many versions, an end that leaves nothing
/// unsettled.
final class LongLivedTest {

    private static final String HUB = "north/platform";
    private static final String ANA = "east/ana";
    private static final String CHAMBER = "west/cleo";

    /// A fee in yen of sales in dollars, whose fixings come from `a`, and an arbiter.
    private static final class Fixings extends SourcesStory {

        private static final String TERMS = """
                {"terms":"1","id":"T","hub":"platform","currency":"JPY","calendar":{"frequency":"month"},
                 "parties":[{"id":"platform"},{"id":"a"}],
                 "measures":{"sales":{"plus":[{"type":"sale"}]}},
                 "clauses":[{"id":"f","type":"fee","from":"platform","to":"a","of":"sales","rate":"1/10"}],
                 "settlement":{"fx":{"fixing":"transaction","refunds":"original"}}}
                """;
        private static final String ROLES = """
                {"arbiter":"west/cleo","attesters":{"fx":[]},
                 "sources":[{"first":"2026-01","id":"rates","owner":"a","types":["fx"]},
                            {"first":"2026-01","id":"sales","owner":"platform","types":["sale"]}]}
                """;

        Fixings() {
            super(
                    Story.withParties(List.of(HUB, ANA, CHAMBER)),
                    new TreeMap<>(Map.of("sales", HUB, "rates", ANA, "arbiter", CHAMBER)));
            Json.Obj document = Story.with(Story.with(story.document(), "terms", TERMS), "roles", ROLES);
            agreed(
                    Story.with(document, "parties", "{\"a\":\"east/ana\",\"platform\":\"north/platform\"}"),
                    List.of(ANA));
        }

        String fixes(String source, String rate) {
            return MemoryLedger.told(
                    reports(source, event("{'type':'fx','date':'2026-01-09','pair':'USD/JPY','rate':'" + rate + "'}")));
        }

        /// January, with a sale in dollars and no fixing, declared by both.
        static Fixings lacking() {
            Fixings fixings = new Fixings();
            fixings.story.moveTo("2026-01-20T10:00:00Z");
            assertThat(MemoryLedger.told(fixings.reports(
                            "sales", event("{'amount':1000,'currency':'USD','date':'2026-01-10','type':'sale'}"))))
                    .isEqualTo("applied");
            fixings.story.moveTo("2026-02-02T10:00:00Z");
            fixings.story.applies(fixings.story.signed(
                    HUB,
                    new Act.Declare(
                            new SourceId("sales"),
                            "2026-01",
                            1,
                            1,
                            0,
                            List.of(new Act.Total(
                                    "sale",
                                    Optional.of("USD"),
                                    1,
                                    Optional.of(BigInteger.valueOf(1000)),
                                    Optional.empty())))));
            fixings.story.applies(
                    fixings.story.signed(ANA, new Act.Declare(new SourceId("rates"), "2026-01", 0, 0, 0, List.of())));
            return fixings;
        }
    }

    @Test
    void the_arbiter_reports_a_fixing_that_its_owner_withholds() {
        Fixings fixings = Fixings.lacking();
        Story story = fixings.story;
        assertThat(story.told(story.close("2026-01"))).isEqualTo("lacking");

        story.moveTo("2026-04-01T23:59:59Z");
        assertThat(fixings.fixes("arbiter", "100")).isEqualTo("arbiter_running");
        story.moveTo("2026-04-02T00:00:00Z");
        assertThat(fixings.fixes("arbiter", "100")).isEqualTo("applied");

        assertThat(story.told(story.close("2026-01"))).isEqualTo("applied");
        Json.Obj settled = story.ledger.json(Keys.settlement(Story.AGREEMENT, "2026-01"));
        assertThat(settled.object("facts").object("fx").whole("count")).isEqualTo(1);
        assertThat(settled.object("payments")).isEqualTo(Story.object("{\"a\":100}"));
        assertThat(settled.items("consumed"))
                .extracting(source -> ((Json.Obj) source).text("source"))
                .containsExactly("rates", "sales");
    }

    @Test
    void nobody_else_reports_for_the_arbiter_and_it_reports_nothing_but_facts() {
        Fixings fixings = Fixings.lacking();
        fixings.story.moveTo("2026-04-02T00:00:00Z");

        Json.Obj sale = fixings.reports("arbiter", Story.sale("2026-01-10", 100));
        Act fixing = new Act.Report(
                new SourceId("arbiter"),
                1,
                List.of(SourcesStory.event("{'type':'fx','date':'2026-01-09','pair':'USD/JPY','rate':'2'}")),
                List.of());

        assertThat(MemoryLedger.told(sale)).isEqualTo("events_refused");
        assertThat(fixings.story.told(fixings.story.signed(ANA, fixing))).isEqualTo("not_owner");
    }

    @Test
    void a_fact_is_written_once_an_hour_when_a_period_should_have_been_closed() {
        Fixings fixings = Fixings.lacking();
        Story story = fixings.story;
        story.moveTo("2026-02-10T23:00:00Z");
        assertThat(fixings.fixes("rates", "100")).isEqualTo("applied");
        assertThat(fixings.fixes("rates", "101")).isEqualTo("applied");

        story.moveTo("2026-02-11T00:00:00Z");
        assertThat(fixings.fixes("rates", "101.5")).isEqualTo("applied");
        story.moveTo("2026-02-11T00:59:59Z");
        assertThat(fixings.fixes("rates", "102")).isEqualTo("too_early");
        story.moveTo("2026-02-11T01:00:00Z");
        assertThat(fixings.fixes("rates", "103")).isEqualTo("applied");
        assertThat(story.told(story.close("2026-01"))).isEqualTo("applied");
    }

    /// The hub decides alone and at once.
    private static Story ruledByHub() {
        Story story = Story.withParties();
        Json.Obj document = Story.with(
                story.document(), "governance", "{\"kind\":\"principal\",\"noticeDays\":0,\"principal\":\"platform\"}");
        assertThat(MemoryLedger.told(story.offers(document))).isEqualTo("applied");
        List.of(ANA, "east/ben", CHAMBER).forEach(party -> story.applies(story.accept(party)));
        return story;
    }

    /// The version after this one, which starts with that period, and says another grace.
    private static Json.Obj next(Json.Obj document, String starts, long grace) {
        Json.Obj numbered = Story.with(document, "number", String.valueOf(document.whole("number") + 1));
        Json.Obj follows = Story.with(
                numbered, "supersedes", "\"" + Hash.of(document.canonical()).hex() + "\"");
        return Story.with(Story.with(follows, "starts", "\"" + starts + "\""), "days", "{\"grace\":" + grace + "}");
    }

    private static String amends(Story story, Json.Obj document) {
        Act amend = new Act.Amend("appoint", document, story.now().plus(Duration.ofDays(5)));
        String told = story.told(story.sign(story.payload(HUB, amend, Hash.of(document.canonical())), HUB));
        if (told.equals("applied")) {
            story.version = Hash.of(document.canonical());
        }
        return told;
    }

    @Test
    void five_hundred_versions_leave_the_head_as_small_as_fifty() {
        Story story = ruledByHub();
        Json.Obj document = Story.with(
                story.document(), "governance", "{\"kind\":\"principal\",\"noticeDays\":0,\"principal\":\"platform\"}");
        int ofFifty = 0;

        for (int n = 2; n <= 500; n++) {
            document = next(document, "2026-01", n % 300);
            assertThat(amends(story, document)).isEqualTo("applied");
            if (n == 50) {
                ofFifty = head(story).canonical().size();
            }
        }

        assertThat(head(story).whole("number")).isEqualTo(500);
        assertThat(head(story).items("versions")).hasSize(50);
        assertThat(head(story).canonical().size()).isBetween(ofFifty, ofFifty + 2);
        for (int page = 1; page <= 9; page++) {
            assertThat(story.ledger.json(Keys.versions(Story.AGREEMENT, page)).items("versions"))
                    .hasSize(50);
        }
        assertThat(story.ledger.find(Keys.versions(Story.AGREEMENT, 10))).isEmpty();
        story.moveTo("2026-02-01T00:00:00Z");
        story.applies(story.declare("2026-01", 0, 0, 0));
        story.closes("2026-01");
        assertThat(story.ledger
                        .json(Keys.settlement(Story.AGREEMENT, "2026-01"))
                        .text("version"))
                .isEqualTo(story.version.hex());
    }

    @Test
    void a_version_that_is_still_needed_never_leaves_the_head() {
        Story story = ruledByHub();
        Json.Obj document = Story.with(
                story.document(), "governance", "{\"kind\":\"principal\",\"noticeDays\":0,\"principal\":\"platform\"}");
        for (int n = 2; n <= 50; n++) {
            document = next(document, "2026-02", n);
            assertThat(amends(story, document)).isEqualTo("applied");
        }

        Json.Obj refused = next(document, "2026-02", 51);
        Act amend = new Act.Amend("appoint", refused, story.now().plus(Duration.ofDays(5)));
        Json.Obj told = story.submit(story.sign(story.payload(HUB, amend, Hash.of(refused.canonical())), HUB));

        assertThat(told.items("effects").getLast())
                .isEqualTo(Story.object("{\"carried\":false,\"code\":\"too_many_versions\",\"kind\":\"decided\","
                        + "\"motion\":\"" + told.text("hash") + "\",\"values\":{\"limit\":50}}"));
        assertThat(head(story).whole("number")).isEqualTo(50);
    }

    private static Json.Obj head(Story story) {
        return story.ledger.json(Keys.agreement(Story.AGREEMENT));
    }

    @Test
    void the_run_off_does_not_end_while_a_later_period_has_bookings() {
        Story story = Story.withParties();
        Json.Obj document = Story.with(
                story.document(), "term", "{\"from\":\"2026-01-01\",\"runOffPeriods\":0,\"until\":\"2026-02-01\"}");
        assertThat(MemoryLedger.told(story.offers(document))).isEqualTo("applied");
        List.of(ANA, "east/ben", CHAMBER).forEach(party -> story.applies(story.accept(party)));
        story.moveTo("2026-02-01T00:00:00Z");
        story.applies(story.declare("2026-01", 0, 0, 0));
        story.applies(story.report(1, 1, "2026-01-31"));

        story.closes("2026-01");
        assertThat(head(story).text("state")).isEqualTo("active");

        story.moveTo("2026-03-01T00:00:00Z");
        story.applies(story.declare("2026-02", 1, 1, 100));
        story.closes("2026-02");
        assertThat(head(story).text("state")).isEqualTo("closed");
    }

    @Test
    void a_pause_stops_the_intake_of_what_is_sold_from_its_day_on() {
        Story story = ruledByHub();
        story.moveTo("2026-01-10T08:00:00Z");
        story.applies(story.signed(
                HUB,
                new Act.Motion(
                        Story.object("{\"kind\":\"pause\",\"reason\":\"a strike\"}"),
                        story.now().plus(Duration.ofDays(1)))));

        assertThat(story.told(story.report(1, 1, "2026-01-09"))).isEqualTo("applied");
        assertThat(story.submit(story.report(2, 1, "2026-01-10")).object("values"))
                .isEqualTo(Story.object("{\"lines\":[{\"code\":\"while_paused\",\"line\":0}]}"));
        story.applies(story.signed(
                HUB,
                new Act.Motion(
                        Story.object("{\"kind\":\"continue\"}"), story.now().plus(Duration.ofDays(1)))));
        assertThat(story.told(story.report(2, 1, "2026-01-10"))).isEqualTo("applied");
    }
}
