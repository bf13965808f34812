package org.tallystick.ledger.client;

import org.tallystick.agreement.json.Json;

/// A place in a file of revenue events: an event as its reporter writes it, or what is wrong there.
public sealed interface EventLine {

    /// Where it begins: the line, from 1; of a JSON array, the number of the element.
    long line();

    record Given(long line, Json.Obj event) implements EventLine {}

    record Faulty(LineFault fault) implements EventLine {
        @Override
        public long line() {
            return fault.line();
        }
    }
}
