package org.tallystick.agreement.simulation;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.EventType;

/// What a person wants imagined events to be like; the rest is chosen for him.
///
/// @param attrs facts that every imagined event has
/// @param price of one unit in minor units, which gives events both an amount and a quantity
public record Wish(Optional<EventType> type, SortedMap<String, Json> attrs, Optional<Rational> price) {

    public static final Wish NONE = new Wish(Optional.empty(), new TreeMap<>(), Optional.empty());

    public Wish {
        attrs = Collections.unmodifiableSortedMap(new TreeMap<>(attrs));
    }
}
