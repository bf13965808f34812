package org.tallystick.ledger.chart;

import java.math.BigInteger;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.simulation.Scenario;
import org.tallystick.agreement.simulation.Specimen;
import org.tallystick.agreement.simulation.TierLimit;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.NumberText;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// What was imagined, in words: exact, and the same in tables and pictures.
public final class SimulationWords {

    private final Terms terms;
    private final NumberText numbers;

    public SimulationWords(Terms terms) {
        this.terms = terms;
        this.numbers = new NumberText(terms.currency());
    }

    /// `304,750.00`: without the currency, which stands at the head of the table or axis.
    public String money(BigInteger minorUnits) {
        return bare(numbers.money(minorUnits));
    }

    /// A volume as it is counted: money, units or events.
    public String volume(Measure.Of of, Rational volume) {
        return switch (of) {
            case AMOUNT -> bare(numbers.price(volume));
            case QUANTITY, COUNT -> NumberText.decimal(volume);
        };
    }

    private String bare(String text) {
        String currency = terms.currency() + " ";
        return text.startsWith(currency) ? text.substring(currency.length()) : text;
    }

    /// What a volume counts: `volume in USD`, `units`, `sale events`.
    public String counted(Specimen specimen) {
        return switch (specimen.of()) {
            case AMOUNT -> "volume in " + terms.currency();
            case QUANTITY -> "units";
            case COUNT -> specimen.type().text() + " events";
        };
    }

    /// `one sale with product "sw"`.
    public String one(Specimen specimen) {
        return "one " + kind(specimen);
    }

    /// `one sale a month in 2027-01 to 2027-12, with product "sw"`.
    public String imagined(Scenario scenario) {
        Period first = scenario.periods().getFirst();
        Period last = scenario.periods().getLast();
        String many = switch (scenario.specimen().of()) {
            case COUNT -> "all on one day";
            case AMOUNT, QUANTITY ->
                scenario.pieces() == 1 ? "in one event" : "in " + scenario.pieces() + " events of one size";
        };
        String when = first.equals(last)
                ? "in " + first
                : "in every " + first.frequency().text() + " from " + first + " to " + last;
        return "each volume comes " + when + ", " + many + ": " + kind(scenario.specimen())
                + list(scenario.figures().entrySet().stream()
                                .map(figure -> figure.getKey() + " " + NumberText.decimal(figure.getValue())))
                        .map(text -> "; recorded: " + text)
                        .orElse("")
                + list(scenario.advances().entrySet().stream()
                                .map(paid -> paid.getKey() + " " + numbers.money(paid.getValue())))
                        .map(text -> "; advance: " + text)
                        .orElse("");
    }

    private static Optional<String> list(Stream<String> texts) {
        return Optional.of(texts.collect(Collectors.joining(", "))).filter(text -> !text.isEmpty());
    }

    private String kind(Specimen specimen) {
        Stream<String> facts = specimen.attrs().entrySet().stream()
                .map(fact ->
                        fact.getKey() + " " + fact.getValue().canonical().utf8().orElseThrow());
        Stream<String> days =
                specimen.dated().entrySet().stream().map(fact -> fact.getKey() + " " + day(fact.getValue()));
        return specimen.type().text()
                + list(Stream.concat(facts, days)).map(text -> " with " + text).orElse("")
                + specimen.price()
                        .map(price -> " at " + numbers.price(price) + " a unit")
                        .orElse("");
    }

    private static String day(long after) {
        if (after == 0) {
            return "on its day";
        }
        return Math.abs(after) + " days " + (after < 0 ? "before" : "after");
    }

    /// `rebate: 2% up to USD 500,000.00 of netList, 3% above (whole)`.
    public String limit(TierLimit limit) {
        return limit.clause().id() + ": " + rate(limit, limit.rateUpTo()) + " up to " + upTo(limit) + " of "
                + limit.tiers().measure() + ", " + rate(limit, limit.rateAbove()) + " above ("
                + limit.tiers().mode().text() + ")";
    }

    private String upTo(TierLimit limit) {
        return switch (limit.of()) {
            case AMOUNT -> numbers.price(limit.upTo());
            case QUANTITY -> NumberText.decimal(limit.upTo()) + " units";
            case COUNT -> NumberText.decimal(limit.upTo()) + " events";
        };
    }

    private String rate(TierLimit limit, Rational rate) {
        return switch (limit.clause()) {
            case Clause.Unit _ -> numbers.price(rate);
            default -> NumberText.percent(rate);
        };
    }
}
