package org.tallystick.agreement.settlement.naive;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// Makes a case smaller while it still shows what it showed: fewer events, fewer clauses, fewer members.
final class Shrinking {

    private Shrinking() {}

    /// @param shows what to keep true; it holds for the case given
    static Case shrink(Case one, Predicate<Case> shows) {
        Case smallest = one;
        for (boolean isSmaller = true; isSmaller; ) {
            Case before = smallest;
            smallest = step(smallest, shows);
            isSmaller = !smallest.equals(before);
        }
        return smallest;
    }

    private static Case step(Case one, Predicate<Case> shows) {
        Case smallest = one;
        for (int size = Math.max(1, one.events().size() / 2); size >= 1; size /= 2) {
            for (int from = 0; from < smallest.events().size(); ) {
                List<Json> fewer = new ArrayList<>(smallest.events());
                fewer.subList(from, Math.min(from + size, fewer.size())).clear();
                if (shows.test(smallest.withEvents(fewer))) {
                    smallest = smallest.withEvents(fewer);
                } else {
                    from += size;
                }
            }
        }
        for (String name : List.of("clauses", "measures", "settlement")) {
            for (Json fewer : fewer(smallest.terms().get(name)).toList()) {
                Case smaller = smallest.withTerms(replaced(smallest.terms(), name, fewer));
                if (isValid(smaller.terms()) && shows.test(smaller)) {
                    return smaller;
                }
            }
        }
        for (int i = 0; i < smallest.events().size(); i++) {
            for (Json fewer : fewer(smallest.events().get(i)).toList()) {
                List<Json> events = new ArrayList<>(smallest.events());
                events.set(i, fewer);
                if (shows.test(smallest.withEvents(events))) {
                    return smallest.withEvents(events);
                }
            }
        }
        return smallest;
    }

    private static boolean isValid(Json.Obj terms) {
        return TermsReader.read(terms) instanceof TermsReading.Accepted;
    }

    /// The value with one member or item less, at any depth.
    private static Stream<Json> fewer(Json value) {
        return switch (value) {
            case Json.Obj object ->
                object.members().keySet().stream()
                        .flatMap(name -> Stream.concat(
                                Stream.of(without(object, name)),
                                fewer(object.get(name)).map(less -> replaced(object, name, less))));
            case Json.Arr(var items) ->
                IntStream.range(0, items.size()).boxed().flatMap(i -> {
                    List<Json> rest = new ArrayList<>(items);
                    rest.remove(i.intValue());
                    return Stream.concat(
                            Stream.of(Json.array(rest)), fewer(items.get(i)).map(less -> {
                                List<Json> changed = new ArrayList<>(items);
                                changed.set(i, less);
                                return Json.array(changed);
                            }));
                });
            case Json.Text _, Json.Whole _, Json.Bool _, Json.Inexact _, Json.Null _ -> Stream.empty();
        };
    }

    private static Json.Obj without(Json.Obj object, String name) {
        SortedMap<String, Json> members = new TreeMap<>(object.members());
        members.remove(name);
        return new Json.Obj(members);
    }

    static Json.Obj replaced(Json.Obj object, String name, Json value) {
        SortedMap<String, Json> members = new TreeMap<>(object.members());
        members.put(name, value);
        return new Json.Obj(members);
    }
}
