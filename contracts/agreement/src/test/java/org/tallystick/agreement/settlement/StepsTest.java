package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Tiers;

/// The step that a total reaches, at every limit and beside it, in longs and exactly.
class StepsTest {

    /// Ends below and beyond what a long can hold; 2^64 - 1 would be -1 in one.
    private static final Tiers TIERS = tiers("1000.5", "1001", "9223372036854775808", "18446744073709551615");

    private static Tiers tiers(String... ends) {
        List<Tiers.Step> steps = new ArrayList<>();
        Stream.of(ends).forEach(end -> steps.add(new Tiers.Step(Rational.parse(end), Rational.ONE)));
        steps.add(new Tiers.Step(Optional.empty(), Rational.ONE));
        return new Tiers(Tiers.Mode.FORWARD, "sales", steps);
    }

    @ParameterizedTest(name = "{0} is in step {1}")
    @CsvSource({
        "-1, 0",
        "0, 0",
        "1000, 0",
        "1000.5, 0",
        "1000.6, 1",
        "1001, 1",
        "1002, 2",
        "9223372036854775807, 2",
        "9223372036854775808, 2",
        "9223372036854775809, 3",
        "18446744073709551615, 3",
        "18446744073709551616, 4"
    })
    void the_first_step_that_a_total_does_not_exceed_is_reached(String total, int step) {
        for (Arithmetic arithmetic : Arithmetic.values()) {
            Cell cell = new Cell(arithmetic);
            cell.add(1, Rational.ofText(total));

            int reached = new Steps(TIERS, arithmetic).reachedBy(cell);

            assertThat(reached).isEqualTo(step);
        }
    }

    @ParameterizedTest(name = "{0} of steps that end at {1} is in step {2}")
    @CsvSource({"5, 5, 0", "6, 5, 1", "6, '', 0"})
    void above_the_last_end_is_the_last_step(long total, String ends, int step) {
        Tiers tiers = ends.isEmpty() ? tiers() : tiers(ends);
        for (Arithmetic arithmetic : Arithmetic.values()) {
            Cell cell = new Cell(arithmetic);
            cell.add(total);

            int reached = new Steps(tiers, arithmetic).reachedBy(cell);

            assertThat(reached).isEqualTo(step);
        }
    }
}
