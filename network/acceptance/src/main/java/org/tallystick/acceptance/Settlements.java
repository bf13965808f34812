package org.tallystick.acceptance;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;

/// Compares a settlement with what an example expects of it: lines in any order, payments, balances.
public final class Settlements {

    private Settlements() {}

    /// The first thing that differs, with both values; nothing if all is equal.
    public static Optional<String> difference(Json.Obj expected, List<Json.Obj> lines, Json.Obj settlement) {
        Json.Obj balances = expected.has("balances") ? expected.object("balances") : Json.Obj.EMPTY;
        return differs("lines", sorted(expected.items("lines")), sorted(List.copyOf(lines)))
                .or(() -> differs("payments", expected.object("payments"), settlement.object("payments")))
                .or(() -> differs("balances", balances, settlement.object("balances")));
    }

    private static Json sorted(List<Json> lines) {
        return Json.array(
                lines.stream().sorted(Comparator.comparing(Json::canonical)).toList());
    }

    private static Optional<String> differs(String what, Json expected, Json computed) {
        return expected.equals(computed)
                ? Optional.empty()
                : Optional.of(what + ": expected " + text(expected) + ", computed " + text(computed));
    }

    private static String text(Json json) {
        return json.canonical().utf8().orElseThrow();
    }
}
