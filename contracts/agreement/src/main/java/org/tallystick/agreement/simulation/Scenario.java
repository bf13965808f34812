package org.tallystick.agreement.simulation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.EventType;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Tiers;

/// What is imagined around a volume: in every period the same volume comes in, in so many events, and the same figures
/// are recorded; advances are paid in the first period.
///
/// @param pieces how many events share the volume of a period
/// @param figures recorded in every period, by name
/// @param advances paid in the first period, by clause
public record Scenario(
        Terms terms,
        Specimen specimen,
        List<Period> periods,
        int pieces,
        SortedMap<String, Rational> figures,
        SortedMap<String, BigInteger> advances) {

    /// In how many pieces the volume of a period comes where each is priced by those before it.
    private static final int PIECES_OF_FORWARD = 10;

    public Scenario {
        periods = List.copyOf(periods);
        figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures));
        advances = Collections.unmodifiableSortedMap(new TreeMap<>(advances));
        if (periods.isEmpty() || pieces < 1) {
            throw new IllegalArgumentException(pieces + " events in each of " + periods.size() + " periods");
        }
    }

    /// How many events show what a clause does: tiers that look at what came before need something before.
    public static int pieces(TierLimit limit) {
        return limit.tiers().mode() == Tiers.Mode.FORWARD ? PIECES_OF_FORWARD : 1;
    }

    /// How many periods show what a clause does.
    public static int periods(TierLimit limit) {
        return limit.tiers().mode() == Tiers.Mode.LOOKBACK ? 2 : 1;
    }

    /// How many events a volume takes in all periods together.
    public BigInteger count(Rational volume) {
        return specimen.count(volume, pieces).multiply(BigInteger.valueOf(periods.size()));
    }

    /// In the form that a case has them in.
    public List<Json> events(Rational volume) {
        List<Json> events = new ArrayList<>();
        advances.forEach((clause, amount) -> events.add(Json.object()
                .with("amount", Amounts.encode(amount))
                .with("attrs", Json.object().with("clause", clause).build())
                .with("date", periods.getFirst().start().toString())
                .with("id", "advance/" + clause)
                .with("type", EventType.ADVANCE.text())
                .build()));
        for (Period period : periods) {
            events.addAll(figures(figures, period));
            events.addAll(specimen.events("volume/" + period, period, volume, pieces));
        }
        return events;
    }

    /// The same in the first period alone.
    Scenario first() {
        return new Scenario(terms, specimen, List.of(periods.getFirst()), pieces, figures, advances);
    }

    static List<Json> figures(SortedMap<String, Rational> figures, Period period) {
        List<Json> events = new ArrayList<>();
        figures.forEach((kpi, value) -> events.add(Json.object()
                .with("date", period.start().toString())
                .with("id", "figure/" + period + "/" + events.size())
                .with("kpi", kpi)
                .with("type", EventType.KPI.text())
                .with("value", Json.text(value.toString()))
                .build()));
        return events;
    }

    public Simulated simulated(Rational volume) {
        return Simulated.of(terms, events(volume), periods.getFirst(), periods.getLast());
    }

    /// What all periods together come to.
    Result result(Rational volume) {
        Simulated simulated = simulated(volume);
        return simulated.refused().<Result>map(refused -> refused).orElseGet(() -> new Result.Paid(simulated.total()));
    }
}
