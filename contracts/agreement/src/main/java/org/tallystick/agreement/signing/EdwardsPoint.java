package org.tallystick.agreement.signing;

import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.tallystick.agreement.bytes.Bytes;

/// A point on edwards25519 in extended coordinates: `x = X/Z`, `y = Y/Z`, `XY = ZT`.
///
/// Addition is complete: it holds for all points, those of small order too. Nothing here is secret, so the time it
/// takes may depend on the values. The field's arithmetic is Bouncy Castle's.
final class EdwardsPoint {

    static final BigInteger FIELD = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    private static final int SIZE = 32;
    private static final int BITS = 256;
    private static final BigInteger CURVE = BigInteger.valueOf(-121665)
            .multiply(BigInteger.valueOf(121666).modInverse(FIELD))
            .mod(FIELD);
    private static final int[] D = element(CURVE);
    private static final int[] TWO_D = element(CURVE.shiftLeft(1).mod(FIELD));

    /// Digits of a scalar are odd and below 2^(width-1): wide for the base, whose multiples are computed once.
    private static final int BASE_WIDTH = 8;
    private static final int POINT_WIDTH = 5;
    private static final Addend[] BASE_MULTIPLES = decode(
                    Bytes.ofHex("5866666666666666666666666666666666666666666666666666666666666666"))
            .orElseThrow()
            .oddMultiples(BASE_WIDTH);

    private final int[] x;
    private final int[] y;
    private final int[] z;
    private final int[] t;

    private EdwardsPoint(int[] x, int[] y, int[] z, int[] t) {
        this.x = x;
        this.y = y;
        this.z = z;
        this.t = t;
    }

    /// A point made ready to be added: `Y+X`, `Y-X`, `2Z`, `2dT`.
    private static final class Addend {
        final int[] sum = X25519Field.create();
        final int[] difference = X25519Field.create();
        final int[] twoZ = X25519Field.create();
        final int[] twoDT = X25519Field.create();

        Addend(EdwardsPoint point) {
            X25519Field.apm(point.y, point.x, sum, difference);
            X25519Field.add(point.z, point.z, twoZ);
            X25519Field.mul(TWO_D, point.t, twoDT);
        }
    }

    /// The point of this encoding (RFC 8032 section 5.1.3), or nothing if it is not canonical or not on the curve.
    static Optional<EdwardsPoint> decode(Bytes encoding) {
        byte[] octets = encoding.toArray();
        boolean odd = (octets[SIZE - 1] & 0x80) != 0;
        octets[SIZE - 1] &= 0x7f;
        if (StrictEd25519.littleEndian(Bytes.copyOf(octets)).compareTo(FIELD) >= 0) {
            return Optional.empty();
        }
        int[] y = X25519Field.create();
        X25519Field.decode255(octets, y);
        int[] u = X25519Field.create();
        int[] v = X25519Field.create();
        X25519Field.sqr(y, u);
        X25519Field.mul(D, u, v);
        X25519Field.subOne(u);
        X25519Field.addOne(v);
        int[] x = X25519Field.create();
        if (!X25519Field.sqrtRatioVar(u, v, x)) {
            return Optional.empty();
        }
        X25519Field.normalize(x);
        if (odd && X25519Field.isZeroVar(x)) {
            return Optional.empty();
        }
        if (odd != ((x[0] & 1) != 0)) {
            X25519Field.negate(x, x);
            X25519Field.normalize(x);
        }
        int[] one = X25519Field.create();
        X25519Field.one(one);
        int[] t = X25519Field.create();
        X25519Field.mul(x, y, t);
        return Optional.of(new EdwardsPoint(x, y, one, t));
    }

    Bytes encode() {
        int[] inverse = X25519Field.create();
        X25519Field.invVar(z, inverse);
        int[] affineX = product(x, inverse);
        int[] affineY = product(y, inverse);
        X25519Field.normalize(affineX);
        X25519Field.normalize(affineY);
        byte[] octets = new byte[SIZE];
        X25519Field.encode(affineY, octets);
        octets[SIZE - 1] |= (byte) ((affineX[0] & 1) << 7);
        return Bytes.copyOf(octets);
    }

    /// Whether eight times this point is the neutral one.
    boolean isOfSmallOrder() {
        EdwardsPoint eightfold = twice().twice().twice();
        int[] difference = X25519Field.create();
        X25519Field.sub(eightfold.y, eightfold.z, difference);
        return isZero(eightfold.x.clone()) && isZero(difference);
    }

