package org.tallystick.agreement.settlement.naive;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.tallystick.agreement.json.Json;

/// Terms with events and the periods to settle, as the engine reads them from a case file.
///
/// @param first the opening period
public record Case(Json.Obj terms, List<Json> events, String first, String last) {

    private static final long SEEDS_APART = 1_000_000;

    public Case {
        events = List.copyOf(events);
    }

    /// What a seed draws over these features.
    public static Case draw(long seed, SortedSet<String> features) {
        Draw draw = new Draw(seed);
        Calendar calendar = new Calendar(draw.any(1, 1, 1, 3, 3, 12));
        int periods = calendar.months() == 12 ? 3 : draw.between(4, 6);
        int first = calendar.read(
                switch (calendar.months()) {
                    case 1 -> "2026-11";
                    case 3 -> "2026-Q3";
                    default -> "2026";
                });
        Json.Obj terms = new GeneratedTerms(draw, calendar, first, periods)
                .document(features, draw.any("USD", "USD", "JPY", "KWD"));
        List<Json> events = new GeneratedEvents(draw, calendar, first, periods, terms).events();
        return new Case(terms, events, calendar.id(first), calendar.id(first + periods - 1));
    }

    /// The first of the cases of a seed in which nothing is wrong and every period is settled.
    public static Case settled(long seed, SortedSet<String> features) {
        return Stream.iterate(seed, next -> next + SEEDS_APART)
                .map(next -> draw(next, features))
                .filter(drawn ->
                        Lines.codes(drawn.settledNaively().items().getLast()).isEmpty())
                .findFirst()
                .orElseThrow();
    }

    /// By the naive evaluator, in the form of [Evaluator#settle].
    Json.Arr settledNaively() {
        return new Evaluator(terms, events, first).settle(last);
    }

    Case withTerms(Json.Obj other) {
        return new Case(other, events, first, last);
    }

    public Case withEvents(List<Json> others) {
        return new Case(terms, others, first, last);
    }

    /// The case as a file for `tally terms settle`, with what the naive evaluator makes of it where it is no refusal.
    Json.Obj file() {
        return file(settledNaively());
    }

    Json.Obj file(Json.Arr settled) {
        List<Json> settlements = new ArrayList<>();
        for (Json statement : settled.items()) {
            Json.Obj said = (Json.Obj) statement;
            settlements.add(Json.object()
                    .with("period", said.text("period"))
                    .with(
                            "expected",
                            Json.object()
                                    .with("balances", said.find("balances"))
                                    .with("lines", said.find("lines"))
                                    .with("payments", said.find("payments"))
                                    .build())
                    .build());
        }
        return Json.object()
                .with("id", "case")
                .with("terms", terms)
                .with("events", Json.array(events))
                .with("settlements", Json.array(settlements))
                .build();
    }
}
