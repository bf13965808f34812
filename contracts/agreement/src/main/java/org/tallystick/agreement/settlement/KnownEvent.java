package org.tallystick.agreement.settlement;

import java.util.Optional;
import org.tallystick.agreement.terms.Period;

/// An event that the ledger has taken in.
///
/// @param booked the period in whose settlement it is first known
/// @param origin the event that this one names with `refOf`
public record KnownEvent(String id, Event event, Period booked, Optional<Event> origin) {}
