package org.tallystick.fabric.pki;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/// ECDSA on P-256 with SHA-256, and always with the low one of the two possible s: Fabric takes no other.
public final class Ecdsa {

    static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();
    static final SecureRandom RANDOM = new SecureRandom();

    private static final String CURVE = "secp256r1";
    private static final BigInteger ORDER = SECNamedCurves.getByName(CURVE).getN();
    private static final BigInteger HALF = ORDER.shiftRight(1);

    private Ecdsa() {}

    static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", PROVIDER);
            generator.initialize(new ECGenParameterSpec(CURVE), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Bouncy Castle has P-256", e);
        }
    }

    /// The signature over the message, in DER.
    public static byte[] sign(PrivateKey key, byte[] message) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA", PROVIDER);
            signature.initSign(key, RANDOM);
            signature.update(message);
            return low(signature.sign());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key on P-256 that does not sign", e);
        }
    }

    private static byte[] low(byte[] der) throws IOException {
        ASN1Sequence both = ASN1Sequence.getInstance(der);
        ASN1Integer r = ASN1Integer.getInstance(both.getObjectAt(0));
        BigInteger s = ASN1Integer.getInstance(both.getObjectAt(1)).getValue();
        BigInteger lower = s.compareTo(HALF) > 0 ? ORDER.subtract(s) : s;
        return new DERSequence(new ASN1Integer[] {r, new ASN1Integer(lower)}).getEncoded(ASN1Encoding.DER);
    }

    /// The same for what Bouncy Castle builds.
    record Signer(PrivateKey key, ByteArrayOutputStream bytes) implements ContentSigner {
        Signer(PrivateKey key) {
            this(key, new ByteArrayOutputStream());
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256WITHECDSA");
        }

        @Override
        public OutputStream getOutputStream() {
            return bytes;
        }

        @Override
        public byte[] getSignature() {
            return sign(key, bytes.toByteArray());
        }
    }
}
