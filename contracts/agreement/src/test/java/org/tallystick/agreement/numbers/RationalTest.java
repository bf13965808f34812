package org.tallystick.agreement.numbers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.Seeds;

class RationalTest {

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "0, 0",
        "-0, 0",
        "5, 5",
        "0.15, 3/20",
        "-0.02, -1/50",
        "1/3, 1/3",
        "4/2, 2",
        "-6/4, -3/2",
        "0.10, 1/10",
        "100000000000000000000000000000000000/7, 100000000000000000000000000000000000/7",
    })
    void one_value_has_many_spellings_and_one_lowest_term(String spelled, String value) {
        assertThat(Rational.parse(spelled).orElseThrow()).hasToString(value).isEqualTo(Rational.ofText(value));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                "01",
                "1.",
                ".5",
                "1/0",
                "1/02",
                "1/-2",
                "1e3",
                " 1",
                "1 ",
                "1,5",
                "0x1",
                "1/2/3",
                "٣",
                "12345678901234567890123456789012345678901"
            })
    void other_spellings_are_no_rational(String text) {
        assertThat(Rational.parse(text)).isEmpty();
    }

    @Test
    void a_rational_may_have_forty_characters() {
        assertThat(Rational.parse("1234567890123456789012345678901234567890")).isPresent();
    }

    @Test
    void dividing_by_zero_is_loud() {
        assertThatThrownBy(() -> Rational.ONE.dividedBy(Rational.ZERO)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Rational.of(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /// The laws that fractions have at school.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void arithmetic_is_exact(long seed) {
        Random random = new Random(seed);
        Rational a = any(random);
        Rational b = any(random);
        Rational c = any(random);

        assertThat(a.plus(b).times(c)).isEqualTo(a.times(c).plus(b.times(c)));
        assertThat(a.plus(b).minus(b)).isEqualTo(a);
        assertThat(a.times(b)).isEqualTo(b.times(a));
        assertThat(a.minus(b).signum()).isEqualTo(Integer.signum(a.compareTo(b)));
        assertThat(Rational.whole(a.floor())).isLessThanOrEqualTo(a);
        assertThat(Rational.whole(a.floor()).plus(Rational.ONE)).isGreaterThan(a);
        assertThat(a.numerator().gcd(a.denominator())).isEqualTo(BigInteger.ONE);
        assertThat(Rational.ofText(a.toString())).isEqualTo(a);
        if (b.signum() != 0) {
            assertThat(a.dividedBy(b).times(b)).isEqualTo(a);
        }
    }

    private static Rational any(Random random) {
        return Rational.of(random.nextInt(-1000, 1000), random.nextInt(1, 1000));
    }
}
