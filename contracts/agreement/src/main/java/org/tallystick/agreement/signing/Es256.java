package org.tallystick.agreement.signing;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.ECMultiplier;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Key;

/// ECDSA on P-256 with SHA-256, of two good signatures the one with the smaller `s`.
final class Es256 {

    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("P-256");
    static final ECDomainParameters DOMAIN = new ECDomainParameters(CURVE);
    static final BigInteger ORDER = DOMAIN.getN();
    private static final ReadyKeys READY = new ReadyKeys();
    private static final ECMultiplier BASE = new FixedPointCombMultiplier();

    private Es256() {}

    /// @param signature 64 octets that have the form of [SignatureForm]
    static boolean verify(Key.P256 key, Bytes input, Bytes signature) {
        return verifyHash(key, Hash.sha256(input), signature);
    }

    /// The same with the SHA-256 of the input.
    static boolean verifyHash(Key.P256 key, Bytes hash, Bytes signature) {
        return READY.of(key).map(ready -> verify(ready, hash, signature)).orElse(false);
    }

    private static boolean verify(ECPublicKeyParameters key, Bytes hash, Bytes signature) {
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, key);
        return verifier.verifySignature(
                hash.toArray(), SignatureForm.number(signature, 0), SignatureForm.number(signature, 32));
    }

    /// True if each of the claims is good; false says nothing, and each is then to be checked alone.
    static boolean proves(Key.P256 key, List<Es256Batch.Claim> claims) {
        return READY.of(key)
                .map(ready -> Es256Batch.proves(key, ready.getQ(), claims))
                .orElse(false);
    }

    /// Whether anybody could sign for this key: its point is not on the curve. The curve has no small subgroup.
    static boolean weak(Key.P256 key) {
        return ready(key).isEmpty();
    }

    /// The key as a point of the curve, if it is one.
    static Optional<ECPublicKeyParameters> ready(Key.P256 key) {
        BigInteger x = new BigInteger(1, key.x().toArray());
        BigInteger y = new BigInteger(1, key.y().toArray());
        BigInteger field = DOMAIN.getCurve().getField().getCharacteristic();
        if (x.compareTo(field) >= 0 || y.compareTo(field) >= 0) {
            return Optional.empty();
        }
        ECPoint point = DOMAIN.getCurve().createPoint(x, y);
        return point.isValid() && !point.isInfinity()
                ? Optional.of(new ECPublicKeyParameters(point, DOMAIN))
                : Optional.empty();
    }

    /// The nonce is the first of RFC 6979 whose point has an even `y` beside the smaller `s`: so the same input has
    /// the same signature, and many of them can be checked together ([Es256Batch]). Anybody can compute that point
    /// from the signature, so the choice tells nothing more of the secret.
    static Bytes sign(BigInteger secret, Bytes input) {
        byte[] digest = Hash.sha256(input).toArray();
        HMacDSAKCalculator nonces = new HMacDSAKCalculator(new SHA256Digest());
        nonces.init(ORDER, secret, digest);
        while (true) {
            BigInteger nonce = nonces.nextK();
            ECPoint point = BASE.multiply(DOMAIN.getG(), nonce).normalize();
            BigInteger r = point.getAffineXCoord().toBigInteger().mod(ORDER);
            BigInteger s = secret.multiply(r)
                    .add(new BigInteger(1, digest))
                    .multiply(BigIntegers.modOddInverse(ORDER, nonce))
                    .mod(ORDER);
            boolean large = s.compareTo(ORDER.shiftRight(1)) > 0;
            // The larger s belongs to the negated point.
            boolean even = point.getAffineYCoord().testBitZero() == large;
            if (even && r.signum() != 0 && s.signum() != 0) {
                return Bytes.concat(octets(r), octets(large ? ORDER.subtract(s) : s));
            }
        }
    }

    /// `r` and the smaller `s` over a digest, in 64 octets, with the first nonce of RFC 6979.
    static Bytes sign(BigInteger secret, ECDomainParameters domain, Bytes digest) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(secret, domain));
        BigInteger[] found = signer.generateSignature(digest.toArray());
        BigInteger s = found[1].min(domain.getN().subtract(found[1]));
        return Bytes.concat(octets(found[0]), octets(s));
    }

    /// A signature in DER, as most programs make it, in 64 octets.
    static Optional<Bytes> ofDer(Bytes der) {
        try {
            BigInteger[] numbers = StandardDSAEncoding.INSTANCE.decode(ORDER, der.toArray());
            return Optional.of(Bytes.concat(octets(numbers[0]), octets(numbers[1])));
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static Key.P256 publicKey(BigInteger secret) {
        ECPoint point = DOMAIN.getG().multiply(secret).normalize();
        return new Key.P256(
                Bytes.copyOf(point.getAffineXCoord().getEncoded()),
                Bytes.copyOf(point.getAffineYCoord().getEncoded()));
    }

    private static Bytes octets(BigInteger number) {
        return Bytes.copyOf(BigIntegers.asUnsignedByteArray(32, number));
    }
}
