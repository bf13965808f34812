package org.tallystick.agreement.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;

/// A JSON value (RFC 8259). Members of an object stand in canonical order, that of UTF-16 code units.
///
/// Numbers are whole and at most 2^53-1 in size; any other number keeps its spelling and has no canonical form.
public sealed interface Json {

    record Obj(SortedMap<String, Json> members) implements Json {
        public Obj {
            members = Members.of(members);
        }

        public static final Obj EMPTY = new Obj(new TreeMap<>());

        public boolean has(String name) {
            return members.containsKey(name);
        }

        public Optional<Json> find(String name) {
            return Optional.ofNullable(members.get(name));
        }

        public Optional<String> findText(String name) {
            return find(name).map(value -> ((Text) value).value());
        }

        public Optional<Long> findWhole(String name) {
            return find(name).map(value -> ((Whole) value).value());
        }

        /// @throws IllegalStateException if the member is absent: ask only after the form was checked
        public Json get(String name) {
            Json value = members.get(name);
            if (value == null) {
                throw new IllegalStateException("no member " + name + " among " + members.keySet());
            }
            return value;
        }

        public String text(String name) {
            return ((Text) get(name)).value();
        }

        public long whole(String name) {
            return ((Whole) get(name)).value();
        }

        public boolean bool(String name) {
            return ((Bool) get(name)).value();
        }

        public List<Json> items(String name) {
            return ((Arr) get(name)).items();
        }

        public Obj object(String name) {
            return (Obj) get(name);
        }
    }

    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }
    }

    record Text(String value) implements Json {}

    /// A number with an integral value, at most 2^53-1 in size.
    record Whole(long value) implements Json {
        public static final long MAX = (1L << 53) - 1;

        public Whole {
            if (Math.abs(value) > MAX) {
                throw new IllegalArgumentException("above 2^53-1: " + value);
            }
        }
    }

    /// Any other number, as it was spelled.
    record Inexact(String spelling) implements Json {}

    record Bool(boolean value) implements Json {}

    record Null() implements Json {}

    static Text text(String value) {
        return new Text(value);
    }

    static Whole whole(long value) {
        return new Whole(value);
    }

    static Bool bool(boolean value) {
        return new Bool(value);
    }

    static Arr array(Collection<? extends Json> items) {
        return new Arr(new ArrayList<>(items));
    }

    static Arr texts(Collection<String> items) {
        return new Arr(items.stream().<Json>map(Text::new).toList());
    }

    static Builder object() {
        return new Builder();
    }

    /// The one spelling of this value, see [Canonical]. Of what was read it may be a part of what was read with it.
    default Bytes canonical() {
        return Canonical.spell(this);
    }

    /// Gathers the members of an object; a name that was given already is a mistake.
    final class Builder {
        private final TreeMap<String, Json> members = new TreeMap<>();

        public Builder with(String name, Json value) {
            if (members.put(name, value) != null) {
                throw new IllegalStateException("member " + name + " twice");
            }
            return this;
        }

        public Builder with(String name, String value) {
            return with(name, new Text(value));
        }

        public Builder with(String name, long value) {
            return with(name, new Whole(value));
        }

        public Builder with(String name, boolean value) {
            return with(name, new Bool(value));
        }

        public Builder with(String name, Optional<? extends Json> value) {
            return value.isPresent() ? with(name, value.get()) : this;
        }

        public Builder withText(String name, Optional<String> value) {
            return with(name, value.map(Text::new));
        }

        public Obj build() {
            return new Obj(members);
        }
    }
}