    /// `[s]B - [k]A`, where B is the base point.
    static EdwardsPoint baseTimesMinus(BigInteger s, BigInteger k, EdwardsPoint a) {
        byte[] ofBase = digits(s, BASE_WIDTH);
        byte[] ofPoint = digits(k, POINT_WIDTH);
        Addend[] multiples = a.oddMultiples(POINT_WIDTH);
        EdwardsPoint sum = neutral();
        for (int i = BITS; i >= 0; i--) {
            sum = sum.twice();
            if (ofBase[i] != 0) {
                sum = sum.plus(BASE_MULTIPLES[Math.abs(ofBase[i]) / 2], ofBase[i] > 0);
            }
            if (ofPoint[i] != 0) {
                sum = sum.plus(multiples[Math.abs(ofPoint[i]) / 2], ofPoint[i] < 0);
            }
        }
        return sum;
    }

    private static EdwardsPoint neutral() {
        int[] one = X25519Field.create();
        X25519Field.one(one);
        return new EdwardsPoint(X25519Field.create(), one, one, X25519Field.create());
    }

    /// The signed digits of a scalar, lowest first: each is 0 or odd, and after one that is not 0 come `width - 1`
    /// that are.
    private static byte[] digits(BigInteger scalar, int width) {
        byte[] digits = new byte[BITS + 1];
        int carry = 0;
        for (int i = 0; i <= BITS; ) {
            int bit = scalar.testBit(i) ? 1 : 0;
            if (bit == carry) {
                i++;
                continue;
            }
            int digit = carry;
            for (int j = 0; j < width; j++) {
                digit += (scalar.testBit(i + j) ? 1 : 0) << j;
            }
            carry = digit >> (width - 1) & 1;
            digits[i] = (byte) (digit - (carry << width));
            i += width;
        }
        return digits;
    }

    private Addend[] oddMultiples(int width) {
        Addend[] multiples = new Addend[1 << (width - 2)];
        Addend two = new Addend(twice());
        EdwardsPoint multiple = this;
        for (int i = 0; i < multiples.length; i++) {
            multiples[i] = new Addend(multiple);
            multiple = multiple.plus(two, true);
        }
        return multiples;
    }

    /// Adds a point, or takes it away.
    private EdwardsPoint plus(Addend other, boolean add) {
        int[] sum = X25519Field.create();
        int[] difference = X25519Field.create();
        X25519Field.apm(y, x, sum, difference);
        int[] a = product(difference, add ? other.difference : other.sum);
        int[] b = product(sum, add ? other.sum : other.difference);
        int[] c = product(t, other.twoDT);
        int[] d = product(z, other.twoZ);
        int[] e = X25519Field.create();
        int[] h = X25519Field.create();
        X25519Field.apm(b, a, h, e);
        int[] g = X25519Field.create();
        int[] f = X25519Field.create();
        if (add) {
            X25519Field.apm(d, c, g, f);
        } else {
            X25519Field.apm(d, c, f, g);
        }
        return completed(e, f, g, h);
    }

    private EdwardsPoint twice() {
        int[] a = X25519Field.create();
        int[] b = X25519Field.create();
        int[] c = X25519Field.create();
        int[] e = X25519Field.create();
        X25519Field.sqr(x, a);
        X25519Field.sqr(y, b);
        X25519Field.sqr(z, c);
        X25519Field.add(c, c, c);
        X25519Field.add(x, y, e);
        X25519Field.sqr(e, e);
        int[] h = X25519Field.create();
        int[] g = X25519Field.create();
        X25519Field.apm(a, b, h, g);
        X25519Field.sub(h, e, e);
        int[] f = X25519Field.create();
        X25519Field.add(c, g, f);
        X25519Field.carry(e);
        X25519Field.carry(f);
        return completed(e, f, g, h);
    }

    private static EdwardsPoint completed(int[] e, int[] f, int[] g, int[] h) {
        return new EdwardsPoint(product(e, f), product(g, h), product(f, g), product(e, h));
    }

    private static int[] product(int[] a, int[] b) {
        int[] product = X25519Field.create();
        X25519Field.mul(a, b, product);
        return product;
    }

    private static boolean isZero(int[] element) {
        X25519Field.normalize(element);
        return X25519Field.isZeroVar(element);
    }

    private static int[] element(BigInteger number) {
        byte[] octets = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            octets[i] = number.shiftRight(8 * i).byteValue();
        }
        int[] element = X25519Field.create();
        X25519Field.decode255(octets, element);
        return element;
    }
}
