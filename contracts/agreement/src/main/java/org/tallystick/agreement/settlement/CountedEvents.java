package org.tallystick.agreement.settlement;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;

/// The events of a settlement that a posting counts: the first of them, and how many there are.
///
/// @param count of all, also of those that are left out here
public record CountedEvents(List<Counted> first, long count) {

    public static final CountedEvents NONE = new CountedEvents(List.of(), 0);

    public CountedEvents {
        first = List.copyOf(first);
    }

    /// How many are left out.
    public long more() {
        return count - first.size();
    }

    /// What an event adds to a figure.
    ///
    /// @param figure the measure, or what else of the clause the event is for
    /// @param value with its sign, before any conversion; of one divided or priced alone, the part or the price
    /// @param rate at which it is priced, if it has one of its own
    public record Counted(KnownEvent event, String figure, Rational value, Working.Unit unit, Optional<Rational> rate) {

        public Json.Obj encode() {
            return Json.object()
                    .with("event", event.id())
                    .with("figure", figure)
                    .withText("rate", rate.map(Rational::toString))
                    .with("unit", unit.text())
                    .with("value", Working.Figure.number(value))
                    .build();
        }
    }
}
