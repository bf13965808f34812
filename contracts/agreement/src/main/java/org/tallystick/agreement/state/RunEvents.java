package org.tallystick.agreement.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// The events of a run, in order.
///
/// @param events as they were signed
/// @param held those that were held when they came, by index
/// @param later booked period of those that are not booked in the period of their date, by index
/// @param origins the events they refer to, where these stand in another run, by id
public record RunEvents(
        List<Json> events, SortedSet<Integer> held, SortedMap<Integer, Period> later, SortedMap<String, Json> origins) {
    public static final Codec<RunEvents> CODEC = new Codec<>(RunEvents::decode, RunEvents::encode);

    public static final RunEvents NONE = new RunEvents(List.of(), new TreeSet<>(), new TreeMap<>(), new TreeMap<>());

    public RunEvents {
        events = List.copyOf(events);
        held = Collections.unmodifiableSortedSet(new TreeSet<>(held));
        later = Collections.unmodifiableSortedMap(new TreeMap<>(later));
        origins = Collections.unmodifiableSortedMap(new TreeMap<>(origins));
    }

    /// These events and then those of `more`.
    public RunEvents and(RunEvents more) {
        List<Json> all = new ArrayList<>(events);
        all.addAll(more.events);
        TreeSet<Integer> allHeld = new TreeSet<>(held);
        more.held.forEach(index -> allHeld.add(index + events.size()));
        TreeMap<Integer, Period> allLater = new TreeMap<>(later);
        more.later.forEach((index, period) -> allLater.put(index + events.size(), period));
        TreeMap<String, Json> allOrigins = new TreeMap<>(origins);
        allOrigins.putAll(more.origins);
        return new RunEvents(all, allHeld, allLater, allOrigins);
    }

    public static RunEvents decode(Json.Obj json) {
        TreeMap<Integer, Period> later = new TreeMap<>();
        json.object("later")
                .members()
                .forEach((index, period) ->
                        later.put(Integer.parseInt(index), Periods.stored(((Json.Text) period).value())));
        TreeSet<Integer> held = new TreeSet<>();
        json.items("held").forEach(index -> held.add((int) ((Json.Whole) index).value()));
        return new RunEvents(
                json.items("events"), held, later, json.object("origins").members());
    }

    public Json.Obj encode() {
        TreeMap<String, Json> periods = new TreeMap<>();
        later.forEach((index, period) -> periods.put(String.valueOf(index), Json.text(period.text())));
        return Json.object()
                .with("events", Json.array(events))
                .with("held", Json.array(held.stream().map(Json::whole).toList()))
                .with("later", new Json.Obj(periods))
                .with("origins", new Json.Obj(origins))
                .build();
    }
}
