package org.tallystick.agreement.settlement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Finding;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// A case: terms, all events, and the periods to settle, in one file (`case.schema.json`).
///
/// What it expects is not read here. An event that is at fault refuses the settlement of the period it is booked in,
/// and
/// so all that follow; one that cannot even be placed refuses all.
public final class CaseFile {

    /// What settling a case came to.
    public sealed interface Reading {}

    /// @param outcomes one for each period, in order; after the first refusal all are that refusal
    public record Settled(Terms terms, List<Period> periods, List<Outcome> outcomes) implements Reading {
        public Settled {
            periods = List.copyOf(periods);
            outcomes = List.copyOf(outcomes);
        }

        public boolean isRefused() {
            return outcomes.stream().anyMatch(outcome -> outcome instanceof Outcome.Refused);
        }

        /// One object for each period: a statement, or `{"period", "refused", "codes"}`.
        public Json.Arr encode() {
            List<Json> items = new ArrayList<>();
            for (int i = 0; i < periods.size(); i++) {
                items.add(
                        switch (outcomes.get(i)) {
                            case Outcome.Settled(var statement, var _) -> statement.encode();
                            case Outcome.Refused(var codes) ->
                                Json.object()
                                        .with("codes", Json.texts(codes))
                                        .with("period", periods.get(i).text())
                                        .with("refused", codes.first())
                                        .build();
                        });
            }
            return Json.array(items);
        }
    }

    /// The terms are at fault.
    public record TermsRefused(List<Finding> findings) implements Reading {}

    /// @param at where it departs from the form of a case, as a JSON pointer
    public record NotACase(String at) implements Reading {}

    private static final String EVENTS = "events";
    private static final String SETTLEMENTS = "settlements";

    private final Terms terms;
    private final Period opening;

    /// What is wrong, by the period in whose settlement it is first known.
    private final SortedMap<Period, SortedSet<String>> faults = new TreeMap<>();

    private final SortedMap<String, Entry> entries = new TreeMap<>();

    /// An event as a case has it.
    private record Entry(String id, Event event, Period booked) {}

    private CaseFile(Terms terms, Period opening) {
        this.terms = terms;
        this.opening = opening;
    }

    public static Reading settle(Json document) {
        if (!(document instanceof Json.Obj file) || !file.has("terms")) {
            return new NotACase("");
        }
        if (!(file.find(EVENTS).orElse(file) instanceof Json.Arr(var events))) {
            return new NotACase("/" + EVENTS);
        }
        return switch (TermsReader.read(file.get("terms"))) {
            case TermsReading.Refused(var findings) -> new TermsRefused(findings);
            case TermsReading.Accepted(var terms) -> {
                List<Period> periods = periods(file);
                for (int i = 0; i < periods.size(); i++) {
                    if (periods.get(i).frequency() != terms.frequency()
                            || (i > 0 && !periods.get(i - 1).next().equals(periods.get(i)))) {
                        yield new NotACase("/" + SETTLEMENTS + "/" + i + "/period");
                    }
                }
                yield periods.isEmpty()
                        ? new NotACase("/" + SETTLEMENTS)
                        : new CaseFile(terms, periods.getFirst()).settle(events, periods);
            }
        };
    }

    /// As [#settle(Json)], for terms that were read already.
    ///
    /// @param events in the form that a case has them in
    /// @param periods consecutive and of the calendar of the terms; the first is the opening period
    public static Settled settle(Terms terms, List<Json> events, List<Period> periods) {
        return new CaseFile(terms, periods.getFirst()).settle(events, periods);
    }

    /// The periods to settle; none if any of them is not one.
    private static List<Period> periods(Json.Obj file) {
        if (!(file.find(SETTLEMENTS).orElse(file) instanceof Json.Arr(var settlements))) {
            return List.of();
        }
        List<Period> periods = new ArrayList<>();
        for (Json settlement : settlements) {
            Optional<Period> period = settlement instanceof Json.Obj object
                            && object.find("period").orElse(object) instanceof Json.Text(var text)
                    ? Period.parse(text)
                    : Optional.empty();
            if (period.isEmpty()) {
                return List.of();
            }
            periods.add(period.get());
        }
        return periods;
    }

