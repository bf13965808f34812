package org.tallystick.agreement.rules;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.state.State;

/// The state as the items of one transaction see it: what is committed, and above it what items before wrote.
///
/// Fabric shows a transaction none of its own writes; this does. An item's writes are kept apart until it is known
/// that they stay. A value is parsed once and spelled once, however many items read and write it.
final class Overlay {

    private final State committed;
    private final TreeMap<String, Optional<Value>> reads = new TreeMap<>();
    private final TreeMap<String, Optional<Value>> kept = new TreeMap<>();
    private final TreeMap<String, Optional<Value>> item = new TreeMap<>();

    Overlay(State committed) {
        this.committed = committed;
    }

    private Optional<Value> value(String key) {
        Optional<Value> here = item.get(key);
        if (here == null) {
            here = kept.get(key);
        }
        return here != null ? here : reads.computeIfAbsent(key, this::fromCommitted);
    }

    private Optional<Value> fromCommitted(String key) {
        return committed.read(key).map(bytes -> Value.of(key, bytes));
    }

    /// See [State#foresee(List)].
    void foresee(List<String> keys) {
        committed.foresee(keys);
    }

    Optional<Bytes> bytes(String key) {
        return value(key).map(Value::bytes);
    }

    /// The value of `key` as JSON.
    ///
    /// @throws IllegalStateException if it is not an object: only the rules write, and they write objects
    Optional<Json.Obj> read(String key) {
        return value(key).map(Value::json);
    }

    /// The value of `key` as a record.
    <T> Optional<T> read(String key, Codec<T> codec) {
        return value(key).map(value -> value.as(codec));
    }

    void write(String key, Json.Obj value) {
        item.put(key, Optional.of(Value.of(key, value)));
    }

    <T> void write(String key, Codec<T> codec, T value) {
        item.put(key, Optional.of(Value.of(key, codec, value)));
    }

    /// Writes a value that is spelled already.
    void writeBytes(String key, Bytes value) {
        item.put(key, Optional.of(Value.of(key, value)));
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
        TreeMap<String, Optional<Bytes>> writes = new TreeMap<>();
        kept.forEach((key, value) -> writes.put(key, value.map(Value::bytes)));
        return writes;
    }

    /// A value as bytes, as JSON and as a record: as which it came, and the others once they were asked for.
    private static final class Value {

        private final String key;
        private @Nullable Bytes bytes;
        private Json.@Nullable Obj json;
        private @Nullable Typed<?> typed;

        private record Typed<T>(Codec<T> codec, T record) {
            Json.Obj json() {
                return codec.encode().apply(record);
            }
        }

        private Value(String key) {
            this.key = key;
        }

        static Value of(String key, Bytes bytes) {
            Value value = new Value(key);
            value.bytes = bytes;
            return value;
        }

        static Value of(String key, Json.Obj json) {
            Value value = new Value(key);
            value.json = json;
            return value;
        }

        static <T> Value of(String key, Codec<T> codec, T record) {
            Value value = new Value(key);
            value.typed = new Typed<>(codec, record);
            return value;
        }

        Bytes bytes() {
            if (bytes == null) {
                bytes = json().canonical();
            }
            return bytes;
        }

        Json.Obj json() {
            if (json == null) {
                json = typed != null ? typed.json() : parsed();
            }
            return json;
        }

        private Json.Obj parsed() {
            if (JsonReader.read(bytes(), JsonReader.Profile.SIGNED) instanceof JsonReader.Value(Json.Obj object)) {
                return object;
            }
            throw new IllegalStateException("the value of " + key + " is not a JSON object: " + bytes());
        }

        <T> T as(Codec<T> codec) {
            if (typed == null || !typed.codec().equals(codec)) {
                typed = new Typed<>(codec, codec.decode().apply(json()));
            }
            @SuppressWarnings("unchecked") // a codec decodes its own kind of record only
            T record = (T) typed.record();
            return record;
        }
    }
}
