package org.tallystick.chaincode;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.rules.Transactions.Failed;
import org.tallystick.agreement.rules.Transactions.Outcome;

/// What a member's chaincode is told of the ledger when it is started: its id, and whether it is a trial.
///
/// The member endorses no other beginning, whoever asks for it: `docs/spec/ledger-1.md` section 2.
public record Charter(Hash ledger, boolean trial) {

    private static final String INIT = "init";

    /// What [#text] wrote; nothing if it is anything else.
    public static Optional<Charter> read(Bytes text) {
        if (JsonReader.read(text, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)
                && object.members().size() == 2
                && object.find("ledger").orElse(object) instanceof Json.Text(var ledger)
                && Hash.isHash(ledger)
                && object.find("trial").orElse(object) instanceof Json.Bool(var trial)) {
            return Optional.of(new Charter(new Hash(ledger), trial));
        }
        return Optional.empty();
    }

    private Json.Obj json() {
        return Json.object().with("ledger", ledger.hex()).with("trial", trial).build();
    }

    /// As it stands in a file.
    public String text() {
        return json().canonical().utf8().orElseThrow();
    }

    /// What a transaction comes to at a member with this charter.
    ///
    /// @param arguments the name of the function first
    /// @param decided by the rules, which know no charters
    Outcome outcome(List<Bytes> arguments, Outcome decided) {
        boolean begins = decided instanceof Done && arguments.getFirst().equals(Bytes.ofUtf8(INIT));
        return begins && !arguments.equals(beginning()) ? new Failed("charter_differs", json()) : decided;
    }

    private List<Bytes> beginning() {
        return List.of(Bytes.ofUtf8(INIT), Bytes.ofUtf8(ledger.hex()), Bytes.ofUtf8(String.valueOf(trial)));
    }
}
