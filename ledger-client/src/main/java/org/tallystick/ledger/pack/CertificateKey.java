package org.tallystick.ledger.pack;

import java.io.IOException;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.interfaces.ECPublicKey;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.jcajce.provider.asymmetric.util.ECUtil;
import org.tallystick.agreement.bytes.Bytes;

/// The key of a member's certificate, for many signatures.
///
/// The first check with a point computes tables that the next ones use, which more than halves their cost: who has it
/// keeps it. Bouncy Castle does all but the hash, which is the platform's: that is made for the processor.
public final class CertificateKey {

    private final ECPublicKeyParameters key;

    private CertificateKey(ECPublicKeyParameters key) {
        this.key = key;
    }

    /// @param key on a curve of [Certificates]
    static CertificateKey of(ECPublicKey key) {
        try {
            return new CertificateKey((ECPublicKeyParameters) ECUtil.generatePublicKeyParameter(key));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("a key that was read can be used", e);
        }
    }

    /// Whether this is a signature as Fabric makes it: ECDSA with SHA-256 in DER, of two good ones that with the
    /// smaller s.
    ///
    /// @param hash SHA-256 of what was signed
    public boolean signed(Bytes hash, Bytes signature) {
        try {
            BigInteger order = key.getParameters().getN();
            BigInteger[] rs = StandardDSAEncoding.INSTANCE.decode(order, signature.toArray());
            if (rs[1].compareTo(order.shiftRight(1)) > 0) {
                return false;
            }
            ECDSASigner verifier = new ECDSASigner();
            verifier.init(false, key);
            return verifier.verifySignature(hash.toArray(), rs[0], rs[1]);
        } catch (IOException | RuntimeException _) {
            return false; // not DER, or out of range: in any case not a signature
        }
    }
}
