package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.terms.Period;

/// A posting: an amount that a clause moves from one account to another.
///
/// @param kind `advance`, `claim`, `hold`, `recoup` or `release`, where terms/1 says so
/// @param adjusts the earlier period that it belongs to
public record Line(
        String clause, String from, String to, BigInteger amount, Optional<String> kind, Optional<Period> adjusts)
        implements Comparable<Line> {

    private static final Comparator<Line> ORDER = Comparator.comparing(Line::clause)
            .thenComparing(line -> line.adjusts().map(Period::text).orElse(""))
            .thenComparing(Line::from)
            .thenComparing(Line::to)
            .thenComparing(line -> line.kind().orElse(""))
            .thenComparing(Line::amount);

    public Line {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("a line moves more than 0, not " + amount);
        }
        if (from.equals(to)) {
            throw new IllegalArgumentException("a line from " + from + " to itself");
        }
    }

    /// In the direction of the sign.
    static Line signed(String clause, String from, String to, BigInteger amount, Optional<Period> adjusts) {
        return amount.signum() < 0
                ? new Line(clause, to, from, amount.negate(), Optional.empty(), adjusts)
                : new Line(clause, from, to, amount, Optional.empty(), adjusts);
    }

    /// The order of terms/1 section 13.3.
    @Override
    public int compareTo(Line other) {
        return ORDER.compare(this, other);
    }

    public Json.Obj encode() {
        return Json.object()
                .withText("adjusts", adjusts.map(Period::text))
                .with("amount", Amounts.encode(amount))
                .with("clause", clause)
                .with("from", from)
                .withText("kind", kind)
                .with("to", to)
                .build();
    }
}
