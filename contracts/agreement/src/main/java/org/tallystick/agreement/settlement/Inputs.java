package org.tallystick.agreement.settlement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// Events that are booked in one period, added up as they come: each is looked at once, in any order, and let go.
///
/// What is kept grows with the number of figures, and of events that have a price of their own.
public final class Inputs {

    private final EventFaults check;
    private final Fold fold;
    private final SortedSet<String> faults = new TreeSet<>();

    /// @param opening the first period that is ever settled
    public Inputs(Terms terms, Period opening) {
        this.check = new EventFaults(terms, opening);
        this.fold = new Fold(new Plan(terms), Arithmetic.LONGS);
    }

    /// @param event not added before: that is not checked
    public void add(KnownEvent event) {
        SortedSet<String> more = check.beforeFigures(event);
        if (!more.isEmpty()) {
            faults.addAll(more);
        }
        if (isRight()) {
            fold.add(event);
        }
    }

    /// Whether nothing is wrong with any of them; if something is, they have no figures.
    boolean isRight() {
        return faults.isEmpty();
    }

    /// Also a fault that many events have together.
    void fault(String code) {
        faults.add(code);
    }

    SortedSet<String> faults() {
        return Collections.unmodifiableSortedSet(faults);
    }

    /// To be asked once; nothing may be added afterwards.
    Figures figures() {
        return fold.figures();
    }

    /// Settles the period `before.next()`, in which all of these are booked. They are of no use afterwards.
    public static Outcome settle(Terms terms, History before, Collection<Inputs> all) {
        SortedSet<String> faults = new TreeSet<>();
        List<Figures> figures = new ArrayList<>();
        for (Inputs inputs : all) {
            faults.addAll(inputs.faults());
            figures.add(inputs.figures());
        }
        return faults.isEmpty() ? Settlement.settle(terms, before, Figures.sum(figures)) : new Outcome.Refused(faults);
    }
}
