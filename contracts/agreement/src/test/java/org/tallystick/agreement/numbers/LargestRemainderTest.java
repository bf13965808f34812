package org.tallystick.agreement.numbers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;

class LargestRemainderTest {

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    @ParameterizedTest(name = "{0} by {1}: {2}")
    @CsvSource({
        "8, 1/3 1/3 1/3, 3 3 2",
        "-8, 1/3 1/3 1/3, -3 -3 -2",
        "10, 1/6 1/2 1/3, 2 5 3",
        "0, 1 2, 0 0",
        "1, 0 1, 0 1",
        "1, 1/2 1/2, 1 0",
        "-1, 1/2 1/2, -1 0",
        "100, 1 1 1, 34 33 33",
        "1001, 1/4 1/4 1/2, 250 250 501",
    })
    void leftover_units_go_to_the_largest_fraction_and_then_to_the_one_listed_first(
            BigInteger total, String weights, String parts) {
        assertThat(LargestRemainder.divide(
                        total, words(weights).map(Rational::ofText).toList()))
                .isEqualTo(words(parts).map(BigInteger::new).toList());
    }

    @Test
    void weights_that_cannot_divide_are_loud() {
        assertThatThrownBy(() -> LargestRemainder.divide(BigInteger.ONE, List.of(Rational.ZERO)))
                .hasMessageContaining("add up to 0");
        assertThatThrownBy(() -> LargestRemainder.divide(BigInteger.ONE, List.of(Rational.ONE, Rational.whole(-1))))
                .hasMessageContaining("negative");
    }

    @ParameterizedTest(name = "{0} equal weights")
    @CsvSource({"16, true", "17, false"})
    void longs_divide_among_few(int weights, boolean fits) {
        LargestRemainder division = new LargestRemainder(Collections.nCopies(weights, Rational.ONE));
        long[] parts = new long[weights];

        assertThat(division.divide(weights + 1L, parts)).isEqualTo(fits);
        assertThat(parts[0]).isEqualTo(fits ? 2 : 0);
        assertThat(division.divide(BigInteger.valueOf(weights + 1L)).getFirst()).isEqualTo(2);
    }

    @ParameterizedTest(name = "{0} among three: {1}")
    @CsvSource({
        // The total times 3 must be below 2^63 = 9223372036854775808.
        "0, true",
        "3074457345618258602, true",
        "-3074457345618258602, true",
        "3074457345618258603, false",
        "6148914691236517205, false",
        "9223372036854775807, false",
        "-9223372036854775808, false"
    })
    void longs_divide_what_stays_a_long(long total, boolean fits) {
        LargestRemainder division = new LargestRemainder(Collections.nCopies(3, Rational.of(1, 3)));
        long[] parts = new long[3];

        boolean divided = division.divide(total, parts);

        assertThat(divided).isEqualTo(fits);
        if (divided) {
            assertThat(Arrays.stream(parts).mapToObj(BigInteger::valueOf).toList())
                    .isEqualTo(division.divide(BigInteger.valueOf(total)));
        }
    }

    @Test
    void weights_beyond_a_long_divide_exactly() {
        // The weights add up to 2^63, which is no long: 3 * (2^63 - 1) / 2^63 is 2 and nearly 1 more.
        LargestRemainder division = new LargestRemainder(List.of(Rational.whole(Long.MAX_VALUE), Rational.ONE));

        assertThat(division.divide(3, new long[2])).isFalse();
        assertThat(division.divide(BigInteger.valueOf(3))).containsExactly(BigInteger.valueOf(3), BigInteger.ZERO);
    }

    /// Nothing is created, nothing is lost, and nobody is more than a unit from the exact share.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_parts_add_up_and_stay_close(long seed) {
        Random random = new Random(seed);
        List<Rational> weights = new ArrayList<>(List.of(Rational.ONE));
        for (int i = random.nextInt(6); i > 0; i--) {
            weights.add(Rational.of(random.nextInt(10), random.nextInt(1, 10)));
        }
        BigInteger total = BigInteger.valueOf(random.nextLong(-1_000_000, 1_000_000));
        Rational sum = weights.stream().reduce(Rational.ZERO, Rational::plus);

        List<BigInteger> parts = LargestRemainder.divide(total, weights);

        assertThat(parts.stream().reduce(BigInteger.ZERO, BigInteger::add)).isEqualTo(total);
        for (int i = 0; i < parts.size(); i++) {
            Rational exact = weights.get(i).times(total).dividedBy(sum);
            assertThat(exact.minus(Rational.whole(parts.get(i))).abs()).isLessThan(Rational.ONE);
        }
    }

    private static Stream<String> words(String text) {
        return Arrays.stream(text.split(" ", -1));
    }
}
