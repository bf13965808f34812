package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.Verified;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PartyRecord;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// The keys and parties as they follow from the acts on them, in order, and what each key signed.
final class KeyHistory {

    /// An act that was applied.
    ///
    /// @param stated its verdict in the pack
    record Applied(Verified verified, Json.Obj stated, Place place) {

        Owner owner() {
            return verified.payload().party();
        }

        LedgerTime time() {
            return verified.time();
        }
    }

    private final Findings findings;
    private final Map<Kid, KeyRecord> records = new HashMap<>();
    private final Map<Owner, PartyRecord> parties = new HashMap<>();
    private final SignedInstructions signed;
    private final Set<String> thumbs = new TreeSet<>();

    /// What the acts of the transaction at hand changed, and where the last of them stands.
    private final Map<Kid, Place> changedKeys = new LinkedHashMap<>();
    private final Map<PartyId, Place> changedParties = new LinkedHashMap<>();

    /// @param octets where it is kept what each key signed
    KeyHistory(Findings findings, OctetStore octets) {
        this.findings = findings;
        this.signed = new SignedInstructions(octets);
    }

    Optional<KeyRecord> find(Kid kid) {
        return Optional.ofNullable(records.get(kid));
    }

    /// The member whose peer answers for the owner of a key: a party's host, or the member itself.
    String host(Owner owner) {
        PartyRecord party = parties.get(owner);
        return party == null ? owner.member().text() : party.host();
    }

    /// Who may recover a party, oldest first.
    List<Recovery> recovery(PartyId party, LedgerTime time) {
        PartyRecord record = parties.get(party);
        return record == null ? List.of() : record.standing(time);
    }

    /// An instruction with a verdict, applied or refused.
    void signed(Verified verified, Place place) {
        for (Verified.Signer signer : verified.signers()) {
            signed.add(signer.kid(), verified.time(), verified.payload().kind(), place);
        }
    }

    /// Lists what was signed by keys that are compromised since: of two times that were said of one, the earlier
    /// stands.
    void end() {
        signed.kids()
                .forEach(kid -> find(kid)
                        .flatMap(KeyRecord::since)
                        .ifPresent(since -> signed.of(kid)
                                .filter(one -> !one.time().isBefore(since))
                                .forEach(one -> findings.attention(
                                        Check.ATTENTION_COMPROMISED,
                                        one.place(),
                                        one.kind().text() + " was signed at " + one.time() + " by the key " + kid
                                                + ", compromised since " + since))));
    }

