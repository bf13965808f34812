package org.tallystick.agreement.signing;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.BigIntegers;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Algorithm;

/// Private keys as text: PKCS #8 (RFC 5958) in PEM (RFC 7468).
final class Pem {

    static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    static final String END = "-----END PRIVATE KEY-----";
    /// RFC 8410 section 3.
    static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");

    private static final int LINE = 64;
    private static final int SIZE = 32;

    private Pem() {}

    static String write(Algorithm algorithm, Bytes secret) {
        return write(BEGIN, encode(algorithm, secret), END);
    }

    static String write(String begin, byte[] der, String end) {
        Base64.Encoder lines = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII));
        return begin + "\n" + lines.encodeToString(der) + "\n" + end + "\n";
    }

    /// PKCS #8 in DER.
    static byte[] encode(Algorithm algorithm, Bytes secret) {
        try {
            PrivateKeyInfo info = switch (algorithm) {
                case ES256 -> info(SECObjectIdentifiers.secp256r1, secret);
                case EIP712 -> info(SECObjectIdentifiers.secp256k1, secret);
                case ED25519 ->
                    new PrivateKeyInfo(new AlgorithmIdentifier(ED25519), new DEROctetString(secret.toArray()));
            };
            return info.getEncoded("DER");
        } catch (IOException e) {
            throw new IllegalStateException("a key that cannot be written", e);
        }
    }

    static Optional<SigningKey> read(String text) {
        return der(BEGIN, text, END).flatMap(Pem::decode);
    }

    /// What lies between the two lines. What stands before the first is for people (RFC 7468 section 2).
    static Optional<byte[]> der(String begin, String text, String end) {
        String trimmed = text.strip();
        int from = trimmed.indexOf(begin) + begin.length();
        int to = trimmed.length() - end.length();
        if (from < begin.length() || to < from || !trimmed.endsWith(end)) {
            return Optional.empty();
        }
        String lines = trimmed.substring(from, to);
        try {
            return Optional.of(Base64.getDecoder().decode(lines.replaceAll("\\s", "")));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// The key in PKCS #8, or nothing if it is none that signs here.
    static Optional<SigningKey> decode(byte[] der) {
        try {
            return read(PrivateKeyInfo.getInstance(der));
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<SigningKey> read(PrivateKeyInfo info) throws IOException {
        AlgorithmIdentifier identifier = info.getPrivateKeyAlgorithm();
        if (identifier.getAlgorithm().equals(ED25519)) {
            Bytes seed = Bytes.copyOf(
                    ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets());
            return SigningKey.ofSecret(Algorithm.ED25519, seed);
        }
        if (!identifier.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return Optional.empty();
        }
        BigInteger secret = ECPrivateKey.getInstance(info.parsePrivateKey()).getKey();
        Bytes octets = Bytes.copyOf(BigIntegers.asUnsignedByteArray(SIZE, secret));
        if (SECObjectIdentifiers.secp256r1.equals(identifier.getParameters())) {
            return SigningKey.ofSecret(Algorithm.ES256, octets);
        }
        return SECObjectIdentifiers.secp256k1.equals(identifier.getParameters())
                ? SigningKey.ofSecret(Algorithm.EIP712, octets)
                : Optional.empty();
    }

    private static PrivateKeyInfo info(ASN1ObjectIdentifier curve, Bytes secret) throws IOException {
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve),
                new ECPrivateKey(8 * SIZE, new BigInteger(1, secret.toArray())));
    }
}
