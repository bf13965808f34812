package org.tallystick.ledger.statement;

import java.util.Optional;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.settlement.CountedEvents.Counted;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.Working;
import org.tallystick.agreement.settlement.Working.Figure;
import org.tallystick.agreement.settlement.Working.Step;
import org.tallystick.agreement.settlement.Working.Unit;
import org.tallystick.agreement.terms.NumberText;
import org.tallystick.agreement.terms.Period;

/// What the steps of a working say to people.
public final class StepWords {

    private final Amounts amounts;

    public StepWords(Amounts amounts) {
        this.amounts = amounts;
    }

    /// A step as a row of a calculation.
    ///
    /// @param text what is done
    /// @param result what it comes to
    public record Row(String text, String result) {}

    public Row row(Step step) {
        return new Row(text(step), amounts.figure(step.result()));
    }

    private String text(Step step) {
        return switch (step.kind()) {
            case OWN -> "in " + step.name() + " already";
            case CONVERTED ->
                amounts.figure(of(step), step.name()) + " at "
                        + NumberText.decimal(step.rate().orElseThrow()) + ", rounded half away from zero";
            case RESULT -> "result of [" + step.name() + "]" + in(step);
            case TOTAL -> step.name() + " counted" + in(step);
            case FIGURE -> "recorded " + step.name() + in(step);
            case UNRECORDED -> step.name() + in(step) + " was not recorded";
            case FIGURE_RATE -> "rate for a recorded " + step.name() + " of " + amounts.figure(of(step)) + in(step);
            case COLLARED -> amounts.figure(of(step)) + " within the agreed bounds";
            case FACTORED -> "times the recorded " + NumberText.decimal(rate(step));
            case RATED -> amounts.rate(rate(step), of(step).unit()) + " of " + amounts.figure(of(step));
            case PRICED -> "prices of the events" + in(step) + ", each rounded alone";
            case BAND -> band(step);
            case REACHED -> "rate reached by " + step.name() + in(step) + " of " + amounts.figure(of(step));
            case RATES -> "rates together";
            case SUM -> step.name().isEmpty() ? "together" : step.name() + " together";
            case ROUNDED -> "rounded " + mode(step.name());
            case CAPPED -> "at most " + amounts.figure(of(step));
            case BEFORE -> "less what was due up to " + period(step);
            case FLOORED -> "at least " + amounts.figure(of(step));
            case DUE ->
                "due" + step.period().map(period -> " for " + period.text()).orElse("");
            case POSTED ->
                step.name().isEmpty()
                        ? "less what was posted for " + period(step) + " before"
                        : "paid by [" + step.name() + "] before";
            case OPEN -> "difference, in the direction of the posting";
            case USE -> "use by " + step.name() + in(step);
            case USE_OF_ALL -> step.name() + " of all" + in(step);
            case PART ->
                "part of " + step.name() + ": " + NumberText.percent(rate(step)) + " of " + amounts.figure(of(step));
            case PARTS -> "parts of the events" + in(step) + ", each divided alone";
            case RECEIVED -> "received under [" + step.name() + "]" + in(step);
            case PROMISED -> "guaranteed";
            case MISSING -> "missing to that";
            case STATED -> "amount of event " + step.name();
            case BALANCE -> "open of [" + step.name() + "] before";
            case EARNED -> "earned under [" + step.name() + "] in this settlement";
            case HELD -> "held back in " + period(step);
            case AVAILABLE -> "there to distribute";
            case USED ->
                step.period()
                        .map(period -> "less what was distributed up to " + period.text())
                        .orElse("less what tiers above take");
            case RETURN -> "preferred return due to " + step.name();
            case CAPITAL -> "capital of " + step.name();
            case POSTING -> "posted";
        };
    }

    private static Figure of(Step step) {
        return step.of().orElseThrow();
    }

    private static Rational rate(Step step) {
        return step.rate().orElseThrow();
    }

    private static String in(Step step) {
        return step.period().map(period -> " in " + period.text()).orElse("");
    }

    private static String period(Step step) {
        return step.period().map(Period::text).orElse("the period");
    }

    private String band(Step step) {
        Unit unit = of(step).unit();
        String limit = Optional.of(step.name())
                .filter(name -> !name.isEmpty())
                .map(name -> "up to " + amounts.figure(new Figure(Rational.ofText(name), unit)))
                .orElse("above");
        return limit + ": " + amounts.rate(rate(step), unit) + " of " + amounts.figure(of(step));
    }

    private static String mode(String text) {
        return switch (Rounding.ofText(text).orElseThrow()) {
            case HALF_UP -> "half away from zero";
            case HALF_EVEN -> "half to even";
            case DOWN -> "down";
            case UP -> "up";
        };
    }

    /// What an event counts as.
    public String value(Counted counted) {
        Figure figure = new Figure(counted.value(), counted.unit());
        String currency = counted.event()
                .event()
                .currency()
                .or(() -> counted.event().origin().flatMap(Event::currency))
                .orElse("");
        return amounts.figure(figure, currency);
    }

    /// The rate that an event has for itself, if it has one.
    public String rate(Counted counted) {
        return counted.rate()
                .map(rate -> amounts.rate(
                        rate, counted.unit() == Working.Unit.FOREIGN ? Working.Unit.MONEY : counted.unit()))
                .orElse("");
    }
}
