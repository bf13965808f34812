package org.tallystick.agreement.settlement;

import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Days;

/// What is left of a rate once the event is known: a number, or a choice that a milestone may still make.
///
/// Sums are kept by this key, so that a milestone that is recorded late prices them again without their events.
sealed interface RateKey extends Rating.Lookup {

    /// @param text of the rate: made once, looked up for every event
    record Known(Rational rate, String text) implements RateKey {
        /// The rate of a sum that is priced already.
        static final Known ONE = of(Rational.ONE);

        static Known of(Rational rate) {
            return new Known(rate, rate.toString());
        }
    }

    /// `after` if the fact is recorded no later than `day`, else `before`.
    record Waiting(Rational before, Rational after, LocalDate day, String fact) implements RateKey {
        @Override
        public String text() {
            return before + "|" + after + "|" + day + "|" + fact;
        }
    }

    String text();

    /// @param earliest the first day on which a fact is recorded
    default Rational rate(Function<String, Optional<LocalDate>> earliest) {
        return switch (this) {
            case Known(var rate, var _) -> rate;
            case Waiting(var before, var after, var day, var fact) ->
                earliest.apply(fact).filter(from -> !from.isAfter(day)).isPresent() ? after : before;
        };
    }

    /// What [#text] wrote.
    static RateKey ofText(String text) {
        String[] parts = text.split("\\|", 4);
        return parts.length == 1
                ? Known.of(Rational.ofText(text))
                : new Waiting(Rational.ofText(parts[0]), Rational.ofText(parts[1]), Days.ofText(parts[2]), parts[3]);
    }
}
