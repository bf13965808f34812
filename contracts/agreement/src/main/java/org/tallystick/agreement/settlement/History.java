package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// All that the periods settled so far mean for the next one: their figures, what they posted, and what they left open.
///
/// It takes the place of the events. Whoever has it, and the events booked in the next period, needs nothing else.
public final class History {
    private static final String VERSION = "2";

    private final Period opening;
    private final Optional<Period> settled;
    private final Figures figures;
    private final SortedMap<String, SortedMap<Period, SortedMap<String, BigInteger>>> posted;
    private final Balances balances;
    private final Distribution distribution;

    /// @param settled the last period settled
    /// @param posted by clause, period and receiver, what was posted in all settlements together
    History(
            Period opening,
            Optional<Period> settled,
            Figures figures,
            SortedMap<String, SortedMap<Period, SortedMap<String, BigInteger>>> posted,
            Balances balances,
            Distribution distribution) {
        this.opening = opening;
        this.settled = settled;
        this.figures = figures;
        this.posted = Collections.unmodifiableSortedMap(new TreeMap<>(posted));
        this.balances = balances;
        this.distribution = distribution;
    }

    /// Before the first settlement.
    public static History open(Terms terms, Period opening) {
        if (opening.frequency() != terms.frequency()) {
            throw new IllegalArgumentException(opening + " is no period of an agreement settled every "
                    + terms.frequency().text());
        }
        return new History(opening, Optional.empty(), new Figures(), new TreeMap<>(), Balances.NONE, Distribution.NONE);
    }

    public Period opening() {
        return opening;
    }

    /// The period to be settled next.
    public Period next() {
        return settled.map(Period::next).orElse(opening);
    }

    Figures figures() {
        return figures;
    }

    /// What all settlements together posted for a clause, by period and receiver.
    SortedMap<Period, SortedMap<String, BigInteger>> posted(String clause) {
        return posted.getOrDefault(clause, Collections.emptySortedMap());
    }

    public Balances balances() {
        return balances;
    }

    Distribution distribution() {
        return distribution;
    }

    /// By party, what is carried forward.
    public SortedMap<String, BigInteger> carried() {
        return balances.carried();
    }

    /// What a group of balances has, as the statement before named it (terms/1 section 13.3); zeros are left out.
    ///
    /// @param group `advance`, `capital`, `carried`, `fund` or `reserve`
    public SortedMap<String, BigInteger> balances(String group) {
        return switch (group) {
            case "advance" -> balances.advances();
            case "capital" -> distribution.capital();
            case "carried" -> balances.carried();
            case "fund" -> balances.funds();
            case "reserve" -> balances.reserved();
            default -> throw new IllegalArgumentException("no group of balances is called " + group);
        };
    }

    /// By clause, what is in its fund.
    public SortedMap<String, BigInteger> funds() {
        return balances.funds();
    }

    public Json.Obj encode() {
        return Json.object()
                .with("balances", balances.encode())
                .with("distribution", distribution.encode())
                .with("figures", figures.encode())
                .with("history", VERSION)
                .with("opening", opening.text())
                .with("posted", encodePosted())
                .withText("settled", settled.map(Period::text))
                .build();
    }

    private Json encodePosted() {
        SortedMap<String, Json> byClause = new TreeMap<>();
        posted.forEach((clause, periods) -> {
            SortedMap<String, Json> byPeriod = new TreeMap<>();
            periods.forEach((period, amounts) -> byPeriod.put(period.text(), Statement.encode(amounts)));
            byClause.put(clause, new Json.Obj(byPeriod));
        });
        return new Json.Obj(byClause);
    }

    /// What [#encode] wrote.
    ///
    /// @throws RuntimeException for anything else: it is kept where only this code writes
    public static History decode(Json.Obj history) {
        if (!history.text("history").equals(VERSION)) {
            throw new IllegalArgumentException("a history of version " + history.text("history"));
        }
        SortedMap<String, SortedMap<Period, SortedMap<String, BigInteger>>> posted = new TreeMap<>();
        history.object("posted").members().forEach((clause, periods) -> {
            SortedMap<Period, SortedMap<String, BigInteger>> byPeriod = new TreeMap<>();
            ((Json.Obj) periods)
                    .members()
                    .forEach((period, amounts) ->
                            byPeriod.put(Period.ofText(period), Statement.decode((Json.Obj) amounts)));
            posted.put(clause, byPeriod);
        });
        return new History(
                Period.ofText(history.text("opening")),
                history.findText("settled").map(Period::ofText),
                Figures.decode(history.object("figures")),
                posted,
                Balances.decode(history.object("balances")),
                Distribution.decode(history.object("distribution")));
    }
}
