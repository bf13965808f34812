package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;

/// How far a waterfall has come (terms/1 section 11.9).
///
/// @param capital by investor, not yet returned
/// @param due by investor, the preferred return not yet paid, exactly
/// @param paid by tier, what it has paid so far
/// @param preferred what the preferred tiers have paid so far
/// @param used what was distributed so far
record Distribution(
        SortedMap<String, BigInteger> capital,
        SortedMap<String, Rational> due,
        SortedMap<String, BigInteger> paid,
        BigInteger preferred,
        BigInteger used) {

    /// Before the first settlement.
    static final Distribution NONE =
            new Distribution(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), BigInteger.ZERO, BigInteger.ZERO);

    Distribution {
        capital = Collections.unmodifiableSortedMap(new TreeMap<>(capital));
        due = Collections.unmodifiableSortedMap(new TreeMap<>(due));
        paid = Collections.unmodifiableSortedMap(new TreeMap<>(paid));
    }

    Json.Obj encode() {
        SortedMap<String, Json> exact = new TreeMap<>();
        due.forEach((party, amount) -> exact.put(party, Json.text(amount.toString())));
        return Json.object()
                .with("capital", Statement.encode(capital))
                .with("due", new Json.Obj(exact))
                .with("paid", Statement.encode(paid))
                .with("preferred", Amounts.encode(preferred))
                .with("used", Amounts.encode(used))
                .build();
    }

    /// What [#encode] wrote.
    static Distribution decode(Json.Obj encoded) {
        SortedMap<String, Rational> due = new TreeMap<>();
        encoded.object("due")
                .members()
                .forEach((party, amount) -> due.put(party, Rational.ofText(((Json.Text) amount).value())));
        return new Distribution(
                Statement.decode(encoded.object("capital")),
                due,
                Statement.decode(encoded.object("paid")),
                Amounts.decode(encoded.get("preferred")),
                Amounts.decode(encoded.get("used")));
    }
}
