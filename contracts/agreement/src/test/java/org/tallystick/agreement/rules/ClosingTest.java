package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.CaseFile;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.settlement.Totals;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Pages;
import org.tallystick.agreement.state.RollUp;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// A close on the ledger is the pure function of the terms over what was booked, whatever the terms are.
class ClosingTest {

    private static final String TERMS = """
            {"terms":"1","id":"T","hub":"platform","currency":"USD","calendar":{"frequency":"month"},
             "parties":[{"id":"platform"},{"id":"a"},{"id":"b"},{"id":"c"}],
             "measures":{"sales":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]},
                         "costs":{"plus":[{"type":"cost"}]},
                         "use":{"of":"quantity","plus":[{"type":"usage"}]}},
             "clauses":[CLAUSES],"settlement":{"fx":{"fixing":"transaction","refunds":"original"}}}
            """;

    private static final String FEE =
            "{\"id\":\"f\",\"type\":\"fee\",\"from\":\"platform\",\"to\":\"a\",\"of\":\"sales\",\"rate\":\"1\"}";

    private static final String FORWARD =
            FEE + ",{\"id\":\"v\",\"type\":\"advance\",\"from\":\"platform\",\"to\":\"a\",\"clauses\":[\"f\"]}," + """
                    {"id":"t","type":"fee","from":"platform","to":"b","of":"sales","window":"life","tiers":{"mode":"forward",
                     "steps":[{"upTo":500000000000000,"rate":"0.1"},{"rate":"0.2"}]}}
                    """;

    private static final String WHOLE = FEE + """
            ,{"id":"e","type":"fee","from":"platform","to":"b","of":"sales","rate":"1/7","per":"event"},
             {"id":"s","type":"split","holder":"platform","of":"sales","per":"event","shares":{"platform":"1/2"},
              "proRata":{"share":"1/2","by":"who","among":["a","b"],"of":"use","ifNone":"c"}},
             {"id":"t","type":"fee","from":"platform","to":"c","of":"sales","window":"year","tiers":{"mode":"forward",
              "steps":[{"upTo":1000,"rate":"0.1"},{"rate":"0.2"}]}},
             {"id":"g","type":"guarantee","from":"platform","to":"b","clauses":["e"],"window":"period","amount":400},
             {"id":"v","type":"advance","from":"platform","to":"a","clauses":["f"],"recoupRate":"1/2"},
             {"id":"w","type":"waterfall","holder":"platform","of":"sales","investors":["b","c"],"preferredRate":"0.073",
              "dayCount":"actual/365","compounding":"none","tiers":[{"id":"r","kind":"recover","party":"a","of":"costs"},
              {"id":"p","kind":"preferred"},{"id":"k","kind":"return-of-capital"},
              {"id":"u","kind":"catch-up","party":"a","target":"1/5"},{"id":"x","kind":"split","shares":{"a":"1"}}]},
             {"id":"m","type":"fund","from":"platform","of":"sales","rate":"0.02",
              "claims":{"on":{"type":"mdf-claim"},"reimburse":"0.5","to":"c"}},
             {"id":"h","type":"reserve","party":"a","clauses":["f","w"],"rate":"0.1","releaseAfter":1},
             {"id":"z","type":"withholding","party":"a","authority":"c","clauses":["f","h"],"rate":"0.15"}
            """;

    private final List<Json> booked = new ArrayList<>();
    private final List<KnownEvent> known = new ArrayList<>();
    private final Json.Obj terms;
    private final Story story = Story.withParties();
    private long last;

    ClosingTest() {
        terms = Story.object(TERMS.replace("CLAUSES", WHOLE));
    }

    private void inForce(Json.Obj withTerms) {
        Json.Obj document = Story.with(
                Story.with(
                        Story.with(story.document(), "term", "{\"from\":\"2026-01-01\"}"),
                        "terms",
                        withTerms.canonical().utf8().orElseThrow()),
                "roles",
                """
                        {"sources":[{"first":"2026-01","id":"sales","owner":"platform","types":
                        ["advance","capital","cost","fx","mdf-claim","refund","sale","usage"]}]}""");
        assertThat(MemoryLedger.told(story.offers(document))).isEqualTo("applied");
        for (String party : List.of("east/ana", "east/ben", "west/cleo")) {
            story.applies(story.accept(party));
        }
    }

