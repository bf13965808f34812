package org.tallystick.agreement.signing;

import java.math.BigInteger;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;

/// A private key in memory. Signing with it needs no randomness: the same instruction has the same signature.
public final class SigningKey implements Signer {

    private static final int SIZE = 32;

    private final Algorithm algorithm;
    private final Bytes secret;
    private final Key key;

    private SigningKey(Algorithm algorithm, Bytes secret) {
        this.algorithm = algorithm;
        this.secret = secret;
        this.key = switch (algorithm) {
            case ES256 -> Es256.publicKey(number(secret));
            case EIP712 -> new Key.Wallet(Secp256k1.address(number(secret)));
            case ED25519 -> StrictEd25519.publicKey(secret);
        };
    }

    /// @param random whoever can foretell it can sign: a `SecureRandom`, but in tests
    public static SigningKey generate(Algorithm algorithm, RandomGenerator random) {
        while (true) {
            byte[] octets = new byte[SIZE];
            random.nextBytes(octets);
            Optional<SigningKey> key = ofSecret(algorithm, Bytes.copyOf(octets));
            if (key.isPresent()) {
                return key.get();
            }
        }
    }

    /// The key with this secret of 32 octets: an Ed25519 seed, or a number from 1 to below the curve's order, first
    /// octet highest. Nothing for any other.
    public static Optional<SigningKey> ofSecret(Algorithm algorithm, Bytes secret) {
        boolean good = secret.size() == SIZE
                && switch (algorithm) {
                    case ES256 -> isScalar(number(secret), Es256.ORDER);
                    case EIP712 -> isScalar(number(secret), Secp256k1.ORDER);
                    case ED25519 -> true;
                };
        return good ? Optional.of(new SigningKey(algorithm, secret)) : Optional.empty();
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    @Override
    public Key key() {
        return key;
    }

    @Override
    public Bytes sign(SigningInput input) {
        return switch (algorithm) {
            case ES256 -> Es256.sign(number(secret), input.octets());
            case ED25519 -> StrictEd25519.sign(secret, input.octets());
            case EIP712 -> Secp256k1.sign(number(secret), input.digest());
        };
    }

    Bytes secret() {
        return secret;
    }

    /// PKCS #8 in PEM, as other programs read and write it. Whoever has this text can sign.
    public String toPem() {
        return Pem.write(algorithm, secret);
    }

    /// The key in such a text, or nothing if it holds none that signs here.
    public static Optional<SigningKey> ofPem(String text) {
        return Pem.read(text);
    }

    /// The key without its secret.
    @Override
    public String toString() {
        return algorithm.text() + " " + key.thumb();
    }

    private static boolean isScalar(BigInteger secret, BigInteger order) {
        return secret.signum() > 0 && secret.compareTo(order) < 0;
    }

    private static BigInteger number(Bytes secret) {
        return new BigInteger(1, secret.toArray());
    }
}
