package org.tallystick.agreement.signing;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.util.BigIntegers;

/// A number modulo the prime of P-256, p = 2^256 - 2^224 + 2^192 + 2^96 - 1: always below p, so equal if alike.
///
/// Five digits of 52 bits, lowest first, hold the number times 2^260 modulo p (P. L. Montgomery, *Modular
/// multiplication without trial division*, Mathematics of Computation 44, 1985). Digits are short of a word, so
/// that many of them can be added up before a carry is looked at. What is computed here is public: it may take
/// more or less time.
record FieldElement(long d0, long d1, long d2, long d3, long d4) {

    private static final int BITS = 52;
    private static final int DIGITS = 5;
    private static final long MASK = (1L << BITS) - 1;

    /// The digits of p; the middle one is zero.
    private static final long P0 = MASK;
    private static final long P1 = (1L << 44) - 1;
    private static final long P3 = 1L << 36;
    private static final long P4 = (1L << 48) - (1L << 16);

    static final BigInteger PRIME = BigInteger.TWO
            .pow(256)
            .subtract(BigInteger.TWO.pow(224))
            .add(BigInteger.TWO.pow(192))
            .add(BigInteger.TWO.pow(96))
            .subtract(BigInteger.ONE);

    private static final FieldElement FACTOR_SQUARED =
            digits(BigInteger.TWO.pow(2 * DIGITS * BITS).mod(PRIME));
    private static final FieldElement UNIT = digits(BigInteger.ONE);

    static final FieldElement ZERO = digits(BigInteger.ZERO);
    static final FieldElement ONE = of(BigInteger.ONE);

    /// @param number from 0 to below p
    static FieldElement of(BigInteger number) {
        return digits(number).times(FACTOR_SQUARED);
    }

    private static FieldElement digits(BigInteger number) {
        return new FieldElement(
                number.longValue() & MASK,
                number.shiftRight(BITS).longValue() & MASK,
                number.shiftRight(2 * BITS).longValue() & MASK,
                number.shiftRight(3 * BITS).longValue() & MASK,
                number.shiftRight(4 * BITS).longValue());
    }

    BigInteger number() {
        FieldElement plain = times(UNIT);
        return BigInteger.valueOf(plain.d4)
                .shiftLeft(BITS)
                .add(BigInteger.valueOf(plain.d3))
                .shiftLeft(BITS)
                .add(BigInteger.valueOf(plain.d2))
                .shiftLeft(BITS)
                .add(BigInteger.valueOf(plain.d1))
                .shiftLeft(BITS)
                .add(BigInteger.valueOf(plain.d0));
    }

    boolean isZero() {
        return (d0 | d1 | d2 | d3 | d4) == 0;
    }

    boolean isOdd() {
        return (times(UNIT).d0 & 1) == 1;
    }

    FieldElement plus(FieldElement other) {
        return settled(d0 + other.d0, d1 + other.d1, d2 + other.d2, d3 + other.d3, d4 + other.d4);
    }

    FieldElement minus(FieldElement other) {
        return settled(d0 - other.d0 + P0, d1 - other.d1 + P1, d2 - other.d2, d3 - other.d3 + P3, d4 - other.d4 + P4);
    }

    FieldElement negated() {
        return ZERO.minus(this);
    }

    FieldElement times(FieldElement b) {
        return reduced(
                low(d0, b.d0),
                high(d0, b.d0) + low(d0, b.d1) + low(d1, b.d0),
                high(d0, b.d1) + high(d1, b.d0) + low(d0, b.d2) + low(d1, b.d1) + low(d2, b.d0),
                high(d0, b.d2)
                        + high(d1, b.d1)
                        + high(d2, b.d0)
                        + low(d0, b.d3)
                        + low(d1, b.d2)
                        + low(d2, b.d1)
                        + low(d3, b.d0),
                high(d0, b.d3)
                        + high(d1, b.d2)
                        + high(d2, b.d1)
                        + high(d3, b.d0)
                        + low(d0, b.d4)
                        + low(d1, b.d3)
                        + low(d2, b.d2)
                        + low(d3, b.d1)
                        + low(d4, b.d0),
                high(d0, b.d4)
                        + high(d1, b.d3)
                        + high(d2, b.d2)
                        + high(d3, b.d1)
                        + high(d4, b.d0)
                        + low(d1, b.d4)
                        + low(d2, b.d3)
                        + low(d3, b.d2)
                        + low(d4, b.d1),
                high(d1, b.d4)
                        + high(d2, b.d3)
                        + high(d3, b.d2)
                        + high(d4, b.d1)
                        + low(d2, b.d4)
                        + low(d3, b.d3)
                        + low(d4, b.d2),
                high(d2, b.d4) + high(d3, b.d3) + high(d4, b.d2) + low(d3, b.d4) + low(d4, b.d3),
                high(d3, b.d4) + high(d4, b.d3) + low(d4, b.d4),
                high(d4, b.d4));
    }

