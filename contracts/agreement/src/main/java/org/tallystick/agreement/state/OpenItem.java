package org.tallystick.agreement.state;

import java.math.BigInteger;
import java.time.LocalDate;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;

/// What the hub and one party owe each other for one settlement.
///
/// @param computed minor units; above zero the hub pays, below zero the party does
public record OpenItem(BigInteger computed, LocalDate due) {
    public static final Codec<OpenItem> CODEC = new Codec<>(OpenItem::decode, OpenItem::encode);

    public static OpenItem decode(Json.Obj json) {
        return new OpenItem(Amounts.decode(json.get("computed")), LocalDate.parse(json.text("due")));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("agreed", 0)
                .with("computed", Amounts.encode(computed))
                .with("disputed", 0)
                .with("due", due.toString())
                .with("paid", 0)
                .build();
    }
}
