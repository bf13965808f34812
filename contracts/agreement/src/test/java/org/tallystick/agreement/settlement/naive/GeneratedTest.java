package org.tallystick.agreement.settlement.naive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.TermsReader;

/// The generator covers the language, the comparison can fail, and the shrinking shrinks.
class GeneratedTest {

    private static final int CASES = 600;

    private static Case drawn(long seed) {
        return Case.draw(seed, Comparison.FEATURES);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    static LongStream fewSeeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_generated_document_is_valid_and_a_seed_draws_it_again(long seed) {
        Case one = drawn(seed);

        assertThat(TermsReader.review(one.terms()).faults()).isEmpty();
        assertThat(drawn(seed)).isEqualTo(one);
    }

    @Test
    void the_whole_language_is_drawn() {
        Coverage coverage = new Coverage();

        LongStream.range(0, CASES)
                .mapToObj(GeneratedTest::drawn)
                .forEach(one -> coverage.add(one, one.settledNaively()));

        System.out.println("the whole language, by the naive evaluator alone, " + coverage);
        assertThat(language().filter(name -> coverage.of(name) == 0)).isEmpty();
    }

    /// Every clause, modifier, event and refusal that the text has.
    private static Stream<String> language() {
        List<String> names = new ArrayList<>();
        all(names, "clause ", "fee unit split fixed kpi fund guarantee advance waterfall reserve withholding");
        all(names, "line of a ", "fee unit split fixed kpi fund guarantee advance reserve withholding");
        for (String type : List.of("fee", "unit", "fund")) {
            all(names, type + " with tiers ", "marginal whole blended forward per-event lookback");
            all(names, type + " with rate by ", "attr date fact event");
            all(names, type + " with window ", "period year life");
            all(names, type + " with round ", "half-even down up");
            all(names, type + " with cap of ", "amount of rate window");
            all(names, type + " with ", "where when");
            names.add(type + " with a constant rate");
        }
        for (String type : List.of("fee", "unit")) {
            all(names, type + " with floor of ", "amount of rate");
            all(names, type + " per event with floor of ", "amount price");
            all(names, type + " per event with cap of ", "amount price");
            all(names, type, "| per event| with factor");
        }
        all(names, "split ", "per event|with proRata|with where|with when|of results");
        all(names, "fixed with ", "cap of amount|cap of window|when");
        all(names, "kpi with ", "collar where when");
        all(names, "guarantee with ", "perUnit|window period|window year|when");
        all(names, "waterfall ", "recover preferred return-of-capital catch-up split");
        all(names, "line of a waterfall ", "recover preferred return-of-capital catch-up split");
        all(
                names,
                "",
                "advance with recoupRate|reserve with when|withholding with when|minimumPayout|payment that is negative");
        all(names, "tiers ", "whole by another measure|blended by another measure|lookback by another measure");
        all(names, "", "fee of results|fund of results|kpi of results|waterfall of results");
        all(names, "", "rate by attr in a table of depth 1|rate by fact in a table of depth 2");
        all(
                names,
                "filter by ",
                "days|monthsBefore|attrs, equal|attrs, one of|attrs, range [gte]|attrs, range [gte, lt]");
        all(names, "fixing ", "period-end|transaction|of refunds: original|of refunds: refund-date");
        all(names, "negative balances: ", "carry|invoice|by default");
        all(names, "settled every ", "month quarter year");
        String types = "sale cost delivery refund return usage subscribers mdf-claim milestone kpi fx advance capital "
                + "suspend resume dispute-hold dispute-release";
        all(names, "event ", types);
        all(names, "late ", types);
        all(names, "foreign ", "sale cost delivery refund return mdf-claim");
        all(names, "refund ", "across periods|in its period|before its origin in event order");
        all(names, "", "amount of zero|amount above 2^53|line that adjusts");
        all(names, "line of kind ", "advance hold release recoup claim");
        all(names, "balance ", "carried advance reserve fund capital");
        all(
                names,
                "refusal ",
                "EVENT_FORM EVENT_DUP EVENT_REF EVENT_PERIOD EVENT_PARTY EVENT_CURRENCY FX_MISSING RATE_MISSING "
                        + "RATE_BOUNDS FIGURE_MISSING DISPUTE_OVERDRAWN");
        return names.stream();
    }

    /// One name for each ending, which are parted by bars or, where there is none, by blanks.
    private static void all(List<String> names, String beginning, String endings) {
        Stream.of(endings.split(endings.contains("|") ? "\\|" : " ", -1))
                .filter(ending -> !ending.isEmpty())
                .forEach(ending -> names.add(beginning + ending));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("fewSeeds")
    void a_statement_that_is_off_by_one_is_seen(long seed) {
        Case one = Case.settled(seed, Comparison.FEATURES);
        Json.Arr said = one.settledNaively();
        List<Json> changed = new ArrayList<>(said.items());
        Json.Obj last = (Json.Obj) changed.removeLast();
        String party = last.object("payments").members().firstKey();
        Json.Obj payments = Shrinking.replaced(last.object("payments"), party, Json.whole(123_456_789));
        changed.add(Shrinking.replaced(last, "payments", payments));

        assertThat(Comparison.difference(one, said)).isEmpty();
        assertThat(Comparison.difference(one, Json.array(changed))).isPresent();
    }

    @Test
    void a_refusal_that_is_not_one_and_a_code_that_is_not_there_are_seen() {
        Case one = Case.settled(0, Comparison.FEATURES);
        Json refusal = Json.object()
                .with("period", one.first())
                .with("refused", "RATE_MISSING")
                .with("codes", Json.texts(List.of("RATE_MISSING")))
                .build();
        Case wrong =
                one.withEvents(List.of(one.events().getFirst(), one.events().getFirst()));
        List<Json> wrongly =
                wrong.settledNaively().items().stream().map(_ -> refusal).toList();

        assertThat(Comparison.difference(
                        one,
                        Json.array(one.settledNaively().items().stream()
                                .map(_ -> refusal)
                                .toList())))
                .isPresent();
        assertThat(Comparison.difference(wrong)).isEmpty();
        assertThat(Comparison.difference(wrong, Json.array(wrongly))).isPresent();
    }

    @Test
    void a_case_shrinks_to_what_is_needed_to_show_the_same() {
        Case one = Case.settled(7, Comparison.FEATURES);

        Case smallest = Shrinking.shrink(
                one,
                c -> c.events().stream()
                        .anyMatch(event -> event.equals(one.events().getFirst())));

        assertThat(smallest.events()).containsExactly(one.events().getFirst());
        assertThat(smallest.terms().items("clauses")).hasSize(1);
    }
}
