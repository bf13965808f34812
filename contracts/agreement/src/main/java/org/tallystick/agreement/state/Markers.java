package org.tallystick.agreement.state;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// What one key remembers of instructions of one party whose ids begin alike, and so are of about the same time.
///
/// `docs/spec/ledger-1.md` section 3. Instructions that travel together then look for their markers in one key or two:
/// for a peer, a key that is read costs as much as the rest of a small instruction.
///
/// @param markers by the id of the instruction
public record Markers(SortedMap<String, Marker> markers) {

    public static final Codec<Markers> CODEC = new Codec<>(Markers::decode, Markers::encode);

    /// More are kept under ids of one letter more.
    public static final int MOST = 16;

    /// Letters of an id that are in every key: ids of 33 seconds.
    public static final int SHORTEST = 7;

    private static final Markers NONE = new Markers(Collections.emptySortedMap());

    public Markers {
        markers = Collections.unmodifiableSortedMap(new TreeMap<>(markers));
    }

    /// How an instruction was answered.
    ///
    /// @param verdict the record
    public record Marker(Hash instruction, Json.Obj verdict) {}

    /// Reads a key's value, if it is there.
    @FunctionalInterface
    public interface Read<E extends Exception> {
        Optional<Markers> at(String key) throws E;
    }

    /// Where the marker of an instruction lies, or would be written.
    ///
    /// @param id of the instruction
    public record Place(String key, Markers there, Ulid id) {

        /// @param home the agreement, or [Keys#REGISTRY]
        /// @throws E if a key cannot be read
        public static <E extends Exception> Place of(Read<E> read, String home, String owner, Ulid id) throws E {
            for (int letters = SHORTEST; ; letters++) {
                String key = Keys.markers(home, owner, id, letters);
                Markers there = read.at(key).orElse(NONE);
                if (there.decides(id)) {
                    return new Place(key, there, id);
                }
            }
        }

        public Optional<Marker> marker() {
            return there.find(id);
        }

        /// What is there once the marker is written.
        public Markers with(Marker marker) {
            TreeMap<String, Marker> more = new TreeMap<>(there.markers);
            more.put(id.text(), marker);
            return new Markers(more);
        }
    }

    /// Whether the id's marker is here or nowhere. In a key of a whole id it always is: there is no other.
    public boolean decides(Ulid id) {
        return markers.containsKey(id.text()) || markers.size() < MOST;
    }

    public Optional<Marker> find(Ulid id) {
        return Optional.ofNullable(markers.get(id.text()));
    }

    public static Markers decode(Json.Obj json) {
        TreeMap<String, Marker> markers = new TreeMap<>();
        json.object("markers").members().forEach((id, value) -> {
            Json.Obj marker = (Json.Obj) value;
            markers.put(id, new Marker(new Hash(marker.text("hash")), marker.object("verdict")));
        });
        return new Markers(markers);
    }

    public Json.Obj encode() {
        TreeMap<String, Json> values = new TreeMap<>();
        markers.forEach((id, marker) -> values.put(
                id,
                Json.object()
                        .with("hash", marker.instruction().hex())
                        .with("verdict", marker.verdict())
                        .build()));
        return Json.object().with("markers", new Json.Obj(values)).build();
    }
}
