package org.tallystick.agreement.terms;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;

/// Which events are meant: all of its parts must match (terms/1 section 7.2).
///
/// @param types any of them; none given means any type
public record Filter(
        List<EventType> types, SortedMap<String, Condition> attrs, List<Within> days, List<Since> monthsBefore) {

    /// What an absent filter means.
    public static final Filter ANY = new Filter(List.of(), new TreeMap<>(), List.of(), List.of());

    /// The date of the event itself, in place of an attribute.
    public static final String OWN_DATE = "date";

    /// The date of the event's origin, in place of an attribute.
    public static final String ORIGIN_DATE = "saleDate";

    public Filter {
        types = List.copyOf(types);
        attrs = Collections.unmodifiableSortedMap(new TreeMap<>(attrs));
        days = List.copyOf(days);
        monthsBefore = List.copyOf(monthsBefore);
    }

    public boolean hasConditions() {
        return !attrs.isEmpty() || !days.isEmpty() || !monthsBefore.isEmpty();
    }

    /// What an attribute must be.
    public sealed interface Condition {

        /// Equal in type and value to one of these strings, integers and booleans.
        record OneOf(List<Json> values) implements Condition {
            public OneOf {
                values = List.copyOf(values);
            }
        }

        /// At least `from` and less than `below`, as numbers or as dates; at least one is there.
        record Between(Optional<Json> from, Optional<Json> below) implements Condition {}
    }

    /// `to` is not before `from`, and at most `max` days after it.
    public record Within(String from, String to, int max) {}

    /// The origin lies in the `months` months that begin on the day `since`.
    public record Since(String since, int months) {}
}
