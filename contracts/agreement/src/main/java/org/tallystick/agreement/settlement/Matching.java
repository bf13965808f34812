package org.tallystick.agreement.settlement;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.Filter;
import org.tallystick.agreement.terms.Measure;

/// Whether a filter matches an event. A filter never fails: what is missing or of the wrong kind does not match.
final class Matching {

    private Matching() {}

    static boolean matches(Filter filter, Fact fact) {
        if (!filter.types().isEmpty() && !filter.types().contains(fact.type())) {
            return false;
        }
        for (Map.Entry<String, Filter.Condition> attr : filter.attrs().entrySet()) {
            if (!holds(attr.getValue(), fact.attrs().get(attr.getKey()))) {
                return false;
            }
        }
        return filter.days().stream().allMatch(days -> isWithin(days, fact))
                && filter.monthsBefore().stream().allMatch(months -> isSince(months, fact));
    }

    /// +1 if the measure adds the event, -1 if it deducts it, 0 if it does not count it.
    static int sign(Measure measure, Fact fact) {
        for (Filter plus : measure.plus()) {
            if (matches(plus, fact)) {
                return 1;
            }
        }
        for (Filter minus : measure.minus()) {
            if (matches(minus, fact)) {
                return -1;
            }
        }
        return 0;
    }

    private static boolean holds(Filter.Condition condition, @Nullable Json value) {
        if (value == null) {
            return false;
        }
        return switch (condition) {
            case Filter.Condition.OneOf(var values) -> values.contains(value);
            case Filter.Condition.Between(var from, var below) ->
                (from.isEmpty()
                                || compare(value, from.get())
                                        .filter(c -> c >= 0)
                                        .isPresent())
                        && (below.isEmpty()
                                || compare(value, below.get())
                                        .filter(c -> c < 0)
                                        .isPresent());
        };
    }

    /// As numbers if both are numbers, as dates if both are dates.
    private static Optional<Integer> compare(Json value, Json bound) {
        Optional<Rational> number = Amounts.readNumber(value);
        Optional<Rational> numberBound = Amounts.readNumber(bound);
        if (number.isPresent() && numberBound.isPresent()) {
            return Optional.of(number.get().compareTo(numberBound.get()));
        }
        Optional<LocalDate> day = day(value);
        Optional<LocalDate> dayBound = day(bound);
        return day.isPresent() && dayBound.isPresent()
                ? Optional.of(day.get().compareTo(dayBound.get()))
                : Optional.empty();
    }

    private static Optional<LocalDate> day(@Nullable Json value) {
        return value instanceof Json.Text(var text) ? Days.parse(text) : Optional.empty();
    }

    private static Optional<LocalDate> day(String name, Fact fact) {
        return switch (name) {
            case Filter.OWN_DATE -> Optional.of(fact.date());
            case Filter.ORIGIN_DATE -> Optional.of(fact.originDate());
            default -> day(fact.attrs().get(name));
        };
    }

    private static boolean isWithin(Filter.Within days, Fact fact) {
        Optional<LocalDate> from = day(days.from(), fact);
        Optional<LocalDate> to = day(days.to(), fact);
        if (from.isEmpty() || to.isEmpty()) {
            return false;
        }
        long between = to.get().toEpochDay() - from.get().toEpochDay();
        return 0 <= between && between <= days.max();
    }

    private static boolean isSince(Filter.Since months, Fact fact) {
        Optional<LocalDate> since = day(months.since(), fact);
        return since.isPresent()
                && !fact.originDate().isBefore(since.get())
                && fact.originDate().isBefore(since.get().plusMonths(months.months()));
    }
}
