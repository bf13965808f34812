package org.tallystick.agreement.terms;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.tallystick.agreement.json.Json;

/// How large a document may be (terms/1 section 14.3); judged before its form, so nothing is taken for granted.
public final class Limits {

    public static final int CANONICAL_BYTES = 192 * 1024;
    public static final int DEPTH = 32;
    public static final int PARTIES = 500;
    public static final int CLAUSES = 500;
    public static final int MEASURES = 500;
    public static final int FILTERS_OF_MEASURE = 100;
    public static final int STEPS_OF_TABLE = 200;
    public static final int ROWS_OF_RATE = 2_000;

    private Limits() {}

    /// Why the document is too large, if it is.
    static Optional<String> exceeded(Json.Obj document) {
        List<Json> clauses = items(document, "clauses");
        Json.Obj measures = object(document, "measures");
        return over(depth(document), DEPTH, "levels of nesting")
                .or(() -> over(measured(document).canonical().size(), CANONICAL_BYTES, "bytes"))
                .or(() -> over(items(document, "parties").size(), PARTIES, "parties"))
                .or(() -> over(clauses.size(), CLAUSES, "clauses"))
                .or(() -> over(measures.members().size(), MEASURES, "measures"))
                .or(() -> over(
                        most(measures.members().values(), Limits::filters),
                        FILTERS_OF_MEASURE,
                        "filters in one measure"))
                .or(() -> over(most(clauses, Limits::steps), STEPS_OF_TABLE, "steps in one table"))
                .or(() -> over(most(clauses, Limits::rowsOfClause), ROWS_OF_RATE, "rows in one rate table"));
    }

    private static Optional<String> over(int size, int limit, String what) {
        return size > limit ? Optional.of("has " + size + " " + what + ", more than " + limit) : Optional.empty();
    }

    private static int depth(Json value) {
        return switch (value) {
            case Json.Obj(var members) -> 1 + most(members.values(), Limits::depth);
            case Json.Arr(var items) -> 1 + most(items, Limits::depth);
            default -> 0;
        };
    }

    /// The value with texts in place of the numbers that have no canonical form, so that it can be measured.
    private static Json measured(Json value) {
        return switch (value) {
            case Json.Obj(var members) -> {
                SortedMap<String, Json> copy = new TreeMap<>();
                members.forEach((name, member) -> copy.put(name, measured(member)));
                yield new Json.Obj(copy);
            }
            case Json.Arr(var items) ->
                Json.array(items.stream().map(Limits::measured).toList());
            case Json.Inexact(var spelling) -> Json.text(spelling);
            default -> value;
        };
    }

    private static int filters(Json measure) {
        return measure instanceof Json.Obj object
                ? items(object, "plus").size() + items(object, "minus").size()
                : 0;
    }

    /// The most steps of any table in a clause: tiers, dates or figures.
    private static int steps(Json clause) {
        if (!(clause instanceof Json.Obj object)) {
            return 0;
        }
        int tiers = items(object(object, "tiers"), "steps").size();
        int figures = most(
                items(object, "table"),
                table -> table instanceof Json.Obj rows ? items(rows, "steps").size() : 0);
        int dates = Math.max(
                object.find("rate").map(Limits::dates).orElse(0),
                object.find("price").map(Limits::dates).orElse(0));
        return Math.max(tiers, Math.max(figures, dates));
    }

    private static int dates(Json rate) {
        return rate instanceof Json.Obj object
                ? Math.max(
                        items(object, "steps").size(),
                        most(object(object, "table").members().values(), Limits::dates))
                : 0;
    }

    private static int rowsOfClause(Json clause) {
        return clause instanceof Json.Obj object
                ? Math.max(
                        object.find("rate").map(Limits::rows).orElse(0),
                        object.find("price").map(Limits::rows).orElse(0))
                : 0;
    }

    private static int rows(Json rate) {
        if (!(rate instanceof Json.Obj object)) {
            return 0;
        }
        int rows = 0;
        for (Map.Entry<String, Json> row : object(object, "table").members().entrySet()) {
            rows += 1 + rows(row.getValue());
        }
        return rows;
    }

    private static int most(Iterable<Json> values, ToIntFunction<Json> count) {
        int most = 0;
        for (Json value : values) {
            most = Math.max(most, count.applyAsInt(value));
        }
        return most;
    }

    private static List<Json> items(Json.Obj object, String name) {
        return object.find(name).orElse(Json.Obj.EMPTY) instanceof Json.Arr(var items) ? items : List.of();
    }

    private static Json.Obj object(Json.Obj object, String name) {
        return object.find(name).orElse(Json.Obj.EMPTY) instanceof Json.Obj found ? found : Json.Obj.EMPTY;
    }
}
