package org.tallystick.agreement.settlement.naive;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Json;

/// Section 7.2: which events a filter matches. It never fails.
final class Filter {

    private static final Pattern DATE = Pattern.compile("[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}");

    private Filter() {}

    /// A real day of the years 1000 to 9999.
    static Optional<LocalDate> day(String text) {
        if (!DATE.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    static boolean matches(Json.Obj filter, Event e) {
        return typeMatches(filter, e)
                && members(filter, "attrs").entrySet().stream()
                        .allMatch(attr -> holds(
                                attr.getValue(), Optional.ofNullable(e.attrs().get(attr.getKey()))))
                && items(filter, "days").stream().allMatch(days -> daysMatch(days, e))
                && items(filter, "monthsBefore").stream().allMatch(months -> monthsMatch(months, e));
    }

    private static Map<String, Json> members(Json.Obj filter, String name) {
        return filter.find(name).map(value -> ((Json.Obj) value).members()).orElse(Json.Obj.EMPTY.members());
    }

    private static List<Json.Obj> items(Json.Obj filter, String name) {
        return filter.has(name)
                ? filter.items(name).stream().map(item -> (Json.Obj) item).toList()
                : List.of();
    }

    private static boolean typeMatches(Json.Obj filter, Event e) {
        if (!filter.has("type")) {
            return true;
        }
        Json own = Json.text(e.type());
        return filter.get("type") instanceof Json.Arr(var types)
                ? types.contains(own)
                : filter.get("type").equals(own);
    }

    private static boolean holds(Json condition, Optional<Json> value) {
        if (value.isEmpty()) {
            return false;
        }
        return switch (condition) {
            case Json.Arr(var values) -> values.contains(value.get());
            case Json.Obj range ->
                range.find("gte").map(a -> compared(value.get(), a, 0, 1)).orElse(true)
                        && range.find("lt")
                                .map(b -> compared(value.get(), b, -1, -1))
                                .orElse(true);
            default -> condition.equals(value.get());
        };
    }

    /// Whether the two can be compared, as numbers or as dates, and the comparison has one of the two signs.
    private static boolean compared(Json value, Json bound, int sign, int orSign) {
        Optional<Integer> comparison = compare(Fraction.find(value), Fraction.find(bound))
                .or(() -> compare(
                        day(value).map(LocalDate::toEpochDay), day(bound).map(LocalDate::toEpochDay)));
        return comparison
                .map(Integer::signum)
                .filter(is -> is == sign || is == orSign)
                .isPresent();
    }

    private static <T extends Comparable<T>> Optional<Integer> compare(Optional<T> a, Optional<T> b) {
        return a.flatMap(left -> b.map(left::compareTo));
    }

    private static Optional<LocalDate> day(Json value) {
        return value instanceof Json.Text(var text) ? day(text) : Optional.empty();
    }

    private static Optional<LocalDate> day(String name, Event e) {
        return switch (name) {
            case "date" -> Optional.of(e.date());
            case "saleDate" -> Optional.of(e.orig());
            default -> Optional.ofNullable(e.attrs().get(name)).flatMap(Filter::day);
        };
    }

    private static boolean daysMatch(Json.Obj days, Event e) {
        Optional<LocalDate> from = day(days.text("from"), e);
        Optional<LocalDate> to = day(days.text("to"), e);
        if (from.isEmpty() || to.isEmpty()) {
            return false;
        }
        long between = to.get().toEpochDay() - from.get().toEpochDay();
        return between >= 0 && between <= days.whole("max");
    }

    private static boolean monthsMatch(Json.Obj months, Event e) {
        return day(months.text("since"), e)
                .filter(since -> !e.orig().isBefore(since))
                .filter(since -> e.orig().isBefore(Calendar.addMonths(since, months.whole("months"))))
                .isPresent();
    }
}
