package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// All that the periods settled so far mean for the next one: their figures, what they posted, and what they left open.
///
/// It takes the place of the events. Whoever has it, and the events booked in the next period, needs nothing else.
///
/// @param settled the last period settled
/// @param posted by clause, period and receiver, what was posted in all settlements together
/// @param carried by party
/// @param funds by clause
/// @param disputed by party, what is held
/// @param suspended parties that are neither paid nor invoiced
public record History(
        Period opening,
        Optional<Period> settled,
        Figures figures,
        SortedMap<String, SortedMap<Period, SortedMap<String, BigInteger>>> posted,
        SortedMap<String, BigInteger> carried,
        SortedMap<String, BigInteger> funds,
        SortedMap<String, BigInteger> disputed,
        SortedSet<String> suspended) {

    private static final String VERSION = "1";

    public History {
        posted = Collections.unmodifiableSortedMap(new TreeMap<>(posted));
        carried = Collections.unmodifiableSortedMap(new TreeMap<>(carried));
        funds = Collections.unmodifiableSortedMap(new TreeMap<>(funds));
        disputed = Collections.unmodifiableSortedMap(new TreeMap<>(disputed));
        suspended = Collections.unmodifiableSortedSet(new TreeSet<>(suspended));
    }

    /// Before the first settlement.
    public static History open(Terms terms, Period opening) {
        if (opening.frequency() != terms.frequency()) {
            throw new IllegalArgumentException(opening + " is no period of an agreement settled every "
                    + terms.frequency().text());
        }
        return new History(
                opening,
                Optional.empty(),
                new Figures(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeSet<>());
    }

    /// The period to be settled next.
    public Period next() {
        return settled.map(Period::next).orElse(opening);
    }

    public Json.Obj encode() {
        return Json.object()
                .with("carried", Statement.encode(carried))
                .with("disputed", Statement.encode(disputed))
                .with("figures", figures.encode())
                .with("funds", Statement.encode(funds))
                .with("history", VERSION)
                .with("opening", opening.text())
                .with("posted", encodePosted())
                .withText("settled", settled.map(Period::text))
                .with("suspended", Json.texts(suspended))
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
                    .forEach((period, amounts) -> byPeriod.put(Period.ofText(period), amounts((Json.Obj) amounts)));
            posted.put(clause, byPeriod);
        });
        SortedSet<String> suspended = new TreeSet<>();
        history.items("suspended").forEach(party -> suspended.add(((Json.Text) party).value()));
        return new History(
                Period.ofText(history.text("opening")),
                history.findText("settled").map(Period::ofText),
                Figures.decode(history.get("figures")),
                posted,
                amounts(history.object("carried")),
                amounts(history.object("funds")),
                amounts(history.object("disputed")),
                suspended);
    }

    private static SortedMap<String, BigInteger> amounts(Json.Obj object) {
        SortedMap<String, BigInteger> amounts = new TreeMap<>();
        object.members().forEach((name, amount) -> amounts.put(name, Amounts.decode(amount)));
        return amounts;
    }
}
