package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;

/// Points of P-256, held against those of Bouncy Castle.
final class CurvePointTest {

    private static final ECPoint BASE = Es256.DOMAIN.getG();
    private static final ECPoint NEUTRAL = Es256.DOMAIN.getCurve().getInfinity();

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    static CurvePoint of(ECPoint point) {
        ECPoint affine = point.normalize();
        return new CurvePoint(
                FieldElement.of(affine.getAffineXCoord().toBigInteger()),
                FieldElement.of(affine.getAffineYCoord().toBigInteger()));
    }

    static ECPoint sum(List<CurvePoint> list) {
        return list.stream().map(CurvePoint::toBouncyCastle).reduce(NEUTRAL, ECPoint::add);
    }

    /// Few different points, so that the same, and negatives, meet often; among them the base point.
    private static CurvePoint any(Random random) {
        long multiple = random.nextInt(3) == 0 ? random.nextLong() : 1 + random.nextInt(4);
        CurvePoint point = of(BASE.multiply(BigInteger.valueOf(multiple == 0 ? 1 : multiple)));
        return random.nextBoolean() ? point : point.negated();
    }

    private static List<List<CurvePoint>> addedUp(List<List<CurvePoint>> lists) {
        List<List<CurvePoint>> all = new ArrayList<>(lists);
        CurvePoint.addUp(all);
        return all;
    }

    @Test
    void a_point_its_double_and_its_negative_are_added_as_they_must_be() {
        CurvePoint one = of(BASE);
        CurvePoint two = of(BASE.twice());
        CurvePoint minus = one.negated();

        List<List<CurvePoint>> sums = addedUp(List.of(
                List.of(),
                List.of(one),
                List.of(one, one),
                List.of(one, minus),
                List.of(minus, one),
                List.of(one, minus, one),
                List.of(one, one, minus),
                List.of(one, one, two),
                List.of(one, one, minus, minus),
                List.of(one, two, minus, minus),
                List.of(one, one, one, one, minus, minus, minus)));

        assertThat(sums)
                .containsExactly(
                        List.of(),
                        List.of(one),
                        List.of(two),
                        List.of(),
                        List.of(),
                        List.of(one),
                        List.of(one),
                        List.of(of(BASE.multiply(BigInteger.valueOf(4)))),
                        List.of(),
                        List.of(one),
                        List.of(one));
        assertThat(sum(List.of(minus))).isEqualTo(BASE.negate());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void many_lists_at_a_time_add_up_to_what_they_add_up_to_alone(long seed) {
        Random random = new Random(seed);
        List<List<CurvePoint>> lists = new ArrayList<>();
        for (int n = random.nextInt(6); n >= 0; n--) {
            List<CurvePoint> list = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                list.add(any(random));
            }
            lists.add(list);
        }

        List<List<CurvePoint>> sums = addedUp(lists);

        assertThat(sums).hasSameSizeAs(lists);
        for (int n = 0; n < lists.size(); n++) {
            ECPoint expected = sum(lists.get(n));
            assertThat(sums.get(n)).hasSize(expected.isInfinity() ? 0 : 1);
            assertThat(sum(sums.get(n))).isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void of_an_x_the_point_with_an_even_y_is_found_if_there_is_one(long seed) {
        Random random = new Random(seed);
        int found = 0;

        for (int i = 0; i < 20; i++) {
            BigInteger x = i < 5 ? BigInteger.valueOf(i) : new BigInteger(256, random).mod(FieldElement.PRIME);
            Optional<CurvePoint> point = CurvePoint.even(x);

            assertThat(point).isEqualTo(decoded(x));
            found += point.isPresent() ? 1 : 0;
        }

        assertThat(found).isBetween(1, 19);
    }

    private static Optional<CurvePoint> decoded(BigInteger x) {
        byte[] compressed = new byte[33];
        compressed[0] = 2;
        System.arraycopy(BigIntegers.asUnsignedByteArray(32, x), 0, compressed, 1, 32);
        try {
            return Optional.of(of(Es256.DOMAIN.getCurve().decodePoint(compressed)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
