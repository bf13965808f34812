package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;

/// Arithmetic modulo the prime of P-256, held against `BigInteger`.
final class FieldElementTest {

    private static final BigInteger P = FieldElement.PRIME;
    private static final int BITS = 52;
    private static final BigInteger INVERSE_OF_FACTOR = BigInteger.TWO.pow(260).modInverse(P);
    private static final int PRODUCTS = 100_000;

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    /// Digits at their borders, and those of p and their neighbors; then numbers at the borders.
    private static List<BigInteger> edges() {
        long ones = (1L << BITS) - 1;
        List<long[]> digits = List.of(
                new long[] {0, 1, 0xffffffff0000L - 1, 0xffffffff0000L},
                new long[] {0, 1, (1L << 36) - 1, 1L << 36, ones},
                new long[] {0, 1, ones},
                new long[] {0, 1, (1L << 44) - 2, (1L << 44) - 1, 1L << 44, ones},
                new long[] {0, 1, ones - 1, ones});
        List<BigInteger> edges = List.of(BigInteger.ZERO);
        for (long[] digit : digits) {
            edges = edges.stream()
                    .flatMap(higher -> LongStream.of(digit)
                            .mapToObj(lower -> higher.shiftLeft(BITS).add(BigInteger.valueOf(lower))))
                    .toList();
        }
        Stream<BigInteger> borders = LongStream.range(0, 4)
                .mapToObj(BigInteger::valueOf)
                .flatMap(i -> Stream.of(
                        i,
                        P.subtract(i),
                        P.shiftRight(1).add(i),
                        BigInteger.TWO.pow(255).subtract(i)));
        return Stream.concat(edges.stream(), borders)
                .filter(edge -> edge.compareTo(P) < 0)
                .toList();
    }

    /// The number whose element has the digits of `inside`.
    private static BigInteger held(BigInteger inside) {
        return inside.multiply(INVERSE_OF_FACTOR).mod(P);
    }

    private static BigInteger any(Random random, List<BigInteger> edges) {
        BigInteger number = switch (random.nextInt(3)) {
            case 0 -> new BigInteger(256, random).mod(P);
            case 1 -> edges.get(random.nextInt(edges.size()));
            default -> held(edges.get(random.nextInt(edges.size())));
        };
        return random.nextInt(4) == 0 ? P.subtract(number).mod(P) : number;
    }

    private static void agree(BigInteger a, BigInteger b) {
        FieldElement x = FieldElement.of(a);
        FieldElement y = FieldElement.of(b);

        assertThat(x.number()).isEqualTo(a);
        assertThat(x.plus(y)).isEqualTo(FieldElement.of(a.add(b).mod(P)));
        assertThat(x.plus(y).number()).isEqualTo(a.add(b).mod(P));
        assertThat(x.minus(y)).isEqualTo(FieldElement.of(a.subtract(b).mod(P)));
        assertThat(x.minus(y).number()).isEqualTo(a.subtract(b).mod(P));
        assertThat(x.times(y)).isEqualTo(FieldElement.of(a.multiply(b).mod(P)));
        assertThat(x.times(y).number()).isEqualTo(a.multiply(b).mod(P));
        assertThat(x.squared()).isEqualTo(x.times(x));
        assertThat(x.squared().number()).isEqualTo(a.multiply(a).mod(P));
        assertThat(x.negated().number()).isEqualTo(a.negate().mod(P));
        assertThat(x.isZero()).isEqualTo(a.signum() == 0);
        assertThat(x.isOdd()).isEqualTo(a.testBit(0));
        assertThat(x.equals(y)).isEqualTo(a.equals(b));
    }

    @Test
    void the_prime_is_that_of_the_curve() {
        assertThat(P).isEqualTo(Es256.DOMAIN.getCurve().getField().getCharacteristic());
        assertThat(FieldElement.ZERO.number()).isZero();
        assertThat(FieldElement.ONE.number()).isOne();
    }

    @Test
    void numbers_at_the_borders_are_added_subtracted_and_multiplied_exactly() {
        List<BigInteger> edges = edges();

        assertThat(edges).hasSizeGreaterThan(1_000);
        for (int i = 0; i < edges.size(); i++) {
            BigInteger a = edges.get(i);
            for (int step = 0; step < 6; step++) {
                BigInteger b = edges.get((i * 7 + step * 53) % edges.size());
                agree(a, b);
                agree(held(a), held(b));
                agree(held(a), b);
            }
            agree(a, P.subtract(a).mod(P));
            agree(held(a), P.subtract(held(a)).mod(P));
        }
    }

    @Test
    void digits_are_held_as_the_test_says() {
        BigInteger inside = BigInteger.TWO.pow(2 * BITS).add(BigInteger.valueOf(7));

        assertThat(FieldElement.of(held(inside))).isEqualTo(new FieldElement(7, 0, 1, 0, 0));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void numbers_are_added_subtracted_and_multiplied_exactly(long seed) {
        Random random = new Random(seed);
        List<BigInteger> edges = edges();

        for (int i = 0; i < 50; i++) {
            agree(any(random, edges), any(random, edges));
        }
    }

    static LongStream oneOfRun() {
        return Seeds.ofRun(1);
    }

    @Tag("long")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("oneOfRun")
    void a_hundred_thousand_products_and_squares_are_exact(long seed) {
        Random random = new Random(seed);
        List<BigInteger> edges = edges();

        for (int i = 0; i < PRODUCTS; i++) {
            BigInteger a = any(random, edges);
            BigInteger b = any(random, edges);
            FieldElement x = FieldElement.of(a);

            assertThat(x.times(FieldElement.of(b)).number())
                    .as("product %d of seed %d", i, seed)
                    .isEqualTo(a.multiply(b).mod(P));
            assertThat(x.squared().number())
                    .as("square %d of seed %d", i, seed)
                    .isEqualTo(a.multiply(a).mod(P));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_square_has_two_roots_and_its_negative_none(long seed) {
        Random random = new Random(seed);
        List<BigInteger> edges = edges();

        for (int i = 0; i < 5; i++) {
            FieldElement number = FieldElement.of(any(random, edges));
            FieldElement root = number.squared().root().orElseThrow();

            assertThat(root).isIn(number, number.negated());
            if (!number.isZero()) {
                assertThat(number.squared().negated().root()).isEmpty();
            }
        }
        assertThat(FieldElement.ZERO.root()).isEqualTo(Optional.of(FieldElement.ZERO));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void each_of_many_is_inverted_and_zero_stays_zero(long seed) {
        Random random = new Random(seed);
        List<BigInteger> edges = edges();
        List<BigInteger> numbers = Stream.generate(() -> any(random, edges))
                .limit(random.nextInt(20))
                .toList();

        FieldElement[] inverses =
                FieldElement.inverses(numbers.stream().map(FieldElement::of).toList());

        assertThat(inverses).hasSize(numbers.size());
        for (int i = 0; i < numbers.size(); i++) {
            BigInteger number = numbers.get(i);
            assertThat(inverses[i].number()).isEqualTo(number.signum() == 0 ? number : number.modInverse(P));
        }
    }
}
