package org.tallystick.agreement.json;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The form a JSON value must have: which members, of which kind, in which order.
///
/// Forms are put together from small ones, so that a table in a specification is a table in the code.
@FunctionalInterface
public interface Form {

    /// Where the value departs from this form: the first place in canonical order, as a JSON pointer (RFC 6901) from
    /// the value; nothing if it has the form.
    Optional<String> fault(Json value);

    default boolean fits(Json value) {
        return fault(value).isEmpty();
    }

    static Form of(Predicate<Json> holds) {
        return value -> holds.test(value) ? Optional.empty() : Optional.of("");
    }

    static Form text(Predicate<String> holds) {
        return of(value -> value instanceof Json.Text(var text) && holds.test(text));
    }

    static Form pattern(String expression) {
        Pattern pattern = Pattern.compile(expression);
        return text(text -> pattern.matcher(text).matches());
    }

    static Form oneOf(String... words) {
        List<String> allowed = List.of(words);
        return text(allowed::contains);
    }

    static Form whole(long low, long high) {
        return of(value -> value instanceof Json.Whole(var number) && low <= number && number <= high);
    }

    static Form bool() {
        return of(value -> value instanceof Json.Bool);
    }

    static Form anyObject() {
        return of(value -> value instanceof Json.Obj);
    }

    static Form either(Form... forms) {
        List<Form> all = List.of(forms);
        return of(value -> all.stream().anyMatch(form -> form.fits(value)));
    }

    /// An object with all of `required`, any of `optional`, and nothing else.
    static Form object(Map<String, Form> required, Map<String, Form> optional) {
        List<String> needed = required.keySet().stream().sorted().toList();
        Map<String, Form> all = new HashMap<>(optional);
        all.putAll(required);
        return value -> {
            if (!(value instanceof Json.Obj(var members))) {
                return Optional.of("");
            }
            for (String name : needed) {
                if (!members.containsKey(name)) {
                    return Optional.of(pointer("", name));
                }
            }
            for (Map.Entry<String, Json> member : members.entrySet()) {
                Form form = all.get(member.getKey());
                Optional<String> fault = form == null ? Optional.of("") : form.fault(member.getValue());
                if (fault.isPresent()) {
                    return below(member.getKey(), fault.get());
                }
            }
            return Optional.empty();
        };
    }

    static Form object(Map<String, Form> required) {
        return object(required, Map.of());
    }

    /// An object of several kinds: its member `tag`, a text, says which of the forms it has.
    static Form tagged(String tag, Map<String, Form> forms) {
        Map<String, Form> all = Map.copyOf(forms);
        return value -> {
            if (!(value instanceof Json.Obj(var members))) {
                return Optional.of("");
            }
            Form form = members.get(tag) instanceof Json.Text(var kind) ? all.get(kind) : null;
            return form == null ? Optional.of(pointer("", tag)) : form.fault(value);
        };
    }

    /// An object whose names and values have these forms.
    static Form map(Predicate<String> name, Form of) {
        return value -> {
            if (!(value instanceof Json.Obj(var members))) {
                return Optional.of("");
            }
            for (Map.Entry<String, Json> member : members.entrySet()) {
                Optional<String> fault = name.test(member.getKey()) ? of.fault(member.getValue()) : Optional.of("");
                if (fault.isPresent()) {
                    return below(member.getKey(), fault.get());
                }
            }
            return Optional.empty();
        };
    }

    static Form array(Form of, int low, int high) {
        return value -> {
            if (!(value instanceof Json.Arr(var items)) || items.size() < low || items.size() > high) {
                return Optional.of("");
            }
            for (int i = 0; i < items.size(); i++) {
                Optional<String> fault = of.fault(items.get(i));
                if (fault.isPresent()) {
                    return Optional.of("/" + i + fault.get());
                }
            }
            return Optional.empty();
        };
    }

    /// An array whose elements strictly ascend by `key`, so that none is there twice.
    static <K> Form ascending(Form of, int low, int high, Function<Json, K> key, Comparator<? super K> order) {
        Form array = array(of, low, high);
        return value -> array.fault(value).or(() -> {
            List<Json> items = ((Json.Arr) value).items();
            for (int i = 1; i < items.size(); i++) {
                if (order.compare(key.apply(items.get(i - 1)), key.apply(items.get(i))) >= 0) {
                    return Optional.of("/" + i);
                }
            }
            return Optional.empty();
        });
    }

    /// Strings in ascending order, each once.
    static Form ascendingTexts(Form of, int low, int high) {
        return ascending(of, low, high, item -> ((Json.Text) item).value(), Comparator.<String>naturalOrder());
    }

    private static Optional<String> below(String name, String fault) {
        return Optional.of(pointer("", name) + fault);
    }

    /// `at` with one more step, escaped as RFC 6901 section 3 says.
    static String pointer(String at, String name) {
        return at + "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
