package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// What the settlements so far left open; all is 0 at the opening, and zeros are left out.
///
/// @param carried by party
/// @param advances by clause, not yet recouped
/// @param reserves by clause and period of the hold, not yet released
/// @param funds by clause
/// @param disputed by party, what is held
/// @param suspended parties that are neither paid nor invoiced
public record Balances(
        SortedMap<String, BigInteger> carried,
        SortedMap<String, BigInteger> advances,
        SortedMap<String, SortedMap<Period, BigInteger>> reserves,
        SortedMap<String, BigInteger> funds,
        SortedMap<String, BigInteger> disputed,
        SortedSet<String> suspended) {

    /// Before the first settlement.
    static final Balances NONE = new Balances(
            new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeSet<>());

    public Balances {
        carried = nonZero(carried);
        advances = nonZero(advances);
        SortedMap<String, SortedMap<Period, BigInteger>> holds = new TreeMap<>();
        reserves.forEach((clause, byPeriod) -> {
            SortedMap<Period, BigInteger> kept = nonZero(byPeriod);
            if (!kept.isEmpty()) {
                holds.put(clause, kept);
            }
        });
        reserves = Collections.unmodifiableSortedMap(holds);
        funds = nonZero(funds);
        disputed = nonZero(disputed);
        suspended = Collections.unmodifiableSortedSet(new TreeSet<>(suspended));
    }

    private static <K> SortedMap<K, BigInteger> nonZero(SortedMap<K, BigInteger> amounts) {
        SortedMap<K, BigInteger> kept = new TreeMap<>(amounts);
        kept.values().removeIf(amount -> amount.signum() == 0);
        return Collections.unmodifiableSortedMap(kept);
    }

    /// By clause, what is held in all.
    SortedMap<String, BigInteger> reserved() {
        SortedMap<String, BigInteger> reserved = new TreeMap<>();
        reserves.forEach((clause, holds) ->
                reserved.put(clause, holds.values().stream().reduce(BigInteger.ZERO, BigInteger::add)));
        return reserved;
    }

    Json.Obj encode() {
        SortedMap<String, Json> holds = new TreeMap<>();
        reserves.forEach((clause, byPeriod) -> {
            SortedMap<String, BigInteger> byText = new TreeMap<>();
            byPeriod.forEach((period, amount) -> byText.put(period.text(), amount));
            holds.put(clause, Statement.encode(byText));
        });
        return Json.object()
                .with("advances", Statement.encode(advances))
                .with("carried", Statement.encode(carried))
                .with("disputed", Statement.encode(disputed))
                .with("funds", Statement.encode(funds))
                .with("reserves", new Json.Obj(holds))
                .with("suspended", Json.texts(suspended))
                .build();
    }

    /// What [#encode] wrote.
    static Balances decode(Json.Obj encoded) {
        SortedMap<String, SortedMap<Period, BigInteger>> reserves = new TreeMap<>();
        encoded.object("reserves").members().forEach((clause, holds) -> {
            SortedMap<Period, BigInteger> byPeriod = new TreeMap<>();
            Statement.decode((Json.Obj) holds).forEach((period, amount) -> byPeriod.put(Period.ofText(period), amount));
            reserves.put(clause, byPeriod);
        });
        SortedSet<String> suspended = new TreeSet<>();
        encoded.items("suspended").forEach(party -> suspended.add(((Json.Text) party).value()));
        return new Balances(
                Statement.decode(encoded.object("carried")),
                Statement.decode(encoded.object("advances")),
                reserves,
                Statement.decode(encoded.object("funds")),
                Statement.decode(encoded.object("disputed")),
                suspended);
    }
}
