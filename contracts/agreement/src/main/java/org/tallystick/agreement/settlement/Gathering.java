package org.tallystick.agreement.settlement;

import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.terms.Terms;

/// Takes the events of a period as they are read: each is added up, counted, and then let go.
///
/// So a period is settled and shown in little memory, however many events it has: what is kept grows with the number of
/// figures, and of events that are to be named or have a price of their own.
public final class Gathering {

    private final Terms terms;
    private final History before;
    private final EventFaults check;
    private final Fold fold;
    private final Counting counting;
    private final SortedSet<String> faults = new TreeSet<>();

    /// @param before what the periods settled before left
    /// @param most so many events are named for each figure; all are counted
    public Gathering(Terms terms, History before, int most) {
        this.terms = terms;
        this.before = before;
        this.check = new EventFaults(terms, before.opening());
        this.fold = new Fold(new Plan(terms), Arithmetic.LONGS);
        this.counting = new Counting(terms, most);
    }

    /// @param booked events booked in the period that comes next, each given once, in any order
    public void add(Collection<KnownEvent> booked) {
        for (KnownEvent event : booked) {
            SortedSet<String> own = check.beforeFigures(event);
            faults.addAll(own);
            if (own.isEmpty()) {
                fold.add(event);
                counting.add(event);
            }
        }
    }

    /// What was gathered; nothing may be added afterwards.
    public Gathered end() {
        return new Gathered(terms, before, fold.figures(), counting, faults);
    }
}
