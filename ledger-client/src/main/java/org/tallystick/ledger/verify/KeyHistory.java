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
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// The keys as they follow from the acts that registered and revoked them, in order.
final class KeyHistory {

    private final Findings findings;
    private final Map<Kid, KeyRecord> records = new HashMap<>();
    private final Set<String> thumbs = new TreeSet<>();

    KeyHistory(Findings findings) {
        this.findings = findings;
    }

    Optional<KeyRecord> find(Kid kid) {
        return Optional.ofNullable(records.get(kid));
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
            Owner party,
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
        Json made = Json.object()
                .with("host", party.member().text())
                .with("kind", "party")
                .with("party", party.text())
                .build();
        effects(stated, List.of(made, effect(kid, "active")), place);
        put(kid, record, transaction, place);
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
