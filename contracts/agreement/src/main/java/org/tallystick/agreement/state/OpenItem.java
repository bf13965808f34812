package org.tallystick.agreement.state;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.SortedMap;
import java.util.TreeMap;
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
    /// Those of a settlement, by party of the terms. All in one value, since a key for each makes the last step of a
    /// close
    /// over hundreds of parties several times as long.
    public static final Codec<SortedMap<String, OpenItem>> CODEC =
            new Codec<>(OpenItem::decodeAll, OpenItem::encodeAll);

    /// What is to be paid: both together.
    public BigInteger open() {
        return computed.add(agreed);
    }

    /// With more that was agreed on.
    public OpenItem plus(BigInteger amount) {
        return new OpenItem(computed, agreed.add(amount), due);
    }

    private static OpenItem decode(Json.Obj json) {
        return new OpenItem(
                Amounts.decode(json.get("computed")),
                Amounts.decode(json.get("agreed")),
                LocalDate.parse(json.text("due")));
    }

    private static SortedMap<String, OpenItem> decodeAll(Json.Obj json) {
        TreeMap<String, OpenItem> items = new TreeMap<>();
        json.object("items").members().forEach((party, item) -> items.put(party, decode((Json.Obj) item)));
        return items;
    }

    private static Json.Obj encodeAll(SortedMap<String, OpenItem> items) {
        TreeMap<String, Json> all = new TreeMap<>();
        items.forEach((party, item) -> all.put(party, item.encode()));
        return Json.object().with("items", new Json.Obj(all)).build();
    }

    private Json.Obj encode() {
        return Json.object()
                .with("agreed", Amounts.encode(agreed))
                .with("computed", Amounts.encode(computed))
                .with("disputed", 0)
                .with("due", due.toString())
                .with("paid", 0)
                .build();
    }
}
