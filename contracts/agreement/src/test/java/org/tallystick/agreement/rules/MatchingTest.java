package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.agreement.rules.MatchedStory.CLEO;
import static org.tallystick.agreement.rules.MatchedStory.HUB;
import static org.tallystick.agreement.rules.MatchedStory.NOTICES;
import static org.tallystick.agreement.rules.MatchedStory.SALES;
import static org.tallystick.agreement.rules.MatchedStory.SHOP;
import static org.tallystick.agreement.rules.MatchedStory.event;
import static org.tallystick.agreement.rules.MatchedStory.id;
import static org.tallystick.agreement.rules.MatchedStory.refund;
import static org.tallystick.agreement.rules.MatchedStory.sale;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.Schemas;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// Two parties report the same sales, and one of the two reports counts.
final class MatchingTest {

    private static String told(Json.Obj answer) {
        return MemoryLedger.told(answer)
                + answer.find("values")
                        .map(values -> " " + values.canonical().utf8().orElseThrow())
                        .orElse("");
    }

    private static void applied(Json.Obj answer) {
        assertThat(told(answer)).isEqualTo("applied");
    }

    private static List<String> effects(Json.Obj answer) {
        return answer.items("effects").stream()
                .map(Json.Obj.class::cast)
                .map(effect -> effect.text("kind")
                        + effect.find("events")
                                .map(events -> " " + events.canonical().utf8().orElseThrow())
                                .orElse(""))
                .toList();
    }

    private static String spelled(Json json) {
        return json.canonical().utf8().orElseThrow().replace('"', '\'');
    }

    @ParameterizedTest(name = "notice first: {0}")
    @ValueSource(booleans = {false, true})
    void under_show_an_event_counts_at_once_and_its_notice_never(boolean noticeFirst) {
        MatchedStory at = MatchedStory.of("show");

        for (String source : noticeFirst ? List.of(NOTICES, SALES) : List.of(SALES, NOTICES)) {
            assertThat(effects(at.reports(source, sale("R-1", 100)))).containsExactly("report");
        }

        assertThat(at.booked(SALES)).isEqualTo(1);
        assertThat(at.booked(NOTICES)).isZero();
        assertThat(at.head(NOTICES).orElseThrow().whole("held")).isZero();
        assertThat(spelled(at.match("R-1").orElseThrow()))
                .isEqualTo("{'pairs':[{'counts':'sales/0000000001','notice':'shop/0000000001'}],'waiting':[]}");
    }

    @Test
    void under_agree_an_event_counts_as_soon_as_its_notice_is_there() {
        MatchedStory at = MatchedStory.of("agree");

        assertThat(effects(at.reports(SALES, sale("R-1", 100), sale("R-2", 200))))
                .containsExactly("report");
        assertThat(at.booked(SALES)).isZero();
        assertThat(effects(at.reports(NOTICES, sale("R-2", 200))))
                .containsExactly("report", "released [\"sales/0000000002\"]");

        assertThat(at.booked(SALES)).isEqualTo(1);
        assertThat(at.head(SALES).orElseThrow().whole("held")).isEqualTo(1);
    }

    @Test
    void a_report_of_notices_is_taken_though_what_it_agrees_to_is_of_a_source_that_has_ended() {
        MatchedStory at = MatchedStory.ending();
        applied(at.reports(SALES, sale("R-1", 100), sale("R-2", 200)));
        assertThat(effects(at.reports(NOTICES, sale("R-1", 100)))).contains("released [\"sales/0000000001\"]");
        at.story.moveTo("2026-02-02T12:00:00Z");
        applied(at.declares(SALES, "2026-01"));

        assertThat(effects(at.reports(NOTICES, sale("R-2", 200), sale("R-3", 300))))
                .containsExactly("report");

        assertThat(at.booked(SALES)).isEqualTo(1);
        assertThat(at.head(SALES).orElseThrow().whole("held")).isEqualTo(1);
    }

    @Test
    void under_agree_an_event_whose_notice_was_there_first_is_never_held() {
        MatchedStory at = MatchedStory.of("agree");
        applied(at.reports(NOTICES, sale("R-1", 100)));

        Json.Obj answer = at.reports(SALES, sale("R-1", 100));

        assertThat(effects(answer)).containsExactly("report");
        assertThat(at.booked(SALES)).isEqualTo(1);
        assertThat(at.story.ledger.find(
                        Keys.mark(Story.AGREEMENT, EventId.parse(id(SALES, 1)).orElseThrow())))
                .isEmpty();
    }

