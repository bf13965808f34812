package org.tallystick.ledger.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.EventDraft;

/// A file of revenue events: `.json` (an array, or an object with `events`), `.jsonl` (one on each line), `.csv`.
///
/// A CSV has a header with the names of members; `attrs.NAME` is an attribute. A cell with digits only is a number,
/// `true` and `false` are booleans, an empty cell is nothing, anything else is text.
final class EventsFile {

    private static final String ATTRIBUTE = "attrs.";
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,14})");

    private final Path file;

    EventsFile(Path file) {
        this.file = file;
    }

    List<EventDraft> read() throws IOException, CommandFailure {
        List<EventDraft> drafts = new ArrayList<>();
        for (Json event : events()) {
            drafts.add(draft(drafts.size() + 1, event));
        }
        return List.copyOf(drafts);
    }

    /// The events as they stand in the file.
    List<Json> events() throws IOException, CommandFailure {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".jsonl")) {
            return jsonLines();
        }
        if (name.endsWith(".json")) {
            return json();
        }
        if (name.endsWith(".csv")) {
            return csv();
        }
        throw CommandFailure.cannot(
                file + " has an ending that is not known", "events are read from .json, .jsonl and .csv");
    }

    private EventDraft draft(int number, Json event) throws CommandFailure {
        if (!(event instanceof Json.Obj object)) {
            throw CommandFailure.cannot("event " + number + " of " + file + " is no JSON object");
        }
        try {
            Bytes _ = object.canonical();
            return EventDraft.of(object);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.cannot(
                    "event " + number + " of " + file + " " + e.getMessage(),
                    "docs/spec/instruction-1.md section 8 says what an event has");
        }
    }

    private List<Json> json() throws IOException, CommandFailure {
        Json json = Shell.read(file.toString(), Bytes.copyOf(Files.readAllBytes(file)));
        Json events = json instanceof Json.Obj object ? object.find("events").orElse(json) : json;
        if (events instanceof Json.Arr(var items)) {
            return items;
        }
        throw CommandFailure.cannot(file + " has no array of events");
    }

    private List<Json> jsonLines() throws IOException, CommandFailure {
        List<Json> events = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank()) {
                events.add(Shell.read(file + " line " + number, Bytes.ofUtf8(line)));
            }
        }
        return events;
    }

    private List<Json> csv() throws IOException, CommandFailure {
        ObjectReader reader = new CsvMapper()
                .enable(CsvParser.Feature.TRIM_SPACES)
                .enable(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS)
                .readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader().withStrictHeaders(true));
        List<Json> events = new ArrayList<>();
        try (MappingIterator<Map<String, String>> rows = reader.readValues(Files.newInputStream(file))) {
            while (rows.hasNext()) {
                events.add(event(rows.next()));
            }
        } catch (JsonProcessingException e) {
            throw CommandFailure.cannot(file + " is not CSV with a header: " + e.getOriginalMessage());
        } catch (RuntimeException e) {
            throw CommandFailure.cannot(file + " is not CSV with a header: " + e.getMessage());
        }
        return events;
    }

    private static Json event(Map<String, String> row) {
        TreeMap<String, Json> members = new TreeMap<>();
        TreeMap<String, Json> attributes = new TreeMap<>();
        row.forEach((column, cell) -> {
            if (!cell.isEmpty()) {
                boolean attribute = column.startsWith(ATTRIBUTE);
                String name = attribute ? column.substring(ATTRIBUTE.length()) : column;
                (attribute ? attributes : members).put(name, isText(column) ? Json.text(cell) : value(cell));
            }
        });
        if (!attributes.isEmpty()) {
            members.put("attrs", new Json.Obj(attributes));
        }
        return new Json.Obj(members);
    }

    /// References are texts even where they look like numbers.
    private static boolean isText(String column) {
        return List.of("id", "refOf", "attrs.ref").contains(column);
    }

    private static Json value(String cell) {
        if (cell.equals("true") || cell.equals("false")) {
            return Json.bool(cell.equals("true"));
        }
        return WHOLE.matcher(cell).matches() ? Json.whole(Long.parseLong(cell)) : Json.text(cell);
    }
}