    /// Reports these events, which the ledger books in this period.
    private void reports(String period, String... events) {
        List<Json.Obj> read = new ArrayList<>();
        for (String text : events) {
            Json.Obj event = Story.object(text.replace('\'', '"'));
            read.add(event);
            String id = "sales/%010d".formatted(++last);
            TreeMap<String, Json> members = new TreeMap<>(event.members());
            members.put("id", Json.text(id));
            members.put("booked", Json.text(period));
            booked.add(new Json.Obj(members));
            if (EventReader.read(event) instanceof EventReading.Formed(var formed)) {
                known.add(new KnownEvent(id, formed, Period.ofText(period), origin(formed)));
            }
        }
        story.applies(story.signed(
                "north/platform", new Act.Report(new SourceId("sales"), last - events.length + 1, read, List.of())));
    }

    private Optional<Event> origin(Event event) {
        return known.stream()
                .filter(other -> event.refOf().equals(Optional.of(other.id())))
                .map(KnownEvent::event)
                .findFirst();
    }

    private void declares(String period) {
        List<KnownEvent> in = known.stream()
                .filter(event -> event.booked().text().equals(period))
                .toList();
        Json body = Json.object()
                .with("count", in.size())
                .with("held", 0)
                .with("last", last)
                .with("period", period)
                .with("source", "sales")
                .with("totals", Totals.of(in).encode())
                .build();
        story.applies(story.signed(
                "north/platform", ActKind.DECLARE, body.canonical().utf8().orElseThrow()));
    }

    private Json.Obj onLedger(String period) {
        Json.Obj settlement = story.ledger.json(Keys.settlement(Story.AGREEMENT, period));
        String lines = Keys.lines(Story.AGREEMENT, period, 1);
        return Json.object()
                .with("balances", settlement.get("balances"))
                .with(
                        "lines",
                        story.ledger.state.containsKey(lines)
                                ? story.ledger.json(lines).get("lines")
                                : Json.array(List.of()))
                .with("payments", settlement.get("payments"))
                .with("period", period)
                .build();
    }

    private Json pure(Json.Obj withTerms, String... periods) {
        List<Json> settlements = new ArrayList<>();
        for (String period : periods) {
            settlements.add(Json.object().with("period", period).build());
        }
        Json file = Json.object()
                .with("events", Json.array(booked))
                .with("settlements", Json.array(settlements))
                .with("terms", withTerms)
                .build();
        return switch (CaseFile.settle(file)) {
            case CaseFile.Settled settled -> settled.encode();
            case CaseFile.Reading other -> throw new AssertionError(other.toString());
        };
    }

    @Test
    void a_close_of_the_whole_language_equals_the_pure_engine() {
        inForce(terms);
        story.moveTo("2026-01-31T12:00:00Z");
        reports(
                "2026-01",
                "{'type':'capital','date':'2026-01-01','amount':5000,'attrs':{'party':'b'}}",
                "{'type':'advance','date':'2026-01-02','amount':900,'attrs':{'clause':'v'}}",
                "{'type':'sale','date':'2026-01-05','amount':1203,'currency':'USD'}",
                "{'type':'sale','date':'2026-01-06','amount':777,'currency':'EUR'}",
                "{'type':'fx','date':'2026-01-06','pair':'EUR/USD','rate':'1.05'}",
                "{'type':'refund','date':'2026-01-07','amount':77,'refOf':'sales/0000000004'}",
                "{'type':'cost','date':'2026-01-08','amount':300,'currency':'USD'}",
                "{'type':'mdf-claim','date':'2026-01-09','amount':50}");
        story.moveTo("2026-02-01T12:00:00Z");
        declares("2026-01");
        story.applies(story.close("2026-01"));
        story.moveTo("2026-02-28T12:00:00Z");
        reports(
                "2026-02",
                "{'type':'fx','date':'2026-01-05','pair':'EUR/USD','rate':'2'}",
                "{'type':'fx','date':'2026-01-06','pair':'EUR/USD','rate':'1.1'}",
                "{'type':'sale','date':'2026-01-30','amount':5000,'currency':'USD'}",
                "{'type':'usage','date':'2026-01-30','quantity':3,'attrs':{'who':'a'}}",
                "{'type':'capital','date':'2026-01-20','amount':1000,'attrs':{'party':'c'}}",
                "{'type':'sale','date':'2026-02-10','amount':4001,'currency':'USD'}");
        story.moveTo("2026-03-01T12:00:00Z");
        declares("2026-02");
        story.applies(story.close("2026-02"));

        assertThat(Json.array(List.of(onLedger("2026-01"), onLedger("2026-02"))))
                .isEqualTo(pure(terms, "2026-01", "2026-02"));
        assertThat(onLedger("2026-02").items("lines")).anyMatch(line -> ((Json.Obj) line).has("adjusts"));
    }

