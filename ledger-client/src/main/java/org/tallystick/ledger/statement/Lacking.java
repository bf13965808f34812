package org.tallystick.ledger.statement;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.terms.Period;

/// A period cannot be computed yet: something that its terms need was not reported.
public final class Lacking extends Exception {

    private static final long serialVersionUID = 1;

    private final transient SortedSet<String> codes;

    Lacking(Period period, SortedSet<String> codes) {
        super(period.text() + " cannot be computed yet: " + String.join(", ", codes));
        this.codes = new TreeSet<>(codes);
    }

    /// Codes of terms/1 section 16.
    public SortedSet<String> codes() {
        return Collections.unmodifiableSortedSet(codes);
    }
}
