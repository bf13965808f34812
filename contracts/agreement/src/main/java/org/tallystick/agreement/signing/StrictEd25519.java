package org.tallystick.agreement.signing;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Key;

/// Ed25519 by the strict rule: `S < L`, `A` and `R` canonical and not of small order, and `[S]B = R + [k]A` without
/// the cofactor.
///
/// The equation is computed here. Bouncy Castle multiplies it by a scalar that suits its speed and may be even, so it
/// lets some points pass whose parts of small order do not cancel: neither this rule nor the one with the cofactor.
final class StrictEd25519 {

    static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private StrictEd25519() {}

    static boolean verify(Key.Ed25519 key, Bytes input, Bytes signature) {
        Optional<EdwardsPoint> publicPoint = EdwardsPoint.decode(key.x()).filter(point -> !point.isOfSmallOrder());
        BigInteger s = littleEndian(signature.slice(32, 64));
        if (publicPoint.isEmpty() || s.compareTo(ORDER) >= 0) {
            return false;
        }
        Bytes r = signature.slice(0, 32);
        BigInteger k = littleEndian(sha512(r, key.x(), input)).mod(ORDER);
        EdwardsPoint nonce = EdwardsPoint.baseTimesMinus(s, k, publicPoint.get());
        // What this encodes to is canonical, so an R that equals it is, too.
        return nonce.encode().equals(r) && !nonce.isOfSmallOrder();
    }

    /// Whether anybody could sign for this key: its point is not canonical, not on the curve, or of small order.
    static boolean weak(Key.Ed25519 key) {
        return EdwardsPoint.decode(key.x()).map(EdwardsPoint::isOfSmallOrder).orElse(true);
    }

    static Key.Ed25519 publicKey(Bytes seed) {
        byte[] octets = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(seed.toArray(), 0, octets, 0);
        return new Key.Ed25519(Bytes.copyOf(octets));
    }

    static Bytes sign(Bytes seed, Bytes input) {
        byte[] octets = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed.toArray(), 0, input.toArray(), 0, input.size(), octets, 0);
        return Bytes.copyOf(octets);
    }

    static BigInteger littleEndian(Bytes octets) {
        byte[] reversed = new byte[octets.size()];
        for (int i = 0; i < reversed.length; i++) {
            reversed[i] = (byte) octets.at(reversed.length - 1 - i);
        }
        return new BigInteger(1, reversed);
    }

    private static Bytes sha512(Bytes... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            for (Bytes part : parts) {
                digest.update(part.toArray());
            }
            return Bytes.copyOf(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has SHA-512", e);
        }
    }
}
