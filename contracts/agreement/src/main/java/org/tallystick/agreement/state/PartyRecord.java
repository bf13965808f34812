package org.tallystick.agreement.state;

import java.util.Optional;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;

/// A party: which member hosts it, and how many keys it has.
public record PartyRecord(LedgerTime at, String host, long keys, long admins, Optional<String> name) {

    public static PartyRecord decode(Json.Obj json) {
        return new PartyRecord(
                LedgerTime.of(json.text("at")),
                json.text("host"),
                json.whole("keys"),
                json.whole("admins"),
                json.findText("name"));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("admins", admins)
                .with("at", at.text())
                .with("host", host)
                .with("keys", keys)
                .withText("name", name)
                .build();
    }
}
