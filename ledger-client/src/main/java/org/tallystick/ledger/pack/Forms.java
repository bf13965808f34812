package org.tallystick.ledger.pack;

import java.util.List;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;

/// The forms that `pack.json` and the trust file share.
final class Forms {

    static final Form HASH = Form.pattern("[0-9a-f]{64}");
    static final Form TIME = Form.text(text -> LedgerTime.parse(text).isPresent());
    static final Form AGREEMENT = Form.text(text -> AgreementId.parse(text).isPresent());
    static final Form MEMBER = Form.text(text -> MemberId.parse(text).isPresent());
    static final Form PERIOD = Form.pattern("[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?");
    static final Form NUMBER = Form.whole(0, Json.Whole.MAX);
    static final Form ENGINES = Form.ascendingTexts(Form.pattern("terms-1/[1-9][0-9]{0,5}"), 1, 1_000);
    static final Form RULES = Form.ascendingTexts(Form.pattern("[1-9][0-9]{0,5}"), 1, 1_000);

    private Forms() {}

    static List<String> texts(Json.Obj json, String name) {
        return json.items(name).stream().map(item -> ((Json.Text) item).value()).toList();
    }

    /// Whether a value has no more members and elements than a reader takes.
    static boolean isSmall(Json json) {
        return count(json) <= PackLimits.JSON_MEMBERS;
    }

    private static long count(Json json) {
        return switch (json) {
            case Json.Obj(var members) ->
                members.size()
                        + members.values().stream().mapToLong(Forms::count).sum();
            case Json.Arr(var items) ->
                items.size() + items.stream().mapToLong(Forms::count).sum();
            default -> 0;
        };
    }
}
