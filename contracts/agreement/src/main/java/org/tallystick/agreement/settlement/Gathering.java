package org.tallystick.agreement.settlement;

import java.util.Collection;
import org.tallystick.agreement.terms.Terms;

/// Takes the events of a period as they are read: each is added up, counted, and then let go.
///
/// So a period is settled and shown in little memory, however many events it has: what is kept grows with the number of
/// figures, and of events that are to be named or have a price of their own.
public final class Gathering {

    private final Terms terms;
    private final History before;
    private final Inputs inputs;
    private final Counting counting;

    /// @param before what the periods settled before left
    /// @param most so many events are named for each figure; all are counted
    public Gathering(Terms terms, History before, int most) {
        this.terms = terms;
        this.before = before;
        this.inputs = new Inputs(terms, before.opening());
        this.counting = new Counting(terms, most);
    }

    /// @param booked events booked in the period that comes next, each given once, in any order
    public void add(Collection<KnownEvent> booked) {
        for (KnownEvent event : booked) {
            inputs.add(event);
            if (inputs.isRight()) {
                counting.add(event);
            }
        }
    }

    /// What was gathered; nothing may be added afterwards.
    public Gathered end() {
        return new Gathered(terms, before, inputs.figures(), counting, inputs.faults());
    }
}