    @Test
    void what_differs_waits_on_both_sides_until_a_right_notice_comes() {
        MatchedStory at = MatchedStory.of("agree");
        applied(at.reports(SALES, sale("R-1", 100)));

        assertThat(effects(at.reports(NOTICES, sale("R-1", 120)))).containsExactly("report");
        assertThat(spelled(at.match("R-1").orElseThrow()))
                .isEqualTo("{'pairs':[],'waiting':[{'id':'sales/0000000001','says':{'amount':100,'currency':'JPY'}},"
                        + "{'id':'shop/0000000001','says':{'amount':120,'currency':'JPY'}}]}");
        assertThat(effects(at.reports(NOTICES, sale("R-1", 100))))
                .containsExactly("report", "released [\"sales/0000000001\"]");

        assertThat(spelled(at.match("R-1").orElseThrow()))
                .isEqualTo("{'pairs':[{'counts':'sales/0000000001','notice':'shop/0000000002'}],"
                        + "'waiting':[{'id':'shop/0000000001','says':{'amount':120,'currency':'JPY'}}]}");
    }

    @Test
    void what_differs_counts_once_the_owner_of_the_notices_attests_it() {
        MatchedStory at = MatchedStory.of("agree");
        applied(at.reports(SALES, sale("R-1", 100)));
        applied(at.reports(NOTICES, sale("R-1", 120)));

        assertThat(told(at.attests(CLEO, id(SALES, 1)))).isEqualTo("not_allowed {\"role\":\"attester\"}");
        assertThat(effects(at.attests(SHOP, id(SALES, 1)))).containsExactly("released [\"sales/0000000001\"]");
    }

    @Test
    void one_sale_that_was_attested_and_noticed_counts_once() {
        MatchedStory at = MatchedStory.of("agree");
        applied(at.reports(SALES, sale("R-1", 100), sale("R-1", 100)));
        applied(at.attests(SHOP, id(SALES, 1)));

        Json.Obj notice = at.reports(NOTICES, sale("R-1", 100));

        assertThat(effects(notice)).containsExactly("report");
        assertThat(at.booked(SALES)).isEqualTo(1);
        assertThat(told(at.attests(SHOP, id(SALES, 1)))).startsWith("already_attested");
    }

    @Test
    void a_notice_is_paired_with_one_event_so_what_is_reported_twice_is_not_paid_twice() {
        MatchedStory at = MatchedStory.of("agree");
        applied(at.reports(NOTICES, sale("R-1", 100)));

        applied(at.reports(SALES, sale("R-1", 100), sale("R-1", 100), sale("R-1", 100)));

        assertThat(at.booked(SALES)).isEqualTo(1);
        assertThat(at.head(SALES).orElseThrow().whole("held")).isEqualTo(2);
    }

    @Test
    void a_notice_is_one_word_of_several_where_others_attest_too() {
        MatchedStory at = MatchedStory.of("agree", "{'sale':['c']}");
        applied(at.reports(NOTICES, sale("R-1", 100)));
        applied(at.reports(SALES, sale("R-1", 100), sale("R-2", 200)));

        assertThat(at.booked(SALES)).isZero();
        assertThat(effects(at.attests(CLEO, id(SALES, 1), id(SALES, 2))))
                .containsExactly("released [\"sales/0000000001\"]");
        assertThat(effects(at.reports(NOTICES, sale("R-2", 200))))
                .containsExactly("report", "released [\"sales/0000000002\"]");
    }

    @Test
    void a_notice_ends_the_contradiction_of_its_own_party_and_of_nobody_else() {
        MatchedStory at = MatchedStory.of("agree", "{'sale':['c']}");
        applied(at.reports(SALES, sale("R-1", 100), sale("R-2", 200)));
        applied(at.attests(CLEO, id(SALES, 1)));
        applied(at.contradicts(SHOP, id(SALES, 1)));
        applied(at.contradicts(CLEO, id(SALES, 2)));

        Json.Obj notices = at.reports(NOTICES, sale("R-1", 100), sale("R-2", 200));

        assertThat(effects(notices)).containsExactly("report", "released [\"sales/0000000001\"]");
        assertThat(effects(at.attests(CLEO, id(SALES, 2)))).containsExactly("released [\"sales/0000000002\"]");
    }

