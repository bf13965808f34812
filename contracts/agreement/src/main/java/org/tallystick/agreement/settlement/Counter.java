package org.tallystick.agreement.settlement;

import java.util.EnumMap;
import java.util.List;
import org.tallystick.agreement.terms.EventType;
import org.tallystick.agreement.terms.Measure;

/// A measure, ready to count one event after the other: which of its filters can match an event is known by its type.
final class Counter {

    private static final Sieve[] NONE = {};

    private final int index;
    private final Measure.Of of;
    private final EnumMap<EventType, Sieve[]> plus = new EnumMap<>(EventType.class);
    private final EnumMap<EventType, Sieve[]> minus = new EnumMap<>(EventType.class);

    /// @param index among all measures, where its answer for the event at hand is remembered
    Counter(int index, Measure measure) {
        this.index = index;
        this.of = measure.of();
        List<Sieve> adding = measure.plus().stream().map(Sieve::new).toList();
        List<Sieve> deducting = measure.minus().stream().map(Sieve::new).toList();
        for (EventType type : EventType.values()) {
            plus.put(type, allowing(adding, type));
            minus.put(type, allowing(deducting, type));
        }
    }

    private static Sieve[] of(EnumMap<EventType, Sieve[]> sieves, EventType type) {
        return sieves.getOrDefault(type, NONE);
    }

    private static Sieve[] allowing(List<Sieve> sieves, EventType type) {
        return sieves.stream().filter(sieve -> sieve.allows(type)).toArray(Sieve[]::new);
    }

    int index() {
        return index;
    }

    Measure.Of of() {
        return of;
    }

    /// Whether an event of this type can be counted at all.
    boolean allows(EventType type) {
        return of(plus, type).length > 0 || of(minus, type).length > 0;
    }

    /// +1 if the measure adds the event, -1 if it deducts it, 0 if it does not count it.
    int sign(Fact fact) {
        for (Sieve sieve : of(plus, fact.type())) {
            if (sieve.matches(fact)) {
                return 1;
            }
        }
        for (Sieve sieve : of(minus, fact.type())) {
            if (sieve.matches(fact)) {
                return -1;
            }
        }
        return 0;
    }
}
