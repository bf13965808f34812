package org.tallystick.fabric.topology;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Form;
import org.tallystick.fabric.topology.Topology.Fault;

/// A place in a document that is being read. What is wrong there is gathered, and something harmless read instead.
final class Cursor {

    private final JsonNode node;
    private final String at;
    private final List<Fault> faults;

    Cursor(JsonNode node, String at, List<Fault> faults) {
        this.node = node;
        this.at = at;
        this.faults = faults;
    }

    /// An object that has no members but these.
    Cursor only(String... names) {
        if (!node.isObject()) {
            fault("is " + kind() + ", not a mapping");
            return this;
        }
        List<String> known = List.of(names);
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                faults.add(
                        new Fault(Form.pointer(at, name), "is not known here; known are " + String.join(", ", known)));
            }
        });
        return this;
    }

    boolean has(String name) {
        return node.has(name);
    }

    Cursor get(String name) {
        return new Cursor(node.path(name), Form.pointer(at, name), faults);
    }

    /// @param what such as "a host name"
    String text(String name, Pattern pattern, String what) {
        return get(name).text(pattern, what);
    }

    /// What stands right here.
    String text(Pattern pattern, String what) {
        if (node.isTextual() && pattern.matcher(node.textValue()).matches()) {
            return node.textValue();
        }
        fault(shown() + " is not " + what);
        return "";
    }

    String text(String name, Pattern pattern, String what, String usual) {
        return has(name) ? text(name, pattern, what) : usual;
    }

    int whole(String name, int low, int high) {
        Cursor place = get(name);
        if (place.node.isIntegralNumber()
                && place.node.canConvertToInt()
                && low <= place.node.intValue()
                && place.node.intValue() <= high) {
            return place.node.intValue();
        }
        place.fault(place.shown() + " is not a whole number from " + low + " to " + high);
        return low;
    }

    int whole(String name, int low, int high, int usual) {
        return has(name) ? whole(name, low, high) : usual;
    }

    <E extends Enum<E>> E word(String name, E usual, E[] words) {
        return has(name) ? word(name, words) : usual;
    }

    /// One of the words, which are the constants in lower case.
    <E extends Enum<E>> E word(String name, E[] words) {
        Cursor place = get(name);
        for (E word : words) {
            if (place.node.isTextual() && place.node.textValue().equals(spelled(word))) {
                return word;
            }
        }
        place.fault(place.shown() + " is not one of "
                + String.join(", ", Arrays.stream(words).map(Cursor::spelled).toList()));
        return words[0];
    }

    static String spelled(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    List<Cursor> items(String name, int low, int high) {
        Cursor place = get(name);
        if (!place.node.isArray()) {
            place.fault("is " + place.kind() + ", not a list");
            return List.of();
        }
        if (place.node.size() < low || place.node.size() > high) {
            place.fault("has " + place.node.size() + " entries, not from " + low + " to " + high);
        }
        List<Cursor> items = new ArrayList<>();
        for (int i = 0; i < Math.min(high, place.node.size()); i++) {
            items.add(new Cursor(place.node.get(i), place.at + "/" + i, faults));
        }
        return items;
    }

    List<Cursor> items(String name, int high) {
        return has(name) ? items(name, 0, high) : List.of();
    }

    void fault(String what) {
        faults.add(new Fault(at, what));
    }

    private String shown() {
        return node.isValueNode() ? "'" + node.asText() + "'" : kind();
    }

    private String kind() {
        return switch (node.getNodeType()) {
            case MISSING -> "missing";
            case NULL -> "empty";
            case OBJECT -> "a mapping";
            case ARRAY -> "a list";
            case NUMBER, STRING, BOOLEAN, BINARY, POJO -> "'" + node.asText() + "'";
        };
    }
}