    @Test
    void a_notice_releases_what_the_event_holds_with_it() {
        MatchedStory at = MatchedStory.of("agree");
        applied(at.reports(SALES, sale("R-1", 100), refund(30, id(SALES, 1))));
        applied(at.reports("returns", refund(20, id(SALES, 1))));

        Json.Obj notice = at.reports(NOTICES, sale("R-1", 100));

        assertThat(effects(notice))
                .containsExactly(
                        "report", "released [\"returns/0000000001\",\"sales/0000000001\",\"sales/0000000002\"]");
        assertThat(at.booked("returns")).isEqualTo(1);
        assertThat(at.booked(SALES)).isEqualTo(2);
    }

    @Test
    void more_than_500_events_are_not_released_by_one_report() {
        MatchedStory at = MatchedStory.of("agree");
        Json.Obj[] sales =
                IntStream.rangeClosed(1, 5).mapToObj(n -> sale("R-" + n, 1_000)).toArray(Json.Obj[]::new);
        applied(at.reports(SALES, sales));
        for (int n = 1; n <= 5; n++) {
            String origin = id(SALES, n);
            applied(at.reports(
                    "returns",
                    IntStream.range(0, 100).mapToObj(_ -> refund(1, origin)).toArray(Json.Obj[]::new)));
        }

        assertThat(told(at.reports(NOTICES, sales))).isEqualTo("too_many_released {\"limit\":500}");
        assertThat(at.match("R-1").orElseThrow().items("pairs")).isEmpty();
        assertThat(effects(at.reports(NOTICES, sales[0], sales[1], sales[2], sales[3])))
                .hasSize(2);
        assertThat(effects(at.reports(NOTICES, sales[4]))).hasSize(2);
    }

    @ParameterizedTest(name = "{0}: {1} and {2}")
    @CsvSource(delimiter = '|', textBlock = """
            the same                   | 'amount':100,'currency':'JPY'                   | 'amount':100,'currency':'JPY'                  | true
            amount                     | 'amount':100,'currency':'JPY'                   | 'amount':101,'currency':'JPY'                  | false
            currency                   | 'amount':100,'currency':'JPY'                   | 'amount':100,'currency':'EUR'                  | false
            spelling of an amount      | 'amount':100,'currency':'JPY'                   | 'amount':'100','currency':'JPY'                | true
            spelling of a quantity     | 'amount':1,'currency':'JPY','quantity':'1.50'   | 'amount':1,'currency':'JPY','quantity':'3/2'   | true
            quantity                   | 'amount':1,'currency':'JPY','quantity':2        | 'amount':1,'currency':'JPY','quantity':'2.5'   | false
            no quantity                | 'amount':1,'currency':'JPY','quantity':2        | 'amount':1,'currency':'JPY'                    | false
            another attribute          | 'amount':1,'currency':'JPY'                     | 'amount':1,'currency':'JPY'                    | true
            """)
    void events_are_compared_by_value(String what, String counts, String notice, boolean same) {
        MatchedStory at = MatchedStory.of("show");
        applied(at.reports(
                SALES, event("{'attrs':{'invoice':'R-1'},%s,'date':'2026-01-15','type':'sale'}".formatted(counts))));

        Json.Obj answer = at.reports(
                NOTICES,
                event("{'attrs':{'invoice':'R-1','note':'%s'},%s,'date':'2026-01-16','type':'sale'}"
                        .formatted(what, notice)));

        assertThat(told(answer)).isEqualTo("applied");
        assertThat(at.match("R-1").orElseThrow().items("pairs")).hasSize(same ? 1 : 0);
    }

    @Test
    void a_date_is_compared_where_the_agreement_says_so() {
        Story story = Story.withParties();
        Json.Obj document = MatchedStory.document(
                story,
                "[{'by':'invoice','compare':['amount','date'],'counts':'sales','notices':'shop','rule':'show',"
                        + "'types':['sale']}]",
                "{}");

        assertThat(MemoryLedger.told(story.offers(document))).isEqualTo("applied");
    }

    @Test
    void both_sides_name_their_sales_and_other_types_need_no_name() {
        MatchedStory at = MatchedStory.of("show");
        Json.Obj nameless = event("{'amount':1,'currency':'JPY','date':'2026-01-15','type':'sale'}");
        Json.Obj number =
                event("{'amount':1,'attrs':{'invoice':7},'currency':'JPY','date':'2026-01-15','type':'sale'}");
        Json.Obj cost = event("{'amount':1,'currency':'JPY','date':'2026-01-15','type':'cost'}");

        assertThat(told(at.reports(SALES, nameless, number, cost)))
                .isEqualTo("events_refused {\"lines\":[{\"code\":\"reference_missing\",\"line\":0},"
                        + "{\"code\":\"reference_missing\",\"line\":1}]}");
        assertThat(told(at.reports(NOTICES, nameless)))
                .isEqualTo("events_refused {\"lines\":[{\"code\":\"reference_missing\",\"line\":0}]}");
        assertThat(told(at.reports(SALES, cost))).isEqualTo("applied");
    }

