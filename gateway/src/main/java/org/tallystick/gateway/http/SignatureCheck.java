package org.tallystick.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.Signatures;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SignedTogether;

/// Looks at signatures before anything is stored, by the rules' own check and with the ledger's codes.
///
/// The gateway decides nothing: it refuses only what the ledger would refuse now and at any later time. That is
/// a wrong ledger, a wrong signature under a known key (the kid fixes the key), another algorithm than the
/// key's, a weak new key, signers that the act does not have, and a key that is somebody else's. Whether a key
/// that is not known here will be, whether it is revoked or has ended, and who may recover a party, is taken in
/// and left to the ledger.
final class SignatureCheck {

    /// Signatures that are checked together.
    private static final int TOGETHER = 500;

    /// Records are given no end, so no time matters.
    private static final LedgerTime ANY = new LedgerTime(0);

    private static final Set<Code> FOR_EVER = Set.of(Code.SIGNATURE_WRONG, Code.ALGORITHM_WRONG, Code.KEY_WEAK);

    /// Who may sign these follows from what the ledger has.
    private static final Set<ActKind> OF_RECOVERY =
            Set.of(ActKind.KEY_COMPROMISED, ActKind.KEY_RECOVER, ActKind.REHOST);

    private final Hash ledger;
    private final KeyBook keys;

    SignatureCheck(Hash ledger, KeyBook keys) {
        this.ledger = ledger;
        this.keys = keys;
    }

    /// Why each of these is refused; nothing for what is taken.
    @SuppressWarnings("ThreadPriorityCheck")
    List<Optional<No>> faults(List<Signed> all) throws InterruptedException {
        KeyBook.Found found =
                keys.find(all.stream().flatMap(signed -> signed.kids().stream()).toList());
        List<Optional<No>> faults = new ArrayList<>();
        for (int from = 0; from < all.size(); from += TOGETHER) {
            List<Signed> some = all.subList(from, Math.min(all.size(), from + TOGETHER));
            Signatures together = new SignedTogether(List.copyOf(some));
            for (Signed signed : some) {
                faults.add(fault(signed, found, together));
            }
            // A large batch must not keep others from a processor: nobody takes it away from a virtual thread.
            Thread.yield();
        }
        return faults;
    }

    private Optional<No> fault(Signed signed, KeyBook.Found found, Signatures together) {
        if (!signed.payload().ledger().equals(ledger)) {
            return Optional.of(No.form(Code.WRONG_LEDGER, Json.object().with("ledger", ledger.hex())));
        }
        return signed.verify(ANY, kid -> record(kid, found), _ -> List.of(), together) instanceof Answered(var no)
                        && isForEver(no, signed, found)
                ? Optional.of(no)
                : Optional.empty();
    }

    private static Optional<KeyRecord> record(Kid kid, KeyBook.Found found) {
        return found.key(kid).map(key -> KeyRecord.of(key, ANY, List.of()));
    }

    private static boolean isForEver(No no, Signed signed, KeyBook.Found found) {
        if (no.code() == Code.SIGNERS_WRONG) {
            return !OF_RECOVERY.contains(signed.payload().kind());
        }
        if (no.code() == Code.KEY_UNKNOWN) {
            return found.foreign().stream()
                    .anyMatch(kid -> kid.text().equals(no.values().text("kid")));
        }
        return FOR_EVER.contains(no.code());
    }
}
