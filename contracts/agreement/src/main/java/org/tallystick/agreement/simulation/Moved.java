package org.tallystick.agreement.simulation;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.Period;

/// Events as if they happened again some years later: every day in them is moved, that of the event, the period it is
/// booked in, and facts that are days.
///
/// Whole years, so that each season stays where it is; a 29 February may become the day before.
final class Moved {

    private final int years;

    Moved(int years) {
        this.years = years;
    }

    /// As few years as it takes for a period not to be before another one.
    static int years(Period period, Period earliest) {
        int years = Math.max(0, earliest.year() - period.year());
        return new Moved(years).period(period).compareTo(earliest) < 0 ? years + 1 : years;
    }

    List<Json> events(List<Json> events) {
        return events.stream().map(this::event).toList();
    }

    Period period(Period period) {
        return period.frequency().periodOf(period.start().plusYears(years));
    }

    /// What has not the form of an event stays as it is, to be refused.
    private Json event(Json event) {
        if (!(event instanceof Json.Obj(var members))) {
            return event;
        }
        SortedMap<String, Json> moved = new TreeMap<>(members);
        moved.computeIfPresent("date", (_, date) -> day(date));
        moved.computeIfPresent("booked", (_, booked) -> booked(booked));
        moved.computeIfPresent("attrs", (_, attrs) -> facts(attrs));
        return new Json.Obj(moved);
    }

    private Json facts(Json attrs) {
        if (!(attrs instanceof Json.Obj(var facts))) {
            return attrs;
        }
        SortedMap<String, Json> moved = new TreeMap<>(facts);
        moved.replaceAll((_, fact) -> day(fact));
        return new Json.Obj(moved);
    }

    private Json day(Json value) {
        Optional<LocalDate> day = value instanceof Json.Text(var text) ? Days.parse(text) : Optional.empty();
        return day.<Json>map(date -> Json.text(date.plusYears(years).toString()))
                .orElse(value);
    }

    private Json booked(Json value) {
        Optional<Period> period = value instanceof Json.Text(var text) ? Period.parse(text) : Optional.empty();
        return period.<Json>map(booked -> Json.text(period(booked).text())).orElse(value);
    }
}
