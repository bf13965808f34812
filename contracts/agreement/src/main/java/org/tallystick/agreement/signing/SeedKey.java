package org.tallystick.agreement.signing;

import java.io.IOException;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Key;

/// A private key that signs octets as they are, as logs and witnesses do, where a [SigningKey] signs instructions: all
/// of it follows from a seed of 32 octets.
///
/// Signing needs no randomness: the same octets have the same signature.
public final class SeedKey {

    private static final int SEED = 32;

    /// What it signs with.
    public enum Kind {
        /// RFC 8032.
        ED25519(32, 64),
        /// FIPS 204, pure, with an empty context.
        ML_DSA_44(1312, 2420);

        private final int publicKey;
        private final int signature;

        Kind(int publicKey, int signature) {
            this.publicKey = publicKey;
            this.signature = signature;
        }

        /// Octets of a public key.
        public int publicKeySize() {
            return publicKey;
        }

        /// Octets of a signature.
        public int signatureSize() {
            return signature;
        }

        /// Whether these octets are a public key for which nobody can sign who has not its seed, as far as one can see.
        public boolean isPublicKey(Bytes octets) {
            return octets.size() == publicKey
                    && switch (this) {
                        case ED25519 -> !StrictEd25519.weak(new Key.Ed25519(octets));
                        case ML_DSA_44 -> true;
                    };
        }

        /// Whether the key signed this; for Ed25519 by the strict rule alone.
        public boolean verify(Bytes key, Bytes message, Bytes signed) {
            if (key.size() != publicKey || signed.size() != signature) {
                return false;
            }
            return switch (this) {
                case ED25519 -> StrictEd25519.verify(new Key.Ed25519(key), message, signed);
                case ML_DSA_44 -> verifyMlDsa(key, message, signed);
            };
        }
    }

    private final Kind kind;
    private final Bytes seed;
    private final Bytes publicKey;

    private SeedKey(Kind kind, Bytes seed) {
        this.kind = kind;
        this.seed = seed;
        this.publicKey = switch (kind) {
            case ED25519 -> StrictEd25519.publicKey(seed).x();
            case ML_DSA_44 -> Bytes.copyOf(mlDsa(seed).getPublicKey());
        };
    }

    /// @param random whoever can foretell it can sign: a `SecureRandom`, but in tests
    public static SeedKey generate(Kind kind, RandomGenerator random) {
        byte[] octets = new byte[SEED];
        random.nextBytes(octets);
        return new SeedKey(kind, Bytes.copyOf(octets));
    }

    /// Nothing for a seed of another length.
    public static Optional<SeedKey> ofSeed(Kind kind, Bytes seed) {
        return seed.size() == SEED ? Optional.of(new SeedKey(kind, seed)) : Optional.empty();
    }

    public Kind kind() {
        return kind;
    }

    public Bytes publicKey() {
        return publicKey;
    }

    public Bytes sign(Bytes message) {
        return switch (kind) {
            case ED25519 -> StrictEd25519.sign(seed, message);
            case ML_DSA_44 -> signMlDsa(message);
        };
    }

    /// PKCS #8 in PEM, of ML-DSA the seed alone (RFC 9881 section 6), as other programs read and write it. Whoever has
    /// this text can sign.
    public String toPem() {
        ASN1Encodable secret = switch (kind) {
            case ED25519 -> new DEROctetString(seed.toArray());
            case ML_DSA_44 -> new DERTaggedObject(false, 0, new DEROctetString(seed.toArray()));
        };
        try {
            byte[] der = new PrivateKeyInfo(new AlgorithmIdentifier(identifier(kind)), secret).getEncoded("DER");
            return Pem.write(Pem.BEGIN, der, Pem.END);
        } catch (IOException e) {
            throw new IllegalStateException("a key that cannot be written", e);
        }
    }

    /// The key in such a text, or nothing if it holds none of these kinds, or no seed.
    public static Optional<SeedKey> ofPem(String text) {
        return Pem.der(Pem.BEGIN, text, Pem.END).flatMap(SeedKey::decode);
    }

    private static Optional<SeedKey> decode(byte[] der) {
        try {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(der);
            ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
            if (algorithm.equals(identifier(Kind.ED25519))) {
                return ofSeed(Kind.ED25519, octets(ASN1OctetString.getInstance(info.parsePrivateKey())));
            }
            return algorithm.equals(identifier(Kind.ML_DSA_44))
                    ? decodeMlDsa(info.parsePrivateKey())
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException | IllegalStateException _) {
            return Optional.empty();
        }
    }

    /// The seed alone, or the seed and what follows from it, which must do so.
    private static Optional<SeedKey> decodeMlDsa(ASN1Encodable secret) {
        if (secret instanceof ASN1TaggedObject tagged && tagged.hasContextTag(0)) {
            return ofSeed(Kind.ML_DSA_44, octets(ASN1OctetString.getInstance(tagged, false)));
        }
        if (!(secret instanceof ASN1Sequence both) || both.size() != 2) {
            return Optional.empty();
        }
        Bytes expanded = octets(ASN1OctetString.getInstance(both.getObjectAt(1)));
        return ofSeed(Kind.ML_DSA_44, octets(ASN1OctetString.getInstance(both.getObjectAt(0))))
                .filter(key -> Bytes.copyOf(mlDsa(key.seed)
                                .getParametersWithFormat(MLDSAPrivateKeyParameters.EXPANDED_KEY)
                                .getEncoded())
                        .equals(expanded));
    }

    private static Bytes octets(ASN1OctetString string) {
        return Bytes.copyOf(string.getOctets());
    }

    private static ASN1ObjectIdentifier identifier(Kind kind) {
        return switch (kind) {
            case ED25519 -> Pem.ED25519;
            case ML_DSA_44 -> NISTObjectIdentifiers.id_ml_dsa_44;
        };
    }

    private static MLDSAPrivateKeyParameters mlDsa(Bytes seed) {
        return new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_44, seed.toArray());
    }

    private Bytes signMlDsa(Bytes message) {
        MLDSASigner signer = new MLDSASigner();
        signer.init(true, mlDsa(seed));
        signer.update(message.toArray(), 0, message.size());
        try {
            return Bytes.copyOf(signer.generateSignature());
        } catch (CryptoException e) {
            throw new IllegalStateException("a key that cannot sign", e);
        }
    }

    private static boolean verifyMlDsa(Bytes key, Bytes message, Bytes signed) {
        MLDSASigner signer = new MLDSASigner();
        signer.init(false, new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_44, key.toArray()));
        signer.update(message.toArray(), 0, message.size());
        return signer.verifySignature(signed.toArray());
    }

    /// The key without its secret.
    @Override
    public String toString() {
        return kind + " " + publicKey;
    }
}
