package org.tallystick.ledger.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Form;

/// A place in a document that is being read. What is wrong there is gathered, and something harmless read instead.
public final class Cursor {

    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final JsonNode node;
    private final String at;
    private final List<Fault> faults;

    private Cursor(JsonNode node, String at, List<Fault> faults) {
        this.node = node;
        this.at = at;
        this.faults = faults;
    }

    /// The whole of a document.
    ///
    /// @param faults to which all is added that turns out to be wrong
    /// @return nothing if it is not YAML, which is a fault too
    public static Optional<Cursor> of(String yaml, int mostCharacters, List<Fault> faults) {
        if (yaml.length() > mostCharacters) {
            faults.add(new Fault("", "has " + yaml.length() + " characters, more than " + mostCharacters));
            return Optional.empty();
        }
        try {
            return Optional.of(new Cursor(YAML.readTree(yaml), "", faults));
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
            faults.add(new Fault(
                    "",
                    "is not YAML: " + where
                            + e.getOriginalMessage().lines().findFirst().orElse("")));
            return Optional.empty();
        }
    }

    /// A text that stands in no document, such as the value of a flag.
    public static Cursor of(String at, String text, List<Fault> faults) {
        return new Cursor(TextNode.valueOf(text), at, faults);
    }

    /// An object that has no members but these.
    public Cursor only(String... names) {
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

    public boolean has(String name) {
        return node.has(name);
    }

    public Cursor get(String name) {
        return new Cursor(node.path(name), Form.pointer(at, name), faults);
    }

    /// @param what such as "a host name"
    public String text(String name, Pattern pattern, String what) {
        return get(name).text(pattern, what);
    }

    /// What stands right here.
    public String text(Pattern pattern, String what) {
        if (node.isTextual() && pattern.matcher(node.textValue()).matches()) {
            return node.textValue();
        }
        fault(shown() + " is not " + what);
        return "";
    }

    public String text(String name, Pattern pattern, String what, String usual) {
        return has(name) ? text(name, pattern, what) : usual;
    }

    /// What is made of the text right here.
    ///
    /// @param reader nothing for what is not `what`
    public <T> Optional<T> read(Function<String, Optional<T>> reader, String what) {
        Optional<T> read = Optional.ofNullable(node.textValue()).flatMap(reader);
        if (read.isEmpty()) {
            fault(shown() + " is not " + what);
        }
        return read;
    }

    /// The text right here, if it is one, of which a fault must not repeat anything.
    public Optional<String> secretly() {
        return Optional.ofNullable(node.textValue());
    }

    public int whole(String name, int low, int high) {
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

    public int whole(String name, int low, int high, int usual) {
        return has(name) ? whole(name, low, high) : usual;
    }

    public <E extends Enum<E>> E word(String name, E usual, E[] words) {
        return has(name) ? word(name, words) : usual;
    }

    /// One of the words, which are the constants in lower case.
    public <E extends Enum<E>> E word(String name, E[] words) {
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

    public static String spelled(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    public List<Cursor> items(String name, int low, int high) {
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

    public List<Cursor> items(String name, int high) {
        return has(name) ? items(name, 0, high) : List.of();
    }

    public void fault(String what) {
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
