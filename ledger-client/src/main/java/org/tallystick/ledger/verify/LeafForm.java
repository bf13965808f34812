package org.tallystick.ledger.verify;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// The form of a leaf of the log, where nothing says which leaf it must be: `docs/spec/ledger-1.md` section 14.
final class LeafForm {

    private static final int LARGEST = 1 << 10;
    private static final Form HASH = Form.pattern("[0-9a-f]{64}");
    private static final Form VERDICT = form("verdict", Map.of("i", HASH, "v", HASH), HASH);
    private static final Form FUNCTION =
            form("function", Map.of("f", Form.oneOf("advance-epoch", "init", "step", "sweep"), "v", HASH), HASH);
    private static final Form CONFIG = form("config", Map.of("config", HASH), Form.text(_ -> true));
    private static final Form ANY = Form.either(VERDICT, FUNCTION, CONFIG);

    private LeafForm() {}

    private static Form form(String kind, Map<String, Form> own, Form transaction) {
        Map<String, Form> members = new HashMap<>(own);
        members.put("at", Form.array(Form.whole(0, Json.Whole.MAX), 3, 3));
        members.put("chain", Form.pattern("[A-Za-z0-9/-]{1,120}"));
        members.put("kind", Form.oneOf(kind));
        members.put("leaf", Form.oneOf("1"));
        members.put("prev", HASH);
        members.put("seq", Form.whole(1, Json.Whole.MAX));
        members.put("t", Form.text(text -> LedgerTime.parse(text).isPresent()));
        members.put("tx", transaction);
        return Form.object(members);
    }

    static Optional<Json.Obj> read(Bytes bytes) {
        return bytes.size() <= LARGEST && JsonReader.readCanonical(bytes) instanceof JsonReader.Value(Json.Obj leaf)
                ? Optional.of(leaf).filter(LeafForm::holds)
                : Optional.empty();
    }

    static boolean holds(Json.Obj leaf) {
        return leaf.canonical().size() <= LARGEST && ANY.fault(leaf).isEmpty();
    }
}