    @Test
    void a_close_without_its_fixing_waits_and_a_fixing_reported_after_the_declaration_cures_it() {
        Json.Obj simple = Story.object(TERMS.replace("CLAUSES", FEE + """
                ,{"id":"v","type":"advance","from":"platform","to":"a","clauses":["f"]}"""));
        inForce(simple);
        story.moveTo("2026-01-31T12:00:00Z");
        reports("2026-01", "{'type':'sale','date':'2026-01-06','amount':100,'currency':'EUR'}");
        story.moveTo("2026-02-01T12:00:00Z");
        declares("2026-01");

        Json.Obj waiting = story.submit(story.close("2026-01"));

        assertThat(MemoryLedger.told(waiting)).isEqualTo("lacking");
        assertThat(waiting.get("values")).isEqualTo(Story.object("{\"codes\":[\"FX_MISSING\"]}"));
        assertThat(story.ledger.state).doesNotContainKey(Keys.settlement(Story.AGREEMENT, "2026-01"));

        reports("2026-01", "{'type':'fx','date':'2026-01-04','pair':'EUR/USD','rate':'3'}");
        story.applies(story.close("2026-01"));

        assertThat(onLedger("2026-01").get("payments")).isEqualTo(Story.object("{\"a\":300,\"b\":0,\"c\":0}"));
    }

    @Test
    void a_fixing_of_the_week_before_the_opening_prices_the_first_days() {
        inForce(terms);
        story.moveTo("2026-01-31T12:00:00Z");
        reports(
                "2026-01",
                "{'type':'fx','date':'2025-12-28','pair':'EUR/USD','rate':'2'}",
                "{'type':'sale','date':'2026-01-02','amount':100,'currency':'EUR'}");
        story.moveTo("2026-02-01T12:00:00Z");
        declares("2026-01");
        story.applies(story.close("2026-01"));

        assertThat(onLedger("2026-01"))
                .isEqualTo(((Json.Arr) pure(terms, "2026-01")).items().getFirst());
        assertThat(onLedger("2026-01").items("lines"))
                .contains(Story.object("{\"amount\":200,\"clause\":\"f\",\"from\":\"platform\",\"to\":\"a\"}"));
    }

    /// 10,000 single events of one clause and window is what an agreement keeps unless it says otherwise.
    @Test
    @Tag("slow")
    void as_many_single_events_as_an_agreement_keeps_lie_under_several_keys_and_settle_as_in_the_pure_engine() {
        Json.Obj forward = Story.object(TERMS.replace("CLAUSES", FORWARD));
        inForce(forward);
        String[] sales = new String[2_000];
        Arrays.setAll(
                sales,
                i -> "{'type':'sale','date':'2026-01-%02d','amount':%d,'currency':'USD'}"
                        .formatted(1 + i % 31, 90_000_000_000L + i));
        story.moveTo("2026-01-31T12:00:00Z");
        for (int i = 0; i < 5; i++) {
            reports("2026-01", sales);
        }
        Json.Obj full = story.submit(story.report(
                last + 1,
                Story.object("{\"amount\":1,\"currency\":\"USD\",\"date\":\"2026-01-31\",\"type\":\"sale\"}")));
        story.moveTo("2026-02-01T12:00:00Z");
        declares("2026-01");
        story.closes("2026-01");
        story.moveTo("2026-03-01T12:00:00Z");
        reports("2026-02", "{'type':'cost','date':'2026-02-02','amount':7,'currency':'USD'}");
        declares("2026-02");
        story.closes("2026-02");

        assertThat(MemoryLedger.told(full)).isEqualTo("single_events_full");
        List<Bytes> pages =
                story.ledger.state.subMap("past/" + Story.AGREEMENT + "/2026-01/", "past0").entrySet().stream()
                        .map(Map.Entry::getValue)
                        .toList();
        assertThat(pages).hasSizeGreaterThan(1).allMatch(page -> page.size() <= Pages.MAX_PAGE);
        assertThat(Json.array(List.of(onLedger("2026-01"), onLedger("2026-02"))))
                .isEqualTo(pure(forward, "2026-01", "2026-02"));
        System.out.println("10,000 single events: " + pages.size() + " pages, "
                + pages.stream().mapToInt(Bytes::size).sum() + " bytes");
    }

