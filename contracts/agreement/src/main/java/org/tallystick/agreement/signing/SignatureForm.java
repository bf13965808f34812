package org.tallystick.agreement.signing;

import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.util.BigIntegers;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Algorithm;

/// What can be said of a signature without its key: length, ranges, and that `s` is the smaller of two.
///
/// Everything about Ed25519 but the length is `signature_wrong`, and decided with the key.
final class SignatureForm {

    private SignatureForm() {}

    static Optional<Code> fault(Algorithm algorithm, Bytes octets) {
        return switch (algorithm) {
            case ED25519 -> octets.size() == 64 ? Optional.empty() : Optional.of(Code.SIGNATURE_FORM);
            case ES256 -> octets.size() == 64 ? range(octets, Es256.ORDER) : Optional.of(Code.SIGNATURE_FORM);
            case EIP712 -> {
                boolean form = octets.size() == 65 && (octets.at(64) == 27 || octets.at(64) == 28);
                yield form ? range(octets, Secp256k1.ORDER) : Optional.of(Code.SIGNATURE_FORM);
            }
        };
    }

    private static Optional<Code> range(Bytes octets, BigInteger order) {
        BigInteger r = number(octets, 0);
        BigInteger s = number(octets, 32);
        if (r.signum() == 0 || r.compareTo(order) >= 0 || s.signum() == 0 || s.compareTo(order) >= 0) {
            return Optional.of(Code.SIGNATURE_FORM);
        }
        return s.compareTo(order.shiftRight(1)) > 0 ? Optional.of(Code.SIGNATURE_HIGH_S) : Optional.empty();
    }

    /// Of the two good signatures the one with the smaller `s`.
    static Bytes withLowS(Bytes octets, BigInteger order) {
        BigInteger s = number(octets, 32);
        return s.compareTo(order.shiftRight(1)) <= 0 || s.compareTo(order) >= 0
                ? octets
                : Bytes.concat(
                        octets.slice(0, 32), Bytes.copyOf(BigIntegers.asUnsignedByteArray(32, order.subtract(s))));
    }

    /// The 32 octets at `from` as a number, first octet highest.
    static BigInteger number(Bytes octets, int from) {
        return new BigInteger(1, octets.slice(from, from + 32).toArray());
    }
}
