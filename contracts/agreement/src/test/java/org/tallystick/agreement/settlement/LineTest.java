package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.terms.Period;

/// A line moves something from one account to another, and has its place among others.
class LineTest {

    private static Line line(String clause, String from, String to, long amount, String kind, String adjusts) {
        return new Line(
                clause,
                from,
                to,
                BigInteger.valueOf(amount),
                Optional.of(kind).filter(text -> !text.isEmpty()),
                Optional.of(adjusts).filter(text -> !text.isEmpty()).map(Period::ofText));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(longs = {0, -1})
    void nothing_and_less_is_no_line(long amount) {
        assertThatThrownBy(() -> line("f", "hub", "x", amount, "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a line moves more than 0, not " + amount);
    }

    @Test
    void nobody_pays_himself() {
        assertThatThrownBy(() -> line("f", "x", "x", 1, "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a line from x to itself");
    }

    /// By clause, adjusts, from, to, kind and amount, what is absent first (terms/1 section 13.3).
    @Test
    void lines_have_the_order_of_the_text() {
        List<Line> ordered = List.of(
                line("f", "hub", "x", 7, "", ""),
                line("f", "hub", "x", 9, "", ""),
                line("f", "hub", "x", 6, "advance", ""),
                line("f", "hub", "x", 5, "claim", ""),
                line("f", "hub", "y", 4, "", ""),
                line("f", "x", "hub", 3, "", ""),
                line("f", "hub", "x", 2, "", "2026-01"),
                line("f", "hub", "x", 1, "", "2026-02"),
                line("g", "hub", "x", 1, "", ""));
        List<Line> turned = new ArrayList<>(ordered);
        Collections.reverse(turned);

        Collections.sort(turned);

        assertThat(turned).isEqualTo(ordered);
    }
}
