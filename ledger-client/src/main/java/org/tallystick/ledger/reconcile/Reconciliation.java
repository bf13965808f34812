package org.tallystick.ledger.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one's own books and the reported events of a period have in common, and where they differ: by reference.
///
/// @param equal how many entries are on both sides, and the same
/// @param differing those that are on both sides, and not the same
/// @param unreported those that only the own books have
/// @param unknown those that only the reports have
/// @param repeated references that one side has more than once
/// @param unreferenced entries that nothing can be held beside
public record Reconciliation(
        long equal,
        List<Pair> differing,
        List<Entry> unreported,
        List<Entry> unknown,
        List<Repeated> repeated,
        List<Entry> unreferenced) {

    public Reconciliation {
        differing = List.copyOf(differing);
        unreported = List.copyOf(unreported);
        unknown = List.copyOf(unknown);
        repeated = List.copyOf(repeated);
        unreferenced = List.copyOf(unreferenced);
    }

    /// An entry on both sides.
    ///
    /// @param members in which they differ
    public record Pair(Entry own, Entry reported, List<String> members) {
        public Pair {
            members = List.copyOf(members);
        }
    }

    /// @param own how often in the own books, `reported` how often in the reports
    public record Repeated(String reference, int own, int reported) {}

    /// Whether both sides say the same.
    public boolean agrees() {
        return differing.isEmpty() && unreported.isEmpty() && unknown.isEmpty() && unreferenced.isEmpty();
    }

    /// The entries of both sides may come in any order. Of entries with one reference those that are the same belong
    /// together, and then the others as they come.
    public static Reconciliation of(Collection<Entry> own, Collection<Entry> reported) {
        Matching matching = new Matching();
        SortedMap<String, List<Entry>> ours = byReference(own, matching);
        SortedMap<String, List<Entry>> theirs = byReference(reported, matching);
        TreeSet<String> references = new TreeSet<>(ours.keySet());
        references.addAll(theirs.keySet());
        for (String reference : references) {
            matching.match(
                    reference,
                    new ArrayList<>(ours.getOrDefault(reference, List.of())),
                    new ArrayList<>(theirs.getOrDefault(reference, List.of())));
        }
        return new Reconciliation(
                matching.equal,
                matching.differing,
                matching.unreported,
                matching.unknown,
                matching.repeated,
                matching.unreferenced);
    }

    private static SortedMap<String, List<Entry>> byReference(Collection<Entry> entries, Matching matching) {
        SortedMap<String, List<Entry>> byReference = new TreeMap<>();
        for (Entry entry : entries) {
            Optional<String> reference = entry.reference();
            if (reference.isPresent()) {
                byReference
                        .computeIfAbsent(reference.get(), _ -> new ArrayList<>())
                        .add(entry);
            } else {
                matching.unreferenced.add(entry);
            }
        }
        return byReference;
    }

    private static final class Matching {

        private long equal;
        private final List<Pair> differing = new ArrayList<>();
        private final List<Entry> unreported = new ArrayList<>();
        private final List<Entry> unknown = new ArrayList<>();
        private final List<Repeated> repeated = new ArrayList<>();
        private final List<Entry> unreferenced = new ArrayList<>();

        void match(String reference, List<Entry> own, List<Entry> reported) {
            if (own.size() > 1 || reported.size() > 1) {
                repeated.add(new Repeated(reference, own.size(), reported.size()));
            }
            for (Iterator<Entry> mine = own.iterator(); mine.hasNext(); ) {
                Entry entry = mine.next();
                Optional<Entry> same = reported.stream()
                        .filter(other -> entry.differences(other).isEmpty())
                        .findFirst();
                if (same.isPresent()) {
                    equal++;
                    mine.remove();
                    reported.remove(same.get());
                }
            }
            int pairs = Math.min(own.size(), reported.size());
            for (int i = 0; i < pairs; i++) {
                Entry mine = own.get(i);
                Entry theirs = reported.get(i);
                differing.add(new Pair(mine, theirs, mine.differences(theirs)));
            }
            unreported.addAll(own.subList(pairs, own.size()));
            unknown.addAll(reported.subList(pairs, reported.size()));
        }
    }
}
