package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.EventType;

/// An event together with what it takes from its origin: what filters match and rates look at (terms/1 section 6.3).
///
/// @param origin the event that this one names with `refOf`
record Fact(String id, Event event, Optional<Event> origin) {

    static Fact of(KnownEvent known) {
        return new Fact(known.id(), known.event(), known.origin());
    }

    EventType type() {
        return event.kind();
    }

    LocalDate date() {
        return event.date();
    }

    /// The date of the origin, or its own.
    LocalDate originDate() {
        return origin.isPresent() ? origin.get().date() : event.date();
    }

    /// The attribute, its own or that of its origin.
    @Nullable
    Json attribute(String name) {
        SortedMap<String, Json> own = event.attrs();
        Json value = own.isEmpty() ? null : own.get(name);
        return value == null && origin.isPresent() ? origin.get().attrs().get(name) : value;
    }

    Optional<BigInteger> amount() {
        return event.amount();
    }

    /// The currency of its amount; absent for that of the terms.
    Optional<String> currency() {
        return event.currency().isPresent() || origin.isEmpty()
                ? event.currency()
                : origin.get().currency();
    }

    Optional<Rational> quantity() {
        return event.quantity();
    }

    /// The origin, seen in the same way.
    Optional<Fact> originFact() {
        return origin.map(named -> {
            String name = event.refOf().orElseThrow(() -> new IllegalArgumentException(id + " names no origin"));
            return new Fact(name, named, Optional.empty());
        });
    }
}
