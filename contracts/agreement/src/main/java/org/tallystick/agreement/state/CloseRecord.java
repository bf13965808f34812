package org.tallystick.agreement.state;

import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// How far a close is that needs several steps.
///
/// @param done how many of its parts are written
/// @param settlement hash of what it will settle
public record CloseRecord(int done, int parts, Hash settlement) {
    public static final Codec<CloseRecord> CODEC = new Codec<>(CloseRecord::decode, CloseRecord::encode);

    public CloseRecord next() {
        return new CloseRecord(done + 1, parts, settlement);
    }

    private static CloseRecord decode(Json.Obj json) {
        return new CloseRecord((int) json.whole("done"), (int) json.whole("parts"), new Hash(json.text("settlement")));
    }

    private Json.Obj encode() {
        return Json.object()
                .with("done", done)
                .with("parts", parts)
                .with("settlement", settlement.hex())
                .build();
    }
}
