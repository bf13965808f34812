package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PartyRecord;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// The keys and parties as they follow from the acts on them, in order.
final class KeyHistory {

    private final Findings findings;
    private final Map<Kid, KeyRecord> records = new HashMap<>();
    private final Map<Owner, PartyRecord> parties = new HashMap<>();
    private final Set<String> thumbs = new TreeSet<>();

    KeyHistory(Findings findings) {
        this.findings = findings;
    }

    Optional<KeyRecord> find(Kid kid) {
        return Optional.ofNullable(records.get(kid));
    }

    /// The member whose peer answers for the owner of a key: a party's host, or the member itself.
    String host(Owner owner) {
        PartyRecord party = parties.get(owner);
        return party == null ? owner.member().text() : party.host();
    }

    /// Who may recover a party.
    Optional<Recovery> recovery(PartyId party) {
        return Optional.ofNullable(parties.get(party)).flatMap(PartyRecord::recovery);
    }

    /// A registrar key that was registered, and perhaps another one revoked.
    void registered(
            MemberId member,
            Act.RegisterRegistrar act,
            LedgerTime time,
            TransactionEnvelope transaction,
            Json.Obj stated,
            Place place) {
        Kid kid = act.key().kid(member);
        KeyRecord record = new KeyRecord(
                act.key(),
                time,
                act.from(),
                act.until(),
                Optional.empty(),
                Optional.empty(),
                act.name(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        List<Json> effects = new ArrayList<>(List.of(effect(kid, "active")));
        act.revoke().ifPresent(thumb -> {
            effects.add(effect(new Kid(member, thumb), "revoked"));
            revoke(new Kid(member, thumb), time, transaction, place);
        });
        effects(stated, effects, place);
        put(kid, record, transaction, place);
    }

    /// The first key of a party.
    void enrolled(
            PartyId party,
            Act.Enroll act,
            LedgerTime time,
            TransactionEnvelope transaction,
            Json.Obj stated,
            Place place) {
        Kid kid = act.key().kid(party);
        KeyRecord record = new KeyRecord(
                act.key(),
                time,
                Optional.empty(),
                Optional.empty(),
                act.holder(),
                act.limits(),
                Optional.empty(),
                act.purposes(),
                Optional.empty(),
                Optional.empty());
        PartyRecord made = new PartyRecord(time, party.member().text(), 1, 1, act.name(), act.recovery());
        effects(stated, List.of(hosted(party, made), effect(kid, "active")), place);
        parties.put(party, made);
        put(kid, record, transaction, place);
    }

    /// A party that has another host from here on.
    void rehosted(
            PartyId party,
            Act.Rehost act,
            LedgerTime time,
            TransactionEnvelope transaction,
            Json.Obj stated,
            Place place) {
        PartyRecord before = parties.get(party);
        if (before == null) {
            findings.fail(Check.OCCURRENCE_KEYS, place, "there is no party " + party + " to rehost");
            return;
        }
        PartyRecord after = before.hosted(time, act.member().text());
        effects(stated, List.of(hosted(party, after)), place);
        put(party, after, transaction, place);
        findings.attention(
                Check.ATTENTION_KEYS,
                place,
                "the party " + party + " moved from " + before.host() + " to " + after.host());
    }

    /// A party whose recovery parties are others from here on.
    void recoverySet(
            PartyId party,
            Act.RecoverySet act,
            LedgerTime time,
            TransactionEnvelope transaction,
            Json.Obj stated,
            Place place) {
        PartyRecord before = parties.get(party);
        if (before == null) {
            findings.fail(Check.OCCURRENCE_KEYS, place, "there is no party " + party + " to name recovery parties for");
            return;
        }
        effects(stated, List.of(), place);
        put(party, before.recoveredBy(time, act.recovery()), transaction, place);
    }

    private static Json hosted(PartyId party, PartyRecord record) {
        return Json.object()
                .with("host", record.host())
                .with("kind", "party")
                .with("party", party.text())
                .build();
    }

    private void put(PartyId party, PartyRecord record, TransactionEnvelope transaction, Place place) {
        parties.put(party, record);
        boolean written = transaction.writes().stream()
                .filter(write -> write.key().equals(Keys.party(party.text())))
                .anyMatch(write ->
                        write.value().equals(Optional.of(record.encode().canonical())));
        if (!written) {
            findings.fail(Check.OCCURRENCE_KEYS, place, "the record of " + party + " is not what the act makes it");
        }
    }

    private void put(Kid kid, KeyRecord record, TransactionEnvelope transaction, Place place) {
        if (!thumbs.add(kid.thumb())) {
            findings.fail(Check.OCCURRENCE_KEYS, place, "the key " + kid + " is registered already");
        }
        records.put(kid, record);
        written(kid, record, transaction, place);
    }

    private void revoke(Kid kid, LedgerTime time, TransactionEnvelope transaction, Place place) {
        KeyRecord before = records.get(kid);
        if (before == null || before.revoked().isPresent()) {
            findings.fail(Check.OCCURRENCE_KEYS, place, "there is no good key " + kid + " to revoke");
            return;
        }
        KeyRecord after = before.revoked(time, "ended");
        records.put(kid, after);
        written(kid, after, transaction, place);
        findings.attention(Check.ATTENTION_KEYS, place, "the registrar key " + kid + " was revoked");
    }

    private void written(Kid kid, KeyRecord record, TransactionEnvelope transaction, Place place) {
        String key = Keys.key(kid.owner().text(), kid.thumb());
        Optional<Bytes> stated = transaction.writes().stream()
                .filter(write -> write.key().equals(key))
                .findFirst()
                .flatMap(TransactionEnvelope.Write::value);
        if (!stated.equals(Optional.of(record.encode()))) {
            findings.fail(Check.OCCURRENCE_KEYS, place, "the record of " + kid + " is not what the act makes it");
        }
    }

    private void effects(Json.Obj stated, List<Json> computed, Place place) {
        findings.sameValue(
                Check.OCCURRENCE_KEYS,
                place.at("/effects"),
                stated.find("effects").orElse(new Json.Null()),
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
