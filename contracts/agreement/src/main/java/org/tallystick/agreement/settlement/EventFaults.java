package org.tallystick.agreement.settlement;

import java.util.Optional;
import java.util.SortedSet;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

public final class EventFaults {
    private EventFaults() {}

    public static SortedSet<String> of(Terms terms, Period opening, Event event, Optional<Event> origin) {
        throw new IllegalStateException("" + terms + opening + event + origin);
    }
}
