package org.tallystick.ledger.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.StateReader;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.StoredKey;

/// Which of several keys in a home signs an act: of those that may, the one that may do the least else.
final class KeyChoice {

    private final StateReader state;
    private final LedgerTime now;

    KeyChoice(StateReader state, LedgerTime now) {
        this.state = state;
        this.now = now;
    }

    /// A key and what the ledger says of it.
    private record Candidate(StoredKey key, Optional<KeyRecord> record) {

        private int purposes() {
            return record.map(one -> one.purposes().size()).orElse(0);
        }
    }

    /// @param stored two or more
    StoredKey of(List<StoredKey> stored, Owner owner, ActKind act) throws LedgerException, KeyFolderException {
        SortedMap<String, Json.Obj> records =
                state.get(stored.stream().map(KeyChoice::name).toList());
        List<Candidate> all = stored.stream()
                .map(key -> new Candidate(
                        key, Optional.ofNullable(records.get(name(key))).map(KeyRecord.CODEC.decode())))
                .toList();
        boolean registers = act == ActKind.ENROLL || act == ActKind.REGISTER_REGISTRAR;
        Optional<Purpose> need = owner instanceof PartyId ? act.purpose() : Optional.empty();
        List<Candidate> good =
                all.stream().filter(one -> why(one, need, registers).isEmpty()).toList();
        if (good.isEmpty()) {
            throw new KeyFolderException(
                    "none of the " + all.size() + " keys of " + owner.text() + " in the home signs " + act.text() + ": "
                            + shown(all, need, registers),
                    "see what the ledger knows: tally key list " + owner.text());
        }
        int least = good.stream().mapToInt(Candidate::purposes).min().orElseThrow();
        List<Candidate> closest = need.isEmpty()
                ? good
                : good.stream().filter(one -> one.purposes() == least).toList();
        if (closest.size() > 1) {
            throw new KeyFolderException(
                    closest.size() + " keys of " + owner.text() + " in the home may sign " + act.text(),
                    "name one of them with --key: "
                            + String.join(
                                    ", ", closest.stream().map(KeyChoice::shown).toList()));
        }
        return closest.getFirst().key();
    }

    private String shown(List<Candidate> all, Optional<Purpose> need, boolean registers) {
        List<String> shown = new ArrayList<>();
        for (Candidate one : all) {
            shown.add(KeyText.thumb(one.key().key()) + " "
                    + why(one, need, registers).orElseThrow());
        }
        return String.join(", ", shown);
    }

    private static String shown(Candidate one) {
        return KeyText.thumb(one.key().key())
                + one.record()
                        .map(record -> " (" + KeyText.purposes(record) + ")")
                        .orElse("");
    }

    /// Why a key does not sign this.
    ///
    /// @param registers whether the act registers the key, which is then not on the ledger yet
    private Optional<String> why(Candidate one, Optional<Purpose> need, boolean registers) {
        if (registers) {
            return one.record().map(_ -> "is on the ledger already");
        }
        if (one.record().isEmpty()) {
            return Optional.of("is not on the ledger");
        }
        KeyRecord record = one.record().get();
        return Stream.of(
                        record.revoked().map(revoked -> "is revoked (" + revoked.reason() + ")"),
                        record.until().filter(until -> !now.isBefore(until)).map(until -> "ended on " + until),
                        record.from().filter(now::isBefore).map(from -> "begins on " + from),
                        need.filter(purpose -> !record.isFor(purpose)).map(purpose -> "is not for " + purpose.text()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static String name(StoredKey key) {
        return Keys.key(key.owner().text(), key.key().thumb());
    }
}
