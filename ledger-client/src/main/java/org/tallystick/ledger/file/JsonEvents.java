package org.tallystick.ledger.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.client.EventLine;
import org.tallystick.ledger.client.EventLines;
import org.tallystick.ledger.client.LineFault;

/// The events of a JSON array, read whole; lines are its elements.
final class JsonEvents implements EventLines {

    private final Deque<Json> left;
    private long number;

    private JsonEvents(Deque<Json> left) {
        this.left = left;
    }

    /// An array of events, or an object that has one as `events`; nothing for anything else.
    static Optional<EventLines> of(Json json) {
        Json events = json instanceof Json.Obj object ? object.find("events").orElse(json) : json;
        return events instanceof Json.Arr(var items)
                ? Optional.of(new JsonEvents(new ArrayDeque<>(items)))
                : Optional.empty();
    }

    @Override
    public Optional<EventLine> next() {
        number++;
        return left.isEmpty() ? Optional.empty() : Optional.of(line(number, left.pop()));
    }

    static EventLine line(long number, Json json) {
        return json instanceof Json.Obj event
                ? new EventLine.Given(number, event)
                : new EventLine.Faulty(new LineFault(number, "", "", "json_wrong", "is no JSON object"));
    }

    @Override
    public void close() {}

    /// The events of a file with one on each line.
    record OnLines(Lines lines) implements EventLines {

        @Override
        public Optional<EventLine> next() throws IOException {
            Optional<Lines.Line> line = lines.next();
            while (line.isPresent() && line.get().isBlank()) {
                line = lines.next();
            }
            return line.map(OnLines::read);
        }

        private static EventLine read(Lines.Line line) {
            String whole = new String(line.octets().toArray(), UTF_8);
            return switch (JsonReader.read(line.octets(), JsonReader.Profile.FILE)) {
                case JsonReader.Value(var json) -> JsonEvents.line(line.number(), json);
                case JsonReader.Fault(var code, var at) ->
                    new EventLine.Faulty(new LineFault(
                            line.number(),
                            "",
                            whole,
                            line.ended() ? "json_wrong" : "file_truncated",
                            "is not JSON: " + code + " after " + at + " characters"
                                    + (line.ended() ? "" : "; the file ends in the middle of a line")));
            };
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
