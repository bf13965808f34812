package org.tallystick.agreement.rules;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventFaults;

/// What can be wrong with one line of a report: terms/1 section 16, and what the agreement adds.
///
/// The chaincode asks this when it takes a report in, and a client before it signs one.
public final class LineChecks {

    private static final BigInteger FINEST = BigInteger.TEN.pow(18);
    private static final BigInteger LARGEST = BigInteger.TEN.pow(36);

    private final Document document;
    private final Document.Source source;
    private final EventFaults eventFaults;
    private final Life life;
    private final Optional<LocalDate> lastDay;
    private final List<String> agreedRates;

    /// The checks of one source.
    public static LineChecks of(Life life, Document.Source source) {
        Document document = life.document();
        return new LineChecks(life, source, new EventFaults(document.terms(), document.opening()));
    }

    LineChecks(Life life, Document.Source source, EventFaults eventFaults) {
        this.life = life;
        this.document = life.document();
        this.source = source;
        this.eventFaults = eventFaults;
        this.lastDay = life.lastDay();
        this.agreedRates = document.terms().agreedRates();
    }

    /// Every code, sorted.
    ///
    /// @param origin the event it refers to, where there is one
    public SortedSet<String> faults(Event event, Optional<Event> origin) {
        return source.notices() ? beforeFigures(event, origin) : faults(event, eventFaults.of(event, origin));
    }

    /// The same but for what formulas miss in it.
    SortedSet<String> beforeFigures(Event event, Optional<Event> origin) {
        return faults(event, eventFaults.beforeFigures(event, origin));
    }

    /// @param ofTerms what is wrong with the event under the terms alone
    private SortedSet<String> faults(Event event, SortedSet<String> ofTerms) {
        SortedSet<String> codes = ofTerms.isEmpty() ? ofTerms : without(ofTerms, "FX_MISSING");
        if (!source.types().contains(event.type())) {
            codes = EventFaults.with(codes, "reporter_not_allowed");
        }
        if (!source.notices()
                && document.terms().settlement().fx().isEmpty()
                && event.currency().isPresent()
                && !event.currency().get().equals(document.terms().currency())) {
            codes = EventFaults.with(codes, "no_fx");
        }
        if (Document.SALE_LIKE.contains(event.type())) {
            if (event.date().isBefore(document.term().from())) {
                codes = EventFaults.with(codes, "before_start");
            }
            if (lastDay.isPresent() && event.date().isAfter(lastDay.get())) {
                codes = EventFaults.with(codes, "after_end");
            } else if (life.isPaused() && !event.date().isBefore(life.pausedOn())) {
                codes = EventFaults.with(codes, "while_paused");
            }
        }
        for (Document.Matching matching : document.matching(source, event.type())) {
            if (Matching.reference(matching, event).isEmpty()) {
                codes = EventFaults.with(codes, "reference_missing");
            }
        }
        for (Rational number : source.notices() ? event.numbers() : event.numbers(agreedRates)) {
            if (FINEST.remainder(number.denominator()).signum() != 0) {
                codes = EventFaults.with(codes, "too_fine");
            }
            if (number.numerator().abs().compareTo(LARGEST) > 0) {
                codes = EventFaults.with(codes, "too_big");
            }
        }
        return codes;
    }

    private static SortedSet<String> without(SortedSet<String> codes, String code) {
        TreeSet<String> rest = new TreeSet<>(codes);
        rest.remove(code);
        return rest;
    }
}
