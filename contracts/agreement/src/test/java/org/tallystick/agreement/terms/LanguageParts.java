package org.tallystick.agreement.terms;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.json.Json;

/// The parts of terms/1 by name, as its schema has them: every member of every object, every value of every closed
/// list, and every form where there are several. `fund.tiers.mode=whole` is one, `filter.days.max` another.
///
/// The same walk over the schema names either all parts or those of one document, so nothing in the schema can be
/// forgotten by whoever asks what a set of documents leaves out.
final class LanguageParts {

    /// Definitions whose inside is a spelling.
    private static final Set<String> LEAVES =
            Set.of("amount", "attrName", "bound", "currency", "date", "dayName", "id", "number", "rational", "text");

    private static final Map<String, String> FORMS =
            Map.of("string", " text", "boolean", " boolean", "integer", " whole", "array", " list", "object", "");

    private static final Json.Obj SCHEMA =
            SharedVectors.json(SharedVectors.path("docs/spec/terms-1.schema.json", "spec/terms-1.schema.json"));
    private static final Json.Obj DEFINITIONS = SCHEMA.object("$defs");

    private final SortedSet<String> found = new TreeSet<>();
    private final SortedSet<String> entered = new TreeSet<>();

    private LanguageParts() {}

    static SortedSet<String> all() {
        LanguageParts parts = new LanguageParts();
        parts.walk(SCHEMA, Optional.empty(), "terms");
        return parts.found;
    }

    static SortedSet<String> of(Json document) {
        LanguageParts parts = new LanguageParts();
        parts.walk(SCHEMA, Optional.of(document), "terms");
        return parts.found;
    }

    /// @param value what stands there in the document; absent to name every part that could
    private void walk(Json any, Optional<Json> value, String at) {
        if (!(any instanceof Json.Obj schema)) {
            return;
        }
        Optional<String> name = definition(schema);
        if (name.isPresent()) {
            enter(name.get(), value, at);
            return;
        }
        Collection<Json> values = values(schema);
        List<Json> forms = forms(schema);
        if (!values.isEmpty()) {
            values.stream()
                    .filter(each -> value.map(each::equals).orElse(true))
                    .forEach(each -> found.add(at + "=" + ((Json.Text) each).value()));
        } else if (!forms.isEmpty()) {
            forms.stream()
                    .filter(form -> value.map(each -> fits(form, each)).orElse(true))
                    .forEach(form -> walk(form, value, at + named((Json.Obj) form)));
        } else if (schema.has("items")) {
            items(value).forEach(item -> walk(schema.get("items"), item, at));
        } else {
            found.add(at);
            members(schema, value, at);
        }
    }

    private void enter(String name, Optional<Json> value, String at) {
        if (LEAVES.contains(name)) {
            found.add(at);
        } else if (value.isPresent() || entered.add(name)) {
            boolean isItsOwnPlace = DEFINITIONS.object(name).has("properties") && isNamedAlone(name);
            walk(DEFINITIONS.get(name), value, isItsOwnPlace ? placeOf(name) : at);
            entered.remove(name);
        }
    }

    /// Clauses, measures and filters are the same wherever they stand; rates, tiers and limits belong to their clause.
    private static boolean isNamedAlone(String name) {
        return name.equals("measure")
                || name.equals("filter")
                || name.equals("where")
                || DEFINITIONS.object("clause").items("oneOf").stream()
                        .anyMatch(clause -> definition((Json.Obj) clause).equals(Optional.of(name)));
    }

    private static String placeOf(String name) {
        return name.equals("where") ? "filter" : name;
    }

