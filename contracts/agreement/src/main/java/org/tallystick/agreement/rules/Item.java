package org.tallystick.agreement.rules;

import java.util.Optional;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;

/// The answer to one instruction as the response carries it.
///
/// `docs/spec/ledger-1.md` sections 10 and 11.
///
/// @param chain of its leaf, if it is a new verdict
record Item(Json.Obj response, Optional<String> chain) {

    /// A no before the payload could be read.
    static Item unread(No no) {
        return new Item(no(no).build(), Optional.empty());
    }

    /// A no that is no verdict.
    static Item unsigned(Hash instruction, No no) {
        return new Item(no(no).with("hash", instruction.hex()).build(), Optional.empty());
    }

    static Item verdict(String chain, Json.Obj verdict) {
        return new Item(verdict, Optional.of(chain));
    }

    /// The verdict on a report that was applied and did nothing else.
    static Item reported(String chain, Json.Obj effect) {
        return new Item(Told.briefly(effect), Optional.of(chain));
    }

    /// The stored verdict once more.
    static Item repeat(Json.Obj verdict) {
        Json.Builder again = Json.object().with("repeat", true);
        for (var member : verdict.members().entrySet()) {
            again = again.with(member.getKey(), member.getValue());
        }
        return new Item(again.build(), Optional.empty());
    }

    /// The verdict record: what the marker keeps and the leaf hashes.
    static Json.Obj verdict(Answer answer, Hash instruction, LedgerTime time) {
        Json.Builder verdict = Json.object()
                .with("hash", instruction.hex())
                .with("t", time.text())
                .with("verdict", "1");
        return switch (answer) {
            case Answer.Applied(var effects) ->
                verdict.with("effects", Json.array(effects))
                        .with("result", "applied")
                        .build();
            case Answer.Denied(var no) ->
                values(verdict, no)
                        .with("code", no.code().text())
                        .with("result", "refused")
                        .build();
        };
    }

    private static Json.Builder no(No no) {
        String result = no.kind() == No.Kind.WAITING ? "waiting" : "refused";
        return values(Json.object().with("code", no.code().text()).with("result", result), no);
    }

    private static Json.Builder values(Json.Builder item, No no) {
        return no.values().members().isEmpty() ? item : item.with("values", no.values());
    }
}
