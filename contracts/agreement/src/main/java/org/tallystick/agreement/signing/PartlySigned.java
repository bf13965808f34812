package org.tallystick.agreement.signing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Recovery;

/// An instruction on its way from one signer to the next: its envelope with the signatures it has so far, maybe none
/// (`instruction-1` section 3). With all of them it is the envelope that the ledger takes.
public final class PartlySigned implements PartlyRead {

    /// Some wallets count from 0.
    private static final int LOWEST_V = 27;

    private final Payload payload;
    private final Bytes payloadBytes;
    private final Bytes payloadText;
    private final List<Signature> signatures;

    private PartlySigned(Payload payload, Bytes payloadBytes, Bytes payloadText, List<Signature> signatures) {
        this.payload = payload;
        this.payloadBytes = payloadBytes;
        this.payloadText = payloadText;
        this.signatures = List.copyOf(signatures);
    }

    /// One that nobody has signed.
    public static PartlySigned of(Payload payload) {
        Bytes bytes = payload.bytes();
        return new PartlySigned(payload, bytes, Bytes.ofUtf8(Base64Url.encode(bytes)), List.of());
    }

    public static PartlySigned of(Signed signed) {
        return new PartlySigned(signed.payload(), signed.payloadBytes(), signed.payloadText(), signed.signatures());
    }

    /// As strict as [Signed#read], but that there may be no signature yet.
    public static PartlyRead read(Bytes envelope) {
        return switch (new EnvelopeReader(0).read(envelope)) {
            case Signed signed -> of(signed);
            case Answered answered -> answered;
        };
    }

    public Payload payload() {
        return payload;
    }

    /// What names the instruction; signatures are no part of it.
    public Hash instruction() {
        return Hash.of(payloadBytes);
    }

    /// Who has signed, as they say, in the order of the signatures.
    public List<Kid> kids() {
        return signatures.stream().map(Signature::kid).toList();
    }

    /// Whether the signature that names this key is its signature.
    public boolean isSignedBy(Owner owner, Key key) {
        Kid kid = key.kid(owner);
        return signatures.stream()
                .filter(signature -> signature.kid().equals(kid))
                .anyMatch(signature -> input(owner, key).isSignedBy(key, signature.octets()));
    }

    /// What a key of this owner is to sign.
    public SigningInput input(Owner owner, Key key) {
        return new SigningInput(payload, payloadBytes, payloadText, key.kid(owner), key.algorithm());
    }

    public PartlySigned signedBy(Envelope.Hand hand) {
        SigningInput input = input(hand.owner(), hand.key().key());
        return with(input.with(hand.key().sign(input)));
    }

    /// With a signature that was made elsewhere and is known to be good: [SigningInput#isSignedBy].
    public PartlySigned signedBy(Owner owner, Key key, Bytes octets) {
        return with(input(owner, key).with(octets));
    }

    /// With the signatures that another has of the same instruction.
    public PartlySigned and(PartlySigned other) {
        if (!other.payloadBytes.equals(payloadBytes)) {
            throw new IllegalArgumentException("another instruction: " + other.instruction());
        }
        PartlySigned all = this;
        for (Signature signature : other.signatures) {
            all = all.kids().contains(signature.kid()) ? all : all.with(signature);
        }
        return all;
    }

    private PartlySigned with(Signature signature) {
        if (kids().contains(signature.kid()) || signatures.size() == Limits.SIGNATURES) {
            throw new IllegalArgumentException("a signature too many: " + signature.kid());
        }
        List<Signature> more = new ArrayList<>(signatures);
        more.add(signature);
        return new PartlySigned(payload, payloadBytes, payloadText, Envelope.ordered(payload.party(), more));
    }

    /// Whether those have signed whose signatures the act needs, and nobody else.
    ///
    /// @param standing who may recover the party now, as far as the ledger knows
    public boolean isComplete(List<Recovery> standing) {
        return !signatures.isEmpty()
                && Signers.fault(payload, kids(), _ -> standing).isEmpty();
    }

    /// The key that the act registers, which signs it too.
    public Optional<Key> newKey() {
        return Signers.newKey(payload);
    }

    /// The wallet that signed this instruction so, if these octets are a wallet's signature at all.
    public Optional<Key.Wallet> wallet(Bytes signature) {
        if (signature.size() != 2 * Key.SIZE + 1) {
            return Optional.empty();
        }
        int v = signature.at(2 * Key.SIZE);
        byte[] usual = {(byte) (v < LOWEST_V ? v + LOWEST_V : v)};
        Bytes octets = Bytes.concat(signature.slice(0, 2 * Key.SIZE), Bytes.copyOf(usual));
        boolean formed = SignatureForm.fault(Algorithm.EIP712, octets)
                .filter(code -> code != Code.SIGNATURE_HIGH_S)
                .isEmpty();
        return formed
                ? Secp256k1.recover(Eip712.digest(payload, instruction()), octets)
                        .map(Key.Wallet::new)
                : Optional.empty();
    }

    /// One line, as it stands in a file.
    public Bytes envelope() {
        return Envelope.join(payloadText, payload.party(), signatures);
    }
}
