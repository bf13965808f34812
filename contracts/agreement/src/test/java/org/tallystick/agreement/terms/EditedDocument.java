package org.tallystick.agreement.terms;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;

/// A document after small edits, as the tables in `src/test/resources/terms` write them.
///
/// @param document what came of the edits
/// @param place of the first edit, as a JSON pointer
record EditedDocument(Json document, String place) {

    /// A line of such a table: what is expected, where, of which document.
    record Row(String expected, Optional<String> place, String edits) {

        EditedDocument document(Json base) {
            return EditedDocument.of(base, edits);
        }

        @Override
        public String toString() {
            return expected + ": " + edits;
        }
    }

    /// The document that uses all of the language.
    static Json.Obj everything() {
        return (Json.Obj) Documents.json(resource("everything.json"));
    }

    /// The lines of a table that are neither empty nor comments.
    static Stream<Row> rows(String table) {
        return resource(table)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(EditedDocument::row);
    }

    private static Row row(String line) {
        String[] cells = line.split("\\|", -1);
        if (cells.length != 3) {
            throw new IllegalArgumentException(cells.length + " cells: " + line);
        }
        return new Row(
                cells[0].strip(), Optional.of(cells[1].strip()).filter(place -> !place.isEmpty()), cells[2].strip());
    }

    static String resource(String name) {
        try (InputStream in = EditedDocument.class.getResourceAsStream("/terms/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + name);
            }
            return Bytes.copyOf(in.readAllBytes()).utf8().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static EditedDocument of(Json base, String edits) {
        Json document = base;
        List<String> places = new ArrayList<>();
        for (String edit : edits.split(" ; ", -1)) {
            Edit parsed = Edit.of(edit.strip());
            StringBuilder place = new StringBuilder();
            document = parsed.applied(document, 0, place);
            places.add(place.toString());
        }
        return new EditedDocument(document, places.getFirst());
    }

    private record Edit(List<String> path, char how, Json value) {

        static Edit of(String text) {
            if (text.startsWith("- ")) {
                return new Edit(steps(text.substring(2)), '-', new Json.Null());
            }
            String[] parts = text.split(" ", 3);
            return new Edit(steps(parts[0]), parts[1].charAt(0), Documents.json(parts[2]));
        }

        private static List<String> steps(String path) {
            return List.of(path.substring(1).split("/", -1));
        }

        Json applied(Json at, int depth, StringBuilder place) {
            return switch (at) {
                case Json.Obj(var members) -> member(members, depth, place);
                case Json.Arr(var items) -> item(items, depth, place);
                default -> throw new IllegalArgumentException("nothing to edit at " + place);
            };
        }

        private boolean isLast(int depth) {
            return depth == path.size() - 1;
        }

        private Json member(SortedMap<String, Json> members, int depth, StringBuilder place) {
            String name = path.get(depth);
            place.append('/').append(name);
            SortedMap<String, Json> edited = new TreeMap<>(members);
            Optional<Json> old = Optional.ofNullable(members.get(name));
            if (!isLast(depth)) {
                edited.put(name, applied(old.orElseThrow(), depth + 1, place));
            } else if (how == '+') {
                edited.put(name, appended(old.orElseThrow(), place));
            } else if (how == '=') {
                edited.put(name, value);
            } else if (edited.remove(name) == null) {
                throw new IllegalArgumentException("nothing to remove at " + place);
            }
            return new Json.Obj(edited);
        }

        private Json item(List<Json> items, int depth, StringBuilder place) {
            int index = index(items, path.get(depth));
            place.append('/').append(index);
            List<Json> edited = new ArrayList<>(items);
            if (!isLast(depth)) {
                edited.set(index, applied(items.get(index), depth + 1, place));
            } else if (how == '=') {
                edited.set(index, value);
            } else {
                edited.remove(index);
            }
            return Json.array(edited);
        }

        private Json appended(Json array, StringBuilder place) {
            List<Json> items = new ArrayList<>(((Json.Arr) array).items());
            place.append('/').append(items.size());
            items.add(value);
            return Json.array(items);
        }

        private static int index(List<Json> items, String step) {
            if (step.matches("[0-9]+")) {
                return Integer.parseInt(step);
            }
            for (int i = 0; i < items.size(); i++) {
                if (((Json.Obj) items.get(i)).find("id").equals(Optional.of(Json.text(step)))) {
                    return i;
                }
            }
            throw new IllegalArgumentException("nothing has the id " + step);
        }
    }
}
