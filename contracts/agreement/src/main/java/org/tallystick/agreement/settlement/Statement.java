package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.terms.Period;

/// What the settlement of one period came to (terms/1 section 13.3).
///
/// @param lines in the one order there is
/// @param payments by party, the hub left out: what the hub pays, or collects if negative
/// @param balances by group (`advance`, `capital`, `carried`, `fund`, `reserve`) and then by party or clause, zeros
/// left out
public record Statement(
        Period period,
        List<Line> lines,
        SortedMap<String, BigInteger> payments,
        SortedMap<String, SortedMap<String, BigInteger>> balances) {

    public Statement {
        lines = lines.stream().sorted().toList();
        payments = Collections.unmodifiableSortedMap(new TreeMap<>(payments));
        SortedMap<String, SortedMap<String, BigInteger>> groups = new TreeMap<>();
        balances.forEach((group, values) -> {
            SortedMap<String, BigInteger> kept = new TreeMap<>(values);
            kept.values().removeIf(value -> value.signum() == 0);
            if (!kept.isEmpty()) {
                groups.put(group, Collections.unmodifiableSortedMap(kept));
            }
        });
        balances = Collections.unmodifiableSortedMap(groups);
    }

    /// With the members `lines`, `payments`, `balances` and `period`.
    public Json.Obj encode() {
        SortedMap<String, Json> groups = new TreeMap<>();
        balances.forEach((group, values) -> groups.put(group, encode(values)));
        return Json.object()
                .with("balances", new Json.Obj(groups))
                .with("lines", Json.array(lines.stream().map(Line::encode).toList()))
                .with("payments", encode(payments))
                .with("period", period.text())
                .build();
    }

    static Json.Obj encode(SortedMap<String, BigInteger> amounts) {
        SortedMap<String, Json> members = new TreeMap<>();
        amounts.forEach((name, amount) -> members.put(name, Amounts.encode(amount)));
        return new Json.Obj(members);
    }

    /// What [#encode(SortedMap)] wrote.
    static SortedMap<String, BigInteger> decode(Json.Obj object) {
        SortedMap<String, BigInteger> amounts = new TreeMap<>();
        object.members().forEach((name, amount) -> amounts.put(name, Amounts.decode(amount)));
        return amounts;
    }
}