    private SortedMap<String, Integer> closed(String period) {
        story.moveTo(Period.ofText(period).end() + "T12:00:00Z");
        declares(period);
        story.applies(story.close(period));
        TreeMap<String, Integer> read = new TreeMap<>(story.ledger.read);
        read.keySet().removeIf(key -> key.startsWith("once/"));
        return read;
    }

    private void sale(String booked, String date, int amount) {
        story.moveTo(Period.ofText(booked).end().minusDays(1) + "T12:00:00Z");
        reports(booked, "{'type':'sale','date':'%s','amount':%d,'currency':'USD'}".formatted(date, amount));
    }

    private List<String> keys(String prefix) {
        return story.ledger.state.keySet().stream()
                .filter(key -> key.startsWith(prefix + Story.AGREEMENT + "/"))
                .map(key -> key.substring(prefix.length() + Story.AGREEMENT.length() + 1))
                .toList();
    }

    private Json.Obj past(String period) {
        return story.ledger.json(Keys.past(Story.AGREEMENT, period));
    }

    @Test
    void what_a_period_adds_lies_under_it_and_a_close_that_changes_it_writes_it_again_under_its_own() {
        inForce(Story.object(TERMS.replace("CLAUSES", FORWARD.replace("life", "period"))));
        sale("2026-01", "2026-01-10", 100);
        SortedMap<String, Integer> _ = closed("2026-01");

        assertThat(keys("roll/")).containsExactly("2026-01/1");
        assertThat(keys("past/")).containsExactly("2026-01", "2026-01/2026-01/singles/1", "2026-01/2026-01/sums/1");
        Bytes january = story.ledger
                .read(Keys.pastSingles(Story.AGREEMENT, "2026-01", "2026-01", 1))
                .orElseThrow();

        sale("2026-02", "2026-02-10", 200);
        SortedMap<String, Integer> _ = closed("2026-02");
        sale("2026-03", "2026-01-20", 50);
        sale("2026-03", "2026-03-20", 300);
        SortedMap<String, Integer> march = closed("2026-03");

        assertThat(keys("roll/")).containsExactly("2026-01/1", "2026-02/1", "2026-03/1");
        assertThat(keys("past/"))
                .containsExactly(
                        "2026-01",
                        "2026-01/2026-01/singles/1",
                        "2026-01/2026-01/sums/1",
                        "2026-01/2026-03/singles/1",
                        "2026-01/2026-03/sums/1",
                        "2026-02",
                        "2026-02/2026-02/singles/1",
                        "2026-02/2026-02/sums/1",
                        "2026-03",
                        "2026-03/2026-03/singles/1",
                        "2026-03/2026-03/sums/1");
        assertThat(past("2026-01"))
                .isEqualTo(Story.object(
                        "{\"lookers\":[],\"singles\":[\"2026-01\",\"2026-03\"],\"sums\":[\"2026-01\",\"2026-03\"]}"));
        assertThat(past("2026-02"))
                .isEqualTo(Story.object("{\"lookers\":[],\"singles\":[\"2026-02\"],\"sums\":[\"2026-02\"]}"));
        assertThat(story.ledger.read(Keys.pastSingles(Story.AGREEMENT, "2026-01", "2026-01", 1)))
                .contains(january);
        assertThat(march.keySet())
                .contains(Keys.pastSingles(Story.AGREEMENT, "2026-01", "2026-01", 1))
                .doesNotContain(Keys.pastSingles(Story.AGREEMENT, "2026-02", "2026-02", 1));
        assertThat(settledAgain("2026-02", "2026-03"))
                .isEqualTo(onLedger("2026-03").items("lines"));
        assertThat(settledAgain("2026-03", "2026-04")).isEmpty();
    }

