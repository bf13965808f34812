package org.tallystick.ledger.pack;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.tallystick.agreement.bytes.Bytes;

/// X.509 certificates as Fabric's members have them, and the signatures of their keys.
public final class Certificates {

    /// Several times faster on P-256 than the platform's own.
    private static final Provider PROVIDER = new BouncyCastleProvider();

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    private static final int LONGEST = 64 * 1024;
    /// Bits of the fields of P-256 and P-384.
    private static final int P256 = 256;

    private static final int P384 = 384;

    /// By number: their names are known to Bouncy Castle only where some provider of the platform knows them.
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

    private static final String ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3";
    private static final String ECDSA_WITH_SHA512 = "1.2.840.10045.4.3.4";

    private Certificates() {}

    /// The one certificate in this text (RFC 7468), with a key on P-256 or P-384; nothing for anything else.
    public static Optional<X509Certificate> ofPem(Bytes pem) {
        return der(pem).flatMap(Certificates::ofDer);
    }

    private static Optional<byte[]> der(Bytes pem) {
        String text = pem.size() > LONGEST ? "" : pem.utf8().orElse("").strip();
        if (!text.startsWith(BEGIN) || !text.endsWith(END) || text.indexOf(BEGIN, 1) >= 0) {
            return Optional.empty();
        }
        try {
            String lines = text.substring(BEGIN.length(), text.length() - END.length());
            return Optional.of(Base64.getDecoder().decode(lines.replaceAll("[\\r\\n]", "")));
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            return Optional.empty();
        }
    }

    private static Optional<X509Certificate> ofDer(byte[] der) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509", PROVIDER);
            X509Certificate certificate = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
            boolean whole = certificate != null && Arrays.equals(certificate.getEncoded(), der);
            return whole && onCurve(certificate.getPublicKey()) ? Optional.of(certificate) : Optional.empty();
        } catch (CertificateException | RuntimeException _) {
            return Optional.empty(); // Bouncy Castle's parser throws what its input makes it throw
        }
    }

    private static boolean onCurve(PublicKey key) {
        if (!(key instanceof ECPublicKey elliptic)) {
            return false;
        }
        int bits = elliptic.getParams().getCurve().getField().getFieldSize();
        return bits == P256 || bits == P384;
    }

    /// Whether the key of `issuer` signed this certificate, with SHA-256 or better.
    public static boolean signed(X509Certificate issuer, X509Certificate certificate) {
        return switch (certificate.getSigAlgOID()) {
            case ECDSA_WITH_SHA256, ECDSA_WITH_SHA384, ECDSA_WITH_SHA512 -> {
                try {
                    certificate.verify(issuer.getPublicKey(), PROVIDER);
                    yield true;
                } catch (GeneralSecurityException | RuntimeException _) {
                    yield false;
                }
            }
            default -> false;
        };
    }

    /// The key of the certificate in this text, if it is one that counts.
    public static Optional<CertificateKey> keyOfPem(Bytes pem) {
        return ofPem(pem).map(certificate -> CertificateKey.of((ECPublicKey) certificate.getPublicKey()));
    }
}
