package org.tallystick.ledger.client;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventFaults;

/// What the ledger would say to one event, before it is signed: the codes of `docs/spec/instruction-1.md` section 8.
///
/// terms/1 is judged by the very class that the chaincode uses. What the agreement adds is here a second time, because
/// the chaincode's own check is not open to others; a test holds the two against each other.
final class LineRules {

    private static final List<String> SALE_LIKE =
            List.of("cost", "delivery", "mdf-claim", "sale", "subscribers", "usage");
    private static final BigInteger FINEST = BigInteger.TEN.pow(18);
    private static final BigInteger LARGEST = BigInteger.TEN.pow(36);

    private final Document document;
    private final Document.Source source;
    private final EventFaults faults;

    LineRules(Document document, Document.Source source) {
        this.document = document;
        this.source = source;
        this.faults = new EventFaults(document.terms(), document.opening());
    }

    /// @param origin the event it takes back, where there is one
    SortedSet<String> faults(Event event, Optional<Event> origin) {
        TreeSet<String> codes = new TreeSet<>(faults.of(event, origin));
        codes.remove("FX_MISSING");
        if (!source.types().contains(event.type())) {
            codes.add("reporter_not_allowed");
        }
        if (document.terms().settlement().fx().isEmpty()
                && event.currency()
                        .filter(currency -> !currency.equals(document.terms().currency()))
                        .isPresent()) {
            codes.add("no_fx");
        }
        if (SALE_LIKE.contains(event.type())) {
            if (event.date().isBefore(document.term().from())) {
                codes.add("before_start");
            }
            if (document.term().lastDay().filter(event.date()::isAfter).isPresent()) {
                codes.add("after_end");
            }
        }
        for (Rational number : event.numbers(document.terms())) {
            if (FINEST.remainder(number.denominator()).signum() != 0) {
                codes.add("too_fine");
            }
            if (number.numerator().abs().compareTo(LARGEST) > 0) {
                codes.add("too_big");
            }
        }
        return codes;
    }

    /// What a code means for this event, for people.
    String sentence(String code, Event event) {
        return switch (code) {
            case "EVENT_REF" ->
                "names an event that it cannot take back: of another type or currency, of a later day, or with another "
                        + "value of an attribute that both have";
            case "EVENT_PERIOD" ->
                "is dated " + event.date() + ", before the first period " + document.opening().text();
            case "EVENT_PARTY" -> "names a party or a clause that the terms do not have there";
            case "EVENT_CURRENCY" ->
                "is in " + event.currency().or(event::pair).orElse("") + ", which terms/1 does not know or asks otherwise";
            case "RATE_MISSING" -> "lacks the rate that a clause takes from it";
            case "RATE_BOUNDS" -> "has a rate outside of the bounds of its clause";
            case "FIGURE_MISSING" -> "lacks the quantity that a clause counts";
            case "reporter_not_allowed" ->
                "is a " + event.type() + ", and source " + source.id() + " carries " + String.join(", ", source.types());
            case "no_fx" ->
                "is in " + event.currency().orElse("") + ", and the terms are in "
                        + document.terms().currency() + " without a rule for other currencies";
            case "before_start" ->
                "is dated " + event.date() + ", before the agreement begins on "
                        + document.term().from();
            case "after_end" ->
                "is dated " + event.date() + ", after the last day of the agreement, "
                        + document.term().lastDay().map(String::valueOf).orElse("");
            case "too_fine" -> "has a number with more than 18 decimals, or a fraction that never ends";
            case "too_big" -> "has a number above 10^36";
            default -> "the ledger would refuse it";
        };
    }
}
