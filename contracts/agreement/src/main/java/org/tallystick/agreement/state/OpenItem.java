package org.tallystick.agreement.state;

import java.math.BigInteger;
import java.time.LocalDate;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;

/// What the hub and one party owe each other for one settlement.
///
/// Minor units; above zero the hub pays, below zero the party does.
///
/// @param computed by the terms
/// @param agreed beside that, by both
public record OpenItem(BigInteger computed, BigInteger agreed, LocalDate due) {
    public static final Codec<OpenItem> CODEC = new Codec<>(OpenItem::decode, OpenItem::encode);

    /// What is to be paid: both together.
    public BigInteger open() {
        return computed.add(agreed);
    }

    /// With more that was agreed on.
    public OpenItem plus(BigInteger amount) {
        return new OpenItem(computed, agreed.add(amount), due);
    }

    public static OpenItem decode(Json.Obj json) {
        return new OpenItem(
                Amounts.decode(json.get("computed")),
                Amounts.decode(json.get("agreed")),
                LocalDate.parse(json.text("due")));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("agreed", Amounts.encode(agreed))
                .with("computed", Amounts.encode(computed))
                .with("disputed", 0)
                .with("due", due.toString())
                .with("paid", 0)
                .build();
    }
}