    private void members(Json.Obj schema, Optional<Json> value, String at) {
        properties(schema, value, at);
        schema.find("additionalProperties")
                .filter(Json.Obj.class::isInstance)
                .map(Json.Obj.class::cast)
                .ifPresent(rest -> {
                    boolean isRow = definition(rest).equals(Optional.of("rate"));
                    String inside = isRow ? at.substring(0, at.lastIndexOf('.')) : at + ".*";
                    all(value).forEach(member -> walk(rest, member, inside));
                });
        if (schema.has("else")) {
            Optional<Boolean> perEvent =
                    value.map(clause -> ((Json.Obj) clause).findText("per").equals(Optional.of("event")));
            if (perEvent.orElse(true)) {
                properties(schema.object("then"), value, at + " per event");
            }
            if (!perEvent.orElse(false)) {
                properties(schema.object("else"), value, at);
            }
        }
    }

    private void properties(Json.Obj schema, Optional<Json> value, String at) {
        if (schema.has("properties")) {
            schema.object("properties").members().forEach((name, property) -> {
                Optional<Json> member = value.flatMap(object -> ((Json.Obj) object).find(name));
                if (value.isEmpty() || member.isPresent()) {
                    walk(property, member, at + "." + name);
                }
            });
        }
    }

    /// The values of all members.
    private static List<Optional<Json>> all(Optional<Json> value) {
        return value.map(object -> ((Json.Obj) object)
                        .members().values().stream().map(Optional::of).toList())
                .orElse(List.of(Optional.empty()));
    }

    private static List<Optional<Json>> items(Optional<Json> value) {
        return value.map(array ->
                        ((Json.Arr) array).items().stream().map(Optional::of).toList())
                .orElse(List.of(Optional.empty()));
    }

    private static Optional<String> definition(Json.Obj schema) {
        return schema.findText("$ref").map(ref -> ref.substring("#/$defs/".length()));
    }

    private static Collection<Json> values(Json.Obj schema) {
        return schema.has("enum")
                ? schema.items("enum")
                : schema.find("const").stream().toList();
    }

    /// The alternatives, where each is a form of its own and not a further condition.
    private static List<Json> forms(Json.Obj schema) {
        return Stream.of("anyOf", "oneOf")
                .filter(schema::has)
                .map(schema::items)
                .filter(forms -> forms.getFirst() instanceof Json.Obj first && (first.has("type") || first.has("$ref")))
                .findFirst()
                .orElse(List.of());
    }

    private static String named(Json.Obj form) {
        Optional<String> name = definition(form);
        if (name.isPresent()) {
            return name.get().equals("rational") ? " constant" : "";
        }
        return FORMS.getOrDefault(form.text("type"), "");
    }

    /// Whether a value is of this form, as far as needed to tell forms apart.
    private static boolean fits(Json any, Json value) {
        if (!(any instanceof Json.Obj schema)) {
            return true;
        }
        Optional<String> name = definition(schema);
        if (name.isPresent()) {
            return fits(DEFINITIONS.get(name.get()), value);
        }
        Collection<Json> values = values(schema);
        List<Json> forms = forms(schema);
        if (!values.isEmpty() || !forms.isEmpty()) {
            return values.contains(value) || forms.stream().anyMatch(form -> fits(form, value));
        }
        return switch (schema.findText("type").orElse("")) {
            case "string" -> value instanceof Json.Text;
            case "boolean" -> value instanceof Json.Bool;
            case "integer" -> value instanceof Json.Whole;
            case "array" -> value instanceof Json.Arr;
            case "object" -> value instanceof Json.Obj object && fitsObject(schema, object);
            default -> true;
        };
    }

    private static boolean fitsObject(Json.Obj schema, Json.Obj object) {
        Json.Obj properties = schema.has("properties") ? schema.object("properties") : Json.Obj.EMPTY;
        boolean isClosed = schema.find("additionalProperties").equals(Optional.of(new Json.Bool(false)));
        return (!schema.has("required")
                        || schema.items("required").stream()
                                .allMatch(member -> object.has(((Json.Text) member).value())))
                && object.members().entrySet().stream()
                        .allMatch(member -> properties.has(member.getKey())
                                ? fits(properties.get(member.getKey()), member.getValue())
                                : !isClosed);
    }
}
