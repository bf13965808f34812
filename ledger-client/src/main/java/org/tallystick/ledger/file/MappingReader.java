package org.tallystick.ledger.file;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Spelling;

/// Reads a mapping file: its form first, then what a form cannot say.
public final class MappingReader {

    private static final int MOST_ATTRIBUTES = 64;
    private static final int MOST_VALUES = 1_000;
    private static final int LONGEST_NAME = 200;

    private static final Form NAME = Form.text(text -> !text.isEmpty() && text.length() <= LONGEST_NAME);
    private static final Form SCALAR =
            Form.of(value -> value instanceof Json.Text || value instanceof Json.Whole || value instanceof Json.Bool);
    private static final Form VALUES = Form.map(_ -> true, SCALAR);
    private static final Form CONSTANT = Form.object(Map.of("value", SCALAR));

    private static final Form FORM = Form.object(
            Map.of("mapping", Form.oneOf("1"), "event", event()),
            Map.of(
                    "dates", dates(),
                    "encoding", Form.text(text -> Encoding.ofText(text).isPresent()),
                    "numbers", Form.text(text -> NumberStyle.ofText(text).isPresent()),
                    "separator", Form.oneOf(",", ";", "\t", "|"),
                    "title", Form.text(text -> text.length() <= LONGEST_NAME)));

    private MappingReader() {}

    /// What reading came to.
    public sealed interface Reading {
        record Read(Mapping mapping) implements Reading {}

        /// @param at JSON pointer to the first place that is wrong
        record Wrong(String at, String sentence) implements Reading {}
    }

    private static Form cell(String... as) {
        Form column = Form.object(Map.of("column", NAME), Map.of("values", VALUES, "as", Form.oneOf(as)));
        return value ->
                value instanceof Json.Obj object && object.has("value") ? CONSTANT.fault(value) : column.fault(value);
    }

    private static Form event() {
        TreeMap<String, Form> optional = new TreeMap<>();
        for (Mapping.Member member : Mapping.Member.values()) {
            optional.put(member.text(), member == Mapping.Member.AMOUNT ? cell("major", "minor") : cell());
        }
        optional.put("attrs", Form.map(Spelling::isAttribute, cell("text", "whole", "decimal")));
        Form type = optional.remove("type");
        Form date = optional.remove("date");
        return Form.object(Map.of("type", type, "date", date), optional);
    }

    private static Form dates() {
        Form zone = Form.text(text -> zone(text).isPresent());
        return Form.object(Map.of("format", NAME), Map.of("zone", zone, "day", zone));
    }

    private static Optional<ZoneId> zone(String text) {
        try {
            return Optional.of(ZoneId.of(text));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    public static Reading read(Json json) {
        Optional<String> fault = FORM.fault(json);
        if (fault.isPresent()) {
            return new Reading.Wrong(fault.get(), "is missing, unknown or of another form");
        }
        Json.Obj object = (Json.Obj) json;
        Json.Obj event = object.object("event");
        Json.Obj attrs = event.has("attrs") ? event.object("attrs") : Json.Obj.EMPTY;
        if (attrs.members().size() > MOST_ATTRIBUTES) {
            return new Reading.Wrong("/event/attrs", "has more than " + MOST_ATTRIBUTES + " attributes");
        }
        DayStyle dates;
        try {
            dates = object.has("dates") ? dates(object.object("dates")) : DayStyle.ISO;
        } catch (IllegalArgumentException e) {
            return new Reading.Wrong("/dates/format", String.valueOf(e.getMessage()));
        }
        TreeMap<Mapping.Member, Mapping.Cell> members = new TreeMap<>();
        TreeMap<String, Mapping.Cell> attributes = new TreeMap<>();
        for (Map.Entry<String, Json> member : event.members().entrySet()) {
            Mapping.Member.ofText(member.getKey())
                    .ifPresent(of -> members.put(of, cell((Json.Obj) member.getValue(), of.as())));
        }
        attrs.members().forEach((name, cell) -> attributes.put(name, cell((Json.Obj) cell, Mapping.As.TEXT)));
        for (Mapping.Cell cell : members.values()) {
            if (cell instanceof Mapping.Cell.Column column && column.values().size() > MOST_VALUES) {
                return new Reading.Wrong("/event", column.name() + " has more than " + MOST_VALUES + " values");
            }
        }
        return new Reading.Read(new Mapping(
                Hash.of(json.canonical()),
                object.findText("encoding").flatMap(Encoding::ofText).orElse(Encoding.UTF_8),
                object.findText("separator").orElse(",").charAt(0),
                object.findText("numbers").flatMap(NumberStyle::ofText).orElse(NumberStyle.POINT),
                dates,
                members,
                attributes));
    }

    private static DayStyle dates(Json.Obj dates) {
        return new DayStyle(
                dates.text("format"),
                dates.findText("zone").flatMap(MappingReader::zone),
                dates.findText("day").flatMap(MappingReader::zone));
    }

    private static Mapping.Cell cell(Json.Obj cell, Mapping.As usual) {
        if (cell.has("value")) {
            return new Mapping.Cell.Constant(cell.get("value"));
        }
        SortedMap<String, Json> values =
                cell.has("values") ? cell.object("values").members() : new TreeMap<>();
        Mapping.As as = switch (cell.findText("as").orElse("")) {
            case "minor" -> Mapping.As.MINOR;
            case "whole" -> Mapping.As.WHOLE;
            case "decimal" -> Mapping.As.DECIMAL;
            default -> usual;
        };
        return new Mapping.Cell.Column(cell.text("column"), as, values);
    }
}
