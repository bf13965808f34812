package org.tallystick.agreement.state;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// An offered version and who accepted it.
///
/// @param by the offerer, a ledger party
/// @param accepted which instruction of each ledger party accepted
/// @param ended how, once it has: `adopted`
public record OfferRecord(
        LedgerTime at, String by, LedgerTime expires, SortedMap<String, Hash> accepted, Optional<String> ended) {
    public static final Codec<OfferRecord> CODEC = new Codec<>(OfferRecord::decode, OfferRecord::encode);

    public OfferRecord {
        accepted = Collections.unmodifiableSortedMap(new TreeMap<>(accepted));
    }

    public OfferRecord acceptedBy(String party, Hash instruction) {
        TreeMap<String, Hash> more = new TreeMap<>(accepted);
        more.put(party, instruction);
        return new OfferRecord(at, by, expires, more, ended);
    }

    public OfferRecord adopted() {
        return new OfferRecord(at, by, expires, accepted, Optional.of("adopted"));
    }

    public static OfferRecord decode(Json.Obj json) {
        TreeMap<String, Hash> accepted = new TreeMap<>();
        json.object("accepted")
                .members()
                .forEach((party, hash) -> accepted.put(party, new Hash(((Json.Text) hash).value())));
        return new OfferRecord(
                LedgerTime.of(json.text("at")),
                json.text("by"),
                LedgerTime.of(json.text("expires")),
                accepted,
                json.findText("ended"));
    }

    public Json.Obj encode() {
        TreeMap<String, Json> hashes = new TreeMap<>();
        accepted.forEach((party, hash) -> hashes.put(party, Json.text(hash.hex())));
        return Json.object()
                .with("accepted", new Json.Obj(hashes))
                .with("at", at.text())
                .with("by", by)
                .withText("ended", ended)
                .with("expires", expires.text())
                .build();
    }
}