    private Settled settle(List<Json> events, List<Period> periods) {
        events.forEach(this::read);
        EventFaults check = new EventFaults(terms, opening);
        SortedMap<Period, List<KnownEvent>> booked = new TreeMap<>();
        for (Entry entry : entries.values()) {
            KnownEvent known = new KnownEvent(entry.id(), entry.event(), entry.booked(), origin(entry));
            booked.computeIfAbsent(known(entry.booked()), _ -> new ArrayList<>())
                    .add(known);
            check.beforeFigures(known).forEach(code -> fault(entry.booked(), code));
        }
        List<Outcome> outcomes = new ArrayList<>();
        History history = History.open(terms, opening);
        SortedSet<String> codes = new TreeSet<>();
        for (Period period : periods) {
            codes.addAll(faults.getOrDefault(period, Collections.emptySortedSet()));
            Outcome outcome = codes.isEmpty()
                    ? Settlement.settle(terms, history, booked.getOrDefault(period, List.of()))
                    : new Outcome.Refused(codes);
            outcomes.add(outcome);
            switch (outcome) {
                case Outcome.Settled(var _, var after) -> history = after;
                case Outcome.Refused(var refused) -> codes.addAll(refused);
            }
        }
        return new Settled(terms, periods, outcomes);
    }

    private void fault(Period booked, String code) {
        faults.computeIfAbsent(known(booked), _ -> new TreeSet<>()).add(code);
    }

    /// In whose settlement an event is first known: a fixing booked before the opening is known from the start.
    private Period known(Period booked) {
        return booked.compareTo(opening) < 0 ? opening : booked;
    }

    /// The origin, unless it is itself booked later.
    private Optional<Event> origin(Entry entry) {
        return entry.event()
                .refOf()
                .flatMap(id -> Optional.ofNullable(entries.get(id)))
                .filter(origin -> origin.booked().compareTo(entry.booked()) <= 0)
                .map(Entry::event);
    }

    private void read(Json value) {
        if (!(value instanceof Json.Obj(var members))) {
            fault(opening, Refusals.EVENT_FORM);
            return;
        }
        SortedMap<String, Json> reported = new TreeMap<>(members);
        Json id = Optional.ofNullable(reported.remove("id")).orElse(value);
        Optional<Json> booked = Optional.ofNullable(reported.remove("booked"));
        Optional<Json> attested = Optional.ofNullable(reported.remove("attestedBy"));
        boolean formed =
                EventReader.ID.fits(id) && attested.map(CaseFile::isAttestation).orElse(true);
        if (!formed || !(EventReader.read(new Json.Obj(reported)) instanceof EventReading.Formed(var event))) {
            fault(opening, Refusals.EVENT_FORM);
            return;
        }
        Period own = terms.frequency().periodOf(event.date());
        Optional<Period> stated = booked.flatMap(CaseFile::period);
        if (booked.isPresent() && stated.isEmpty()) {
            fault(opening, Refusals.EVENT_FORM);
            return;
        }
        if (stated.isPresent() && stated.get().frequency() != terms.frequency()) {
            fault(own, Refusals.EVENT_PERIOD);
            return;
        }
        Entry entry = new Entry(((Json.Text) id).value(), event, stated.orElse(own));
        Entry other = entries.putIfAbsent(entry.id(), entry);
        if (other != null) {
            Period later = other.booked().compareTo(entry.booked()) > 0 ? other.booked() : entry.booked();
            fault(later, Refusals.EVENT_DUP);
        }
    }

    private static Optional<Period> period(Json value) {
        return value instanceof Json.Text(var text) ? Period.parse(text) : Optional.empty();
    }

    private static boolean isAttestation(Json value) {
        return Form.array(Form.text(text -> !text.isEmpty()), 1, Integer.MAX_VALUE)
                .fits(value);
    }
}
