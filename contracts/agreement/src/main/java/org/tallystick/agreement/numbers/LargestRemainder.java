package org.tallystick.agreement.numbers;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Divides a whole amount by exact weights so that nothing is created and nothing is lost (terms/1 section 2.2).
///
/// Everyone gets the whole part of his share; the units left over go, one each, to those who lost the largest
/// fraction, and among equals to the one listed first: the order in which the parties signed is the only order all of
/// them agreed to.
public final class LargestRemainder {

    private LargestRemainder() {}

    /// @param weights in the order that breaks ties; none negative, not all 0
    public static List<BigInteger> divide(BigInteger total, List<Rational> weights) {
        if (total.signum() < 0) {
            return divide(total.negate(), weights).stream()
                    .map(BigInteger::negate)
                    .toList();
        }
        Rational sum = Rational.ZERO;
        for (Rational weight : weights) {
            if (weight.signum() < 0) {
                throw new IllegalArgumentException("a weight is negative: " + weight);
            }
            sum = sum.plus(weight);
        }
        if (sum.signum() == 0) {
            throw new IllegalArgumentException("the weights add up to 0");
        }
        List<BigInteger> parts = new ArrayList<>();
        List<Rational> lost = new ArrayList<>();
        BigInteger left = total;
        for (Rational weight : weights) {
            Rational exact = weight.times(total).dividedBy(sum);
            BigInteger part = exact.floor();
            parts.add(part);
            lost.add(exact.minus(Rational.whole(part)));
            left = left.subtract(part);
        }
        IntStream.range(0, weights.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> lost.get(i)).reversed())
                .limit(left.longValueExact())
                .forEach(i -> parts.set(i, parts.get(i).add(BigInteger.ONE)));
        return List.copyOf(parts);
    }
}
