package org.tallystick.agreement.signing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;

/// An envelope that is well formed. Its signatures are still to be verified: nothing it says may be acted on.
public final class Signed implements Read {

    private final Bytes envelope;
    private final Payload payload;
    private final Bytes payloadBytes;
    private final Bytes payloadText;
    private final List<Signature> signatures;
    private final Hash instruction;
    /// Made when somebody asks. Two threads may make it, and make the same.
    private @Nullable Act act;

    /// @param payloadText the payload in base64url, as it was signed
    Signed(Bytes envelope, Payload payload, Bytes payloadBytes, Bytes payloadText, List<Signature> signatures) {
        this.envelope = envelope;
        this.payload = payload;
        this.payloadBytes = payloadBytes;
        this.payloadText = payloadText;
        this.signatures = List.copyOf(signatures);
        this.instruction = Hash.of(payloadBytes);
    }

    /// Step 1 of the checks (`instruction-1` section 5): size, spelling, form.
    ///
    /// @return a [Signed], or the answer, of kind FORM
    public static Read read(Bytes envelope) {
        return new EnvelopeReader().read(envelope);
    }

    /// The same of all envelopes of a transaction, sooner.
    public static List<Read> readAll(List<Bytes> envelopes) {
        EnvelopeReader reader = new EnvelopeReader();
        return envelopes.stream().map(reader::read).toList();
    }

    public Bytes envelope() {
        return envelope;
    }

    public Payload payload() {
        return payload;
    }

    /// What is asked for; made once, as that of a large report takes its time.
    public Act act() {
        Act made = act;
        if (made == null) {
            made = payload.act();
            act = made;
        }
        return made;
    }

    public Bytes payloadBytes() {
        return payloadBytes;
    }

    /// What names the instruction everywhere: the SHA-256 of the payload's octets. Signatures are no part of it.
    public Hash instruction() {
        return instruction;
    }

    /// Who signed it, as they say, in the order of the signatures.
    public List<Kid> kids() {
        return signatures.stream().map(Signature::kid).toList();
    }

    /// The payload in base64url, as it was signed.
    Bytes payloadText() {
        return payloadText;
    }

    List<Signature> signatures() {
        return signatures;
    }

    /// Steps 4 and 5 of the checks: the right signers, with keys that are good at `time`, and their signatures.
    ///
    /// @param time of the act: the transaction's, with the trial offset
    /// @param records the ledger's key records; asked once for each key that is not new, in the order of the
    ///     signatures, until the first fault
    /// @param recovery who may recover a party now, oldest first; asked only of a party that others act for
    /// @return a [Verified], or the answer, of kind FORM or WAITING
    public Verification verify(
            LedgerTime time, Function<Kid, Optional<KeyRecord>> records, Function<PartyId, List<Recovery>> recovery) {
        return verify(time, records, recovery, Signatures.ONE_BY_ONE);
    }

    /// The same answer, sooner if the signatures were looked at together.
    public Verification verify(
            LedgerTime time,
            Function<Kid, Optional<KeyRecord>> records,
            Function<PartyId, List<Recovery>> recovery,
            Signatures looked) {
        Optional<No> others = Signers.fault(payload, kids(), recovery);
        if (others.isPresent()) {
            return new Answered(others.get());
        }
        Optional<Key> newKey = Signers.newKey(payload);
        Optional<Kid> newKid = newKey.map(key -> key.kid(payload.party()));
        List<Verified.Signer> signers = new ArrayList<>();
        List<Signature> checked = signatures.subList(0, Signers.checked(payload, kids()));
        for (Signature signature : checked) {
            Kid kid = signature.kid();
            boolean isNew = newKid.equals(Optional.of(kid));
            Optional<KeyRecord> record = isNew ? Optional.empty() : records.apply(kid);
            Optional<No> no = isNew ? faultOfNew(newKey.orElseThrow(), signature) : fault(record, signature, time);
            if (no.isPresent()) {
                return new Answered(no.get());
            }
            signers.add(new Verified.Signer(
                    kid, record.map(KeyRecord::key).or(() -> newKey).orElseThrow(), record));
        }
        for (int i = 0; i < checked.size(); i++) {
            if (!looked.hold(this, i, signers.get(i).key())) {
                return form(Code.SIGNATURE_WRONG, Json.object().with("index", i));
            }
        }
        return new Verified(this, time, signers);
    }

