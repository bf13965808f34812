package org.tallystick.acceptance;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.settlement.Settlement;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// What the months of an agreement come to if its events are booked where a scenario says: the ledger must have booked
/// them there, too.
final class BookedByHand {

    private final String terms;
    private final YearMonth opening;
    private final TreeMap<String, Event> events = new TreeMap<>();
    private final List<KnownEvent> booked = new ArrayList<>();
    private Optional<History> history = Optional.empty();

    BookedByHand(String terms, YearMonth opening) {
        this.terms = terms;
        this.opening = opening;
    }

    /// The month that comes so many after the first.
    String month(int after) {
        return opening.plusMonths(after).toString();
    }

    /// Says where the ledger must have booked an event.
    void books(String id, Json.Obj event, int month) {
        Event known = EventReader.known(event);
        events.put(id, known);
        booked.add(new KnownEvent(
                id, known, Period.ofText(month(month)), known.refOf().map(events::get)));
    }

    /// What the engine makes of what was booked in a month; the months are asked for in their order.
    Json.Obj settled(int month) {
        if (!(TermsReader.read(object(terms)) instanceof TermsReading.Accepted(var accepted))) {
            throw new IllegalStateException("the terms do not pass their checks");
        }
        Period period = Period.ofText(month(month));
        List<KnownEvent> inputs =
                booked.stream().filter(event -> event.booked().equals(period)).toList();
        History before = history.orElseGet(() -> History.open(accepted, period));
        if (!(Settlement.settle(accepted, before, inputs) instanceof Outcome.Settled(var statement, var after))) {
            throw new IllegalStateException("the engine lacks something for " + period.text());
        }
        history = Optional.of(after);
        return statement.encode();
    }

    /// A JSON object from its text.
    static Json.Obj object(String text) {
        if (JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IllegalArgumentException("not a JSON object: " + text);
    }
}
