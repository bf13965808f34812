package org.tallystick.agreement.rules;

import java.util.List;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// In which period an event is booked: `docs/spec/ledger-1.md` section 6.
///
/// The chaincode asks this when it takes a report in, and a client before it signs one.
public final class Booking {

    /// Types that are booked whatever was declared: a close reads them from keys of their own.
    public static final List<String> FACTS = List.of("fx", "kpi", "milestone");
    /// The source of the events that decisions made, and the page they stand in.
    public static final String LEDGER = "ledger";
    /// All that a close reads from keys of their own.
    public static final List<String> READ_ALONE = List.of("fx", "kpi", "milestone", LEDGER);

    private Booking() {}

    public static boolean isFact(Event event) {
        return FACTS.contains(event.type());
    }

    /// Those that a close does not read from keys of their own.
    public static List<KnownEvent> noFacts(List<KnownEvent> events) {
        return events.stream().noneMatch(known -> isFact(known.event()))
                ? events
                : events.stream().filter(known -> !isFact(known.event())).toList();
    }

    /// Whether the source has ended before `period`: it will not be declared, and what is booked in it never counts.
    public static boolean isTooLate(Document.Source source, Event event, Period period) {
        return !isFact(event) && source.endsBefore(period);
    }

    public static Period later(Period a, Period b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /// The period of an event that names none.
    ///
    /// @param open the first period that its source can still declare
    /// @param unsettled the first period neither settled nor closing
    public static Period of(Terms terms, Event event, Period open, Period unsettled) {
        return of(event, terms.frequency().periodOf(event.date()), open, unsettled);
    }

    /// @param natural the period of its date
    static Period of(Event event, Period natural, Period open, Period unsettled) {
        return later(natural, isFact(event) ? unsettled : open);
    }

    /// The period of what came booked with its run. What others name refers to nothing itself, so date and run suffice.
    public static Period of(Terms terms, Event event, Run run) {
        return of(terms, event, run.open(), run.unsettled());
    }
}
