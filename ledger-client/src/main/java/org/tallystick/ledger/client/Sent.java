package org.tallystick.ledger.client;

import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;

/// An instruction and what came of it.
public record Sent(Payload payload, Answer answer) {

    public boolean applied() {
        return answer instanceof Answer.Applied;
    }

    /// What names it everywhere.
    public Hash instruction() {
        return Hash.of(payload.bytes());
    }

    /// For programs: the answer, and which instruction it is about.
    public Json.Obj encode() {
        return answer.encode()
                .with("act", payload.kind().text())
                .with("id", payload.id().text())
                .with("instruction", instruction().hex())
                .with("party", payload.party().text())
                .build();
    }
}
