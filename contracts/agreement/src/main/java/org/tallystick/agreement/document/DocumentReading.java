package org.tallystick.agreement.document;

import java.util.List;
import org.tallystick.agreement.json.Json;

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
    /// @param values what a sentence about it needs; mostly nothing
    record Fault(String code, String at, Json.Obj values) implements Comparable<Fault> {
        public Fault(String code, String at) {
            this(code, at, Json.Obj.EMPTY);
        }

        @Override
        public int compareTo(Fault other) {
            int byCode = code.compareTo(other.code);
            return byCode != 0 ? byCode : at.compareTo(other.at);
        }
    }
}
