package org.tallystick.agreement.numbers;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;

class RoundingTest {

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    @ParameterizedTest(name = "{0}: {1}, {2}, {3}, {4}")
    @CsvSource(delimiter = '|', textBlock = """
            # value | half-up | half-even | down | up
              0.5   |       1 |         0 |    0 |  1
              1.5   |       2 |         2 |    1 |  2
             -1.5   |      -2 |        -2 |   -1 | -2
              1.01  |       1 |         1 |    1 |  2
              2.5   |       3 |         2 |    2 |  3
             -0.5   |      -1 |         0 |    0 | -1
              7     |       7 |         7 |    7 |  7
              1/3   |       0 |         0 |    0 |  1
              2/3   |       1 |         1 |    0 |  1
              0     |       0 |         0 |    0 |  0
            """)
    void rounds_as_the_table_says(String value, long halfUp, long halfEven, long down, long up) {
        Rational exact = Rational.ofText(value);

        assertThat(Rounding.HALF_UP.round(exact)).isEqualTo(halfUp);
        assertThat(Rounding.HALF_EVEN.round(exact)).isEqualTo(halfEven);
        assertThat(Rounding.DOWN.round(exact)).isEqualTo(down);
        assertThat(Rounding.UP.round(exact)).isEqualTo(up);
    }

    /// Decimals of the platform, which the engine never uses, round the same way where a decimal is exact.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agrees_with_another_formulation(long seed) {
        Random random = new Random(seed);
        BigInteger units = BigInteger.valueOf(random.nextLong(-50_000, 50_000));
        Rational value = new Rational(units, BigInteger.valueOf(1000));
        BigDecimal decimal = new BigDecimal(units, 3);

        assertThat(Rounding.HALF_UP.round(value)).isEqualTo(rounded(decimal, RoundingMode.HALF_UP));
        assertThat(Rounding.HALF_EVEN.round(value)).isEqualTo(rounded(decimal, RoundingMode.HALF_EVEN));
        assertThat(Rounding.DOWN.round(value)).isEqualTo(rounded(decimal, RoundingMode.DOWN));
        assertThat(Rounding.UP.round(value)).isEqualTo(rounded(decimal, RoundingMode.UP));
        for (Rounding mode : Rounding.values()) {
            assertThat(mode.round(value.negate())).isEqualTo(mode.round(value).negate());
        }
    }

    private static BigInteger rounded(BigDecimal value, RoundingMode mode) {
        return value.setScale(0, mode).toBigIntegerExact();
    }
}
