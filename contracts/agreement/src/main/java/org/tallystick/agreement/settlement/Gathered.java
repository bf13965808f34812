package org.tallystick.agreement.settlement;

import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.terms.Terms;

/// What all events of a period come to, and which each figure counts.
public final class Gathered {

    private final Terms terms;
    private final History before;
    private final Figures booked;
    private final Counting counting;
    private final SortedSet<String> faults;

    /// @param faults of single events
    Gathered(Terms terms, History before, Figures booked, Counting counting, SortedSet<String> faults) {
        this.terms = terms;
        this.before = before;
        this.booked = booked;
        this.counting = counting;
        this.faults = new TreeSet<>(faults);
    }

    public Outcome settle() {
        return faults.isEmpty() ? Settlement.settle(terms, before, booked) : new Outcome.Refused(faults);
    }

    /// The working of each line of what the events were settled to.
    public Workings workings(Statement statement) {
        return new Workings(terms, before, booked, statement, counting);
    }
}
