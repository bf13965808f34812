package org.tallystick.agreement.json;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;

/// The members of an object, in canonical order; they never change.
///
/// Names and values lie in two arrays: most objects have few members, are made in this order, and are made often. Those
/// that were read in their canonical spelling remember it, so that nobody spells them again.
final class Members extends AbstractMap<String, Json> implements SortedMap<String, Json> {

    /// Up to so many names are looked through one after the other.
    private static final int FEW = 8;

    private final String[] names;
    private final Json[] values;
    private final @Nullable Bytes spelling;

    private Members(String[] names, Json[] values, @Nullable Bytes spelling) {
        this.names = names;
        this.values = values;
        this.spelling = spelling;
    }

    /// The canonical spelling of the object with these members, if it was read in that.
    @Nullable
    Bytes spelling() {
        return spelling;
    }

    static Members of(Json.Obj object) {
        return (Members) object.members();
    }

    /// Those of a map in the natural order of its names.
    static Members of(SortedMap<String, Json> map) {
        return map instanceof Members members
                ? members
                : new Members(map.keySet().toArray(String[]::new), map.values().toArray(Json[]::new), null);
    }

    /// As they are read: names that differ and their values, in arrays that nobody changes any more.
    ///
    /// @param spelling of the object, if it is canonical
    static Members of(String[] names, Json[] values, @Nullable Bytes spelling) {
        return new Members(names, values, spelling);
    }

    /// The same, whose names may stand in another order, in canonical order.
    Members ordered() {
        TreeMap<String, Json> ordered = new TreeMap<>();
        forEach(ordered::put);
        return of(ordered);
    }

    private int find(@Nullable Object name) {
        if (names.length > FEW) {
            return name instanceof String text ? Arrays.binarySearch(names, text) : -1;
        }
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public @Nullable Json get(@Nullable Object name) {
        int at = find(name);
        return at < 0 ? null : values[at];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return find(name) >= 0;
    }

    @Override
    public int size() {
        return names.length;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super Json> action) {
        for (int i = 0; i < names.length; i++) {
            action.accept(names[i], values[i]);
        }
    }

    @Override
    public Set<Map.Entry<String, Json>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return names.length;
            }

            @Override
            public Iterator<Map.Entry<String, Json>> iterator() {
                return new Iterator<>() {
                    private int next;

                    @Override
                    public boolean hasNext() {
                        return next < names.length;
                    }

                    @Override
                    public Map.Entry<String, Json> next() {
                        if (!hasNext()) {
                            throw new NoSuchElementException();
                        }
                        return Map.entry(names[next], values[next++]);
                    }
                };
            }
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Members members)) {
            return super.equals(other);
        }
        return (spelling != null && members.spelling != null)
                ? spelling.equals(members.spelling)
                : Arrays.equals(names, members.names) && Arrays.equals(values, members.values);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    @Override
    public @Nullable Comparator<? super String> comparator() {
        return null;
    }

    @Override
    public SortedMap<String, Json> subMap(String from, String to) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(this).subMap(from, to));
    }

    @Override
    public SortedMap<String, Json> headMap(String to) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(this).headMap(to));
    }

    @Override
    public SortedMap<String, Json> tailMap(String from) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(this).tailMap(from));
    }

    @Override
    public String firstKey() {
        return end(0);
    }

    @Override
    public String lastKey() {
        return end(names.length - 1);
    }

    private String end(int at) {
        if (names.length == 0) {
            throw new NoSuchElementException();
        }
        return names[at];
    }

    String name(int at) {
        return names[at];
    }

    Json value(int at) {
        return values[at];
    }
}
