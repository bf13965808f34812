package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.jce.interfaces.ECKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/// ECDSA over SHA-256 as Fabric wants it: DER, and s in the lower half, so that a signature has one spelling.
final class Ecdsa {
    /// Five times faster on P-256 than the JDK's own provider.
    static final Provider PROVIDER = new BouncyCastleProvider();

    /// Over a digest that the JDK makes, because its SHA-256 uses the processor's instructions.
    private static final String ALGORITHM = "NONEwithECDSA";

    private Ecdsa() {}

    static ByteString sign(PrivateKey key, ByteString message) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM, PROVIDER);
            signature.initSign(key);
            signature.update(Sha256.of(message).toByteArray());
            return ByteString.copyFrom(inLowerHalf(signature.sign(), order((ECKey) key)));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot sign with a key of our own", e);
        }
    }

    static boolean verify(PublicKey key, ByteString message, ByteString signature) {
        if (!(key instanceof ECKey elliptic)) {
            return false;
        }
        try {
            BigInteger order = order(elliptic);
            BigInteger[] rs = StandardDSAEncoding.INSTANCE.decode(order, signature.toByteArray());
            if (rs[1].compareTo(order.shiftRight(1)) > 0) {
                return false;
            }
            Signature verifier = Signature.getInstance(ALGORITHM, PROVIDER);
            verifier.initVerify(key);
            verifier.update(Sha256.of(message).toByteArray());
            return verifier.verify(signature.toByteArray());
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            return false; // not DER, out of range or not on the curve: in any case not a signature
        }
    }

    private static byte[] inLowerHalf(byte[] der, BigInteger order) throws IOException {
        BigInteger[] rs = StandardDSAEncoding.INSTANCE.decode(order, der);
        if (rs[1].compareTo(order.shiftRight(1)) <= 0) {
            return der;
        }
        return StandardDSAEncoding.INSTANCE.encode(order, rs[0], order.subtract(rs[1]));
    }

    private static BigInteger order(ECKey key) {
        return key.getParameters().getN();
    }
}
