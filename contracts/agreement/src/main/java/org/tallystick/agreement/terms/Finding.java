package org.tallystick.agreement.terms;

import java.util.Comparator;

/// A fault of a document: its code, where it is as a JSON pointer (RFC 6901), and a sentence for people.
public record Finding(String code, String pointer, String sentence) implements Comparable<Finding> {

    private static final Comparator<Finding> ORDER =
            Comparator.comparing(Finding::code).thenComparing(Finding::pointer).thenComparing(Finding::sentence);

    @Override
    public int compareTo(Finding other) {
        return ORDER.compare(this, other);
    }
}