    FieldElement squared() {
        long e0 = 2 * d0;
        long e1 = 2 * d1;
        long e2 = 2 * d2;
        long e3 = 2 * d3;
        return reduced(
                low(d0, d0),
                high(d0, d0) + low(e0, d1),
                high(e0, d1) + low(e0, d2) + low(d1, d1),
                high(e0, d2) + high(d1, d1) + low(e0, d3) + low(e1, d2),
                high(e0, d3) + high(e1, d2) + low(e0, d4) + low(e1, d3) + low(d2, d2),
                high(e0, d4) + high(e1, d3) + high(d2, d2) + low(e1, d4) + low(e2, d3),
                high(e1, d4) + high(e2, d3) + low(e2, d4) + low(d3, d3),
                high(e2, d4) + high(d3, d3) + low(e3, d4),
                high(e3, d4) + low(d4, d4),
                high(d4, d4));
    }

    /// The number whose square this is, if there is one: one of two, either.
    ///
    /// As p is 3 modulo 4, that is the power with exponent (p + 1) / 4 = ((2^32 - 1) 2^128 + 2^96 + 1) 2^94.
    Optional<FieldElement> root() {
        FieldElement ones = this;
        for (int bits = 1; bits < 32; bits *= 2) {
            ones = ones.squared(bits).times(ones);
        }
        FieldElement root = ones.squared(32).times(this).squared(96).times(this).squared(94);
        return root.squared().equals(this) ? Optional.of(root) : Optional.empty();
    }

    private FieldElement squared(int times) {
        FieldElement power = this;
        for (int i = 0; i < times; i++) {
            power = power.squared();
        }
        return power;
    }

    /// One divided by each of them, and zero for zero, at the price of one division (P. L. Montgomery, *Speeding
    /// the Pollard and elliptic curve methods of factorization*, Mathematics of Computation 48, 1987).
    static FieldElement[] inverses(List<FieldElement> elements) {
        FieldElement[] inverses = new FieldElement[elements.size()];
        FieldElement product = ONE;
        for (int i = 0; i < inverses.length; i++) {
            inverses[i] = product;
            if (!elements.get(i).isZero()) {
                product = product.times(elements.get(i));
            }
        }
        FieldElement inverse = of(BigIntegers.modOddInverseVar(PRIME, product.number()));
        for (int i = inverses.length - 1; i >= 0; i--) {
            if (elements.get(i).isZero()) {
                inverses[i] = ZERO;
            } else {
                inverses[i] = inverses[i].times(inverse);
                inverse = inverse.times(elements.get(i));
            }
        }
        return inverses;
    }

    /// The lower 52 bits of a product of numbers below 2^53.
    private static long low(long a, long b) {
        return a * b & MASK;
    }

    /// The product of numbers below 2^53 without its lower 52 bits.
    private static long high(long a, long b) {
        return Math.multiplyHigh(a << 6, b << 6);
    }

    /// A number of ten digits divided by 2^260. The digits may be larger than 52 bits.
    ///
    /// Five times as often p is added as makes the lowest digit zero. As p is -1 modulo 2^52, that often is that
    /// digit.
    private static FieldElement reduced(
            long c0, long c1, long c2, long c3, long c4, long c5, long c6, long c7, long c8, long c9) {
        long m = c0 & MASK;
        c1 += (c0 >>> 52) + (m << 44 & MASK);
        c2 += m >>> 8;
        c3 += m << 36 & MASK;
        c4 += (m >>> 16) + low(m, P4);
        c5 += high(m, P4);

        m = c1 & MASK;
        c2 += (c1 >>> 52) + (m << 44 & MASK);
        c3 += m >>> 8;
        c4 += m << 36 & MASK;
        c5 += (m >>> 16) + low(m, P4);
        c6 += high(m, P4);

        m = c2 & MASK;
        c3 += (c2 >>> 52) + (m << 44 & MASK);
        c4 += m >>> 8;
        c5 += m << 36 & MASK;
        c6 += (m >>> 16) + low(m, P4);
        c7 += high(m, P4);

        m = c3 & MASK;
        c4 += (c3 >>> 52) + (m << 44 & MASK);
        c5 += m >>> 8;
        c6 += m << 36 & MASK;
        c7 += (m >>> 16) + low(m, P4);
        c8 += high(m, P4);

        m = c4 & MASK;
        c5 += (c4 >>> 52) + (m << 44 & MASK);
        c6 += m >>> 8;
        c7 += m << 36 & MASK;
        c8 += (m >>> 16) + low(m, P4);
        c9 += high(m, P4);

        return settled(c5, c6, c7, c8, c9);
    }

    /// A number from 0 to below 2 p, whose digits may be larger than 52 bits or below zero, brought below p.
    private static FieldElement settled(long t0, long t1, long t2, long t3, long t4) {
        t1 += t0 >> BITS;
        t2 += t1 >> BITS;
        t3 += t2 >> BITS;
        t4 += t3 >> BITS;
        long s0 = (t0 & MASK) - P0;
        long s1 = (t1 & MASK) - P1 + (s0 >> BITS);
        long s2 = (t2 & MASK) + (s1 >> BITS);
        long s3 = (t3 & MASK) - P3 + (s2 >> BITS);
        long s4 = t4 - P4 + (s3 >> BITS);
        // All ones if it was below p. By masks and not by branches: nobody can foretell which it is.
        long below = s4 >> (Long.SIZE - 1);
        return new FieldElement(
                (s0 ^ ((t0 ^ s0) & below)) & MASK,
                (s1 ^ ((t1 ^ s1) & below)) & MASK,
                (s2 ^ ((t2 ^ s2) & below)) & MASK,
                (s3 ^ ((t3 ^ s3) & below)) & MASK,
                s4 ^ ((t4 ^ s4) & below));
    }
}
