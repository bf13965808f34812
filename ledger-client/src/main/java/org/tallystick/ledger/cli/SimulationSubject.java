package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.simulation.Limits;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// What is simulated: terms, and the events and periods that were given with them, if any.
///
/// @param events in the form that a case has them in; none if only terms were given
/// @param from the first period, if it was asked for
/// @param to the last period, if it was asked for
/// @param stated the periods that a case settles; none if only terms were given
record SimulationSubject(
        Path file, Terms terms, List<Json> events, Optional<Period> from, Optional<Period> to, List<Period> stated) {

    /// Where the terms name no day, any year does that is not a leap year.
    private static final int SOME_YEAR = 2027;

    SimulationSubject {
        events = List.copyOf(events);
        stated = List.copyOf(stated);
    }

    /// @param events a file whose events take the place of those of a case
    static SimulationSubject read(
            Shell shell, Path file, @Nullable Path events, @Nullable Period from, @Nullable Period to)
            throws IOException, CommandFailure {
        Terms terms = TermsCommand.accepted(file);
        List<Json> given = new ArrayList<>();
        List<Period> stated = new ArrayList<>();
        if (shell.read(file) instanceof Json.Obj object && object.find("terms").orElse(object) instanceof Json.Obj) {
            given.addAll(items(file, object, "events"));
            for (Json settlement : items(file, object, "settlements")) {
                stated.add(stated(file, terms, settlement));
            }
        }
        if (events != null) {
            given = EventsFile.read(events);
            stated = List.of();
        }
        if (given.size() > Limits.EVENTS) {
            throw CommandFailure.cannot(given.size() + " events are more than " + Limits.EVENTS);
        }
        return new SimulationSubject(
                file,
                terms,
                given,
                checked(terms, "--from", from),
                checked(terms, "--to", to),
                stated.stream().sorted().toList());
    }

    private static List<Json> items(Path file, Json.Obj object, String name) throws CommandFailure {
        Optional<Json> items = object.find(name);
        if (items.isPresent() && items.get() instanceof Json.Arr(var list)) {
            return list;
        }
        if (items.isEmpty()) {
            return List.of();
        }
        throw CommandFailure.cannot(file + " is not a case: see /" + name, "a case has terms, events and settlements");
    }

    private static Period stated(Path file, Terms terms, Json settlement) throws CommandFailure {
        Json period =
                settlement instanceof Json.Obj object ? object.find("period").orElse(object) : settlement;
        return Optional.of(period)
                .filter(value -> value instanceof Json.Text)
                .flatMap(value -> Period.parse(((Json.Text) value).value()))
                .filter(value -> value.frequency() == terms.frequency())
                .orElseThrow(() -> CommandFailure.cannot(
                        file + " settles what is not a " + terms.frequency().text(),
                        "each of its settlements has a period, such as "
                                + terms.frequency().periodOf(someDay())));
    }

    private static LocalDate someDay() {
        return LocalDate.of(SOME_YEAR, 1, 1);
    }

    private static Optional<Period> checked(Terms terms, String option, @Nullable Period period) throws CommandFailure {
        if (period != null && period.frequency() != terms.frequency()) {
            throw CommandFailure.cannot(
                    period + " is not a " + terms.frequency().text() + ", but " + terms.id() + " is settled every "
                            + terms.frequency().text(),
                    "give " + option + " a period such as " + terms.frequency().periodOf(someDay()));
        }
        return Optional.ofNullable(period);
    }

    boolean hasEvents() {
        return !events.isEmpty() || !stated.isEmpty();
    }

    /// The first period of what was given: as asked for, as the case says, or that of the earliest event.
    Period opening() {
        return from.or(() -> stated.stream().findFirst())
                .or(() -> known().min(Comparator.naturalOrder()))
                .orElseGet(this::someOpening);
    }

    /// From the first period to the last one of what was given.
    List<Period> periods() throws CommandFailure {
        Period first = opening();
        Period last = to.or(() ->
                        from.isPresent() ? Optional.empty() : stated.stream().reduce((_, next) -> next))
                .or(() -> Stream.concat(known(), stated.stream()).max(Comparator.naturalOrder()))
                .filter(period -> to.isPresent() || period.compareTo(first) >= 0)
                .orElse(first);
        return between(first, last);
    }

    /// The periods in which volumes are imagined.
    ///
    /// @param usual the last one, if none was asked for
    List<Period> imagined(Period first, Period usual) throws CommandFailure {
        return between(from.orElse(first), to.orElse(usual));
    }

    private List<Period> between(Period first, Period last) throws CommandFailure {
        if (last.compareTo(first) < 0) {
            throw CommandFailure.cannot(
                    "the last period, " + last + ", is before the first, " + first, "say both: --from P --to P");
        }
        int count = last.ordinal() - first.ordinal() + 1;
        if (count > Limits.PERIODS) {
            throw CommandFailure.cannot(
                    first + " to " + last + " are " + count + " periods, more than " + Limits.PERIODS,
                    "say fewer: --from P --to P");
        }
        List<Period> periods = new ArrayList<>();
        for (Period period = first; period.compareTo(last) <= 0; period = period.next()) {
            periods.add(period);
        }
        return List.copyOf(periods);
    }

    /// The periods in which events are first known, as far as they say so.
    private Stream<Period> known() {
        return events.stream().flatMap(event -> booked(event).stream());
    }

    private Optional<Period> booked(Json event) {
        if (!(event instanceof Json.Obj object)) {
            return Optional.empty();
        }
        return text(object, "booked")
                .flatMap(Period::parse)
                .filter(period -> period.frequency() == terms.frequency())
                .or(() -> text(object, "date").flatMap(Days::parse).map(terms.frequency()::periodOf));
    }

    private static Optional<String> text(Json.Obj object, String name) {
        return object.find(name).orElse(object) instanceof Json.Text(var text) ? Optional.of(text) : Optional.empty();
    }

    /// The first period in which some clause begins or ends, or else one of a year that does as well as any other.
    private Period someOpening() {
        return terms.frequency()
                .periodOf(terms.clauses().stream()
                        .map(Clause::when)
                        .flatMap(when -> Stream.concat(
                                when.from().stream(), when.to().stream().map(day -> day.minusDays(1))))
                        .min(Comparator.naturalOrder())
                        .orElse(someDay()));
    }
}
