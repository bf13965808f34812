package org.tallystick.agreement.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.Verified;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PartyRecord;
import org.tallystick.agreement.state.PartyRecord.Admin;

/// The acts on the keys of one party: `docs/spec/instruction-1.md` section 6.1.
final class PartyKeys {

    private final Overlay state;
    private final LedgerTime now;
    private final Keyring keyring;
    private final String party;
    private final PartyRecord record;

    /// @param verified an act on the keys of its party
    PartyKeys(Overlay state, Moment moment, Verified verified) {
        this.state = state;
        this.now = moment.time();
        this.keyring = new Keyring(state);
        this.party = verified.payload().party().text();
        this.record = record(state, moment, verified);
    }

    /// The record of the party that asks; a recovery quorum that signed is in its place again.
    static PartyRecord record(Overlay state, Moment moment, Verified verified) {
        PartyId party = (PartyId) verified.payload().party();
        return state.read(Keys.party(party.text()), PartyRecord.CODEC)
                .orElseThrow()
                .signedBy(
                        verified.signers().stream()
                                .map(Verified.Signer::kid)
                                .map(Kid::owner)
                                .toList(),
                        party,
                        moment.time());
    }

    Answer add(Act.KeyAdd act) {
        Optional<No> known = keyring.known(act.key());
        if (known.isPresent()) {
            return Answer.denied(known.get());
        }
        if (record.keys() >= Limits.KEYS_OF_A_PARTY) {
            return Answer.denied(No.refused(Code.TOO_MANY_KEYS, Json.object().with("limit", Limits.KEYS_OF_A_PARTY)));
        }
        KeyRecord added = new KeyRecord(
                act.key(),
                now,
                act.from(),
                act.until(),
                act.holder(),
                act.limits(),
                Optional.empty(),
                act.purposes(),
                Optional.empty(),
                Optional.empty());
        write(record.with(now, admin(added)));
        return Answer.applied(keyring.register(party, added));
    }

    Answer rotate(Act.KeyRotate act) {
        Optional<No> known = keyring.known(act.key());
        if (known.isPresent()) {
            return Answer.denied(known.get());
        }
        KeyRecord old = keyring.find(party, act.old()).orElseThrow();
        KeyRecord next = old.rotated(now, act.key());
        write(record.without(now, act.old()).with(now, admin(next)));
        return Answer.applied(keyring.register(party, next), keyring.write(party, old.revoked(now, "rotated")));
    }

    Answer revoke(Act.KeyRevoke act) {
        Optional<KeyRecord> old = keyring.find(party, act.key());
        if (old.isEmpty()) {
            return Answer.denied(Keyring.noSuchKey(act.key()));
        }
        if (old.get().revoked().isPresent()) {
            return Answer.denied(Keyring.revokedAlready(act.key()));
        }
        if (record.isAdministeredBy(act.key()) && !record.isAdministeredWithout(act.key(), now)) {
            return Answer.denied(
                    No.refused(Code.LAST_ADMINISTER_KEY, Json.object().with("key", act.key())));
        }
        write(record.without(now, act.key()));
        return Answer.applied(keyring.write(party, old.get().revoked(now, act.reason())));
    }

    Answer compromised(Act.KeyCompromised act) {
        Optional<KeyRecord> old = keyring.find(party, act.key());
        if (old.isEmpty()) {
            return Answer.denied(Keyring.noSuchKey(act.key()));
        }
        if (now.isBefore(act.since())) {
            return Answer.denied(No.refused(
                    Code.SINCE_FUTURE, Json.object().with("since", act.since().text())));
        }
        write(old.get().revoked().isPresent() ? record.touched(now) : record.without(now, act.key()));
        return Answer.applied(keyring.write(party, old.get().compromised(now, act.since())));
    }

    /// Adds a key with all purposes; those named end, and every key that administers, so that no key that a thief has,
    /// or made while the others were signing, administers any more.
    ///
    /// There is room for the new key: where 64 are not revoked, one of them administers.
    Answer recover(Act.KeyRecover act) {
        Optional<No> known = keyring.known(act.key());
        if (known.isPresent()) {
            return Answer.denied(known.get());
        }
        Optional<String> strange = act.revoke().stream()
                .filter(thumb -> keyring.find(party, thumb).isEmpty())
                .findFirst();
        if (strange.isPresent()) {
            return Answer.denied(Keyring.noSuchKey(strange.get()));
        }
        TreeSet<String> ending = new TreeSet<>(act.revoke());
        record.admins().forEach(admin -> ending.add(admin.thumb()));
        KeyRecord fresh = KeyRecord.of(act.key(), now, Purpose.ALL);
        PartyRecord after = record.with(now, admin(fresh));
        List<Json.Builder> effects = new ArrayList<>(List.of(keyring.register(party, fresh)));
        for (String thumb : ending) {
            KeyRecord old = keyring.find(party, thumb).orElseThrow();
            if (old.revoked().isEmpty()) {
                after = after.without(now, thumb);
                effects.add(keyring.write(party, old.revoked(now, "recovered")));
            }
        }
        write(after);
        return Answer.applied(effects.toArray(Json.Builder[]::new));
    }

    private void write(PartyRecord after) {
        state.write(Keys.party(party), PartyRecord.CODEC, after);
    }

    /// What the record of the party says of a key that administers it.
    static Optional<Admin> admin(KeyRecord record) {
        return record.isFor(Purpose.ADMINISTER)
                ? Optional.of(new Admin(record.key().thumb(), record.from(), record.until()))
                : Optional.empty();
    }
}
