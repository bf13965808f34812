package org.tallystick.agreement.settlement;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.EventType;
import org.tallystick.agreement.terms.Filter;

/// A filter, ready to match one event after the other (terms/1 section 7.2).
///
/// It never fails: what is missing or of the wrong kind does not match.
public final class Sieve {

    private final EnumSet<EventType> types;
    private final Condition[] conditions;

    public Sieve(Filter filter) {
        types = filter.types().isEmpty() ? EnumSet.allOf(EventType.class) : EnumSet.copyOf(filter.types());
        List<Condition> all = new ArrayList<>();
        for (Map.Entry<String, Filter.Condition> attr : filter.attrs().entrySet()) {
            all.add(
                    switch (attr.getValue()) {
                        case Filter.Condition.OneOf(var values) -> new OneOf(attr.getKey(), values);
                        case Filter.Condition.Between(var from, var below) ->
                            new Between(attr.getKey(), from.map(Bound::of), below.map(Bound::of));
                    });
        }
        filter.days().forEach(days -> all.add(new Within(days)));
        filter.monthsBefore().forEach(since -> all.add(new Since(since)));
        conditions = all.toArray(new Condition[0]);
    }

    /// Whether an event of this type can match at all.
    boolean allows(EventType type) {
        return types.contains(type);
    }

    public boolean matches(KnownEvent known) {
        return matches(Fact.of(known));
    }

    boolean matches(Fact fact) {
        if (!types.contains(fact.type())) {
            return false;
        }
        for (Condition condition : conditions) {
            if (!condition.holds(fact)) {
                return false;
            }
        }
        return true;
    }

    private sealed interface Condition {
        boolean holds(Fact fact);
    }

    private record OneOf(String name, List<Json> values) implements Condition {
        @Override
        public boolean holds(Fact fact) {
            Json value = fact.attribute(name);
            return value != null && values.contains(value);
        }
    }

    /// What a value is compared with: a number, a date, or something that compares with nothing.
    private record Bound(Optional<Rational> number, Optional<LocalDate> day) {
        static Bound of(Json bound) {
            return new Bound(Amounts.readNumber(bound), Sieve.day(bound));
        }

        /// As numbers if both are numbers, as dates if both are dates: how the value compares with this.
        Optional<Integer> compare(Json value) {
            if (number.isPresent()) {
                return Amounts.readNumber(value).map(other -> other.compareTo(number.get()));
            }
            return day.flatMap(bound -> Sieve.day(value).map(other -> other.compareTo(bound)));
        }
    }

    private record Between(String name, Optional<Bound> from, Optional<Bound> below) implements Condition {
        @Override
        public boolean holds(Fact fact) {
            Json value = fact.attribute(name);
            return value != null
                    && (from.isEmpty()
                            || from.get().compare(value).filter(c -> c >= 0).isPresent())
                    && (below.isEmpty()
                            || below.get().compare(value).filter(c -> c < 0).isPresent());
        }
    }

    private record Within(Filter.Within days) implements Condition {
        @Override
        public boolean holds(Fact fact) {
            Optional<LocalDate> from = day(days.from(), fact);
            Optional<LocalDate> to = day(days.to(), fact);
            if (from.isEmpty() || to.isEmpty()) {
                return false;
            }
            long between = to.get().toEpochDay() - from.get().toEpochDay();
            return 0 <= between && between <= days.max();
        }
    }

    private record Since(Filter.Since months) implements Condition {
        @Override
        public boolean holds(Fact fact) {
            Optional<LocalDate> since = day(months.since(), fact);
            return since.isPresent()
                    && !fact.originDate().isBefore(since.get())
                    && fact.originDate().isBefore(since.get().plusMonths(months.months()));
        }
    }

    private static Optional<LocalDate> day(@Nullable Json value) {
        return value instanceof Json.Text(var text) ? Days.parse(text) : Optional.empty();
    }

    private static Optional<LocalDate> day(String name, Fact fact) {
        return switch (name) {
            case Filter.OWN_DATE -> Optional.of(fact.date());
            case Filter.ORIGIN_DATE -> Optional.of(fact.originDate());
            default -> day(fact.attribute(name));
        };
    }
}
