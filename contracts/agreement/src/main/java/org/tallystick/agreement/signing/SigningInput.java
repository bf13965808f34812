package org.tallystick.agreement.signing;

import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;

/// What one key is asked to sign: a payload, and for all keys but wallets the header that names the key.
public final class SigningInput {

    private final Payload payload;
    private final Bytes payloadBytes;
    private final Bytes payloadText;
    private final Signature unsigned;

    /// @param payloadBytes those of the payload, which are long to spell
    /// @param payloadText the same in base64url
    SigningInput(Payload payload, Bytes payloadBytes, Bytes payloadText, Kid kid, Algorithm algorithm) {
        this.payload = payload;
        this.payloadBytes = payloadBytes;
        this.payloadText = payloadText;
        this.unsigned = new Signature(kid, algorithm, Envelope.header(algorithm, kid), Bytes.EMPTY);
    }

    /// The key that is asked.
    public Kid kid() {
        return unsigned.kid();
    }

    public Algorithm algorithm() {
        return unsigned.algorithm();
    }

    /// The octets that `ES256` and `Ed25519` sign: the signing input of RFC 7515 section 5.1, which is ASCII.
    public Bytes octets() {
        return unsigned.input(payloadText);
    }

    /// What a wallet is asked to sign, as `eth_signTypedData_v4` takes it (`instruction-1` section 7).
    public Json.Obj typedData() {
        return Eip712.typedData(payload, instruction());
    }

    /// The hash of that, under which a wallet's signature is.
    Bytes digest() {
        return Eip712.digest(payload, instruction());
    }

    /// Whether these octets are the signature of this key that the ledger takes.
    public boolean isSignedBy(Key key, Bytes octets) {
        return key.thumb().equals(kid().thumb())
                && key.algorithm() == algorithm()
                && SignatureForm.fault(algorithm(), octets).isEmpty()
                && switch (key) {
                    case Key.P256 p256 -> Es256.verify(p256, octets(), octets);
                    case Key.Ed25519 ed25519 -> StrictEd25519.verify(ed25519, octets(), octets);
                    case Key.Wallet wallet -> Eip712.verify(wallet, payload, instruction(), octets);
                };
    }

    /// The signature as the ledger takes it, if what a program or a wallet answered is one of this key: of P-256 also
    /// in
    /// DER; with the greater of two good `s`; a wallet's with `v` 0 or 1.
    public Optional<Bytes> taken(Key key, Bytes answered) {
        return spellings(answered).filter(octets -> isSignedBy(key, octets)).findFirst();
    }

    private Stream<Bytes> spellings(Bytes answered) {
        return switch (algorithm()) {
            case ED25519 -> Stream.of(answered);
            case ES256 ->
                Stream.concat(Stream.of(answered), Es256.ofDer(answered).stream())
                        .filter(octets -> octets.size() == 2 * Key.SIZE)
                        .map(octets -> SignatureForm.withLowS(octets, Es256.ORDER));
            case EIP712 ->
                answered.size() != 2 * Key.SIZE + 1
                        ? Stream.empty()
                        : Stream.of(27, 28).map(v -> {
                            Bytes low = SignatureForm.withLowS(answered.slice(0, 2 * Key.SIZE), Secp256k1.ORDER);
                            return Bytes.concat(low, Bytes.copyOf(new byte[] {v.byteValue()}));
                        });
        };
    }

    Signature with(Bytes octets) {
        return unsigned.with(octets);
    }

    private Hash instruction() {
        return Hash.of(payloadBytes);
    }
}
