package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.naive.Case;
import org.tallystick.agreement.settlement.naive.Comparison;

/// What closes post, period by period, is what the pure engine makes of the same events in one go: for the published
/// examples and for generated cases of the whole language.
class LedgerCaseTest {

    static LongStream fewSeeds() {
        return LongStream.range(0, 30);
    }

    private static LedgerCase drawn(long seed) {
        return of(Case.draw(seed, Comparison.FEATURES), seed);
    }

    private static LedgerCase settled(long seed) {
        return of(Case.settled(seed, Comparison.FEATURES), seed);
    }

    private static LedgerCase of(Case one, long seed) {
        return new LedgerCase(one.terms(), one.events(), one.first(), one.last(), seed);
    }

    /// Lives the case and holds every close beside the engine.
    static List<Json.Obj> assertEqual(LedgerCase one) {
        List<LedgerCase.Closed> closed = one.live();
        List<Json> pure = one.settledAtOnce();

        List<Json.Obj> statements = new ArrayList<>();
        for (int i = 0; i < closed.size(); i++) {
            Json.Obj said = (Json.Obj) pure.get(i);
            switch (closed.get(i)) {
                case LedgerCase.Closed.With(var statement) -> {
                    assertThat(said).isEqualTo(statement);
                    statements.add(statement);
                }
                case LedgerCase.Closed.Lacking(var codes) ->
                    assertThat(said.get("codes")).isEqualTo(Json.array(codes));
            }
        }
        for (LedgerCase.Refusal refusal : one.refusals()) {
            assertThat(((Json.Obj) one.settledAtOnce(refusal.event()).getLast())
                            .find("codes")
                            .map(codes -> ((Json.Arr) codes).items())
                            .orElse(List.of()))
                    .as("codes with %s, which the ledger refused for %s", refusal.event(), refusal.codes())
                    .containsAnyElementsOf(refusal.codes().stream()
                            .<Json>map(code -> Json.text(code.equals("no_fx") ? "FX_MISSING" : code))
                            .toList());
        }
        return statements;
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"01-channel-reseller", "04-si-service-delivery", "09a-rounding-per-event", "12-rounding-modes"})
    void the_closes_of_an_example_post_what_it_expects(String name) {
        Json.Obj file = SharedVectors.json(
                SharedVectors.path("docs/spec/examples/" + name + ".json", "spec/examples/" + name + ".json"));
        List<Json> settlements = file.items("settlements");
        LedgerCase one = new LedgerCase(
                file.object("terms"),
                file.items("events"),
                ((Json.Obj) settlements.getFirst()).text("period"),
                ((Json.Obj) settlements.getLast()).text("period"),
                1);

        List<Json.Obj> statements = assertEqual(one);

        assertThat(one.changed()).isEmpty();
        for (int i = 0; i < settlements.size(); i++) {
            Json.Obj expected = ((Json.Obj) settlements.get(i)).object("expected");
            assertThat(statements.get(i).items("lines")).containsExactlyInAnyOrderElementsOf(expected.items("lines"));
            assertThat(statements.get(i).get("payments")).isEqualTo(expected.get("payments"));
            assertThat(statements.get(i).get("balances"))
                    .isEqualTo(expected.find("balances").orElse(Json.Obj.EMPTY));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("fewSeeds")
    void closes_post_what_the_engine_settles_in_one_go(long seed) {
        LedgerCase one = settled(seed);

        List<Json.Obj> statements = assertEqual(one);

        assertThat(statements).hasSizeGreaterThanOrEqualTo(3);
        assertThat(one.refusals()).isEmpty();
    }

    /// A quarter of the cases drawn have something wrong with them: the ledger refuses the event, or the close waits.
    @Test
    void what_the_engine_would_refuse_is_refused_when_it_is_reported_or_keeps_the_close_waiting() {
        Tally tally = new Tally();

        tally.add(LongStream.range(0, 30), LedgerCaseTest::drawn);

        System.out.println(tally);
        assertThat(tally.changed).containsKey("refused");
        assertThat(tally.lines.values()).allMatch(lines -> lines > 0);
    }

    @Test
    @Tag("slow")
    void closes_of_two_hundred_cases_post_what_the_engine_settles_in_one_go() {
        assertThat(compared(100).lines.values()).allMatch(lines -> lines >= 10);
    }

    @Test
    @Tag("long")
    void closes_of_two_thousand_cases_post_what_the_engine_settles_in_one_go() {
        Tally tally = compared(1_000);

        assertThat(tally.lines.values()).allMatch(lines -> lines >= 150);
        assertThat(tally.changed.keySet()).containsAll(LedgerCase.NOT_REPORTED);
    }

    /// So many cases that settle, and as many of which some have something wrong with them.
    private static Tally compared(int each) {
        Tally tally = new Tally();
        tally.add(LongStream.range(0, each), LedgerCaseTest::settled);
        tally.add(LongStream.range(0, each), LedgerCaseTest::drawn);
        System.out.println(tally);
        return tally;
    }

    /// What was compared, and what of the cases was not reported as it stands there.
    private static final class Tally {

        private final SortedMap<String, Integer> lines = new TreeMap<>();
        private final SortedMap<String, Integer> changed = new TreeMap<>();
        private int cases;
        private int statements;
        private int reported;

        Tally() {
            Comparison.FEATURES.stream()
                    .filter(feature -> !feature.equals("fx"))
                    .forEach(feature -> lines.put(feature, 0));
        }

        void add(LongStream seeds, LongFunction<LedgerCase> draw) {
            seeds.forEach(seed -> {
                LedgerCase one = draw.apply(seed);
                for (Json.Obj statement : assertEqual(one)) {
                    statements++;
                    statement.items("lines").forEach(line -> {
                        String clause = ((Json.Obj) line).text("clause");
                        lines.merge(one.typeOf(clause), 1, Integer::sum);
                    });
                }
                one.changed().forEach((reason, events) -> changed.merge(reason, events, Integer::sum));
                cases++;
                reported += one.reported();
            });
        }

        @Override
        public String toString() {
            return cases + " cases on the ledger, " + statements + " statements equal, " + reported
                    + " events reported; events of the cases that were not, or not as they are: " + changed
                    + "; lines by type of clause: " + lines;
        }
    }
}
