package org.tallystick.ledger.verify;

import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;

/// A settlement as it was computed again: the record, and its lines in order.
record Settled(Json.Obj record, List<Json> lines) {

    Settled {
        lines = List.copyOf(lines);
    }

    Hash hash() {
        return Hash.of(record.canonical());
    }

    /// As a pack states it: the record and then the lines, each with an LF.
    Bytes entry() {
        StringBuilder text = new StringBuilder();
        text.append(record.canonical().utf8().orElseThrow()).append('\n');
        lines.forEach(line -> text.append(line.canonical().utf8().orElseThrow()).append('\n'));
        return Bytes.ofUtf8(text.toString());
    }
}
