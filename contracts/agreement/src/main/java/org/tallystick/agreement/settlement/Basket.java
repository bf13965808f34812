package org.tallystick.agreement.settlement;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;

/// What events add up to before any conversion: one exact sum for each coin.
///
/// A sum of 0 is kept: its fixing is needed all the same.
///
/// @param lacks whether an event that is counted here states no quantity
record Basket(SortedMap<Coin, Rational> sums, boolean lacks) {

    static final Basket EMPTY = new Basket(new TreeMap<>(), false);

    private static final String LACKS = "?";

    Basket {
        sums = Collections.unmodifiableSortedMap(sums);
    }

    Basket plus(Basket other) {
        SortedMap<Coin, Rational> both = new TreeMap<>(sums);
        other.sums.forEach((coin, sum) -> both.merge(coin, sum, Rational::plus));
        return new Basket(both, lacks || other.lacks);
    }

    Json encode() {
        if (!lacks && sums.size() == 1 && sums.firstKey().isOwn()) {
            return Json.text(sums.getOrDefault(Coin.OWN, Rational.ZERO).toString());
        }
        SortedMap<String, Json> members = new TreeMap<>();
        sums.forEach((coin, sum) -> members.put(coin.text(), Json.text(sum.toString())));
        if (lacks) {
            members.put(LACKS, Json.bool(true));
        }
        return new Json.Obj(members);
    }

    /// What [#encode] wrote.
    static Basket decode(Json encoded) {
        SortedMap<Coin, Rational> sums = new TreeMap<>();
        if (encoded instanceof Json.Text(var sum)) {
            sums.put(Coin.OWN, Rational.ofText(sum));
            return new Basket(sums, false);
        }
        SortedMap<String, Json> members = ((Json.Obj) encoded).members();
        for (Map.Entry<String, Json> member : members.entrySet()) {
            if (!member.getKey().equals(LACKS)) {
                sums.put(Coin.ofText(member.getKey()), Rational.ofText(((Json.Text) member.getValue()).value()));
            }
        }
        return new Basket(sums, members.containsKey(LACKS));
    }
}
