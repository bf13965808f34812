package org.tallystick.agreement.rules;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.state.State;

/// The state as the items of one transaction see it: what is committed, and above it what items before wrote.
///
/// Fabric shows a transaction none of its own writes; this does. An item's writes are kept apart until it is known
/// that they stay.
final class Overlay {

    private final State committed;
    private final TreeMap<String, Optional<Bytes>> reads = new TreeMap<>();
    private final TreeMap<String, Optional<Bytes>> kept = new TreeMap<>();
    private final TreeMap<String, Optional<Bytes>> item = new TreeMap<>();

    Overlay(State committed) {
        this.committed = committed;
    }

    Optional<Bytes> bytes(String key) {
        if (item.containsKey(key)) {
            return item.get(key);
        }
        if (kept.containsKey(key)) {
            return kept.get(key);
        }
        return reads.computeIfAbsent(key, committed::read);
    }

    /// The value of `key` as JSON.
    ///
    /// @throws IllegalStateException if it is not an object: only the rules write, and they write objects
    Optional<Json.Obj> read(String key) {
        return bytes(key).map(bytes -> {
            if (JsonReader.read(bytes, JsonReader.Profile.SIGNED) instanceof JsonReader.Value(Json.Obj object)) {
                return object;
            }
            throw new IllegalStateException("the value of " + key + " is not a JSON object: " + bytes);
        });
    }

    void write(String key, Json value) {
        writeBytes(key, value.canonical());
    }

    /// Writes a value that is spelled already.
    void writeBytes(String key, Bytes value) {
        item.put(key, Optional.of(value));
    }

    void delete(String key) {
        item.put(key, Optional.empty());
    }

    /// Keeps what the item wrote; the items after it see it.
    void keep() {
        kept.putAll(item);
        item.clear();
    }

    /// Forgets what the item wrote.
    void forget() {
        item.clear();
    }

    /// All that is kept, by key; an empty value deletes.
    SortedMap<String, Optional<Bytes>> writes() {
        return Collections.unmodifiableSortedMap(kept);
    }
}
