package org.tallystick.agreement.settlement;

import java.util.Optional;
import org.tallystick.agreement.terms.Period;

public record KnownEvent(String id, Event event, Period booked, Optional<Event> origin) {}
