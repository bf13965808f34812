package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Period;

/// How one posting is worked out: the events that it counts, and each step from their figures to its amount.
///
/// The last step is what the posting comes to here; [#holds] says whether it is the amount that was posted.
public record Working(Line line, CountedEvents events, List<Step> steps) {

    public Working {
        steps = List.copyOf(steps);
    }

    /// Whether what was worked out is what was posted.
    public boolean holds() {
        return !steps.isEmpty() && steps.getLast().result().value().equals(Rational.whole(line.amount()));
    }

    /// What a number counts.
    public enum Unit {
        /// Minor units of the currency of the terms.
        MONEY,
        /// Minor units of the currency that the step names.
        FOREIGN,
        UNITS,
        EVENTS,
        /// A share.
        RATE,
        /// A recorded figure, in whatever it was recorded in.
        NUMBER;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What a step does. Each says of what its numbers are, where that is not plain.
    public enum Kind {
        /// What is in the currency of the terms already, where other currencies come beside it.
        OWN,
        /// An amount in another currency, the one named, at its fixing.
        CONVERTED,
        /// What another clause, the one named, made due: added to the measure, or deducted if negative.
        RESULT,
        /// The measure named, in a period.
        TOTAL,
        /// A recorded figure, the one named.
        FIGURE,
        /// A figure that nobody recorded.
        UNRECORDED,
        /// The rate that a figure (`of`) leads to.
        FIGURE_RATE,
        /// A rate within its collar.
        COLLARED,
        /// Multiplied by a recorded figure.
        FACTORED,
        /// A rate times what it prices.
        RATED,
        /// The prices of events, each rounded and limited alone.
        PRICED,
        /// The rate of one band times what falls into it; named is where the band ends, nothing for the last.
        BAND,
        /// The step that a total (`of`) of the measure named reaches; the result is its rate.
        REACHED,
        /// All the rates before, added up.
        RATES,
        /// All steps before that were not added up yet.
        SUM,
        /// Rounded, in the mode named.
        ROUNDED,
        /// At most this much (`of`).
        CAPPED,
        /// What was due for the periods of the window before.
        BEFORE,
        /// At least this much (`of`).
        FLOORED,
        /// What is due for the period, as known now.
        DUE,
        /// What earlier settlements posted for the period.
        POSTED,
        /// What is due beyond that, in the direction of the posting.
        OPEN,
        /// The use by the party named.
        USE,
        /// The use by all.
        USE_OF_ALL,
        /// The part of a party in a pool (`of`) by its weight (`rate`); odd units by largest remainder.
        PART,
        /// The parts of a party in events that were divided one by one.
        PARTS,
        /// What the party receives under the clause named, less what it pays.
        RECEIVED,
        /// What is promised.
        PROMISED,
        /// What is missing to what is promised, or nothing.
        MISSING,
        /// The amount of an event, the one named.
        STATED,
        /// What is open of the clause named, before.
        BALANCE,
        /// What the party earned under the clause named in this settlement.
        EARNED,
        /// What was held back in a period.
        HELD,
        /// What there is to distribute.
        AVAILABLE,
        /// What the tiers above, or earlier settlements (the period named is their last), took of it.
        USED,
        /// What an investor is due as preferred return.
        RETURN,
        /// What an investor has in.
        CAPITAL,
        /// What is posted.
        POSTING;

        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// A number and what it counts.
    public record Figure(Rational value, Unit unit) {

        static Figure money(BigInteger amount) {
            return new Figure(Rational.whole(amount), Unit.MONEY);
        }

        /// A whole number as amounts are written, any other as the exact fraction it is.
        static Json number(Rational value) {
            return value.isWhole() ? Amounts.encode(value.numerator()) : Json.text(value.toString());
        }
    }

    /// One step.
    ///
    /// @param name what it is about, as its kind says; nothing if there is no need to name anything
    /// @param period that the numbers are of, where that must be said
    /// @param rate by which `of` was multiplied
    public record Step(
            Kind kind,
            String name,
            Optional<Period> period,
            Optional<Rational> rate,
            Optional<Figure> of,
            Figure result) {

        public Json.Obj encode() {
            return Json.object()
                    .withText("name", Optional.of(name).filter(text -> !text.isEmpty()))
                    .with("of", of.map(figure -> Figure.number(figure.value())))
                    .withText("ofUnit", of.map(figure -> figure.unit().text()))
                    .withText("period", period.map(Period::text))
                    .withText("rate", rate.map(Rational::toString))
                    .with("result", Figure.number(result.value()))
                    .with("step", kind.text())
                    .with("unit", result.unit().text())
                    .build();
        }
    }
}
