package org.tallystick.agreement.numbers;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Divides whole amounts by exact weights so that nothing is created and nothing is lost (terms/1 section 2.2).
///
/// Everyone gets the whole part of his share; the units left over go, one each, to those who lost the largest
/// fraction, and among equals to the one listed first: the order in which the parties signed is the only order all of
/// them agreed to.
public final class LargestRemainder {

    /// Among more, looking through all of them for each unit left over would take too long.
    private static final int FEW = 16;

    /// The weights over their common denominator, and their sum.
    private final BigInteger[] weights;

    private final BigInteger sum;

    /// The same where all fit and they are few, else nothing.
    private final long[] small;

    private final long smallSum;

    /// @param weights in the order that breaks ties; none negative, not all 0
    public LargestRemainder(List<Rational> weights) {
        BigInteger common = BigInteger.ONE;
        for (Rational weight : weights) {
            if (weight.signum() < 0) {
                throw new IllegalArgumentException("a weight is negative: " + weight);
            }
            common = common.divide(common.gcd(weight.denominator())).multiply(weight.denominator());
        }
        this.weights = new BigInteger[weights.size()];
        BigInteger total = BigInteger.ZERO;
        for (int i = 0; i < this.weights.length; i++) {
            Rational weight = weights.get(i);
            this.weights[i] = weight.numerator().multiply(common.divide(weight.denominator()));
            total = total.add(this.weights[i]);
        }
        if (total.signum() == 0) {
            throw new IllegalArgumentException("the weights add up to 0");
        }
        sum = total;
        boolean fits = total.bitLength() < Long.SIZE && weights.size() <= FEW;
        small = new long[fits ? weights.size() : 0];
        for (int i = 0; i < small.length; i++) {
            small[i] = this.weights[i].longValueExact();
        }
        smallSum = fits ? total.longValueExact() : 0;
    }

    /// @param weights in the order that breaks ties; none negative, not all 0
    public static List<BigInteger> divide(BigInteger total, List<Rational> weights) {
        return new LargestRemainder(weights).divide(total);
    }

    /// The parts, in the order of the weights.
    public List<BigInteger> divide(BigInteger total) {
        BigInteger size = total.abs();
        BigInteger[] parts = new BigInteger[weights.length];
        BigInteger[] lost = new BigInteger[weights.length];
        BigInteger left = size;
        for (int i = 0; i < weights.length; i++) {
            BigInteger[] exact = size.multiply(weights[i]).divideAndRemainder(sum);
            parts[i] = exact[0];
            lost[i] = exact[1];
            left = left.subtract(exact[0]);
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            order.add(i);
        }
        order.sort((a, b) -> lost[b].compareTo(lost[a]));
        for (int i : order.subList(0, left.intValueExact())) {
            parts[i] = parts[i].add(BigInteger.ONE);
        }
        List<BigInteger> signed = new ArrayList<>();
        for (BigInteger part : parts) {
            signed.add(total.signum() < 0 ? part.negate() : part);
        }
        return List.copyOf(signed);
    }

    /// As the other, where all fits.
    ///
    /// @param parts is filled, in the order of the weights, if the answer is true
    /// @return whether all fitted
    public boolean divide(long total, long[] parts) {
        // The least long has no absolute value and stays below 0, which the high half of the product shows.
        long size = Math.abs(total);
        if (small.length == 0 || Math.multiplyHigh(size, smallSum) != 0 || size * smallSum < 0) {
            return false;
        }
        long left = size;
        for (int i = 0; i < small.length; i++) {
            parts[i] = size * small[i] / smallSum;
            left -= parts[i];
        }
        long taken = Long.MAX_VALUE;
        int takenAt = -1;
        for (; left > 0; left--) {
            // The next in order: the largest loss below the one before, or an equal one further back in the list.
            int next = -1;
            long largest = -1;
            for (int i = 0; i < small.length; i++) {
                long lost = size * small[i] % smallSum;
                boolean after = lost < taken || (lost == taken && i > takenAt);
                if (after && lost > largest) {
                    largest = lost;
                    next = i;
                }
            }
            parts[next]++;
            taken = largest;
            takenAt = next;
        }
        if (total < 0) {
            for (int i = 0; i < small.length; i++) {
                parts[i] = -parts[i];
            }
        }
        return true;
    }
}
