package org.tallystick.agreement.settlement;

/// What reading an event came to.
public sealed interface EventReading {

    record Formed(Event event) implements EventReading {}

    /// The refusal EVENT_FORM.
    ///
    /// @param at the first place, as a JSON pointer, where the event departs from its form
    record Misformed(String at) implements EventReading {}
}
