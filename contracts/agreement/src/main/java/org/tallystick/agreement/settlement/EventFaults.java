package org.tallystick.agreement.settlement;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Currencies;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.EventType;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// What can be known to be wrong with an event before anything is settled: every code of terms/1 section 16
/// that follows from the event, its origin and the terms.
public final class EventFaults {

    private final Terms terms;
    private final Period opening;
    private final Plan plan;

    /// @param opening the first period that is ever settled
    public EventFaults(Terms terms, Period opening) {
        this.terms = terms;
        this.opening = opening;
        this.plan = new Plan(terms);
    }

    /// @param origin the event named by `refOf`; absent also if that names none
    public SortedSet<String> of(Event event, Optional<Event> origin) {
        Period period = terms.frequency().periodOf(event.date());
        return of(new KnownEvent("event", event, period, origin));
    }

    /// The same without what formulas miss in it: figures of many events tell that at once ([Folding#lacks(Figures)]).
    ///
    /// @param origin as in [#of(Event, Optional)]
    public SortedSet<String> beforeFigures(Event event, Optional<Event> origin) {
        Period period = terms.frequency().periodOf(event.date());
        return beforeFigures(event, origin, period, period);
    }

    /// Also what is wrong with the period it is booked in.
    SortedSet<String> of(KnownEvent known) {
        SortedSet<String> faults = beforeFigures(known);
        return faults.isEmpty() ? inFigures(known) : faults;
    }

    /// What formulas may miss in an event that is otherwise right. A fixing that may still come is not missed.
    private SortedSet<String> inFigures(KnownEvent known) {
        return Figures.of(plan, List.of(known), Arithmetic.LONGS)
                .possibleFaults(terms.settlement().fx().isPresent());
    }

    /// What must not be wrong with an event for it to have figures at all.
    SortedSet<String> beforeFigures(KnownEvent known) {
        Event event = known.event();
        return beforeFigures(event, known.origin(), terms.frequency().periodOf(event.date()), known.booked());
    }

    /// @param period of its date
    private SortedSet<String> beforeFigures(Event event, Optional<Event> origin, Period period, Period booked) {
        SortedSet<String> faults = Collections.emptySortedSet();
        if (event.refOf().isPresent() && (origin.isEmpty() || !fits(terms, event, origin.get()))) {
            faults = with(faults, Refusals.EVENT_REF);
        }
        if (booked.compareTo(period) < 0 || (event.kind() != EventType.FX && period.compareTo(opening) < 0)) {
            faults = with(faults, Refusals.EVENT_PERIOD);
        }
        if (!namesParties(terms, event)) {
            faults = with(faults, Refusals.EVENT_PARTY);
        }
        boolean unknownPair = event.pair().isPresent()
                && !Arrays.stream(event.pair().get().split("/", -1)).allMatch(Currencies::knows);
        boolean wrongCurrency = event.currency().isPresent()
                && !allows(terms, event.kind(), event.currency().get());
        if (unknownPair || wrongCurrency) {
            faults = with(faults, Refusals.EVENT_CURRENCY);
        }
        return faults;
    }

    /// One code more. Nearly all events have none, and need no set of their own.
    public static SortedSet<String> with(SortedSet<String> codes, String code) {
        SortedSet<String> more = new TreeSet<>(codes);
        more.add(code);
        return more;
    }

    private static boolean fits(Terms terms, Event event, Event origin) {
        return origin.kind().isReferable()
                && !origin.date().isAfter(event.date())
                && hasCurrencyOf(terms, event, origin)
                && agrees(event, origin);
    }

    /// An origin without an amount has no currency that another could contradict.
    private static boolean hasCurrencyOf(Terms terms, Event event, Event origin) {
        return event.currency().isEmpty()
                || origin.amount().isEmpty()
                || event.currency().get().equals(origin.currency().orElse(terms.currency()));
    }

    /// An attribute present in both must be equal.
    private static boolean agrees(Event event, Event origin) {
        for (Map.Entry<String, Json> attr : event.attrs().entrySet()) {
            Json other = origin.attrs().get(attr.getKey());
            if (other != null && !other.equals(attr.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static boolean allows(Terms terms, EventType type, String currency) {
        return Currencies.knows(currency) && (!type.isInTermsCurrency() || currency.equals(terms.currency()));
    }

    private static boolean namesParties(Terms terms, Event event) {
        return switch (event.kind()) {
            case ADVANCE ->
                terms.clauses().stream()
                        .anyMatch(clause -> clause instanceof Clause.Advance
                                && clause.id()
                                        .equals(event.textAttribute("clause").orElse("")));
            case CAPITAL ->
                terms.clauses().stream()
                        .anyMatch(clause -> clause instanceof Clause.Waterfall waterfall
                                && waterfall.investors().contains(party(event)));
            case SUSPEND, RESUME ->
                terms.hasParty(party(event)) && !party(event).equals(terms.hub());
            case DISPUTE_HOLD -> terms.hasParty(party(event));
            case DISPUTE_RELEASE ->
                terms.hasParty(party(event))
                        && terms.hasParty(event.textAttribute("to").orElse(""));
            case SALE, COST, DELIVERY, REFUND, RETURN, USAGE, SUBSCRIBERS, MDF_CLAIM, MILESTONE, KPI, FX -> true;
        };
    }

    private static String party(Event event) {
        return event.textAttribute("party").orElse("");
    }
}
