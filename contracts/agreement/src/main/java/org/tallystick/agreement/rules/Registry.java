package org.tallystick.agreement.rules;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.Verified;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.LogKeys;
import org.tallystick.agreement.state.Net;
import org.tallystick.agreement.state.PartyRecord;

/// The acts of members and parties: `docs/spec/instruction-1.md` section 6.1.
final class Registry {

    /// How far the clock of a trial may be moved.
    private static final Duration FURTHEST = Duration.ofDays(36_525);

    private static final String LOG = "log";
    private static final String WITNESS = "witness";

    private final Overlay state;
    private final Moment moment;
    private final Edition edition;
    private final Keyring keyring;

    Registry(Overlay state, Moment moment, Edition edition) {
        this.state = state;
        this.moment = moment;
        this.edition = edition;
        this.keyring = new Keyring(state);
    }

    /// The only act that looks at who carries it.
    Answer registerRegistrar(Payload payload, Act.RegisterRegistrar act) {
        String member = payload.party().text();
        if (!moment.carrier().admin() || !moment.carrier().member().equals(member)) {
            return Answer.denied(No.refused(Code.NOT_MEMBER_ADMIN, Json.object().with("member", member)));
        }
        Optional<No> known = keyring.known(act.key());
        if (known.isPresent()) {
            return Answer.denied(known.get());
        }
        Optional<KeyRecord> old = act.revoke().flatMap(thumb -> keyring.find(member, thumb));
        if (act.revoke().isPresent() && old.isEmpty()) {
            return Answer.denied(Keyring.noSuchKey(act.revoke().get()));
        }
        if (old.isPresent() && old.get().revoked().isPresent()) {
            return Answer.denied(Keyring.revokedAlready(act.revoke().orElseThrow()));
        }
        KeyRecord record = new KeyRecord(
                act.key(),
                moment.time(),
                act.from(),
                act.until(),
                Optional.empty(),
                Optional.empty(),
                act.name(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        Json.Builder added = keyring.register(member, record);
        return old.map(one -> Answer.applied(added, keyring.write(member, one.revoked(moment.time(), "ended"))))
                .orElseGet(() -> Answer.applied(added));
    }

    /// Makes a party with its first key.
    Answer enroll(Payload payload, Act.Enroll act) {
        String party = payload.party().text();
        if (state.read(Keys.party(party)).isPresent()) {
            return Answer.denied(No.refused(Code.PARTY_KNOWN, Json.object().with("party", party)));
        }
        Optional<No> known = keyring.known(act.key());
        if (known.isPresent()) {
            return Answer.denied(known.get());
        }
        if (!act.purposes().contains(Purpose.ADMINISTER)) {
            return Answer.denied(
                    No.refused(Code.PURPOSES_WRONG, Json.object().with("need", Purpose.ADMINISTER.text())));
        }
        Optional<No> unfit = act.recovery().flatMap(this::unfit);
        if (unfit.isPresent()) {
            return Answer.denied(unfit.get());
        }
        String host = payload.party().member().text();
        KeyRecord record = new KeyRecord(
                act.key(),
                moment.time(),
                Optional.empty(),
                Optional.empty(),
                act.holder(),
                act.limits(),
                Optional.empty(),
                act.purposes(),
                Optional.empty(),
                Optional.empty());
        PartyRecord made = new PartyRecord(
                moment.time(),
                host,
                1,
                PartyKeys.admin(record).stream().toList(),
                act.name(),
                act.recovery(),
                List.of());
        state.write(Keys.party(party), PartyRecord.CODEC, made);
        return Answer.applied(hosted(party, host), keyring.register(party, record));
    }

    private static Json.Builder hosted(String party, String host) {
        return Json.object().with("host", host).with("kind", "party").with("party", party);
    }

    /// Moves a party to another host, which agreed by its registrar's signature.
    Answer rehost(Verified verified, Act.Rehost act) {
        String name = verified.payload().party().text();
        String host = act.member().text();
        PartyRecord party = PartyKeys.record(state, moment, verified);
        if (party.host().equals(host)) {
            return Answer.denied(No.refused(Code.SAME_HOST, Json.object().with("member", host)));
        }
        state.write(Keys.party(name), PartyRecord.CODEC, party.hosted(moment.time(), host));
        return Answer.applied(hosted(name, host));
    }

    /// Names who may recover a party.
    Answer recoverySet(Verified verified, Act.RecoverySet act) {
        Optional<No> unfit = unfit(act.recovery());
        if (unfit.isPresent()) {
            return Answer.denied(unfit.get());
        }
        PartyRecord party = PartyKeys.record(state, moment, verified);
        Optional<LedgerTime> full = party.fullUntil(moment.time());
        if (full.isPresent()) {
            return Answer.denied(No.waiting(
                    Code.TOO_MANY_RECOVERIES,
                    Json.object().with("until", full.get().text())));
        }
        String name = Keys.party(verified.payload().party().text());
        state.write(name, PartyRecord.CODEC, party.recoveredBy(moment.time(), act.recovery()));
        return Answer.applied();
    }

    private Optional<No> unfit(Recovery recovery) {
        int parties = recovery.parties().size();
        if (recovery.threshold() < 1 || recovery.threshold() > parties) {
            return Optional.of(No.refused(
                    Code.THRESHOLD_WRONG, Json.object().with("have", parties).with("need", recovery.threshold())));
        }
        return recovery.parties().stream()
                .filter(party -> state.read(Keys.party(party.text())).isEmpty())
                .findFirst()
                .map(party -> No.refused(Code.PARTY_UNKNOWN, Json.object().with("party", party.text())));
    }

    /// Who may recover a party now, oldest first; nobody one that is not enrolled.
    List<Recovery> recovery(PartyId party) {
        return state.read(Keys.party(party.text()), PartyRecord.CODEC)
                .map(record -> record.standing(moment.time()))
                .orElse(List.of());
    }

    /// A key that signs notes of the log. Registered once on a ledger, whatever its kind: one that two members, or two
    /// kinds, had would count twice.
    Answer logKey(Payload payload, Act.LogKey act) {
        String member = payload.party().text();
        String name = act.role().equals(LOG) ? LogKeys.origin(moment.net().ledger()) : member + "/" + act.role();
        Optional<VerifierKey> key = VerifierKey.parse(act.vkey())
                .filter(one -> one.name().equals(name)
                        && one.type().isCosignature() == act.role().equals(WITNESS));
        if (key.isEmpty()) {
            return Answer.denied(No.refused(Code.VKEY_FORM, Json.object().with("name", name)));
        }
        Optional<No> known = keyring.known(key.get());
        if (known.isPresent()) {
            return Answer.denied(known.get());
        }
        keyring.register(member, key.get());
        String keys = Keys.logKeys(member, act.role());
        LogKeys before = state.read(keys, LogKeys.CODEC).orElse(LogKeys.NONE);
        state.write(keys, LogKeys.CODEC, before.with(new LogKeys.Registered(moment.time(), act.until(), act.vkey())));
        return Answer.applied(
                Json.object().with("kind", "log_key").with("member", member).with("role", act.role()));
    }

    /// Moves the clock of a trial forward, from the next transaction on.
    Answer trialClock(Act.TrialClock act) {
        Net net = moment.net();
        if (!net.trial()) {
            return Answer.denied(No.refused(Code.NOT_A_TRIAL));
        }
        Duration offset = Duration.ofSeconds(act.offset());
        if (offset.compareTo(net.offset()) < 0) {
            return Answer.denied(No.refused(
                    Code.CLOCK_BACK, Json.object().with("offset", net.offset().toSeconds())));
        }
        if (offset.compareTo(FURTHEST) > 0) {
            return Answer.denied(No.refused(Code.OFFSET_TOO_LARGE, Json.object().with("limit", FURTHEST.toSeconds())));
        }
        state.write(Keys.NET, Net.CODEC, net.withOffset(offset, edition.rules()));
        return Answer.applied(Json.object().with("kind", "net").with("offset", act.offset()));
    }
}
