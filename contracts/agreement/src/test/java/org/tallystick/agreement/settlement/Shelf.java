package org.tallystick.agreement.settlement;

import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.terms.Period;

/// Keeps histories as a ledger does: as text, what is carried apart from what is kept of each period. It knows what was
/// read since it was last asked.
final class Shelf implements PastReader {

    private final TreeMap<String, Bytes> texts = new TreeMap<>();
    private final TreeMap<Period, SortedSet<Period>> lookers = new TreeMap<>();
    private final TreeSet<String> read = new TreeSet<>();

    /// Keeps what a settlement left, and reads it again.
    History keep(History after) {
        texts.put("carried", after.encode().canonical());
        after.renewed().forEach((period, renewed) -> {
            renewed.sums().ifPresent(sums -> texts.put("sums " + period, sums.canonical()));
            renewed.singles().ifPresent(singles -> texts.put("singles " + period, singles.canonical()));
            lookers.put(period, renewed.lookers());
        });
        return History.decode(parsed("carried"), this);
    }

    private Json.Obj parsed(String name) {
        Bytes text = Optional.ofNullable(texts.get(name)).orElseThrow();
        if (JsonReader.read(text, JsonReader.Profile.SIGNED) instanceof JsonReader.Value(Json.Obj value)) {
            return value;
        }
        throw new AssertionError(text);
    }

    /// What was read of periods since the last time, as `sums PERIOD` and `singles PERIOD`.
    SortedSet<String> read() {
        SortedSet<String> names = new TreeSet<>(read);
        read.clear();
        return names;
    }

    /// Everything that is kept, by name.
    SortedMap<String, Bytes> texts() {
        return new TreeMap<>(texts);
    }

    @Override
    public Json.Obj sums(Period period) {
        read.add("sums " + period);
        return parsed("sums " + period);
    }

    @Override
    public Optional<Json.Obj> singles(Period period) {
        if (!texts.containsKey("singles " + period)) {
            return Optional.empty();
        }
        read.add("singles " + period);
        return Optional.of(parsed("singles " + period));
    }

    @Override
    public SortedSet<Period> lookers(Period period) {
        return Optional.ofNullable(lookers.get(period)).orElseThrow();
    }
}
