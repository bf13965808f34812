package org.tallystick.agreement.state;

import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// An offered version and who accepted it; of an amendment, which motion it stands in.
///
/// @param by the offerer, a ledger party
/// @param accepted which instruction of each ledger party accepted
/// @param ended how, once it has
/// @param motion the amendment that moves it
/// @param to the version that it answers, if it is a counter-offer
public record OfferRecord(
        LedgerTime at,
        String by,
        LedgerTime expires,
        SortedMap<String, Hash> accepted,
        Optional<End> ended,
        Optional<Hash> motion,
        Optional<Hash> to) {
    public static final Codec<OfferRecord> CODEC = new Codec<>(OfferRecord::decode, OfferRecord::encode);

    public OfferRecord {
        accepted = Collections.unmodifiableSortedMap(new TreeMap<>(accepted));
    }

    /// How an offer ends, unless by the clock.
    public enum End {
        ADOPTED,
        COUNTERED,
        DECLINED,
        WITHDRAWN;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public OfferRecord acceptedBy(String party, Hash instruction) {
        TreeMap<String, Hash> more = new TreeMap<>(accepted);
        more.put(party, instruction);
        return new OfferRecord(at, by, expires, more, ended, motion, to);
    }

    /// Without the acceptance of this party.
    public OfferRecord takenBackBy(String party) {
        TreeMap<String, Hash> fewer = new TreeMap<>(accepted);
        fewer.remove(party);
        return new OfferRecord(at, by, expires, fewer, ended, motion, to);
    }

    public OfferRecord ended(End how) {
        return new OfferRecord(at, by, expires, accepted, Optional.of(how), motion, to);
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
                json.findText("ended").map(text -> End.valueOf(text.toUpperCase(Locale.ROOT))),
                json.findText("motion").map(Hash::new),
                json.findText("to").map(Hash::new));
    }

    public Json.Obj encode() {
        TreeMap<String, Json> hashes = new TreeMap<>();
        accepted.forEach((party, hash) -> hashes.put(party, Json.text(hash.hex())));
        return Json.object()
                .with("accepted", new Json.Obj(hashes))
                .with("at", at.text())
                .with("by", by)
                .withText("ended", ended.map(End::text))
                .with("expires", expires.text())
                .withText("motion", motion.map(Hash::hex))
                .withText("to", to.map(Hash::hex))
                .build();
    }
}
