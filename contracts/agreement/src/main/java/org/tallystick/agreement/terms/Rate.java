package org.tallystick.agreement.terms;

import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.numbers.Rational;

/// What one minor unit, unit or event is worth; it may depend on the event (terms/1 section 9).
public sealed interface Rate {

    /// The row for an event whose attribute has no row of its own.
    String OTHERWISE = "*";

    record Constant(Rational value) implements Rate {}

    record ByAttribute(String attr, SortedMap<String, Rate> table) implements Rate {
        public ByAttribute {
            table = Collections.unmodifiableSortedMap(new TreeMap<>(table));
        }
    }

    record ByDate(List<DateStep> steps) implements Rate {
        public ByDate {
            steps = List.copyOf(steps);
        }
    }

    record DateStep(LocalDate from, Rational rate) {}

    /// `after` from the day on which the fact is recorded as a milestone.
    record ByFact(String fact, Rational before, Rational after) implements Rate {}

    /// Agreed on each event, within bounds.
    record ByEvent(String attr, Rational min, Rational max) implements Rate {}

    default boolean isConstant() {
        return this instanceof Constant;
    }
}
