package org.tallystick.agreement.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventFaults;
import org.tallystick.agreement.settlement.Refusals;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// Which event refuses a settlement, as far as one event alone shows it.
///
/// @param event its id, or its place in the list if it has none
/// @param code of terms/1 section 16
public record EventFinding(String event, String code) {

    /// Of all events, in their order.
    ///
    /// @param events in the form that a case has them in
    public static List<EventFinding> of(Terms terms, Period opening, List<Json> events) {
        SortedMap<String, Event> byId = new TreeMap<>();
        SortedSet<String> twice = new TreeSet<>();
        for (Json json : events) {
            id(json).ifPresent(id -> Specimens.read(json).ifPresent(event -> {
                if (byId.putIfAbsent(id, event) != null) {
                    twice.add(id);
                }
            }));
        }
        EventFaults faults = new EventFaults(terms, opening);
        List<EventFinding> findings = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            String name = id(events.get(i)).orElse("number " + (i + 1));
            Optional<Event> event = Specimens.read(events.get(i));
            if (event.isEmpty() || id(events.get(i)).isEmpty()) {
                findings.add(new EventFinding(name, Refusals.EVENT_FORM));
                continue;
            }
            if (twice.contains(name)) {
                findings.add(new EventFinding(name, Refusals.EVENT_DUP));
            }
            Optional<Event> origin = event.get().refOf().flatMap(id -> Optional.ofNullable(byId.get(id)));
            faults.of(event.get(), origin).forEach(code -> findings.add(new EventFinding(name, code)));
        }
        return List.copyOf(findings);
    }

    private static Optional<String> id(Json event) {
        return event instanceof Json.Obj object && object.find("id").orElse(object) instanceof Json.Text(var id)
                ? Optional.of(id)
                : Optional.empty();
    }
}
