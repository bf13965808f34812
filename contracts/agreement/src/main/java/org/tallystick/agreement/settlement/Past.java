package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;

/// What is kept of one settled period, beside the events that clauses keep one by one.
///
/// @param figures of what is dated in the period, and the fixings that it asks for, of whatever day
/// @param posted by clause and receiver, what all settlements together posted for the period
/// @param added what the period adds to sums over longer windows, by their names; zeros are left out
record Past(
        Figures figures, SortedMap<String, SortedMap<String, BigInteger>> posted, SortedMap<String, Rational> added) {

    static final Past NONE = new Past(Figures.NONE, new TreeMap<>(), new TreeMap<>());

    Past {
        posted = Collections.unmodifiableSortedMap(new TreeMap<>(posted));
        added = nonZero(added);
    }

    static SortedMap<String, Rational> nonZero(SortedMap<String, Rational> sums) {
        SortedMap<String, Rational> kept = new TreeMap<>(sums);
        kept.values().removeIf(sum -> sum.signum() == 0);
        return Collections.unmodifiableSortedMap(kept);
    }

    SortedMap<String, BigInteger> posted(String clause) {
        return posted.getOrDefault(clause, Collections.emptySortedMap());
    }

    Rational added(String sum) {
        return added.getOrDefault(sum, Rational.ZERO);
    }

    Json.Obj encode() {
        SortedMap<String, Json> byClause = new TreeMap<>();
        posted.forEach((clause, amounts) -> byClause.put(clause, Statement.encode(amounts)));
        return Json.object()
                .with("added", encode(added))
                .with("figures", figures.encode())
                .with("posted", new Json.Obj(byClause))
                .build();
    }

    static Json.Obj encode(SortedMap<String, Rational> sums) {
        SortedMap<String, Json> members = new TreeMap<>();
        sums.forEach((name, sum) -> members.put(name, Json.text(sum.toString())));
        return new Json.Obj(members);
    }

    static SortedMap<String, Rational> sums(Json.Obj encoded) {
        SortedMap<String, Rational> sums = new TreeMap<>();
        encoded.members().forEach((name, sum) -> sums.put(name, Rational.ofText(((Json.Text) sum).value())));
        return sums;
    }

    /// What [#encode] wrote.
    static Past decode(Json.Obj encoded) {
        SortedMap<String, SortedMap<String, BigInteger>> posted = new TreeMap<>();
        encoded.object("posted")
                .members()
                .forEach((clause, amounts) -> posted.put(clause, Statement.decode((Json.Obj) amounts)));
        return new Past(Figures.decode(encoded.object("figures")), posted, sums(encoded.object("added")));
    }
}