    /// A registrar key that was registered, and perhaps another one revoked.
    void registered(Applied applied, Act.RegisterRegistrar act) {
        Kid kid = act.key().kid(applied.owner());
        KeyRecord record = new KeyRecord(
                act.key(),
                applied.time(),
                act.from(),
                act.until(),
                Optional.empty(),
                Optional.empty(),
                act.name(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        List<Json> effects = new ArrayList<>(List.of(effect(kid, "active")));
        act.revoke().map(thumb -> new Kid(applied.owner(), thumb)).ifPresent(old -> {
            effects.add(effect(old, "revoked"));
            revoke(applied, old, "ended");
            changes(applied, "the registrar key " + old + " was revoked");
        });
        effects(applied, effects);
        add(applied, kid, record);
    }

    /// The first key of a party.
    void enrolled(Applied applied, Act.Enroll act) {
        PartyId party = (PartyId) applied.owner();
        Kid kid = act.key().kid(party);
        KeyRecord record = new KeyRecord(
                act.key(),
                applied.time(),
                Optional.empty(),
                Optional.empty(),
                act.holder(),
                act.limits(),
                Optional.empty(),
                act.purposes(),
                Optional.empty(),
                Optional.empty());
        PartyRecord made = new PartyRecord(
                applied.time(),
                party.member().text(),
                1,
                admin(record).stream().toList(),
                act.name(),
                act.recovery(),
                List.of());
        effects(applied, List.of(hosted(party, made), effect(kid, "active")));
        put(applied, party, made);
        add(applied, kid, record);
    }

    /// A party that has another host from here on.
    void rehosted(Applied applied, Act.Rehost act) {
        party(applied).ifPresent(before -> {
            PartyId party = (PartyId) applied.owner();
            PartyRecord after = before.hosted(applied.time(), act.member().text());
            effects(applied, List.of(hosted(party, after)));
            put(applied, party, after);
            changes(applied, "the party " + party + " moved from " + before.host() + " to " + after.host());
        });
    }

    /// A party whose recovery parties are others from here on.
    void recoverySet(Applied applied, Act.RecoverySet act) {
        party(applied).ifPresent(before -> {
            PartyId party = (PartyId) applied.owner();
            effects(applied, List.of());
            put(applied, party, before.recoveredBy(applied.time(), act.recovery()));
            changes(applied, "the party " + party + " named others to recover it");
        });
    }

    /// One more key of a party.
    void keyAdded(Applied applied, Act.KeyAdd act) {
        party(applied).ifPresent(before -> {
            PartyId party = (PartyId) applied.owner();
            Kid kid = act.key().kid(party);
            KeyRecord record = new KeyRecord(
                    act.key(),
                    applied.time(),
                    act.from(),
                    act.until(),
                    act.holder(),
                    act.limits(),
                    Optional.empty(),
                    act.purposes(),
                    Optional.empty(),
                    Optional.empty());
            effects(applied, List.of(effect(kid, "active")));
            put(applied, party, before.with(applied.time(), admin(record)));
            add(applied, kid, record);
            changes(applied, "the key " + kid + " was added");
        });
    }

    /// A key in the place of another.
    void keyRotated(Applied applied, Act.KeyRotate act) {
        party(applied).ifPresent(before -> {
            PartyId party = (PartyId) applied.owner();
            Kid old = new Kid(party, act.old());
            Kid kid = act.key().kid(party);
            Optional<KeyRecord> next = find(old).map(record -> record.rotated(applied.time(), act.key()));
            effects(applied, List.of(effect(kid, "active"), effect(old, "revoked")));
            revoke(applied, old, "rotated");
            next.ifPresent(record -> {
                put(applied, party, before.without(applied.time(), act.old()).with(applied.time(), admin(record)));
                add(applied, kid, record);
            });
            changes(applied, "the key " + kid + " took the place of " + old);
        });
    }

    /// A key that is good no more.
    void keyRevoked(Applied applied, Act.KeyRevoke act) {
        party(applied).ifPresent(before -> {
            PartyId party = (PartyId) applied.owner();
            Kid kid = new Kid(party, act.key());
            effects(applied, List.of(effect(kid, "revoked")));
            revoke(applied, kid, act.reason());
            put(applied, party, before.without(applied.time(), act.key()));
            changes(applied, "the key " + kid + " was revoked: " + act.reason());
        });
    }

    /// A key that is good no more; what it signed since then is in doubt.
    void keyCompromised(Applied applied, Act.KeyCompromised act) {
        PartyId party = (PartyId) applied.owner();
        Kid kid = new Kid(party, act.key());
        KeyRecord old = records.get(kid);
        if (old == null) {
            findings.fail(Check.OCCURRENCE_KEYS, applied.place(), "there is no key " + kid);
            return;
        }
        party(applied)
                .ifPresent(before -> put(
                        applied,
                        party,
                        old.revoked().isPresent()
                                ? before.touched(applied.time())
                                : before.without(applied.time(), act.key())));
        effects(applied, List.of(effect(kid, "revoked")));
        put(applied, kid, old.compromised(applied.time(), act.since()));
        changes(applied, "the key " + kid + " was said to be compromised since " + act.since());
    }

    /// A party that has one new key, and no other that administers it.
    void keyRecovered(Applied applied, Act.KeyRecover act) {
        party(applied).ifPresent(before -> {
            PartyId party = (PartyId) applied.owner();
            Kid kid = act.key().kid(party);
            KeyRecord fresh = KeyRecord.of(act.key(), applied.time(), Purpose.ALL);
            TreeSet<String> ending = new TreeSet<>(act.revoke());
            before.admins().forEach(admin -> ending.add(admin.thumb()));
            PartyRecord after = before.with(applied.time(), admin(fresh));
            List<Json> effects = new ArrayList<>(List.of(effect(kid, "active")));
            for (String thumb : ending) {
                Kid old = new Kid(party, thumb);
                if (find(old).flatMap(KeyRecord::revoked).isEmpty()) {
                    revoke(applied, old, "recovered");
                    after = after.without(applied.time(), thumb);
                    effects.add(effect(old, "revoked"));
                }
            }
            effects(applied, effects);
            put(applied, party, after);
            add(applied, kid, fresh);
            changes(applied, "the party " + party + " was recovered, and has the key " + kid);
        });
    }

    /// The record of the party that acts; where its recovery quorum does, as that leaves it.
    private Optional<PartyRecord> party(Applied applied) {
        PartyRecord record = parties.get(applied.owner());
        if (record == null) {
            findings.fail(Check.OCCURRENCE_KEYS, applied.place(), "there is no party " + applied.owner());
            return Optional.empty();
        }
        List<Owner> signers = applied.verified().signers().stream()
                .map(signer -> signer.kid().owner())
                .toList();
        PartyRecord acting = record.signedBy(signers, (PartyId) applied.owner(), applied.time());
        if (!acting.equals(record)) {
            changes(
                    applied,
                    "those who might recover the party " + applied.owner()
                            + " before may again, and nobody named after them");
        }
        return Optional.of(acting);
    }

    private static Optional<PartyRecord.Admin> admin(KeyRecord record) {
        return record.isFor(Purpose.ADMINISTER)
                ? Optional.of(new PartyRecord.Admin(record.key().thumb(), record.from(), record.until()))
                : Optional.empty();
    }

    private static Json hosted(PartyId party, PartyRecord record) {
        return Json.object()
                .with("host", record.host())
                .with("kind", "party")
                .with("party", party.text())
                .build();
    }

    private void put(Applied applied, PartyId party, PartyRecord record) {
        parties.put(party, record);
        changedParties.put(party, applied.place());
    }

    private void put(Applied applied, Kid kid, KeyRecord record) {
        records.put(kid, record);
        changedKeys.put(kid, applied.place());
    }

    private void add(Applied applied, Kid kid, KeyRecord record) {
        if (!thumbs.add(kid.thumb())) {
            findings.fail(Check.OCCURRENCE_KEYS, applied.place(), "the key " + kid + " is registered already");
        }
        put(applied, kid, record);
    }

    private void revoke(Applied applied, Kid kid, String reason) {
        KeyRecord before = records.get(kid);
        if (before == null || before.revoked().isPresent()) {
            findings.fail(Check.OCCURRENCE_KEYS, applied.place(), "there is no good key " + kid + " to revoke");
            return;
        }
        put(applied, kid, before.revoked(applied.time(), reason));
    }

    private void changes(Applied applied, String text) {
        findings.attention(Check.ATTENTION_KEYS, applied.place(), text);
    }

    /// Compares what all acts of a transaction together make of keys and parties with what it wrote.
    void compare(TransactionEnvelope transaction) {
        changedKeys.forEach((kid, place) -> {
            Optional<Bytes> made = find(kid).map(KeyRecord::encode);
            if (!written(transaction, Keys.key(kid.owner().text(), kid.thumb())).equals(made)) {
                findings.fail(Check.OCCURRENCE_KEYS, place, "the record of " + kid + " is not what the act makes it");
            }
        });
        changedParties.forEach((party, place) -> {
            Optional<Bytes> made = Optional.ofNullable(parties.get(party))
                    .map(record -> record.encode().canonical());
            if (!written(transaction, Keys.party(party.text())).equals(made)) {
                findings.fail(Check.OCCURRENCE_KEYS, place, "the record of " + party + " is not what the act makes it");
            }
        });
        changedKeys.clear();
        changedParties.clear();
    }

    private static Optional<Bytes> written(TransactionEnvelope transaction, String key) {
        return transaction.writes().stream()
                .filter(write -> write.key().equals(key))
                .findFirst()
                .flatMap(TransactionEnvelope.Write::value);
    }

    private void effects(Applied applied, List<Json> computed) {
        findings.sameValue(
                Check.OCCURRENCE_KEYS,
                applied.place().at("/effects"),
                applied.stated().find("effects").orElse(new Json.Null()),
                Json.array(computed),
                "the effects are not those of the act");
    }

    private static Json effect(Kid kid, String change) {
        return Json.object()
                .with("kind", "key")
                .with("owner", kid.owner().text())
                .with("state", change)
                .with("thumb", kid.thumb())
                .build();
    }
}
