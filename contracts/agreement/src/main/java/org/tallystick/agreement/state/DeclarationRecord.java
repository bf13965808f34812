package org.tallystick.agreement.state;

import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// A source's word that a period is complete.
///
/// @param sealed whether a side gave it in the owner's place
/// @param held how many events of the source were held then
/// @param total what was booked there when it was given
public record DeclarationRecord(
        LedgerTime at, String by, Hash hash, long last, long held, boolean sealed, PeriodTotal total) {
    public static final Codec<DeclarationRecord> CODEC =
            new Codec<>(DeclarationRecord::decode, DeclarationRecord::encode);

    public static DeclarationRecord decode(Json.Obj json) {
        return new DeclarationRecord(
                LedgerTime.of(json.text("at")),
                json.text("by"),
                new Hash(json.text("hash")),
                json.whole("last"),
                json.whole("held"),
                json.bool("sealed"),
                PeriodTotal.decode(json));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("at", at.text())
                .with("by", by)
                .with("count", total.count())
                .with("from", total.from())
                .with("hash", hash.hex())
                .with("held", held)
                .with("last", last)
                .with("pages", total.pages())
                .with("released", total.released())
                .with("sealed", sealed)
                .with("to", total.to())
                .with("totals", total.totals().encode())
                .build();
    }
}
