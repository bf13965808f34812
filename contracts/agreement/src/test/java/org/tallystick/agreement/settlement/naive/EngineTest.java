package org.tallystick.agreement.settlement.naive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.json.Json;

/// The engine, which remembers roll-ups, says what the text says, which has all events at hand.
class EngineTest {

    static LongStream seeds() {
        return Seeds.upTo(300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void settles_as_the_text_reads(long seed) {
        Case drawn = Case.draw(seed, Comparison.FEATURES);

        assertThat(Comparison.difference(drawn))
                .withFailMessage(() -> report(seed, drawn))
                .isEmpty();
    }

    @Test
    @Tag("census")
    void three_hundred_cases_compare_every_feature() {
        Compared compared = new Compared();

        LongStream.range(0, 300).forEach(seed -> compared.add(Case.draw(seed, Comparison.FEATURES)));

        compared.print();
        compared.assertAtLeast(20, 5);
    }

    @Test
    @Tag("long")
    void settles_ten_thousand_cases_as_the_text_reads() {
        Compared compared = new Compared();
        SortedMap<Long, String> different = new TreeMap<>();

        for (long seed : Seeds.ofRun(10_000).toArray()) {
            Case drawn = Case.draw(seed, Comparison.FEATURES);
            if (Comparison.difference(drawn).isPresent()) {
                different.put(seed, different.isEmpty() ? report(seed, drawn) : "");
            }
            compared.add(drawn);
        }

        compared.print();
        assertThat(different)
                .withFailMessage(() -> different.size() + " cases differ, seeds " + different.keySet() + "\n"
                        + different.firstEntry().getValue())
                .isEmpty();
        compared.assertAtLeast(1000, 300);
    }

    /// The smallest case that differs, as a file for `tally terms settle`.
    private static String report(long seed, Case drawn) {
        Case smallest =
                Shrinking.shrink(drawn, one -> Comparison.difference(one).isPresent());
        return "seed " + seed + " differs:\n" + Comparison.difference(smallest).orElseThrow() + "\nin the case\n"
                + smallest.file().canonical().utf8().orElseThrow();
    }

    /// What was compared, by the features of the documents.
    private static final class Compared {

        private final Coverage coverage = new Coverage();
        private final SortedMap<String, Integer> cases = new TreeMap<>();
        private final SortedMap<String, Integer> statements = new TreeMap<>();
        private int refused;
        private int complete;

        void add(Case one) {
            Json.Arr said = one.settledNaively();
            coverage.add(one, said);
            int settled = (int) said.items().stream()
                    .filter(statement -> Lines.codes(statement).isEmpty())
                    .count();
            for (String feature : Coverage.features(one.terms())) {
                cases.merge(feature, settled > 0 ? 1 : 0, Integer::sum);
                statements.merge(feature, settled, Integer::sum);
            }
            if (settled < said.items().size()) {
                refused++;
                complete += Comparison.isComplete(one, said) ? 1 : 0;
            }
        }

        void print() {
            System.out.println("cases with statements compared: " + cases + "\nstatements compared: " + statements
                    + "\nrefused cases: " + refused + ", in " + complete + " of them the engine finds every code\n"
                    + coverage);
        }

        /// @param least cases with statements for each feature
        /// @param lines cases in which each type of clause moved money
        void assertAtLeast(int least, int lines) {
            for (String feature : Comparison.FEATURES) {
                assertThat(cases.getOrDefault(feature, 0)).as(feature).isGreaterThanOrEqualTo(least);
                assertThat(IntStream.of(
                                        coverage.of("line of a " + feature),
                                        coverage.of("line of a " + feature + " split"),
                                        feature.equals("fx") ? coverage.of("foreign sale") : 0)
                                .max()
                                .orElseThrow())
                        .as("lines of " + feature)
                        .isGreaterThanOrEqualTo(lines);
            }
        }
    }
}
