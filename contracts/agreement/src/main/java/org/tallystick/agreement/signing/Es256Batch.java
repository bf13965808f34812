package org.tallystick.agreement.signing;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Key;

/// Many signatures under one key, checked together.
///
/// A signature (r, s) of a digest e under the key Q is good if R = (e/s) G + (r/s) Q has r for its x modulo the
/// order n (SEC 1 section 4.1.4). Whoever knows all of R, and not its x alone, may add up many such equations,
/// each times a number a that the signer could not choose: sum of a R = (sum of a e/s) G + (sum of a r/s) Q (D.
/// Naccache, D. M'Raihi, S. Vaudenay, D. Raphaeli, *Can D.S.A. be improved?*, EUROCRYPT '94; M. Bellare, J. A.
/// Garay, T. Rabin, *Fast batch verification for modular exponentiation and digital signatures*, EUROCRYPT '98:
/// the small exponents test). If one of the equations is wrong, the sum is right for at most one of the 2^132
/// numbers that its a may be, whatever the others are: the order of the curve is prime. So the sum proves each
/// signature, and each by the usual check.
///
/// Here R is the point whose x is r and whose y is even, as our own signer makes it. What another signer made may
/// be good although its y is odd, or its x is r + n. So a batch proves that all are good, or nothing.
final class Es256Batch {

    /// Fewer are checked sooner one by one.
    static final int LEAST = 16;

    /// A digit of a coefficient is a number from -32 to 31.
    private static final int DIGIT_BITS = 6;
    private static final int LARGEST_DIGIT = 1 << (DIGIT_BITS - 1);
    private static final int DIGITS = 22;
    private static final int DIGITS_OF_A_WORD = 10;
    private static final Bytes DOMAIN = Bytes.ofUtf8("tallystick ES256 batch 1\n");

    /// What is claimed of a signature: that it is one of this digest.
    ///
    /// @param signature 64 octets that have the form of [SignatureForm]
    record Claim(Bytes digest, Bytes signature) {
        BigInteger e() {
            return SignatureForm.number(digest, 0);
        }

        BigInteger r() {
            return SignatureForm.number(signature, 0);
        }

        BigInteger s() {
            return SignatureForm.number(signature, 32);
        }
    }

    private Es256Batch() {}

    /// True if each claim is good; false says nothing.
    static boolean proves(Key.P256 key, ECPoint keyPoint, List<Claim> claims) {
        List<CurvePoint> nonces = new ArrayList<>();
        for (Claim claim : claims) {
            Optional<CurvePoint> nonce = CurvePoint.even(claim.r());
            if (nonce.isEmpty()) {
                return false;
            }
            nonces.add(nonce.get());
        }
        List<int[]> coefficients = coefficients(key, claims);
        List<BigInteger> inverses = inverses(claims.stream().map(Claim::s).toList());
        BigInteger ofBase = BigInteger.ZERO;
        BigInteger ofKey = BigInteger.ZERO;
        for (int i = 0; i < claims.size(); i++) {
            BigInteger factor =
                    number(coefficients.get(i)).multiply(inverses.get(i)).mod(Es256.ORDER);
            ofBase = ofBase.add(factor.multiply(claims.get(i).e()));
            ofKey = ofKey.add(factor.multiply(claims.get(i).r()));
        }
        ECPoint right = ECAlgorithms.sumOfTwoMultiplies(
                Es256.DOMAIN.getG(), ofBase.mod(Es256.ORDER), keyPoint, ofKey.mod(Es256.ORDER));
        return sum(nonces, coefficients).equals(right);
    }

    /// A coefficient for each claim, as digits, lowest first. All depend on all claims, and so does everybody's
    /// batch.
    static List<int[]> coefficients(Key.P256 key, List<Claim> claims) {
        List<Bytes> all = new ArrayList<>(List.of(DOMAIN, key.x(), key.y()));
        for (Claim claim : claims) {
            all.add(claim.signature());
            all.add(claim.digest());
        }
        Bytes seed = Hash.sha256(all.toArray(Bytes[]::new));
        return IntStream.range(0, claims.size())
                .mapToObj(i -> digits(Hash.sha256(seed, octets(i))))
                .toList();
    }

