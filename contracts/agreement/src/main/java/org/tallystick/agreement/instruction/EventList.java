package org.tallystick.agreement.instruction;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;

/// The events of a report, as they were signed. What each says is read once, however many ask.
public final class EventList extends AbstractList<Json.Obj> implements RandomAccess {

    private final List<Json.Obj> events;
    /// Filled when somebody asks. Two threads may read the same event, and find the same.
    private final @Nullable EventReading[] readings;
    private final EventReader.LastDay days = new EventReader.LastDay();

    public EventList(List<Json.Obj> events) {
        this.events = List.copyOf(events);
        this.readings = new EventReading[events.size()];
    }

    @Override
    public Json.Obj get(int index) {
        return events.get(index);
    }

    @Override
    public int size() {
        return events.size();
    }

    /// What the event at `index` says, or where it departs from the form of one.
    public EventReading reading(int index) {
        EventReading known = readings[index];
        if (known == null) {
            known = EventReader.read(events.get(index), days);
            readings[index] = known;
        }
        return known;
    }
}
