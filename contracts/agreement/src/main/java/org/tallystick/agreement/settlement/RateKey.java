package org.tallystick.agreement.settlement;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.Rate;

/// What is left of a rate once the event is known: a number, or a choice that a milestone may still make.
///
/// Sums are kept by this key, so that a milestone that is recorded late prices them again without their events.
sealed interface RateKey {

    record Known(Rational rate) implements RateKey {
        /// The rate of a sum that is priced already.
        static final Known ONE = new Known(Rational.ONE);
    }

    /// `after` if the fact is recorded no later than `day`, else `before`.
    record Waiting(Rational before, Rational after, LocalDate day, String fact) implements RateKey {}

    /// What looking for the rate of an event came to.
    sealed interface Lookup {}

    record Found(RateKey key) implements Lookup {}

    /// @param code of terms/1 section 16
    record Missing(String code) implements Lookup {}

    /// The rate as far as this event decides it.
    static Lookup of(Rate rate, Fact fact) {
        return switch (rate) {
            case Rate.Constant(var value) -> new Found(new Known(value));
            case Rate.ByAttribute(var attr, var table) -> {
                Rate row = attribute(fact, attr).map(text -> table.get(text)).orElse(table.get(Rate.OTHERWISE));
                yield row == null ? new Missing(Refusals.RATE_MISSING) : of(row, fact);
            }
            case Rate.ByDate(var steps) -> atDate(steps, fact.originDate());
            case Rate.ByFact(var name, var before, var after) ->
                new Found(new Waiting(before, after, fact.originDate(), name));
            case Rate.ByEvent(var attr, var min, var max) ->
                fact.attrs().get(attr) instanceof Json.Text(var text)
                        ? Rational.parse(text)
                                .map(agreed -> within(agreed, min, max))
                                .orElse(new Missing(Refusals.RATE_MISSING))
                        : new Missing(Refusals.RATE_MISSING);
        };
    }

    private static Lookup within(Rational agreed, Rational min, Rational max) {
        return agreed.compareTo(min) < 0 || agreed.compareTo(max) > 0
                ? new Missing(Refusals.RATE_BOUNDS)
                : new Found(new Known(agreed));
    }

    private static Lookup atDate(List<Rate.DateStep> steps, LocalDate day) {
        for (Rate.DateStep step : steps.reversed()) {
            if (!step.from().isAfter(day)) {
                return new Found(new Known(step.rate()));
            }
        }
        return new Missing(Refusals.RATE_MISSING);
    }

    /// The text of an attribute, as rows are named.
    private static Optional<String> attribute(Fact fact, String name) {
        return switch (fact.attrs().get(name)) {
            case Json.Text(var text) -> Optional.of(text);
            case Json.Whole(var number) -> Optional.of(Long.toString(number));
            case Json.Bool(var truth) -> Optional.of(Boolean.toString(truth));
            case null, default -> Optional.empty();
        };
    }

    /// @param earliest the first day on which a fact is recorded
    default Rational rate(Function<String, Optional<LocalDate>> earliest) {
        return switch (this) {
            case Known(var rate) -> rate;
            case Waiting(var before, var after, var day, var fact) ->
                earliest.apply(fact).filter(from -> !from.isAfter(day)).isPresent() ? after : before;
        };
    }

    default String text() {
        return switch (this) {
            case Known(var rate) -> rate.toString();
            case Waiting(var before, var after, var day, var fact) -> before + "|" + after + "|" + day + "|" + fact;
        };
    }

    /// What [#text] wrote.
    static RateKey ofText(String text) {
        String[] parts = text.split("\\|", 4);
        return parts.length == 1
                ? new Known(Rational.ofText(text))
                : new Waiting(Rational.ofText(parts[0]), Rational.ofText(parts[1]), Days.ofText(parts[2]), parts[3]);
    }
}