    private static Optional<No> faultOfNew(Key key, Signature signature) {
        if (signature.algorithm() != key.algorithm()) {
            return Optional.of(no(Code.ALGORITHM_WRONG, signature));
        }
        return isWeak(key) ? Optional.of(no(Code.KEY_WEAK, signature)) : Optional.empty();
    }

    private Optional<No> fault(Optional<KeyRecord> found, Signature signature, LedgerTime time) {
        if (found.isEmpty()) {
            Json.Builder kid = Json.object().with("kid", signature.kid().text());
            return Optional.of(
                    isRegistrarToCome(signature.kid())
                            ? No.waiting(Code.REGISTRAR_UNKNOWN, kid)
                            : No.form(Code.KEY_UNKNOWN, kid));
        }
        KeyRecord record = found.get();
        if (!record.key().thumb().equals(signature.kid().thumb())) {
            throw new IllegalStateException("record of another key under " + signature.kid());
        }
        if (record.revoked().isPresent()) {
            return Optional.of(
                    no(Code.KEY_REVOKED, signature, record.revoked().get().at()));
        }
        if (signature.algorithm() != record.key().algorithm()) {
            return Optional.of(no(Code.ALGORITHM_WRONG, signature));
        }
        if (record.until().isPresent() && !time.isBefore(record.until().get())) {
            return Optional.of(no(Code.KEY_EXPIRED, signature, record.until().get()));
        }
        if (record.from().isPresent() && time.isBefore(record.from().get())) {
            Json.Builder values = Json.object().with("from", record.from().get().text());
            return Optional.of(No.waiting(Code.KEY_NOT_YET_VALID, values));
        }
        return Optional.empty();
    }

    /// A registrar that another instruction may still bring.
    private boolean isRegistrarToCome(Kid kid) {
        boolean countersigned = payload.kind() == ActKind.ENROLL || payload.kind() == ActKind.REHOST;
        return countersigned && kid.owner() instanceof MemberId;
    }

    /// What an ES256 signature of this envelope claims.
    Es256Batch.Claim claim(Signature signature) {
        return new Es256Batch.Claim(signature.hash(payloadText), signature.octets());
    }

    /// Whether a signature of this envelope is one of the key, which is all that is asked here.
    ///
    /// @param index of the signature
    public boolean holds(int index, Key key) {
        Signature signature = signatures.get(index);
        return switch (key) {
            case Key.P256 p256 -> Es256.verifyHash(p256, signature.hash(payloadText), signature.octets());
            case Key.Ed25519 ed25519 -> StrictEd25519.verify(ed25519, signature.input(payloadText), signature.octets());
            case Key.Wallet wallet -> Eip712.verify(wallet, payload, instruction, signature.octets());
        };
    }

    private static boolean isWeak(Key key) {
        return switch (key) {
            case Key.P256 p256 -> Es256.weak(p256);
            case Key.Ed25519 ed25519 -> StrictEd25519.weak(ed25519);
            case Key.Wallet wallet -> Eip712.weak(wallet);
        };
    }

    private static No no(Code code, Signature signature) {
        return No.form(code, Json.object().with("kid", signature.kid().text()));
    }

    private static No no(Code code, Signature signature, LedgerTime at) {
        return No.form(code, Json.object().with("kid", signature.kid().text()).with("at", at.text()));
    }

    private static Answered form(Code code, Json.Builder values) {
        return new Answered(No.form(code, values));
    }
}
