package org.tallystick.agreement.settlement.naive;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.LargestRemainder;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.terms.Documents;

/// Rounding and largest remainder, each beside a formulation of its own.
class NumbersTest {

    private static final Json.Obj TERMS = Documents.of("");

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /// Of either sign, often halfway between two whole numbers, now and then with many digits.
    private static Fraction fraction(Draw draw) {
        BigInteger bottom = BigInteger.valueOf(draw.any(1, 2, 2, 4, 10, draw.between(1, 1000)));
        BigInteger size = BigInteger.TEN.pow(draw.any(0, 0, 0, 18, 30));
        return new Fraction(
                BigInteger.valueOf(draw.between(-3000, 3000)).multiply(size).add(BigInteger.valueOf(draw.below(9))),
                bottom);
    }

    private static Rational rational(Fraction fraction) {
        return Rational.whole(fraction.top()).dividedBy(Rational.whole(fraction.bottom()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void every_mode_rounds_as_the_text_has_it(long seed) {
        Draw draw = new Draw(seed);

        for (int i = 0; i < 50; i++) {
            Fraction x = fraction(draw);
            for (String mode : List.of("half-up", "half-even", "down", "up")) {
                BigInteger rounded = Rounding.ofText(mode).orElseThrow().round(rational(x));

                assertThat(rounded).as("%s %s", x, mode).isEqualTo(x.round(mode));
                assertThat(x.minus(Fraction.of(rounded)).size()).isLessThan(Fraction.ONE);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_is_left_over_goes_to_the_largest_remainders(long seed) {
        Draw draw = new Draw(seed);

        for (int i = 0; i < 20; i++) {
            BigInteger total = fraction(draw).floor();
            List<Rational> weights = new ArrayList<>();
            SortedMap<String, Fraction> named = new TreeMap<>();
            for (Json party : TERMS.items("parties")) {
                Fraction weight = new Fraction(
                        BigInteger.valueOf(named.isEmpty() ? 1 : draw.any(0, 1, 1, 2, 3)),
                        BigInteger.valueOf(draw.any(1, 3, 7)));
                weights.add(rational(weight));
                named.put(((Json.Obj) party).text("id"), weight);
            }

            List<BigInteger> parts = LargestRemainder.divide(total, weights);

            assertThat(parts.stream().reduce(BigInteger.ZERO, BigInteger::add)).isEqualTo(total);
            assertThat(parts)
                    .isEqualTo(List.copyOf(Shares.divide(TERMS, total, named).values()));
        }
    }
}
