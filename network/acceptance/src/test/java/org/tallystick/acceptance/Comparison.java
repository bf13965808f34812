package org.tallystick.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.tallystick.agreement.json.Json;

/// The same scenarios on two ledgers, side by side.
///
/// @param kind of the ledger that is compared with the embedded one
record Comparison(String kind, List<Row> rows) {

    /// A value longer than this is cut where a difference is told.
    private static final int SHOWN = 160;

    Comparison {
        rows = List.copyOf(rows);
    }

    /// One scenario. A side is missing if it was not played there.
    record Row(String scenario, Optional<Recording> embedded, Optional<Recording> other) {

        /// The first thing in which they differ; nothing if they are equal.
        Optional<String> difference() {
            if (embedded.isEmpty() || other.isEmpty()) {
                return embedded.isEmpty() && FabricOnly.reason(scenario).isPresent()
                        ? Optional.empty()
                        : Optional.of("played on one of them only");
            }
            List<Json.Obj> ours = embedded.get().transactions();
            List<Json.Obj> theirs = other.get().transactions();
            for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
                Optional<String> found = Comparison.difference("transaction " + (i + 1), ours.get(i), theirs.get(i));
                if (found.isPresent()) {
                    return found;
                }
            }
            return ours.size() == theirs.size()
                    ? Optional.empty()
                    : Optional.of(ours.size() + " transactions and " + theirs.size());
        }

        private String counted(ToLongFunction<Recording> count) {
            String one = embedded.map(side -> "" + count.applyAsLong(side)).orElse("-");
            String two = other.map(side -> "" + count.applyAsLong(side)).orElse("-");
            return one.equals(two) ? one : one + "/" + two;
        }

        private String line() {
            return String.format(
                    "%12s %8s %8s %6s %7s %11s  %-5s  %s",
                    counted(side -> side.transactions().size()),
                    counted(side -> side.verdicts("applied")),
                    counted(side -> side.verdicts("refused")),
                    counted(side -> side.sum("reads")),
                    counted(side -> side.sum("writes")),
                    counted(Recording::settlements),
                    difference().isPresent() ? "NO" : embedded.isPresent() ? "yes" : "-",
                    scenario + difference().map(found -> ": " + found).orElse(""));
        }
    }

    static Comparison of(String kind, List<Recording> embedded, List<Recording> others) {
        Map<String, Recording> by = others.stream().collect(Collectors.toMap(Recording::scenario, one -> one));
        List<Row> rows = new ArrayList<>();
        for (Recording one : embedded) {
            rows.add(new Row(one.scenario(), Optional.of(one), Optional.ofNullable(by.remove(one.scenario()))));
        }
        others.stream()
                .filter(other -> by.containsKey(other.scenario()))
                .forEach(other -> rows.add(new Row(other.scenario(), Optional.empty(), Optional.of(other))));
        return new Comparison(kind, rows);
    }

    /// The scenarios that were not played alike, with what differs first.
    List<String> differences() {
        return rows.stream()
                .flatMap(row -> row.difference().map(found -> row.scenario() + ": " + found).stream())
                .toList();
    }

    /// For people: a line for each scenario.
    String table() {
        StringBuilder table = new StringBuilder("The scenarios on the embedded ledger and on " + kind
                + ": counts are of both where they are equal, else of one and the other.\n\n");
        table.append("transactions  applied  refused  reads  writes settlements  equal  scenario\n");
        rows.forEach(row -> table.append(row.line()).append('\n'));
        for (Row row : rows) {
            if (row.embedded().isEmpty()) {
                FabricOnly.reason(row.scenario())
                        .ifPresent(why -> table.append("\nOn ")
                                .append(kind)
                                .append(" alone: ")
                                .append(row.scenario())
                                .append(", since ")
                                .append(why)
                                .append(".\n"));
            }
        }
        table.append("""

                Compared: function, validation code, response with its verdicts, event, endorsers, and every key read and
                written with its value. A version read is told by the transaction that wrote it. Of the endorsers of what
                no party signed, which the peer chooses, only the number is compared. Of the keys
                of markers it is told whose they are: which markers share a key depends on the clock. What Fabric itself
                reads of _lifecycle is left out.
                """);
        return table.append("What differs from run to run is ")
                .append(Names.RULES)
                .append(".\n")
                .toString();
    }

    /// The first place at which two documents differ, with both values.
    static Optional<String> difference(String at, Json one, Json other) {
        if (one.equals(other)) {
            return Optional.empty();
        }
        if (one instanceof Json.Obj(var ours) && other instanceof Json.Obj(var theirs)) {
            TreeSet<String> names = new TreeSet<>(ours.keySet());
            names.addAll(theirs.keySet());
            for (String name : names) {
                Optional<String> found = difference(
                        at + "/" + name,
                        ours.getOrDefault(name, new Json.Null()),
                        theirs.getOrDefault(name, new Json.Null()));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        if (one instanceof Json.Arr(var ours)
                && other instanceof Json.Arr(var theirs)
                && ours.size() == theirs.size()) {
            for (int i = 0; i < ours.size(); i++) {
                Optional<String> found = difference(at + "/" + i, ours.get(i), theirs.get(i));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.of(at + " is " + shown(one) + " and " + shown(other));
    }

    private static String shown(Json json) {
        String text = json.canonical().utf8().orElseThrow();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
