package org.tallystick.agreement.signing;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;

/// What a party lets its keys sign: their purposes and limits (`instruction-1` section 5).
///
/// Registrar keys have no purposes, and a key needs none for the act that registers it.
public final class KeyScope {

    private final Verified verified;

    private KeyScope(Verified verified) {
        this.verified = verified;
    }

    /// The first key that signed what it is not for, or above its limits.
    public static Optional<No> exceeded(Verified verified) {
        KeyScope scope = new KeyScope(verified);
        return verified.signers().stream()
                .filter(signer -> signer.kid().owner() instanceof PartyId)
                .flatMap(signer -> signer.record().stream().flatMap(record -> scope.exceeded(signer, record).stream()))
                .findFirst();
    }

    private Optional<No> exceeded(Verified.Signer signer, KeyRecord record) {
        Json.Builder kid = Json.object().with("kid", signer.kid().text());
        Optional<Purpose> needed = needed(signer);
        if (needed.isPresent() && !record.isFor(needed.get())) {
            return Optional.of(
                    No.refused(Code.KEY_PURPOSE, kid.with("need", needed.get().text())));
        }
        return record.limits().flatMap(this::limit).map(limit -> No.refused(Code.KEY_LIMIT, kid.with("limit", limit)));
    }

    /// A key may end itself, whatever it is for.
    private Optional<Purpose> needed(Verified.Signer signer) {
        boolean endsItself = verified.act() instanceof Act.KeyRevoke(String key, String _)
                && key.equals(signer.kid().thumb());
        return endsItself ? Optional.empty() : verified.payload().kind().purpose();
    }

    /// The first of these limits that is not kept.
    private Optional<String> limit(Act.KeyLimits limits) {
        if (limits.types().filter(this::isOfAnother).isPresent()) {
            return Optional.of("types");
        }
        return limits.amount().filter(this::isAbove).map(_ -> "amount");
    }

    private boolean isOfAnother(List<String> types) {
        return events().stream()
                .anyMatch(event -> !(event.find("type").orElse(Json.Obj.EMPTY) instanceof Json.Text(var type)
                        && types.contains(type)));
    }

    private boolean isAbove(BigInteger most) {
        return Stream.concat(events().stream(), Stream.of(verified.payload().body()))
                .flatMap(object -> object.find("amount").stream())
                .flatMap(amount -> Amounts.read(amount).stream())
                .anyMatch(amount -> amount.compareTo(most) > 0);
    }

    /// The events that the instruction is about.
    private List<Json.Obj> events() {
        return switch (verified.act()) {
            case Act.Report report -> report.events();
            case Act.Attest attest -> proven(attest.proofs());
            case Act.Contradict contradict -> proven(contradict.proofs());
            case Act.Claim claim -> List.of(claim.event());
            default -> List.of();
        };
    }

    private static List<Json.Obj> proven(List<Act.EventProof> proofs) {
        return proofs.stream().map(Act.EventProof::event).toList();
    }
}
