package org.tallystick.agreement.terms;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A named figure computed from events, and from what earlier clauses made due (terms/1 section 7.1).
public record Measure(
        Of of, List<Filter> plus, List<Filter> minus, List<String> plusClauses, List<String> lessClauses) {

    public Measure {
        plus = List.copyOf(plus);
        minus = List.copyOf(minus);
        plusClauses = List.copyOf(plusClauses);
        lessClauses = List.copyOf(lessClauses);
    }

    /// What is added up.
    public enum Of {
        AMOUNT,
        QUANTITY,
        COUNT;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Of> ofText(String text) {
            for (Of of : values()) {
                if (of.text().equals(text)) {
                    return Optional.of(of);
                }
            }
            return Optional.empty();
        }
    }

    public boolean isDerived() {
        return !plusClauses.isEmpty() || !lessClauses.isEmpty();
    }
}
