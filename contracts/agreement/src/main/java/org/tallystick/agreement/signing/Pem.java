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

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    /// RFC 8410 section 3.
    private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");

    private static final int LINE = 64;
    private static final int SIZE = 32;

    private Pem() {}

    static String write(Algorithm algorithm, Bytes secret) {
        try {
            PrivateKeyInfo info = switch (algorithm) {
                case ES256 -> info(SECObjectIdentifiers.secp256r1, secret);
                case EIP712 -> info(SECObjectIdentifiers.secp256k1, secret);
                case ED25519 ->
                    new PrivateKeyInfo(new AlgorithmIdentifier(ED25519), new DEROctetString(secret.toArray()));
            };
            Base64.Encoder lines = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII));
            return BEGIN + "\n" + lines.encodeToString(info.getEncoded("DER")) + "\n" + END + "\n";
        } catch (IOException e) {
            throw new IllegalStateException("a key that cannot be written", e);
        }
    }

    static Optional<SigningKey> read(String text) {
        String trimmed = text.strip();
        if (!trimmed.startsWith(BEGIN) || !trimmed.endsWith(END)) {
            return Optional.empty();
        }
        String lines = trimmed.substring(BEGIN.length(), trimmed.length() - END.length());
        try {
            byte[] der = Base64.getDecoder().decode(lines.replaceAll("\\s", ""));
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
