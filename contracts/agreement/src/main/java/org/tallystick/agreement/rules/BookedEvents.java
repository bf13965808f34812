package org.tallystick.agreement.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.state.FactPage;
import org.tallystick.agreement.state.RunEvents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// The events of a run, each with its id, its booked period and the event it refers to.
final class BookedEvents {

    /// Event order of terms/1 section 6.3: by date, then by id.
    static final Comparator<FactPage.Fact> FACT_ORDER = Comparator.<FactPage.Fact, String>comparing(
                    fact -> ((Json.Obj) fact.event()).text("date"))
            .thenComparing(FactPage.Fact::id);

    private final Terms terms;
    private final String source;
    private final long first;
    private final RunEvents stored;

    BookedEvents(Terms terms, String source, long first, RunEvents stored) {
        this.terms = terms;
        this.source = source;
        this.first = first;
        this.stored = stored;
    }

    /// Those booked in `period` when they were reported, in order of their numbers.
    List<KnownEvent> in(Period period) {
        List<KnownEvent> events = new ArrayList<>();
        for (int k = 0; k < stored.events().size(); k++) {
            Event event = event(stored.events().get(k));
            if (stored.held().contains(k)) {
                continue;
            }
            Period booked = stored.later().getOrDefault(k, terms.frequency().periodOf(event.date()));
            if (booked.equals(period)) {
                events.add(new KnownEvent(
                        new EventId(new SourceId(source), first + k).text(),
                        event,
                        booked,
                        event.refOf().map(this::named)));
            }
        }
        return events;
    }

    private Event named(String id) {
        return event(Optional.ofNullable(stored.origins().get(id))
                .orElseGet(() -> stored.events()
                        .get((int) (EventId.parse(id).orElseThrow().number() - first))));
    }

    static Event event(Json json) {
        if (EventReader.read(json) instanceof EventReading.Formed(var event)) {
            return event;
        }
        throw new IllegalStateException("an event on the ledger has not the form of one: " + json.canonical());
    }
}
