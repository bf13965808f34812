package org.tallystick.agreement.settlement.naive;

import java.time.LocalDate;
import java.util.Optional;
import java.util.SortedMap;
import org.tallystick.agreement.json.Json;

/// An event as section 6.3 reads it: with the day, the attributes and the currency it has from its origin.
///
/// @param orig the date of the event referred to, else its own
/// @param booked the period in whose settlement it is first known
record Event(
        String id,
        String type,
        LocalDate date,
        LocalDate orig,
        int booked,
        SortedMap<String, Json> attrs,
        Optional<Fraction> amount,
        String currency,
        Optional<Fraction> quantity,
        Optional<String> refOf,
        Json.Obj json) {

    boolean is(String otherType) {
        return type.equals(otherType);
    }

    /// An attribute that the form of the event demands, as text.
    String attr(String name) {
        return json.object("attrs").text(name);
    }
}
