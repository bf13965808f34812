package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.numbers.LargestRemainder;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Terms;

/// Who shares and how much; ties go by the order of the parties, whatever the order of the shares.
final class Shares {

    private final List<String> sharing;
    private final LargestRemainder weights;

    /// @param weights none negative, not all 0
    Shares(Terms terms, SortedMap<String, Rational> weights) {
        sharing = terms.parties().stream().filter(weights::containsKey).toList();
        this.weights = new LargestRemainder(sharing.stream()
                .map(party -> weights.getOrDefault(party, Rational.ZERO))
                .toList());
    }

    /// The parties that have a weight, in the order that breaks ties.
    List<String> sharing() {
        return sharing;
    }

    LargestRemainder weights() {
        return weights;
    }

    SortedMap<String, BigInteger> divide(BigInteger pool) {
        List<BigInteger> parts = weights.divide(pool);
        SortedMap<String, BigInteger> byParty = new TreeMap<>();
        for (int i = 0; i < parts.size(); i++) {
            byParty.put(sharing.get(i), parts.get(i));
        }
        return byParty;
    }
}
