package org.tallystick.agreement.rules;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;
import org.tallystick.agreement.state.PartyRecord;

/// The acts of members and parties: `docs/spec/instruction-1.md` section 6.1.
final class Registry {

    /// How far the clock of a trial may be moved.
    private static final Duration FURTHEST = Duration.ofDays(36_525);

    private final Overlay state;
    private final Moment moment;
    private final Edition edition;

    Registry(Overlay state, Moment moment, Edition edition) {
        this.state = state;
        this.moment = moment;
        this.edition = edition;
    }

    /// The only act that looks at who carries it.
    Answer registerRegistrar(Payload payload, Act.RegisterRegistrar act) {
        String member = payload.party().text();
        if (!moment.carrier().admin() || !moment.carrier().member().equals(member)) {
            return Answer.denied(No.refused(Code.NOT_MEMBER_ADMIN, Json.object().with("member", member)));
        }
        Optional<No> known = known(act.key());
        if (known.isPresent()) {
            return Answer.denied(known.get());
        }
        if (act.revoke().isPresent()) {
            Optional<No> refused = revoke(member, act.revoke().get());
            if (refused.isPresent()) {
                return Answer.denied(refused.get());
            }
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
        write(member, act.key(), record);
        Json.Builder added = key(member, act.key().thumb(), "active");
        return act.revoke()
                .map(thumb -> Answer.applied(added, key(member, thumb, "revoked")))
                .orElseGet(() -> Answer.applied(added));
    }

    private Optional<No> revoke(String member, String thumb) {
        String name = Keys.key(member, thumb);
        Json.Builder kid = Json.object().with("key", thumb);
        Optional<KeyRecord> old = state.read(name, KeyRecord.CODEC);
        if (old.isEmpty()) {
            return Optional.of(No.refused(Code.NO_SUCH_KEY, kid));
        }
        if (old.get().revoked().isPresent()) {
            return Optional.of(No.refused(Code.KEY_REVOKED_ALREADY, kid));
        }
        state.write(name, KeyRecord.CODEC, old.get().revoked(moment.time(), "ended"));
        return Optional.empty();
    }

    /// Makes a party with its first key.
    Answer enroll(Payload payload, Act.Enroll act) {
        String party = payload.party().text();
        if (act.limits().isPresent()) {
            return Answer.denied(
                    No.refused(Code.NOT_SUPPORTED_YET, Json.object().with("what", "/body/limits")));
        }
        if (state.read(Keys.party(party)).isPresent()) {
            return Answer.denied(No.refused(Code.PARTY_KNOWN, Json.object().with("party", party)));
        }
        Optional<No> known = known(act.key());
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
        state.write(
                Keys.party(party),
                PartyRecord.CODEC,
                new PartyRecord(moment.time(), host, 1, 1, act.name(), act.recovery()));
        KeyRecord record = new KeyRecord(
                act.key(),
                moment.time(),
                Optional.empty(),
                Optional.empty(),
                act.holder(),
                Optional.empty(),
                Optional.empty(),
                act.purposes(),
                Optional.empty(),
                Optional.empty());
        write(party, act.key(), record);
        return Answer.applied(hosted(party, host), key(party, act.key().thumb(), "active"));
    }

    private static Json.Builder hosted(String party, String host) {
        return Json.object().with("host", host).with("kind", "party").with("party", party);
    }

    /// Moves a party to another host, which agreed by its registrar's signature.
    Answer rehost(Payload payload, Act.Rehost act) {
        String name = payload.party().text();
        String host = act.member().text();
        PartyRecord party = party(name);
        if (party.host().equals(host)) {
            return Answer.denied(No.refused(Code.SAME_HOST, Json.object().with("member", host)));
        }
        state.write(Keys.party(name), PartyRecord.CODEC, party.hosted(moment.time(), host));
        return Answer.applied(hosted(name, host));
    }

    /// Names who may recover a party.
    Answer recoverySet(Payload payload, Act.RecoverySet act) {
        Optional<No> unfit = unfit(act.recovery());
        if (unfit.isPresent()) {
            return Answer.denied(unfit.get());
        }
        String name = payload.party().text();
        state.write(Keys.party(name), PartyRecord.CODEC, party(name).recoveredBy(moment.time(), act.recovery()));
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

    /// A party that signed with a key on the ledger, or whose recovery parties did, is enrolled.
    private PartyRecord party(String name) {
        return PartyRecord.decode(state.read(Keys.party(name)).orElseThrow());
    }

    /// Who may recover a party.
    Optional<Recovery> recovery(PartyId party) {
        return state.read(Keys.party(party.text()), PartyRecord.CODEC).flatMap(PartyRecord::recovery);
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

    private Optional<No> known(Key key) {
        return state.read(Keys.keyOwner(key.thumb()))
                .map(known ->
                        No.refused(Code.KEY_KNOWN, Json.object().with("kid", known.text("owner") + "#" + key.thumb())));
    }

    private void write(String owner, Key key, KeyRecord record) {
        state.write(Keys.key(owner, key.thumb()), KeyRecord.CODEC, record);
        state.write(
                Keys.keyOwner(key.thumb()), Json.object().with("owner", owner).build());
    }

    private static Json.Builder key(String owner, String thumb, String change) {
        return Json.object()
                .with("kind", "key")
                .with("owner", owner)
                .with("state", change)
                .with("thumb", thumb);
    }
}
