package org.tallystick.agreement.document;

import java.util.List;

/// What reading a document came to.
public sealed interface DocumentReading {

    record Accepted(Document document) implements DocumentReading {}

    /// @param findings all of one stage, sorted by code, then place
    record Refused(List<Fault> findings) implements DocumentReading {
        public Refused {
            findings = List.copyOf(findings);
        }
    }

    /// Well formed, but not enforced yet.
    ///
    /// @param what JSON pointer to the member
    record NotSupportedYet(String what) implements DocumentReading {}

    /// @param at JSON pointer into the document
    record Fault(String code, String at) implements Comparable<Fault> {
        @Override
        public int compareTo(Fault other) {
            int byCode = code.compareTo(other.code);
            return byCode != 0 ? byCode : at.compareTo(other.at);
        }
    }
}
