package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.settlement.Working.Figure;
import org.tallystick.agreement.settlement.Working.Kind;
import org.tallystick.agreement.settlement.Working.Step;
import org.tallystick.agreement.settlement.Working.Unit;
import org.tallystick.agreement.terms.Period;

/// The steps of a working as they come. Each method gives back the result of its step.
final class Trail {

    private final List<Step> steps = new ArrayList<>();

    List<Step> steps() {
        return List.copyOf(steps);
    }

    Trail copy() {
        Trail copy = new Trail();
        copy.addAll(this);
        return copy;
    }

    void addAll(Trail other) {
        steps.addAll(other.steps);
    }

    /// The last step: what was come to is posted. Without any step before there is nothing to post.
    void post() {
        if (!steps.isEmpty()) {
            Figure result = steps.getLast().result();
            steps.add(new Step(Kind.POSTING, "", Optional.empty(), Optional.empty(), Optional.empty(), result));
        }
    }

    /// An amount of money.
    BigInteger money(Kind kind, String name, BigInteger amount) {
        return money(kind, name, Optional.empty(), amount);
    }

    BigInteger money(Kind kind, String name, Period period, BigInteger amount) {
        return money(kind, name, Optional.of(period), amount);
    }

    private BigInteger money(Kind kind, String name, Optional<Period> period, BigInteger amount) {
        steps.add(new Step(kind, name, period, Optional.empty(), Optional.empty(), Figure.money(amount)));
        return amount;
    }

    /// Money that need not be whole.
    Rational exact(Kind kind, String name, Rational amount) {
        return value(kind, name, Optional.empty(), new Figure(amount, Unit.MONEY));
    }

    /// Something that a period has.
    Rational value(Kind kind, String name, Period period, Rational value, Unit unit) {
        return value(kind, name, Optional.of(period), new Figure(value, unit));
    }

    private Rational value(Kind kind, String name, Optional<Period> period, Figure figure) {
        steps.add(new Step(kind, name, period, Optional.empty(), Optional.empty(), figure));
        return figure.value();
    }

    /// A rate times what it prices, in money.
    Rational rated(Kind kind, String name, Rational rate, Figure of) {
        Figure result = new Figure(rate.times(of.value()), Unit.MONEY);
        steps.add(new Step(kind, name, Optional.empty(), Optional.of(rate), Optional.of(of), result));
        return result.value();
    }

    /// A number found by another one.
    Rational found(Kind kind, String name, Optional<Period> period, Figure of, Figure result) {
        steps.add(new Step(kind, name, period, Optional.empty(), Optional.of(of), result));
        return result.value();
    }

    /// An amount of money that came from another by a rate, and was made whole.
    BigInteger part(Kind kind, String name, Rational rate, Figure of, BigInteger result) {
        steps.add(new Step(kind, name, Optional.empty(), Optional.of(rate), Optional.of(of), Figure.money(result)));
        return result;
    }

    /// Rounds, and says so where there was something to round.
    BigInteger rounded(Rounding mode, Rational exact) {
        BigInteger rounded = mode.round(exact);
        return exact.isWhole() ? rounded : money(Kind.ROUNDED, mode.text(), rounded);
    }

    /// Adds up money, and says so where there was more than one.
    Rational sum(List<Rational> values) {
        Rational sum = Rational.sum(values);
        return values.size() == 1 ? sum : exact(Kind.SUM, "", sum);
    }

    /// Says what several totals of a measure come to.
    Rational summed(String measure, Figure sum) {
        return value(Kind.SUM, measure, Optional.empty(), sum);
    }

    /// Says what several rates come to.
    void rates(Rational sum) {
        Rational _ = value(Kind.RATES, "", Optional.empty(), new Figure(sum, Unit.RATE));
    }

    /// No more than a limit, in either direction.
    BigInteger atMost(BigInteger limit, BigInteger amount) {
        BigInteger limited = amount.min(limit).max(limit.negate());
        Rational _ = found(Kind.CAPPED, "", Optional.empty(), Figure.money(limit), Figure.money(limited));
        return limited;
    }

    /// No less than a limit.
    BigInteger atLeast(BigInteger limit, BigInteger amount) {
        BigInteger limited = amount.max(limit);
        Rational _ = found(Kind.FLOORED, "", Optional.empty(), Figure.money(limit), Figure.money(limited));
        return limited;
    }
}
