package org.tallystick.agreement.settlement.naive;

import java.time.LocalDate;
import java.util.Optional;
import org.tallystick.agreement.json.Json;

/// Section 9: the rate of an event.
final class Rates {

    private final Known known;

    Rates(Known known) {
        this.known = known;
    }

    Fraction of(Json rate, Event e) {
        return rate instanceof Json.Obj by ? of(by, e) : Fraction.read(rate);
    }

    private Fraction of(Json.Obj by, Event e) {
        return switch (by.text("by")) {
            case "attr" -> {
                Json.Obj table = by.object("table");
                Optional<Json> row = Optional.ofNullable(e.attrs().get(by.text("attr")))
                        .flatMap(value -> table.find(text(value)))
                        .or(() -> table.find("*"));
                yield row.isPresent() ? of(row.get(), e) : missing("RATE_MISSING");
            }
            case "date" -> {
                Optional<Fraction> found = Optional.empty();
                for (Json step : by.items("steps")) {
                    if (!LocalDate.parse(((Json.Obj) step).text("from")).isAfter(e.orig())) {
                        found = Optional.of(Fraction.read(((Json.Obj) step).get("rate")));
                    }
                }
                yield found.orElseGet(() -> missing("RATE_MISSING"));
            }
            case "fact" -> {
                boolean after = known.fact(by.text("fact"))
                        .filter(day -> !e.orig().isBefore(day))
                        .isPresent();
                yield Fraction.read(by.get(after ? "after" : "before"));
            }
            case "event" -> {
                Optional<Fraction> agreed = Optional.ofNullable(e.attrs().get(by.text("attr")))
                        .filter(Json.Text.class::isInstance)
                        .flatMap(Fraction::find);
                if (agreed.isEmpty()) {
                    yield missing("RATE_MISSING");
                }
                boolean within = agreed.get().compareTo(Fraction.read(by.get("min"))) >= 0
                        && agreed.get().compareTo(Fraction.read(by.get("max"))) <= 0;
                yield within ? agreed.get() : missing("RATE_BOUNDS");
            }
            default -> throw new IllegalArgumentException(by.text("by"));
        };
    }

    private Fraction missing(String code) {
        known.missing(code);
        return Fraction.ZERO;
    }

    private static String text(Json value) {
        return switch (value) {
            case Json.Text(var text) -> text;
            case Json.Bool(var truth) -> Boolean.toString(truth);
            case Json.Whole(var whole) -> Long.toString(whole);
            case Json.Inexact _, Json.Null _, Json.Arr _, Json.Obj _ -> throw new IllegalArgumentException("" + value);
        };
    }
}
