package org.tallystick.agreement.settlement;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Rate;

/// A rate, ready to be looked up for one event after the other (terms/1 section 9).
sealed interface Rating {

    /// What looking for the rate of an event came to: a [RateKey], or nothing.
    sealed interface Lookup permits RateKey, Missing {}

    /// @param code of terms/1 section 16
    record Missing(String code) implements Lookup {}

    Missing NO_RATE = new Missing(Refusals.RATE_MISSING);
    Missing OUT_OF_BOUNDS = new Missing(Refusals.RATE_BOUNDS);

    /// The rate as far as this event decides it.
    Lookup find(Fact fact);

    static Rating of(Rate rate) {
        return switch (rate) {
            case Rate.Constant(var value) -> new Same(RateKey.Known.of(value));
            case Rate.ByAttribute(var attr, var table) -> {
                SortedMap<String, Rating> rows = new TreeMap<>();
                table.forEach((key, row) -> rows.put(key, of(row)));
                yield new ByAttribute(attr, rows, rows.get(Rate.OTHERWISE));
            }
            case Rate.ByDate(var steps) -> {
                List<Step> latestFirst = new ArrayList<>();
                steps.reversed().forEach(step -> latestFirst.add(new Step(step.from(), RateKey.Known.of(step.rate()))));
                yield new ByDate(latestFirst);
            }
            case Rate.ByFact(var fact, var before, var after) -> new ByFact(fact, before, after);
            case Rate.ByEvent(var attr, var min, var max) -> new ByEvent(attr, min, max);
        };
    }

    record Same(RateKey.Known key) implements Rating {
        @Override
        public Lookup find(Fact fact) {
            return key;
        }
    }

    record ByAttribute(
            String attr,
            SortedMap<String, Rating> rows,
            @Nullable Rating otherwise) implements Rating {
        @Override
        public Lookup find(Fact fact) {
            String text = text(fact.attribute(attr));
            Rating row = text == null ? null : rows.get(text);
            if (row == null) {
                row = otherwise;
            }
            return row == null ? NO_RATE : row.find(fact);
        }

        /// The text of an attribute, as rows are named.
        private static @Nullable String text(@Nullable Json attribute) {
            return switch (attribute) {
                case Json.Text(var text) -> text;
                case Json.Whole(var number) -> Long.toString(number);
                case Json.Bool(var truth) -> Boolean.toString(truth);
                case null, default -> null;
            };
        }
    }

    record Step(LocalDate from, RateKey.Known key) {}

    record ByDate(List<Step> latestFirst) implements Rating {
        @Override
        public Lookup find(Fact fact) {
            LocalDate day = fact.originDate();
            for (Step step : latestFirst) {
                if (!step.from().isAfter(day)) {
                    return step.key();
                }
            }
            return NO_RATE;
        }
    }

    record ByFact(String fact, Rational before, Rational after) implements Rating {
        @Override
        public Lookup find(Fact event) {
            return new RateKey.Waiting(before, after, event.originDate(), fact);
        }
    }

    record ByEvent(String attr, Rational min, Rational max) implements Rating {
        @Override
        public Lookup find(Fact fact) {
            if (!(fact.attribute(attr) instanceof Json.Text(var text))) {
                return NO_RATE;
            }
            return Rational.parse(text).<Lookup>map(this::within).orElse(NO_RATE);
        }

        private Lookup within(Rational agreed) {
            return agreed.compareTo(min) < 0 || agreed.compareTo(max) > 0 ? OUT_OF_BOUNDS : RateKey.Known.of(agreed);
        }
    }
}
