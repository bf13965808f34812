package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.rules.Transactions.Failed;
import org.tallystick.agreement.state.Keys;

/// Closes that are too long for one step: `docs/spec/ledger-1.md` section 8.
class LongCloseTest {

    private static final int MOST_WRITTEN = 512 * 1024;
    /// Beside the hub: some, and as many as an agreement may have.
    private static final int SOME = 56;

    private static final int ALL = 499;
    private static final int SPLITS = 500;
    private static final int SHARES = 14;

    /// 500 splits, each among the hub and 14 others.
    private static Json.Obj wideTerms(int others) {
        List<Json> parties = new ArrayList<>(List.of(party("hub")));
        List<Json> clauses = new ArrayList<>();
        for (int i = 0; i < others; i++) {
            parties.add(party("p" + i));
        }
        for (int i = 0; i < SPLITS; i++) {
            Json.Builder shares = Json.object().with("hub", "1/" + (SHARES + 1));
            for (int k = 0; k < SHARES; k++) {
                shares = shares.with("p" + (i * SHARES + k) % others, "1/" + (SHARES + 1));
            }
            clauses.add(Json.object()
                    .with("holder", "hub")
                    .with("id", "s" + i)
                    .with("of", "sales")
                    .with("shares", shares.build())
                    .with("type", "split")
                    .build());
        }
        return Json.object()
                .with("calendar", Story.object("{\"frequency\":\"month\"}"))
                .with("clauses", Json.array(clauses))
                .with("currency", "EUR")
                .with("hub", "hub")
                .with("id", "wide")
                .with("measures", Story.object("{\"sales\":{\"plus\":[{\"type\":\"sale\"}]}}"))
                .with("parties", Json.array(parties))
                .with(
                        "rounding",
                        Story.object("{\"negative\":\"symmetric\",\"single\":\"half-away-from-zero\","
                                + "\"split\":\"largest-remainder\",\"ties\":\"listed-order\"}"))
                .with("settlement", Story.object("{\"negative\":\"carry\"}"))
                .with("terms", "1")
                .with("title", "A wide agreement")
                .build();
    }

    private static Json party(String id) {
        return Json.object().with("id", id).build();
    }

    private static Json sale(int number, String date) {
        return Json.object()
                .with("amount", 1_000 + 37 * number)
                .with("currency", "EUR")
                .with("date", date)
                .with("id", "e" + number)
                .with("type", "sale")
                .build();
    }

    private static LedgerCase wide() {
        return wide(SOME);
    }

