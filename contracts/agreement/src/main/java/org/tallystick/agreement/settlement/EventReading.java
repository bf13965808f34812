package org.tallystick.agreement.settlement;

public sealed interface EventReading {
    record Formed(Event event) implements EventReading {}

    record Misformed(String at) implements EventReading {}
}
