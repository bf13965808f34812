package org.tallystick.agreement.settlement;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.terms.Period;

/// Lines as tests write them.
final class Lines {

    private Lines() {}

    static List<Json> sorted(List<Json> lines) {
        return lines.stream().map(Lines::line).sorted().<Json>map(Line::encode).toList();
    }

    private static Line line(Json line) {
        Json.Obj members = (Json.Obj) line;
        Optional<Period> adjusts = members.findText("adjusts").map(Period::ofText);
        return new Line(
                members.text("clause"),
                members.text("from"),
                members.text("to"),
                Amounts.decode(members.get("amount")),
                members.findText("kind"),
                adjusts);
    }
}
