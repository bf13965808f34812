package org.tallystick.acceptance.bench;

import java.util.Locale;
import org.tallystick.agreement.terms.Terms;

/// Clauses that price or divide each event.
public enum SingleClause {
    PER_EVENT("\"type\":\"fee\",\"from\":\"hub\",\"to\":\"a\",\"of\":\"sales\",\"rate\":\"0.125\",\"per\":\"event\","
            + "\"floor\":{\"amount\":5},\"cap\":{\"price\":\"40\"}"),
    FORWARD(tiers("forward")),
    TIERS_PER_EVENT(tiers("per-event")),
    LOOKBACK(tiers("lookback")),
    SPLIT_PER_EVENT("\"type\":\"split\",\"holder\":\"hub\",\"of\":\"sales\",\"per\":\"event\","
            + "\"shares\":{\"hub\":\"1/5\",\"a\":\"1/5\",\"b\":\"1/5\",\"c\":\"1/7\",\"d\":\"9/35\"}"),
    AGREED_RATE("\"type\":\"fee\",\"from\":\"hub\",\"to\":\"a\",\"of\":\"sales\","
            + "\"rate\":{\"by\":\"event\",\"attr\":\"agreed\",\"min\":\"0\",\"max\":\"1\"}");

    private final String clause;

    SingleClause(String clause) {
        this.clause = "{\"id\":\"x\"," + clause + "}";
    }

    private static String tiers(String mode) {
        return "\"type\":\"fee\",\"from\":\"hub\",\"to\":\"a\",\"of\":\"sales\",\"tiers\":{\"mode\":\"" + mode
                + "\",\"steps\":[{\"upTo\":1000,\"rate\":\"0.05\"},{\"rate\":\"0.1\"}]}";
    }

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// This clause alone.
    Terms terms() {
        return BenchTerms.terms(clause);
    }
}
