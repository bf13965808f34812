package org.tallystick.agreement.signing;

import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import org.tallystick.agreement.bytes.Bytes;

/// The wallets' curve: the address that made a signature is found from the signature and what was signed.
final class Secp256k1 {

    static final ECDomainParameters DOMAIN = new ECDomainParameters(CustomNamedCurves.getByName("secp256k1"));
    static final BigInteger ORDER = DOMAIN.getN();

    private static final int LOWEST_V = 27;

    private Secp256k1() {}

    /// @param signature 65 octets that have the form of [SignatureForm]
    static Optional<String> recover(Bytes digest, Bytes signature) {
        BigInteger r = SignatureForm.number(signature, 0);
        BigInteger s = SignatureForm.number(signature, 32);
        Optional<ECPoint> nonce = lift(r, signature.at(64) == LOWEST_V + 1);
        if (nonce.isEmpty()) {
            return Optional.empty();
        }
        BigInteger inverse = r.modInverse(ORDER);
        BigInteger ofBase =
                SignatureForm.number(digest, 0).negate().multiply(inverse).mod(ORDER);
        BigInteger ofNonce = s.multiply(inverse).mod(ORDER);
        ECPoint found = ECAlgorithms.sumOfTwoMultiplies(DOMAIN.getG(), ofBase, nonce.get(), ofNonce);
        return found.isInfinity() ? Optional.empty() : Optional.of(address(found));
    }

    static String address(BigInteger secret) {
        return address(DOMAIN.getG().multiply(secret));
    }

    static Bytes sign(BigInteger secret, Bytes digest) {
        Bytes signature = Es256.sign(secret, DOMAIN, digest);
        String address = address(secret);
        for (int v = LOWEST_V; v <= LOWEST_V + 1; v++) {
            Bytes whole = Bytes.concat(signature, Bytes.copyOf(new byte[] {(byte) v}));
            if (recover(digest, whole).equals(Optional.of(address))) {
                return whole;
            }
        }
        throw new IllegalStateException("the nonce's x is above the order: chance of 2^-127");
    }

    static Bytes keccak256(Bytes... parts) {
        KeccakDigest digest = new KeccakDigest(256);
        for (Bytes part : parts) {
            digest.update(part.toArray(), 0, part.size());
        }
        byte[] out = new byte[32];
        digest.doFinal(out, 0);
        return Bytes.copyOf(out);
    }

    /// The point with this `x` and parity of `y`, if there is one.
    private static Optional<ECPoint> lift(BigInteger x, boolean odd) {
        byte[] compressed = new byte[33];
        compressed[0] = (byte) (odd ? 3 : 2);
        byte[] octets = BigIntegers.asUnsignedByteArray(32, x);
        System.arraycopy(octets, 0, compressed, 1, octets.length);
        try {
            return Optional.of(DOMAIN.getCurve().decodePoint(compressed));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static String address(ECPoint point) {
        ECPoint affine = point.normalize();
        Bytes hash = keccak256(
                Bytes.copyOf(affine.getAffineXCoord().getEncoded()),
                Bytes.copyOf(affine.getAffineYCoord().getEncoded()));
        return "0x" + hash.slice(12, 32).toHex();
    }
}
