package org.tallystick.agreement.settlement.naive;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tallystick.agreement.json.Json;

/// Events and statements in one line each, as short as a test can write them.
///
/// An event is `ID TYPE DATE name=value ...`, where a name that is no member of an event is an attribute. `true` and
/// `false` are booleans and digits are integers; `'` before a value makes it a string.
final class Lines {

    private static final Set<String> MEMBERS = Set.of("amount", "quantity", "value", "rate");
    private static final Set<String> TEXTS = Set.of("booked", "currency", "refOf", "kpi", "pair");

    private Lines() {}

    static List<Json> events(String lines) {
        return lines.lines()
                .filter(line -> !line.isBlank())
                .<Json>map(Lines::event)
                .toList();
    }

    static Json.Obj event(String line) {
        String[] words = line.strip().split(" +", -1);
        SortedMap<String, Json> members = new TreeMap<>();
        SortedMap<String, Json> attrs = new TreeMap<>();
        members.put("id", Json.text(words[0]));
        members.put("type", Json.text(words[1]));
        members.put("date", Json.text(words[2]));
        for (int i = 3; i < words.length; i++) {
            String name = words[i].substring(0, words[i].indexOf('='));
            String text = words[i].substring(words[i].indexOf('=') + 1);
            if (TEXTS.contains(name)) {
                members.put(name, Json.text(text));
            } else {
                (MEMBERS.contains(name) ? members : attrs).put(name, value(text));
            }
        }
        if (!attrs.isEmpty()) {
            members.put("attrs", new Json.Obj(attrs));
        }
        return new Json.Obj(members);
    }

    private static Json value(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Json.bool(text.equals("true"));
        }
        if (text.startsWith("'")) {
            return Json.text(text.substring(1));
        }
        return text.matches("-?(0|[1-9][0-9]{0,14})") ? Json.whole(Long.parseLong(text)) : Json.text(text);
    }

    /// `CLAUSE FROM>TO AMOUNT`, then the kind and `for PERIOD` where there are such, joined by `; `.
    static String lines(Json statement) {
        return ((Json.Obj) statement)
                .items("lines").stream().map(line -> line((Json.Obj) line)).collect(Collectors.joining("; "));
    }

    private static String line(Json.Obj line) {
        return line.text("clause") + " " + line.text("from") + ">" + line.text("to") + " "
                + Fraction.read(line.get("amount"))
                + line.findText("kind").map(kind -> " " + kind).orElse("")
                + line.findText("adjusts").map(period -> " for " + period).orElse("");
    }

    /// The codes of a refused period.
    static Optional<List<Json>> codes(Json statement) {
        return ((Json.Obj) statement).find("codes").map(codes -> ((Json.Arr) codes).items());
    }
}
