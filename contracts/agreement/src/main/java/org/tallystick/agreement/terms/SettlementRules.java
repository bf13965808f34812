package org.tallystick.agreement.terms;

import java.math.BigInteger;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What happens to what is due at the end of a period (terms/1 section 13.1).
///
/// @param invoicesNegative whether the hub collects a negative balance, rather than carrying it forward
/// @param minimumPayout by party; what is below is carried forward
public record SettlementRules(
        boolean invoicesNegative, SortedMap<String, BigInteger> minimumPayout, Optional<Conversion> fx) {

    public SettlementRules {
        minimumPayout = Collections.unmodifiableSortedMap(new TreeMap<>(minimumPayout));
    }

    /// @param daily whether each event has the fixing of its day, rather than the last of its period
    /// @param refundsAtOriginal whether a refund has the fixing of its origin
    public record Conversion(boolean daily, boolean refundsAtOriginal) {}

    public BigInteger minimum(String party) {
        return minimumPayout.getOrDefault(party, BigInteger.ZERO);
    }
}
