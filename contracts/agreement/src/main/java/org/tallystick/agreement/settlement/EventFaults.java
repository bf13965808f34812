package org.tallystick.agreement.settlement;

import java.util.Arrays;
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

/// What can be known to be wrong with an event before anything is settled: every code of terms/1 section 16 that
/// follows
/// from the event, its origin and the terms.
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
        return beforeFigures(new KnownEvent("event", event, terms.frequency().periodOf(event.date()), origin));
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
        SortedSet<String> faults = new TreeSet<>();
        Event event = known.event();
        if (event.refOf().isPresent()
                && (known.origin().isEmpty()
                        || !fits(terms, event, known.origin().get()))) {
            faults.add(Refusals.EVENT_REF);
        }
        Period period = terms.frequency().periodOf(event.date());
        if (known.booked().compareTo(period) < 0 || (event.kind() != EventType.FX && period.compareTo(opening) < 0)) {
            faults.add(Refusals.EVENT_PERIOD);
        }
        if (!namesParties(terms, event)) {
            faults.add(Refusals.EVENT_PARTY);
        }
        boolean unknownPair = event.pair()
                .filter(pair -> !Arrays.stream(pair.split("/", -1)).allMatch(Currencies::knows))
                .isPresent();
        boolean wrongCurrency = event.currency()
                .filter(currency -> !allows(terms, event.kind(), currency))
                .isPresent();
        if (unknownPair || wrongCurrency) {
            faults.add(Refusals.EVENT_CURRENCY);
        }
        return faults;
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
        String party = event.textAttribute("party").orElse("");
        return switch (event.kind()) {
            case ADVANCE ->
                terms.clauses().stream()
                        .anyMatch(clause -> clause instanceof Clause.Advance
                                && clause.id()
                                        .equals(event.textAttribute("clause").orElse("")));
            case CAPITAL ->
                terms.clauses().stream()
                        .anyMatch(clause -> clause instanceof Clause.Waterfall waterfall
                                && waterfall.investors().contains(party));
            case SUSPEND, RESUME -> terms.hasParty(party) && !party.equals(terms.hub());
            case DISPUTE_HOLD -> terms.hasParty(party);
            case DISPUTE_RELEASE ->
                terms.hasParty(party)
                        && terms.hasParty(event.textAttribute("to").orElse(""));
            case SALE, COST, DELIVERY, REFUND, RETURN, USAGE, SUBSCRIBERS, MDF_CLAIM, MILESTONE, KPI, FX -> true;
        };
    }
}
