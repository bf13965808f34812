package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.EventLine;
import org.tallystick.ledger.client.EventLines;
import org.tallystick.ledger.file.EventFile;

/// The events of a file as a list, for what needs them all at once.
final class EventsFile {

    private EventsFile() {}

    /// The events as they stand in the file; the first fault ends it.
    static List<Json> read(Path file) throws IOException, CommandFailure {
        List<Json> events = new ArrayList<>();
        try (EventLines lines = new EventFile(file, Optional.empty(), _ -> {}).open()) {
            Optional<EventLine> line = lines.next();
            while (line.isPresent()) {
                switch (line.get()) {
                    case EventLine.Given(var _, var event) -> events.add(event);
                    case EventLine.Faulty(var fault) ->
                        throw CommandFailure.cannot(file + ": " + fault.text(), "the other lines were not looked at");
                }
                line = lines.next();
            }
        }
        return List.copyOf(events);
    }
}
