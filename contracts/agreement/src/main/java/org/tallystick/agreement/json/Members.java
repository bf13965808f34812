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

/// The members of an object, in canonical order; they never change.
///
/// Names and values lie in two arrays: most objects have few members, are made in this order, and are made often. Those
/// that were read in their canonical spelling remember it, so that nobody spells them again.
final class Members extends AbstractMap<String, Json> implements SortedMap<String, Json> {

    /// Up to so many names are looked through one after the other.
    private static final int FEW = 8;

    private final String[] names;
    private final Json[] values;
    private final @Nullable Spelling spelling;

    private Members(String[] names, Json[] values, @Nullable Spelling spelling) {
        this.names = names;
        this.values = values;
        this.spelling = spelling;
    }

    /// The canonical spelling of an object: where it lies in the text that it was read from.
    record Spelling(String text, int from, int to) {}

    /// Copies the spelling of the object with these members, if it was read in its canonical one.
    boolean copySpelling(StringBuilder out) {
        if (spelling == null) {
            return false;
        }
        out.append(spelling.text(), spelling.from(), spelling.to());
        return true;
    }

    /// Those of a map in the natural order of its names.
    static Members of(SortedMap<String, Json> map) {
        return map instanceof Members members
                ? members
                : new Members(map.keySet().toArray(String[]::new), map.values().toArray(Json[]::new), null);
    }

    /// Members as they are read: mostly each behind the one before.
    static final class Reading {
        private String[] names = new String[FEW];
        private Json[] values = new Json[FEW];
        private int size;
        private @Nullable TreeMap<String, Json> disordered;

        /// Whether a name comes behind all others.
        boolean isNext(String name) {
            return disordered == null && (size == 0 || names[size - 1].compareTo(name) < 0);
        }

        boolean has(String name) {
            return disordered == null
                    ? Arrays.asList(names).subList(0, size).contains(name)
                    : disordered.containsKey(name);
        }

        /// Takes in a member whose name is not there yet.
        void put(String name, Json value) {
            if (!isNext(name)) {
                if (disordered == null) {
                    disordered = new TreeMap<>(read(null));
                }
                disordered.put(name, value);
                return;
            }
            if (size == names.length) {
                names = Arrays.copyOf(names, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            names[size] = name;
            values[size++] = value;
        }

        /// @param spelling of the object, if it is canonical
        Members read(@Nullable Spelling spelling) {
            return disordered == null
                    ? new Members(Arrays.copyOf(names, size), Arrays.copyOf(values, size), spelling)
                    : of(disordered);
        }
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
        return other instanceof Members members
                ? Arrays.equals(names, members.names) && Arrays.equals(values, members.values)
                : super.equals(other);
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
        return name(0);
    }

    @Override
    public String lastKey() {
        return name(names.length - 1);
    }

    private String name(int at) {
        if (names.length == 0) {
            throw new NoSuchElementException();
        }
        return names[at];
    }
}
