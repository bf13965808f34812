package org.tallystick.agreement.state;

import java.util.Optional;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// A party: which member hosts it, how many keys it has, and who may recover it.
public record PartyRecord(
        LedgerTime at, String host, long keys, long admins, Optional<String> name, Optional<Recovery> recovery) {
    public static final Codec<PartyRecord> CODEC = new Codec<>(PartyRecord::decode, PartyRecord::encode);

    public PartyRecord hosted(LedgerTime when, String member) {
        return new PartyRecord(when, member, keys, admins, name, recovery);
    }

    public PartyRecord recoveredBy(LedgerTime when, Recovery by) {
        return new PartyRecord(when, host, keys, admins, name, Optional.of(by));
    }

    public static PartyRecord decode(Json.Obj json) {
        return new PartyRecord(
                LedgerTime.of(json.text("at")),
                json.text("host"),
                json.whole("keys"),
                json.whole("admins"),
                json.findText("name"),
                json.find("recovery").map(recovery -> Recovery.of((Json.Obj) recovery)));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("admins", admins)
                .with("at", at.text())
                .with("host", host)
                .with("keys", keys)
                .withText("name", name)
                .with("recovery", recovery.map(Recovery::toJson))
                .build();
    }
}
