package org.tallystick.ledger.client;

import java.util.stream.Collectors;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.rules.Life;
import org.tallystick.agreement.settlement.Event;

/// What is wrong with one event, for people: a sentence with its values for each code of the rules.
final class LineSentences {

    private final Document document;
    private final Document.Source source;
    private final Life life;

    LineSentences(Life life, Document.Source source) {
        this.life = life;
        this.document = life.document();
        this.source = source;
    }

    /// @param code that [org.tallystick.agreement.rules.LineChecks] found
    String of(String code, Event event) {
        return switch (code) {
            case "EVENT_REF" ->
                "names an event that it cannot take back: of another type or currency, of a later day, or with another "
                        + "value of an attribute that both have";
            case "EVENT_PERIOD" ->
                "is dated " + event.date() + ", before the first period "
                        + document.opening().text();
            case "EVENT_PARTY" -> "names a party or a clause that the terms do not have there";
            case "EVENT_CURRENCY" ->
                "is in " + event.currency().or(event::pair).orElse("")
                        + ", which terms/1 does not know or asks otherwise";
            case "RATE_MISSING" ->
                "lacks the rate that a clause takes from it, or what it says is in no row of the clause's table: "
                        + attributes(event);
            case "RATE_BOUNDS" -> "has a rate outside of the bounds of its clause";
            case "FIGURE_MISSING" -> "lacks the quantity that a clause counts";
            case "reporter_not_allowed" ->
                "is a " + event.type() + ", and source " + source.id() + " carries "
                        + String.join(", ", source.types());
            case "no_fx" ->
                "is in " + event.currency().orElse("") + ", and the terms are in "
                        + document.terms().currency() + " without a rule for other currencies";
            case "before_start" ->
                "is dated " + event.date() + ", before the agreement begins on "
                        + document.term().from();
            case "after_end" ->
                "is dated " + event.date() + ", after the last day of the agreement, "
                        + life.lastDay().map(String::valueOf).orElse("");
            case "while_paused" ->
                "is dated " + event.date() + ", and the agreement is paused: report it when it is continued";
            case "reference_missing" ->
                "does not name its sale: it lacks " + references(event)
                        + ", a text by which the other party's report of it is found";
            case "too_fine" -> "has a number with more than 18 decimals, or a fraction that never ends";
            case "too_big" -> "has a number above 10^36";
            default -> Sentences.ofLine(code);
        };
    }

    private static String attributes(Event event) {
        return event.attrs().isEmpty()
                ? "it has no attributes"
                : event.attrs().entrySet().stream()
                        .map(one -> one.getKey() + " is "
                                + one.getValue().canonical().utf8().orElseThrow())
                        .collect(Collectors.joining(", "));
    }

    private String references(Event event) {
        return document.matching(source, event.type()).stream()
                .map(matching -> "attrs." + matching.by())
                .distinct()
                .collect(Collectors.joining(" or "));
    }
}