    private static Bytes octets(int number) {
        return Bytes.copyOf(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }

    /// Of each octet the upper six bits.
    private static int[] digits(Bytes random) {
        return IntStream.range(0, DIGITS)
                .map(i -> (random.at(i) >> (Byte.SIZE - DIGIT_BITS)) - LARGEST_DIGIT)
                .toArray();
    }

    /// As many digits at a time as a word holds, as long numbers take longer to add up.
    static BigInteger number(int[] digits) {
        BigInteger number = BigInteger.ZERO;
        long part = 0;
        for (int i = DIGITS - 1; i >= 0; i--) {
            part = (part << DIGIT_BITS) + digits[i];
            if (i % DIGITS_OF_A_WORD == 0) {
                number = number.shiftLeft(DIGITS_OF_A_WORD * DIGIT_BITS).add(BigInteger.valueOf(part));
                part = 0;
            }
        }
        return number;
    }

    /// One divided by each of them modulo the order, at the price of one division.
    static List<BigInteger> inverses(List<BigInteger> numbers) {
        BigInteger[] products = new BigInteger[numbers.size()];
        BigInteger product = BigInteger.ONE;
        for (int i = 0; i < products.length; i++) {
            products[i] = product;
            product = product.multiply(numbers.get(i)).mod(Es256.ORDER);
        }
        BigInteger inverse = BigIntegers.modOddInverseVar(Es256.ORDER, product);
        for (int i = products.length - 1; i >= 0; i--) {
            products[i] = products[i].multiply(inverse).mod(Es256.ORDER);
            inverse = inverse.multiply(numbers.get(i)).mod(Es256.ORDER);
        }
        return List.of(products);
    }

    /// The sum of all points, each times its coefficient.
    ///
    /// For each place and each size that a digit may have there, the points with that digit are added up; then
    /// for each bit of the coefficients the sums of those digits that have it (N. Pippenger's way with buckets;
    /// D. J. Bernstein, J. Doumen, T. Lange, J.-J. Oosterwijk, *Faster batch forgery identification*, INDOCRYPT
    /// 2012).
    static ECPoint sum(List<CurvePoint> points, List<int[]> coefficients) {
        List<List<CurvePoint>> sizes = lists(DIGITS * LARGEST_DIGIT);
        for (int i = 0; i < points.size(); i++) {
            CurvePoint point = points.get(i);
            CurvePoint negated = point.negated();
            for (int place = 0; place < DIGITS; place++) {
                int digit = coefficients.get(i)[place];
                if (digit != 0) {
                    sizes.get(place * LARGEST_DIGIT + Math.abs(digit) - 1).add(digit > 0 ? point : negated);
                }
            }
        }
        CurvePoint.addUp(sizes);
        List<List<CurvePoint>> bits = lists(DIGITS * DIGIT_BITS);
        for (int i = 0; i < sizes.size(); i++) {
            int place = i / LARGEST_DIGIT;
            int size = i % LARGEST_DIGIT + 1;
            for (int bit = 0; bit < DIGIT_BITS; bit++) {
                if ((size >> bit & 1) == 1) {
                    bits.get(place * DIGIT_BITS + bit).addAll(sizes.get(i));
                }
            }
        }
        CurvePoint.addUp(bits);
        ECPoint sum = Es256.DOMAIN.getCurve().getInfinity();
        for (List<CurvePoint> bit : bits.reversed()) {
            sum = sum.twice();
            for (CurvePoint point : bit) {
                sum = sum.add(point.toBouncyCastle());
            }
        }
        return sum;
    }

    private static List<List<CurvePoint>> lists(int count) {
        List<List<CurvePoint>> lists = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }
}
