package org.tallystick.agreement;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;

/// Values that are almost another one: one place of it changed, as a careless or hostile author might.
public final class Mutations {

    private static final List<Json> STRANGERS = List.of(
            Json.text(""),
            Json.text("x"),
            Json.text("0"),
            Json.text("2026-01"),
            Json.whole(0),
            Json.whole(-1),
            new Json.Bool(true),
            Json.array(List.of()),
            Json.Obj.EMPTY);

    private final Random random;

    public Mutations(long seed) {
        random = new Random(seed);
    }

    /// The value with one member removed, added, or exchanged for a stranger, at a place that the seed chooses.
    public Json of(Json value) {
        return switch (value) {
            case Json.Obj(var members) when !members.isEmpty() -> ofObject(new TreeMap<>(members));
            case Json.Arr(var items) when !items.isEmpty() -> ofArray(new ArrayList<>(items));
            case Json.Obj _, Json.Arr _, Json.Text _, Json.Whole _, Json.Bool _, Json.Null _, Json.Inexact _ ->
                stranger();
        };
    }

    private Json ofObject(SortedMap<String, Json> members) {
        String name = List.copyOf(members.keySet()).get(random.nextInt(members.size()));
        switch (random.nextInt(8)) {
            case 0 -> members.remove(name);
            case 1 -> members.put("stranger", stranger());
            case 2 -> members.put(name, stranger());
            default -> members.computeIfPresent(name, (_, value) -> of(value));
        }
        return new Json.Obj(members);
    }

    private Json ofArray(List<Json> items) {
        int place = random.nextInt(items.size());
        switch (random.nextInt(6)) {
            case 0 -> items.remove(place);
            case 1 -> items.add(items.get(place));
            default -> items.set(place, of(items.get(place)));
        }
        return Json.array(items);
    }

    private Json stranger() {
        return STRANGERS.get(random.nextInt(STRANGERS.size()));
    }
}
