package org.tallystick.ledger.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.Difference;

/// A difference of two versions on a terminal.
final class DifferenceText {

    private static final int LONGEST = 160;

    private DifferenceText() {}

    /// @param indent before each line
    static void print(Difference difference, String indent, PrintWriter out) {
        if (difference.isNone()) {
            out.println(indent + "nothing differs");
        }
        difference.text().forEach(line -> out.println((indent + line).stripTrailing()));
        for (Difference.Change change : difference.rest()) {
            out.println(indent + change.at() + ": " + text(change.before()) + " -> " + text(change.after()));
        }
    }

    /// In one line: which places changed, beside when it starts.
    static String brief(Difference difference) {
        String places = difference.rest().stream()
                .map(Difference.Change::at)
                .filter(at -> !at.equals(Difference.STARTS))
                .collect(Collectors.joining(", "));
        long lines = difference.text().stream()
                .filter(line -> line.startsWith("+") || line.startsWith("-"))
                .count();
        return (lines == 0 ? "" : Words.counted(lines, "line") + " of the text" + (places.isEmpty() ? "" : ", "))
                + places;
    }

    private static String text(Optional<Json> value) {
        String text = value.map(json -> json.canonical().utf8().orElseThrow()).orElse("(none)");
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