    @Test
    void a_side_says_no_more_than_sixteen_times_what_it_has_of_a_reference_and_never_for_the_other() {
        MatchedStory at = MatchedStory.of("show");
        for (int n = 1; n <= 16; n++) {
            assertThat(told(at.reports(NOTICES, sale("R-1", 1_000 + n)))).isEqualTo("applied");
        }

        assertThat(told(at.reports(NOTICES, sale("R-1", 1))))
                .isEqualTo("events_refused {\"lines\":[{\"code\":\"reference_full\",\"line\":0}]}");
        for (int n = 1; n <= 16; n++) {
            assertThat(told(at.reports(SALES, sale("R-1", n)))).isEqualTo("applied");
        }
        assertThat(told(at.reports(SALES, sale("R-1", 1_001))))
                .isEqualTo("events_refused {\"lines\":[{\"code\":\"reference_full\",\"line\":0}]}");
    }

    @Test
    void a_notice_need_not_be_priced() {
        MatchedStory at = MatchedStory.of("show");
        Json.Obj foreign =
                event("{'amount':1,'attrs':{'invoice':'R-1'},'currency':'EUR','date':'2026-01-15','type':'sale'}");
        Json.Obj unknown =
                event("{'amount':1,'attrs':{'invoice':'R-1'},'currency':'QQQ','date':'2026-01-15','type':'sale'}");

        assertThat(told(at.reports(SALES, foreign))).startsWith("events_refused");
        assertThat(told(at.reports(NOTICES, unknown)))
                .isEqualTo("events_refused {\"lines\":[{\"code\":\"EVENT_CURRENCY\",\"line\":0}]}");
        assertThat(told(at.reports(NOTICES, foreign))).isEqualTo("applied");
    }

    @Test
    void a_refund_cannot_name_a_notice() {
        MatchedStory at = MatchedStory.of("show");
        applied(at.reports(NOTICES, sale("R-1", 100)));

        Json.Obj answer = at.reports("returns", refund(30, id(NOTICES, 1)));

        assertThat(told(answer))
                .isEqualTo("events_refused {\"lines\":[{\"code\":\"EVENT_REF\",\"line\":0},"
                        + "{\"code\":\"proof_unneeded\",\"line\":0,\"proof\":true}]}");
    }

    @Test
    void no_act_but_a_report_is_about_notices() {
        MatchedStory at = MatchedStory.of("agree");
        applied(at.reports(NOTICES, sale("R-1", 100)));
        at.story.moveTo("2026-02-20T12:00:00Z");
        String no = "source_of_notices {\"source\":\"shop\"}";

        assertThat(told(at.attests(HUB, id(NOTICES, 1)))).isEqualTo(no);
        assertThat(told(at.contradicts(HUB, id(NOTICES, 1)))).isEqualTo(no);
        assertThat(told(at.declares(NOTICES, "2026-01"))).isEqualTo(no);
        assertThat(told(at.takesBack(NOTICES, "2026-01"))).isEqualTo(no);
        assertThat(told(at.seals(HUB, NOTICES, "2026-01"))).isEqualTo(no);
        assertThat(told(at.claims(HUB, NOTICES))).isEqualTo(no);
    }

    @Test
    void a_period_closes_whatever_notices_say_and_what_they_hold_is_booked_later() {
        MatchedStory at = MatchedStory.of("agree");
        applied(at.reports(SALES, sale("R-1", 100), sale("R-2", 200)));
        applied(at.reports(NOTICES, sale("R-1", 100), sale("R-3", 300)));

        Json.Obj settlement = at.settles();
        Json.Obj late = at.reports(NOTICES, sale("R-2", 200));

        assertThat(settlement.items("consumed").stream()
                        .map(one -> ((Json.Obj) one).text("source") + " " + ((Json.Obj) one).whole("count"))
                        .toList())
                .containsExactly("returns 0", "sales 1");
        assertThat(effects(late)).containsExactly("report", "released [\"sales/0000000002\"]");
        assertThat(at.story
                        .ledger
                        .json(Keys.total(Story.AGREEMENT, SALES, "2026-02"))
                        .whole("count"))
                .isEqualTo(1);
    }