    /// The lines of a period, from what is on the ledger now of those before.
    private List<Json> settledAgain(String before, String period) {
        History history = new RollUp(Story.AGREEMENT, story.ledger::find)
                .after(Period.ofText(before))
                .orElseThrow();
        List<KnownEvent> in = known.stream()
                .filter(event -> event.booked().text().equals(period))
                .toList();
        Terms accepted = Documents.accepted(Story.object(TERMS.replace("CLAUSES", FORWARD.replace("life", "period"))));
        return switch (Settlement.settle(accepted, history, in)) {
            case Outcome.Settled(var statement, var _) -> statement.encode().items("lines");
            case Outcome.Refused(var codes) -> throw new AssertionError(codes.toString());
        };
    }

    /// A tier's total, a fixing and a refund reach a month back; with nothing late nothing reaches further, in the
    /// thirteenth month as in the sixtieth.
    @Test
    void a_close_reads_no_more_in_the_sixtieth_month_than_in_the_thirteenth() {
        inForce(
                Story.object(
                        TERMS.replace(
                                "CLAUSES",
                                FORWARD + ",{\"id\":\"l\",\"type\":\"fee\",\"from\":\"platform\","
                                        + "\"to\":\"c\",\"of\":\"sales\",\"tiers\":{\"mode\":\"lookback\",\"steps\":[{\"upTo\":100,\"rate\":\"0.1\"},{\"rate\":\"0.2\"}]}}")));
        List<SortedMap<String, Integer>> read = new ArrayList<>();
        Period opening = Period.ofText("2026-01");
        for (Period month = opening; month.compareTo(opening.plus(60)) < 0; month = month.next()) {
            sale(month.text(), month.start().plusDays(9).toString(), 100);
            read.add(closed(month.text()));
        }

        SortedMap<String, Integer> early = read.get(12);
        SortedMap<String, Integer> late = read.get(59);
        assertThat(late.keySet().stream().map(key -> key.replace("2030-12", "P").replace("2030-11", "Q")))
                .containsExactlyElementsOf(early.keySet().stream()
                        .map(key -> key.replace("2027-01", "P").replace("2026-12", "Q"))
                        .toList());
        assertThat(late.keySet().stream().filter(key -> key.startsWith("past/")))
                .containsExactly(
                        Keys.past(Story.AGREEMENT, "2030-11"), Keys.pastSums(Story.AGREEMENT, "2030-11", "2030-11", 1));
        int earlySize = early.values().stream().mapToInt(Integer::intValue).sum();
        int lateSize = late.values().stream().mapToInt(Integer::intValue).sum();
        // Numbers have more digits after five years, and some sums.
        assertThat(lateSize).isLessThan(earlySize + 100);
    }

    @Test
    void an_advance_or_capital_that_names_nobody_is_refused_line_by_line() {
        inForce(terms);
        story.moveTo("2026-01-31T12:00:00Z");

        Json.Obj answer = story.submit(story.report(
                1,
                Story.object(
                        "{\"amount\":1,\"attrs\":{\"clause\":\"f\"},\"date\":\"2026-01-01\",\"type\":\"advance\"}"),
                Story.object("{\"amount\":1,\"attrs\":{\"party\":\"a\"},\"date\":\"2026-01-01\",\"type\":\"capital\"}"),
                Story.object(
                        "{\"amount\":1,\"attrs\":{\"clause\":\"v\"},\"currency\":\"EUR\",\"date\":\"2026-01-01\",\"type\":\"advance\"}"),
                Story.object("{\"amount\":1,\"currency\":\"EUR\",\"date\":\"2026-01-01\",\"type\":\"sale\"}"),
                Story.object("{\"amount\":1,\"currency\":\"XAU\",\"date\":\"2026-01-01\",\"type\":\"sale\"}")));

        assertThat(answer.get("values"))
                .isEqualTo(
                        Story.object(
                                "{\"lines\":[{\"code\":\"EVENT_PARTY\",\"line\":0},{\"code\":\"EVENT_PARTY\",\"line\":1},"
                                        + "{\"code\":\"EVENT_CURRENCY\",\"line\":2},{\"code\":\"EVENT_CURRENCY\",\"line\":4}]}"));
    }
}
