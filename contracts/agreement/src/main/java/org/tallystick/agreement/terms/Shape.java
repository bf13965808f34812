package org.tallystick.agreement.terms;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;

/// The form that a value of a document must have; unlike [Form] it reports every fault, each with its own code.
@FunctionalInterface
interface Shape {

    String FORM = "FORM";
    String NOT_EXACT = "NOT_EXACT";

    int LONGEST_SHOWN = 60;

    void check(Json value, String at, SortedSet<Finding> faults);

    /// A value that is one thing: it holds or it does not.
    static Shape leaf(String code, String what, Predicate<Json> holds) {
        return (value, at, faults) -> {
            if (!holds.test(value)) {
                faults.add(new Finding(code, at, "must be " + what + ", not " + shown(value)));
            }
        };
    }

    static Shape text(String what, Predicate<String> holds) {
        return leaf(FORM, what, value -> value instanceof Json.Text(var text) && holds.test(text));
    }

    static Shape pattern(String what, String expression) {
        Pattern pattern = Pattern.compile(expression);
        return text(what, text -> pattern.matcher(text).matches());
    }

    static Shape oneOf(String... words) {
        List<String> allowed = List.of(words);
        return text("one of " + String.join(", ", allowed), allowed::contains);
    }

    static Shape whole(long low, long high) {
        return leaf(
                FORM,
                "an integer from " + low + " to " + high,
                value -> value instanceof Json.Whole(var number) && low <= number && number <= high);
    }

    static Shape array(int least, Shape of) {
        return (value, at, faults) -> {
            if (!(value instanceof Json.Arr(var items))) {
                faults.add(new Finding(FORM, at, "must be an array, not " + shown(value)));
                return;
            }
            if (items.size() < least) {
                faults.add(new Finding(FORM, at, "must not be empty"));
            }
            for (int i = 0; i < items.size(); i++) {
                of.check(items.get(i), at + "/" + i, faults);
            }
        };
    }

    /// An object whose names and values have these forms.
    static Shape map(int least, String whatNames, Predicate<String> name, Shape of) {
        return (value, at, faults) -> {
            if (!(value instanceof Json.Obj(var members))) {
                faults.add(new Finding(FORM, at, "must be an object, not " + shown(value)));
                return;
            }
            if (members.size() < least) {
                faults.add(new Finding(FORM, at, "must not be empty"));
            }
            for (Map.Entry<String, Json> member : members.entrySet()) {
                String place = Form.pointer(at, member.getKey());
                if (!name.test(member.getKey())) {
                    faults.add(new Finding(FORM, place, "the name must be " + whatNames));
                }
                of.check(member.getValue(), place, faults);
            }
        };
    }

    default Shape and(Shape other) {
        return (value, at, faults) -> {
            check(value, at, faults);
            other.check(value, at, faults);
        };
    }

    /// A rule about an object as a whole; other values are left to the other rules.
    static Shape rule(String sentence, Predicate<Json.Obj> holds) {
        return (value, at, faults) -> {
            if (value instanceof Json.Obj object && !holds.test(object)) {
                faults.add(new Finding(FORM, at, sentence));
            }
        };
    }

    static Members object() {
        return new Members();
    }

    /// An object with all of its required members, any of its optional ones, and nothing else.
    final class Members implements Shape {
        private final TreeMap<String, Shape> known = new TreeMap<>();
        private final TreeSet<String> required = new TreeSet<>();

        Members with(String name, Shape shape) {
            known.put(name, shape);
            required.add(name);
            return this;
        }

        Members may(String name, Shape shape) {
            known.put(name, shape);
            return this;
        }

        @Override
        public void check(Json value, String at, SortedSet<Finding> faults) {
            if (!(value instanceof Json.Obj(var members))) {
                faults.add(new Finding(FORM, at, "must be an object, not " + shown(value)));
                return;
            }
            for (String name : required) {
                if (!members.containsKey(name)) {
                    faults.add(new Finding(FORM, at, "lacks the member " + name));
                }
            }
            for (Map.Entry<String, Json> member : members.entrySet()) {
                String place = Form.pointer(at, member.getKey());
                Shape shape = known.get(member.getKey());
                if (shape == null) {
                    faults.add(new Finding(FORM, place, "is not a member known here"));
                } else {
                    shape.check(member.getValue(), place, faults);
                }
            }
        }
    }

    /// Short enough for a sentence, and without a line break.
    static String shown(Json value) {
        return switch (value) {
            case Json.Obj _ -> "an object";
            case Json.Arr _ -> "an array";
            case Json.Text(var text) ->
                text.length() > LONGEST_SHOWN
                        ? "a text of " + text.length() + " characters"
                        : visible(value.canonical().utf8().orElseThrow());
            case Json.Whole(var number) -> Long.toString(number);
            case Json.Inexact(var spelling) ->
                spelling.length() > LONGEST_SHOWN
                        ? "a number of " + spelling.length() + " characters"
                        : "the number " + spelling;
            case Json.Bool(var truth) -> Boolean.toString(truth);
            case Json.Null() -> "null";
        };
    }

    /// The other control characters, which JSON leaves as they are, spelled like those it does not.
    private static String visible(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (0x7f <= c && c <= 0x9f) {
                out.append("\\u00").append(Integer.toHexString(c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
