package org.tallystick.agreement.settlement;

import java.util.List;
import org.tallystick.agreement.json.Json;

public record Totals(List<Json> totals) {
    public static final Totals NONE = new Totals(List.of());

    public static Totals of(List<KnownEvent> events) {
        throw new IllegalStateException(events.toString());
    }

    public Totals plus(Totals other) {
        throw new IllegalStateException(other.toString());
    }

    public static Totals decode(List<Json> items) {
        return new Totals(items);
    }

    public Json.Arr encode() {
        return Json.array(totals);
    }
}