    @Test
    void what_the_ledger_keeps_of_a_match_has_its_form() {
        MatchedStory at = MatchedStory.of("agree");
        applied(at.reports(SALES, sale("R-1", 100), sale("R-2", 200), refund(10, id(SALES, 2))));
        applied(at.reports(NOTICES, sale("R-1", 100), sale("R-2", 201), sale("R-3", 300)));

        List<String> keys = at.story.ledger.state.keySet().stream()
                .filter(key -> key.startsWith("match/") || key.startsWith("mark/"))
                .toList();

        assertThat(keys).hasSize(6);
        for (String key : keys) {
            String form = "ledger-1#/$defs/" + key.substring(0, key.indexOf('/'));
            assertThat(Schemas.faults(form, at.story.ledger.json(key))).as(key).isEmpty();
        }
    }

    @Test
    void an_agreement_without_matching_has_no_key_of_it() {
        MatchedStory at = MatchedStory.alone();

        applied(at.reports(SALES, sale("R-1", 100)));

        assertThat(at.booked(SALES)).isEqualTo(1);
        assertThat(at.story.ledger.state.keySet()).noneMatch(key -> key.startsWith("match/"));
    }

    private static String one(String counts, String notices, String types) {
        return "{'by':'invoice','counts':'%s','notices':'%s','rule':'show','types':[%s]}"
                .formatted(counts, notices, types);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            no source that counts      | nobody | shop   | 'sale'         | matching_wrong
            no source of notices       | sales  | nobody | 'sale'         | matching_wrong
            the same owner             | sales  | hall   | 'sale'         | matching_wrong
            the same source            | sales  | sales  | 'sale'         | matching_wrong
            more types than notices    | sales  | shop   | 'cost','sale'  | matching_wrong
            types nobody counts        | sales  | rent   | 'usage'        | matching_wrong
            no type                    | sales  | shop   |                | form
            not sale-like              | sales  | shop   | 'refund'       | form
            """)
    void a_document_that_matches_wrongly_is_refused(
            String what, String counts, String notices, String types, String code) {
        Story story = Story.withParties();
        String sources =
                "{'first':'2026-01','id':'hall','owner':'platform','types':['sale']},{'first':'2026-01','id':'rent','owner':'a','types':['usage']},{'first':'2026-01','id':'sales','owner':'platform','types':['cost','refund','sale']},{'first':'2026-01','id':'shop','owner':'a','types':['sale']}";
        String matching = "[" + one(counts, notices, types == null ? "" : types) + "]";

        Json.Obj answer = story.offers(MatchedStory.document(story, sources, matching, "{}"));

        assertThat(told(answer)).as(what).startsWith("document_refused").contains("\"" + code + "\"");
    }

    @Test
    void a_source_is_of_notices_or_counts_and_its_notices_are_named_once() {
        Story story = Story.withParties();
        String sources =
                "{'first':'2026-01','id':'sales','owner':'platform','types':['refund','sale']},{'first':'2026-01','id':'shop','owner':'a','types':['sale']},{'first':'2026-01','id':'till','owner':'b','types':['sale']}";
        String both = "[" + one("sales", "shop", "'sale'") + "," + one("shop", "till", "'sale'") + "]";
        String twice = "[" + one("sales", "shop", "'sale'") + "," + one("sales", "shop", "'sale'") + "]";
        String three = "[" + one("sales", "shop", "'sale'") + "," + one("sales", "till", "'sale'") + "]";

        assertThat(told(story.offers(MatchedStory.document(story, sources, both, "{}"))))
                .isEqualTo("document_refused {\"codes\":[\"matching_wrong\"]}");
        assertThat(told(story.offers(MatchedStory.document(story, sources, twice, "{}"))))
                .isEqualTo("document_refused {\"codes\":[\"form\"]}");
        assertThat(told(story.offers(MatchedStory.document(story, sources, three, "{}"))))
                .isEqualTo("applied");
    }

    @Test
    void notices_carry_no_type_that_the_terms_need() {
        Story story = Story.withParties();
        String sources =
                "{'first':'2026-01','id':'sales','owner':'platform','types':['refund']},{'first':'2026-01','id':'shop','owner':'a','types':['sale']}";

        Json.Obj answer =
                story.offers(MatchedStory.document(story, sources, "[" + one("sales", "shop", "'sale'") + "]", "{}"));

        assertThat(told(answer)).isEqualTo("document_refused {\"codes\":[\"matching_wrong\",\"type_without_source\"]}");
    }
}
