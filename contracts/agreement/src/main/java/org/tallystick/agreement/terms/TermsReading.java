package org.tallystick.agreement.terms;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What reading a document came to.
public sealed interface TermsReading {

    record Accepted(Terms terms) implements TermsReading {}

    /// @param findings all of them, by code and then by place; at least one
    record Refused(List<Finding> findings) implements TermsReading {
        public Refused {
            findings = findings.stream().sorted().distinct().toList();
            if (findings.isEmpty()) {
                throw new IllegalArgumentException("refused without a finding");
            }
        }

        public SortedSet<String> codes() {
            return findings.stream().map(Finding::code).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