    private static LedgerCase wide(int others) {
        List<Json> events = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            events.add(sale(i, i < 12 ? "2026-01-15" : "2026-02-10"));
        }
        return new LedgerCase(wideTerms(others), events, "2026-01", "2026-02", 1);
    }

    @Test
    void a_wide_agreement_settles_as_the_engine_does_and_no_step_writes_more_than_it_may() {
        assertSettledInSteps(wide());
    }

    /// With an account, a payment and an open item for each of them.
    @Test
    @Tag("slow")
    void so_does_an_agreement_of_as_many_splits_over_500_parties() {
        assertSettledInSteps(wide(ALL));
    }

    private static void assertSettledInSteps(LedgerCase wide) {
        List<Json.Obj> statements = LedgerCaseTest.assertEqual(wide);

        assertThat(statements)
                .allSatisfy(statement -> assertThat(statement.items("lines")).hasSize(SPLITS * SHARES));
        assertThat(wide.writtenInSteps).hasSizeGreaterThan(2 * 2).allMatch(written -> written <= MOST_WRITTEN);
    }

    private static String told(Transactions.Outcome outcome) {
        return switch (outcome) {
            case Done _ -> effect(outcome).text("kind");
            case Failed failed -> failed.code();
        };
    }

    private static Json.Obj effect(Transactions.Outcome outcome) {
        Json.Obj item = (Json.Obj) ((Done) outcome).response().items("items").getFirst();
        return (Json.Obj) item.items("effects").getFirst();
    }

    @Test
    void while_a_period_is_closing_nothing_can_change_it_and_everything_else_goes_on() {
        Story story = wide().closing();
        String now = story.now().text();
        String agreement = Keys.agreement(Story.AGREEMENT);

        assertThat(story.told(story.close("2026-01"))).isEqualTo("period_closing");
        assertThat(story.told(story.signed(
                        "north/platform", new Act.Declare(new SourceId("books"), "2026-01", 0, 0, 0, List.of()))))
                .isEqualTo("period_closing");
        assertThat(story.told(story.signed("north/platform", new Act.TakeBack(new SourceId("books"), "2026-01"))))
                .isEqualTo("period_closing");
        assertThat(told(story.ledger.step(now, Story.AGREEMENT, "2026-02"))).isEqualTo("not_closing");
        assertThat(told(story.ledger.step(now, "north/platform/other", "2026-01")))
                .isEqualTo("not_closing");

        long next = story.ledger.json(Keys.source(Story.AGREEMENT, "books")).whole("last") + 1;
        Json.Obj late = Story.with(Story.sale("2026-01-20", 100), "currency", "\"EUR\"");
        Json.Obj answer = story.submit(
                story.signed("north/platform", new Act.Report(new SourceId("books"), next, List.of(late), List.of())));
        assertThat(((Json.Obj) answer.items("effects").getFirst()).object("booked"))
                .isEqualTo(Story.object("{\"2026-02\":1}"));

        List<String> effects = IntStream.range(0, 20)
                .mapToObj(_ -> told(story.ledger.step(now, Story.AGREEMENT, "2026-01")))
                .toList();
        int steps = effects.indexOf("settlement");
        assertThat(steps).isPositive();
        assertThat(effects.subList(0, steps)).containsOnly("closing");
        assertThat(effects.subList(steps + 1, effects.size())).containsOnly("not_closing");
        assertThat(story.ledger.json(agreement).text("settled")).isEqualTo("2026-01");
        assertThat(story.ledger.json(agreement).has("closing")).isFalse();
        assertThat(story.ledger.find(Keys.closing(Story.AGREEMENT, "2026-01"))).isEmpty();
        assertThat(story.told(story.close("2026-01"))).isEqualTo("period_settled");
    }

    /// Whatever its settlement would be: it has another version of the rules in it.
    @Test
    void a_close_that_other_rules_began_is_undone_and_nothing_of_it_is_left() {
        Story story = wide().closing();
        String now = story.now().text();
        String key = Keys.closing(Story.AGREEMENT, "2026-01");
        TreeMap<String, Bytes> before = new TreeMap<>(story.ledger.state);
        assertThat(told(story.ledger.step(now, Story.AGREEMENT, "2026-01"))).isEqualTo("closing");
        Bytes _ = story.ledger.state.put(
                key, Story.with(story.ledger.json(key), "rules", "7").canonical());

        Json.Obj effect = effect(story.ledger.step(now, Story.AGREEMENT, "2026-01"));

        assertThat(effect)
                .isEqualTo(Story.object("{\"began\":7,\"kind\":\"close_undone\",\"period\":\"2026-01\",\"rules\":1}"));
        before.keySet().removeAll(List.of(key, Keys.agreement(Story.AGREEMENT)));
        story.ledger.state.remove(Keys.agreement(Story.AGREEMENT));
        assertThat(story.ledger.state).isEqualTo(before);
    }

    /// Only other code than that of the first step does: here its record is changed instead.
    @Test
    void a_step_that_computes_another_settlement_than_the_first_undoes_the_close() {
        Story story = wide().closing();
        String now = story.now().text();
        String key = Keys.closing(Story.AGREEMENT, "2026-01");
        Json.Obj record = story.ledger.json(key);
        assertThat(told(story.ledger.step(now, Story.AGREEMENT, "2026-01"))).isEqualTo("closing");
        Bytes _ = story.ledger.state.put(
                key,
                Story.with(record, "settlement", "\"" + "0".repeat(64) + "\"").canonical());

        String undone = told(story.ledger.step(now, Story.AGREEMENT, "2026-01"));

        assertThat(undone).isEqualTo("close_undone");
        assertThat(story.ledger.find(key)).isEmpty();
        assertThat(story.ledger.state.keySet()).noneMatch(page -> page.matches("(past|roll|set)/.*"));
        assertThat(story.told(story.close("2026-01"))).isEqualTo("applied");
        assertThat(story.ledger.json(key)).isEqualTo(record);
    }
}
