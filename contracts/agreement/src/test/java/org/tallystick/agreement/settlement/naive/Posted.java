package org.tallystick.agreement.settlement.naive;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.Optional;
import org.tallystick.agreement.json.Json;

/// A line of a statement, section 13.3.
///
/// @param adjusts the id of the earlier period that it belongs to
record Posted(
        String clause, String from, String to, BigInteger amount, Optional<String> kind, Optional<String> adjusts) {

    static final Comparator<Posted> ORDER = Comparator.comparing(Posted::clause)
            .thenComparing(line -> line.adjusts().orElse(""))
            .thenComparing(Posted::from)
            .thenComparing(Posted::to)
            .thenComparing(line -> line.kind().orElse(""))
            .thenComparing(Posted::amount);

    /// What it moves into the account, negative if out of it.
    BigInteger into(String account) {
        BigInteger in = to.equals(account) ? amount : BigInteger.ZERO;
        return from.equals(account) ? in.subtract(amount) : in;
    }

    boolean isOfKind(String name) {
        return kind.equals(Optional.of(name));
    }

    Json encode() {
        return Json.object()
                .with("clause", clause)
                .with("from", from)
                .with("to", to)
                .with("amount", encode(amount))
                .withText("kind", kind)
                .withText("adjusts", adjusts)
                .build();
    }

    private static final BigInteger LARGEST_NUMBER = BigInteger.TWO.pow(53).subtract(BigInteger.ONE);

    static Json encode(BigInteger amount) {
        return amount.abs().compareTo(LARGEST_NUMBER) > 0
                ? Json.text(amount.toString())
                : Json.whole(amount.longValueExact());
    }
}
