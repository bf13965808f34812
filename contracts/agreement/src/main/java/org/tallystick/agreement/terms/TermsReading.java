package org.tallystick.agreement.terms;

import java.util.List;

public sealed interface TermsReading {
    record Accepted(Terms terms) implements TermsReading {}

    record Refused(List<Finding> findings) implements TermsReading {}

    record Finding(String code, String pointer, String sentence) {}
}
