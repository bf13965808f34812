package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.numbers.Rational;

/// A sum is a long as long as it fits, and exact beyond.
class CellTest {

    @Test
    void a_sum_is_a_long_until_it_no_longer_fits() {
        Cell cell = new Cell(Arithmetic.LONGS);

        cell.add(Long.MAX_VALUE);
        cell.add(-10);
        cell.add(1, BigInteger.TWO);
        cell.add(1, Rational.whole(8));

        assertThat(cell.isSmall()).isTrue();
        assertThat(cell.small()).isEqualTo(Long.MAX_VALUE);

        cell.add(1);

        assertThat(cell.isSmall()).isFalse();
        assertThat(cell.sum()).hasToString("9223372036854775808");
    }

    @ParameterizedTest(name = "{0} times {1}: {2}")
    @CsvSource({
        "1, 9223372036854775807, 9223372036854775807",
        "-1, 9223372036854775807, -9223372036854775807",
        "1, -9223372036854775808, -9223372036854775808",
        "-1, -9223372036854775808, 9223372036854775808",
        "1, 9223372036854775808, 9223372036854775808",
        "-1, 9223372036854775808, -9223372036854775808",
        "1, 1/3, 1/3",
        "-1, 1/3, -1/3",
        "-1, 0, 0"
    })
    void whatever_is_added_or_deducted_counts_exactly(int sign, String value, String sum) {
        for (Arithmetic arithmetic : Arithmetic.values()) {
            Cell cell = new Cell(arithmetic);

            cell.add(sign, Rational.ofText(value));

            assertThat(cell.sum()).hasToString(sum);
        }
    }

    /// What longs are held against must not be computed in longs.
    @Test
    void fractions_are_never_added_as_longs() {
        Cell cell = new Cell(Arithmetic.FRACTIONS);

        cell.add(5);

        assertThat(cell.isSmall()).isFalse();
        assertThat(cell.sum()).hasToString("5");
    }
}
