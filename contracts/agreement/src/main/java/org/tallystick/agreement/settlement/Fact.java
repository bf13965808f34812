package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.EventType;

/// An event together with what it takes from its origin: what filters match and rates look at (terms/1 section 6.3).
///
/// @param originDate the date of the origin, or its own
/// @param attrs its own and those of the origin
/// @param origin the origin, seen in the same way
record Fact(
        String id,
        EventType type,
        LocalDate date,
        LocalDate originDate,
        SortedMap<String, Json> attrs,
        Optional<BigInteger> amount,
        String currency,
        Optional<Rational> quantity,
        Optional<Fact> origin) {

    Fact {
        attrs = Collections.unmodifiableSortedMap(attrs);
    }

    /// @param currency of amounts that have none of their own or from their origin
    static Fact of(KnownEvent known, String currency) {
        Event event = known.event();
        Optional<Fact> origin = known.origin().map(named -> {
            String id = event.refOf().orElseThrow(() -> new IllegalArgumentException(known.id() + " names no origin"));
            return alone(id, named, currency);
        });
        if (origin.isEmpty()) {
            return alone(known.id(), event, currency);
        }
        SortedMap<String, Json> attrs = new TreeMap<>(origin.get().attrs());
        attrs.putAll(event.attrs());
        return new Fact(
                known.id(),
                event.kind(),
                event.date(),
                origin.get().date(),
                attrs,
                event.amount(),
                event.currency().orElse(origin.get().currency()),
                event.quantity(),
                origin);
    }

    private static Fact alone(String id, Event event, String currency) {
        return new Fact(
                id,
                event.kind(),
                event.date(),
                event.date(),
                event.attrs(),
                event.amount(),
                event.currency().orElse(currency),
                event.quantity(),
                Optional.empty());
    }
}
