package org.tallystick.agreement.settlement;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// What settling a period came to: a statement, or nothing but the reasons why there is none.
public sealed interface Outcome {

    /// @param after what the settlement of the next period starts from
    record Settled(Statement statement, History after) implements Outcome {}

    /// Nothing has changed; the period waits until the causes are removed.
    ///
    /// @param codes of terms/1 section 16, at least one
    record Refused(SortedSet<String> codes) implements Outcome {
        public Refused {
            codes = Collections.unmodifiableSortedSet(new TreeSet<>(codes));
            if (codes.isEmpty()) {
                throw new IllegalArgumentException("refused without a code");
            }
        }
    }
}
