package org.tallystick.agreement.document;

import java.util.List;
import java.util.Optional;

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

    /// @param at JSON pointer into the document; of a fault of the terms nothing, since terms/1 fixes no places
    record Fault(String code, Optional<String> at) implements Comparable<Fault> {
        static Fault inTerms(String code) {
            return new Fault(code, Optional.empty());
        }

        public static Fault at(String code, String at) {
            return new Fault(code, Optional.of(at));
        }

        @Override
        public int compareTo(Fault other) {
            int byCode = code.compareTo(other.code);
            return byCode != 0 ? byCode : at.orElse("").compareTo(other.at.orElse(""));
        }
    }
}
