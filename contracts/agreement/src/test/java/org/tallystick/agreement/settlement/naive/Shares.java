package org.tallystick.agreement.settlement.naive;

import java.math.BigInteger;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;

/// Section 2.2: an amount among parties, by largest remainder.
final class Shares {

    private Shares() {}

    static SortedMap<String, BigInteger> divide(Json.Obj terms, BigInteger total, SortedMap<String, Fraction> weights) {
        SortedMap<String, BigInteger> parts = new TreeMap<>();
        if (total.signum() < 0) {
            divide(terms, total.negate(), weights).forEach((party, part) -> parts.put(party, part.negate()));
            return parts;
        }
        Fraction sum = weights.values().stream().reduce(Fraction.ZERO, Fraction::plus);
        SortedMap<String, Fraction> remainders = new TreeMap<>();
        weights.forEach((party, weight) -> {
            Fraction exact = Fraction.of(total).times(weight).over(sum);
            parts.put(party, exact.floor());
            remainders.put(party, exact.minus(Fraction.of(exact.floor())));
        });
        BigInteger left = parts.values().stream().reduce(total, BigInteger::subtract);
        for (; left.signum() > 0; left = left.subtract(BigInteger.ONE)) {
            String first = largest(terms, remainders);
            remainders.remove(first);
            parts.merge(first, BigInteger.ONE, BigInteger::add);
        }
        return parts;
    }

    /// The party with the largest remainder; of equal ones, that listed first.
    private static String largest(Json.Obj terms, SortedMap<String, Fraction> remainders) {
        String best = "";
        Fraction most = Fraction.of(-1);
        for (Json party : terms.items("parties")) {
            String id = ((Json.Obj) party).text("id");
            Fraction remainder = remainders.get(id);
            if (remainder != null && remainder.compareTo(most) > 0) {
                best = id;
                most = remainder;
            }
        }
        return best;
    }

    /// The weights that a document states.
    static SortedMap<String, Fraction> read(Json.Obj shares) {
        SortedMap<String, Fraction> weights = new TreeMap<>();
        shares.members().forEach((party, share) -> weights.put(party, Fraction.read(share)));
        return weights;
    }
}
