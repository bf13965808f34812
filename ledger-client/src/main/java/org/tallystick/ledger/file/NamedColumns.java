package org.tallystick.ledger.file;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Json;

/// Columns that are named after members: `attrs.NAME` is an attribute.
///
/// A cell with digits only is a number, `true` and `false` are booleans, an empty cell is nothing, anything else is
/// text.
final class NamedColumns implements Columns {

    private static final String ATTRIBUTE = "attrs.";
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,14})");
    /// References are texts even where they look like numbers.
    private static final List<String> TEXTS = List.of("id", "refOf", "attrs.ref");

    private List<String> header = List.of();

    @Override
    public Optional<Wrong> begin(List<String> names) {
        header = List.copyOf(names);
        return Optional.empty();
    }

    @Override
    public Json.Obj event(List<String> cells) {
        TreeMap<String, Json> members = new TreeMap<>();
        TreeMap<String, Json> attributes = new TreeMap<>();
        for (int i = 0; i < cells.size(); i++) {
            String column = header.get(i);
            String cell = cells.get(i);
            if (!cell.isEmpty()) {
                boolean attribute = column.startsWith(ATTRIBUTE);
                String name = attribute ? column.substring(ATTRIBUTE.length()) : column;
                (attribute ? attributes : members).put(name, TEXTS.contains(column) ? Json.text(cell) : value(cell));
            }
        }
        if (!attributes.isEmpty()) {
            members.put("attrs", new Json.Obj(attributes));
        }
        return new Json.Obj(members);
    }

    private static Json value(String cell) {
        if (cell.equals("true") || cell.equals("false")) {
            return Json.bool(cell.equals("true"));
        }
        return WHOLE.matcher(cell).matches() ? Json.whole(Long.parseLong(cell)) : Json.text(cell);
    }
}
